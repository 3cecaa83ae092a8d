"""One look at many small files: which of them are beyond doubt, so that nobody asks the engine of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from klantprofiel.ingestion.bsn_values import different_and_passing, is_column_of_bsns
from klantprofiel.ingestion.readable import Count, counting, judged, sample_step

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from klantprofiel.schema import Table
    from klantprofiel.schema.dialect import Dialect
    from klantprofiel.warehouse import Tables

MOST_FILES: Final = 64  # looked at together; they wait for each other before they land
MOST_BYTES: Final = 1 << 20  # of one of them: to look at a larger file costs more than to ask
FEWEST_FILES: Final = 2  # one file is judged by itself


@dataclass(frozen=True)
class Small:
    """A small delivery as text that is not yet in place, and its columns that need no look at their kind."""

    table: type[Table]
    dialect: Dialect
    path: Path
    n_records: int
    certain_kinds: frozenset[str]


def beyond_doubt(tables: Tables, files: Iterable[Small], numeric: tuple[str, ...]) -> set[Path]:
    """Return the files of which no column is of another kind or made of BSNs, of one table and dialect.

    What is not returned has to be judged by itself.

    Parameters
    ----------
    tables
        Whose connection reads the files.
    files
        Of one table, and in one dialect.
    numeric
        The columns that could hold BSNs.
    """
    small = {str(file.path): file for file in files if sample_step(file.n_records) == 1}
    if len(small) < FEWEST_FILES:
        return set()
    first = next(iter(small.values()))
    columns = judged(first.table, first.dialect)
    query = _looking(first.table, first.dialect, columns, numeric)
    clear = {file.path for file in small.values() if not file.n_records}
    for path, *counts in tables.rows(query, paths=list(small)):
        kinds = zip(columns, counts[: 2 * len(columns) : 2], counts[1 : 2 * len(columns) : 2], strict=True)
        bsns = counts[2 * len(columns) :]
        is_readable = not any(
            Count(n_filled, n_unreadable or 0).is_refused
            for column, n_filled, n_unreadable in kinds
            if column not in small[path].certain_kinds
        )
        if is_readable and not any(map(is_column_of_bsns, bsns[::2], bsns[1::2])):
            clear.add(small[path].path)
    return clear


@lru_cache
def _looking(table: type[Table], dialect: Dialect, columns: tuple[str, ...], numeric: tuple[str, ...]) -> str:
    """Return the query that counts per file."""
    counts = [*counting(table, dialect, columns), *map(different_and_passing, numeric)]
    return (
        f"select filename, {', '.join(counts) or 'count(*)'} "
        "from read_parquet($paths, filename = true) group by filename"
    )
