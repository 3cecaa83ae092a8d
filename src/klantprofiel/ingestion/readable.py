"""A delivered column that changed its kind is seen before any of its rows lands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from klantprofiel.errors import DeliveryError
from klantprofiel.schema.casts import given

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from klantprofiel.schema import Table
    from klantprofiel.schema.dialect import Dialect
    from klantprofiel.warehouse import Tables

FEWEST_FILLED: Final = 20  # below this a handful of typing errors would look like a change of kind
LEAST_READABLE_SHARE: Final = (
    0.5  # above this rows go one by one: more can be read than not, and quarantine explains
)
SAMPLED_RECORDS: Final = 20_000  # enough to see a change of kind, and a glance beside reading all


@dataclass(frozen=True)
class Landed:
    """A delivery as text that is not yet in place: where, how many records it has, and how it is written."""

    path: Path
    n_records: int
    dialect: Dialect


def sample_step(n_records: int) -> int:
    """Return of how many records one is looked at first.

    >>> sample_step(1_000_000), sample_step(7)
    (50, 1)
    """
    return max(1, n_records // SAMPLED_RECORDS)


def check_kinds(
    tables: Tables, landed: Landed, table: type[Table], name: str, *, besides: Collection[str] = ()
) -> None:
    """Refuse a delivery with a column of which hardly any value can be read as its kind.

    An even sample of the records is looked at first; only where it leaves a doubt, all of them are.

    Parameters
    ----------
    tables
        Whose connection reads the file.
    landed
        The delivery as text, written and not yet in place.
    table
        What is declared.
    name
        What the error calls the delivery.
    besides
        Columns that need no look: their type in the delivered file says enough.

    Raises
    ------
    DeliveryError
        When fewer than half of at least 20 delivered values of a column can be read as its kind.
    """
    if landed.n_records < FEWEST_FILLED:
        return
    columns = [column for column in judged(table, landed.dialect) if column not in besides]
    step = sample_step(landed.n_records)
    counts = _count(tables, landed, table, columns, step)
    doubtful = [column for column in columns if counts[column].is_doubtful]
    if step > 1:
        counts = _count(tables, landed, table, doubtful, 1)
    for column in doubtful:
        if counts[column].is_refused:
            declared = table.columns[column]
            raise DeliveryError(
                f"{name}: of {counts[column].n_filled} values in the column {declared.header!r}, "
                f"{counts[column].n_unreadable} cannot be read",
                expected=f"{declared.expects(landed.dialect)} ({declared.sql_type})",
                todo="ask the supplier why the column changed; declare its new kind when that is right",
            )


@dataclass(frozen=True)
class Count:
    """How many values of a column are filled, and how many of those cannot be read."""

    n_filled: int
    n_unreadable: int

    @property
    def is_doubtful(self) -> bool:
        """Whether the values are too few to tell, or too often unreadable."""
        n_readable = self.n_filled - self.n_unreadable
        return self.n_filled < FEWEST_FILLED or n_readable < LEAST_READABLE_SHARE * self.n_filled

    @property
    def is_refused(self) -> bool:
        """Whether the values, all of them counted, are enough to tell and too often unreadable."""
        return self.n_filled >= FEWEST_FILLED and self.is_doubtful


def _count(
    tables: Tables, landed: Landed, table: type[Table], columns: Sequence[str], step: int
) -> dict[str, Count]:
    """Count filled and unreadable values of the columns over every so many records."""
    if not columns:
        return {}
    query = _counting(table, landed.dialect, tuple(columns))
    (row,) = tables.rows(query, path=str(landed.path), step=step)
    pairs = zip(columns, row[::2], row[1::2], strict=True)
    return {column: Count(n_filled, n_unreadable or 0) for column, n_filled, n_unreadable in pairs}


@lru_cache
def _counting(table: type[Table], dialect: Dialect, columns: tuple[str, ...]) -> str:
    """Return the query that counts; to build it costs more than to read a small file."""
    counts = ", ".join(counting(table, dialect, columns))
    return f"select {counts} from read_parquet($path) where _line % $step = 0"


def counting(table: type[Table], dialect: Dialect, columns: Sequence[str]) -> list[str]:
    """Return as SQL, for each of the columns, the number of filled and then that of unreadable values."""
    counts: list[exp.Expr] = []
    for column in columns:
        text = exp.column(column, quoted=True)
        counts += [exp.Count(this=text), exp.CountIf(this=table.columns[column].unreadable(text, dialect))]
    return [count.sql("duckdb") for count in counts]


@lru_cache
def judged(table: type[Table], dialect: Dialect) -> tuple[str, ...]:
    """Return the columns whose kind reads text in any other way than as the text that it is."""
    texts = {name: exp.column(name, quoted=True) for name in table.columns}
    return tuple(
        name
        for name, column in table.columns.items()
        if column.cast(texts[name], dialect) != given(texts[name])
    )
