"""Tables as ASCII: what goes into a SQL file and what comes out, readable as its manual.

    | record_id | email            |
    | crm/1     | anna@voorbeeld.nl |
    | crm/2     |                  |

An empty cell is NULL. A column's type follows from the unit in its name (`_on` is a date), as the house names
them, or from the canonical table. Canonical tables that are not given are empty; columns not given are NULL.
"""

from __future__ import annotations

from datetime import date, datetime
from hashlib import md5
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

import duckdb
import pyarrow as pa

from klantprofiel.schema import canonical
from klantprofiel.validation.account import GROWING
from klantprofiel.warehouse import Run, RunEntry, Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from klantprofiel.warehouse import Statement

AS_OF: Final = date(2026, 9, 30)
RECORDED_AT: Final = datetime(2026, 9, 30, 3)  # noqa: DTZ001  stored moments are UTC without a zone
DELIVERED_ON: Final = "2026-09-01"

CANONICAL: Final = {f"identity.{table.name}": table for table in canonical.TABLES}
SOURCES: Final = """
| table_name    | maps_to   | source | customers_of | rank |
| crm_customers | customers | crm    | crm          | 1    |
| web_customers | customers | web    | web          | 2    |
"""
NO_LEDGER: Final = SimpleNamespace(high_water=lambda _kind: 0, decisions=list, last_decision=int)
NO_WAREHOUSE: Final = SimpleNamespace(ledger=NO_LEDGER, project=None)
UNITS: Final = {
    "n": "BIGINT", "is": "BOOLEAN", "has": "BOOLEAN",  # in front
    "on": "DATE", "at": "TIMESTAMP", "eur": "DECIMAL(18,2)", "rank": "BIGINT", "days": "BIGINT",
    "years": "BIGINT", "share": "DOUBLE", "entropy": "DOUBLE", "date": "DATE", "frequency": "BIGINT",
    "from": "DATE", "in": "DATE",
}  # fmt: skip


def given(tables: Mapping[str, str] | None = None, *, as_of: date = AS_OF) -> Run:
    """Return a run in memory that holds the tables; `sources` knows crm, ranked before web."""
    return given_rows({name: read(text) for name, text in (tables or {}).items()}, as_of=as_of)


def given_rows(tables: Mapping[str, Sequence[Mapping[str, object]]], *, as_of: date = AS_OF) -> Run:
    """Return a run in memory that holds the rows, which name their columns."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as identity")
    entry = RunEntry("000001-spec", "spec", as_of, RECORDED_AT, "started")
    run = Run(cast("Warehouse", NO_WAREHOUSE), entry, as_of, connection)
    fill(run, tables)
    return run


def fill(run: Run, tables: Mapping[str, Sequence[Mapping[str, object]]]) -> None:
    """Write rows as tables of a run; canonical tables and a quarantine that are not given are empty."""
    for kept in GROWING:
        kept.create(run)
    for name, rows in (dict.fromkeys(CANONICAL, ()) | {"sources": read(SOURCES)} | dict(tables)).items():
        put(run, name, rows)


def put(run: Run, name: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows as a table of the run, typed by the names of the columns."""
    types = _types(name, rows)
    rows = [_completed(name, row) for row in rows]
    texts = pa.table({c: pa.array([_text(row.get(c)) for row in rows], pa.string()) for c in types})
    casts = ", ".join(f'cast("{column}" as {kind}) as "{column}"' for column, kind in types.items())
    frame = run.arrow(f"select {casts} from texts", texts=texts)
    run.write(name, frame, describes="given.", grain="One row per line.")


def made(run: Run, statement: Statement, like: str, **parameters: Any) -> str:  # noqa: ANN401  as `run.make`
    """Make a table and return it as ASCII, with the columns of `like` and its rows in the order of those."""
    run.make(statement, **parameters)
    return shown(run, statement.table, like)


def shown(run: Run, table: str, like: str) -> str:
    """Return a table of the run as ASCII, with the columns of `like`, ordered by them."""
    columns = _cells(like.strip().splitlines()[0])
    names = ", ".join(f'cast("{column}" as varchar)' for column in columns)
    return drawn([columns, *run.rows(f"select {names} from {table} order by all")])


def table(text: str) -> str:
    """Return an ASCII table with its columns evenly wide and its rows in order, to compare with `made`."""
    header, *lines = [_cells(line) for line in text.strip().splitlines()]
    rows = [tuple(cell or None for cell in line) for line in lines]
    return drawn([header, *sorted(rows, key=lambda row: [(cell is None, cell or "") for cell in row])])


def read(text: str) -> list[dict[str, object]]:
    """Return the rows of an ASCII table; an empty text has none."""
    header, *lines = [_cells(line) for line in text.strip().splitlines()] or [[]]
    return [{name: cell or None for name, cell in zip(header, line, strict=True)} for line in lines]


def drawn(rows: Iterable[Sequence[str | None]]) -> str:
    """Draw rows of text, the header first; NULL is an empty cell."""
    cells = [[cell or "" for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    )


def type_of(column: str) -> str:
    """Return the SQL type that a column's name tells."""
    first, *_, last = column.split("_") if "_" in column else (column, column)
    return UNITS.get(last, UNITS.get(first, "VARCHAR")) if "_" in column else UNITS.get(column, "VARCHAR")


def _types(name: str, rows: Sequence[Mapping[str, object]]) -> dict[str, str]:
    named = {column: type_of(column) for row in rows[:1] for column in row}
    if name not in CANONICAL:
        return named
    kinds = {column: kind.sql_type for column, kind in CANONICAL[name].columns.items()}
    leading = {"source": "VARCHAR", "record_id": "VARCHAR", "delivered_on": "DATE"}
    leading |= {"batch_id": "VARCHAR", "line_number": "BIGINT"}
    return leading | kinds | {column: kind for column, kind in named.items() if column not in kinds | leading}


def _completed(name: str, row: Mapping[str, object]) -> dict[str, object]:
    """Fill in what a canonical row has by itself: source and number from its record_id, and its delivery."""
    if name not in CANONICAL:
        return dict(row)
    source, _, number = str(row.get("record_id") or "").partition("/")
    batch = md5(repr(row).encode(), usedforsecurity=False).hexdigest()  # another row came in another file
    given = {"source": source, "customer_id": number or None, "delivered_on": DELIVERED_ON, "batch_id": batch}
    return given | dict(row)


def _text(value: Any) -> str | None:  # noqa: ANN401  any value that prints as SQL reads it
    return None if value is None else str(value)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
