"""The declared tables that a release knows, and the tables in which their records are loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlglot import exp

from klantprofiel.errors import KlantprofielError
from klantprofiel.ingestion import Land
from klantprofiel.validation.account import GROWING, RECORD_COLUMNS, Kept
from klantprofiel.warehouse import Statement

if TYPE_CHECKING:
    from klantprofiel.schema import Table
    from klantprofiel.warehouse import Run

SOURCES: Final = Kept(
    "sources",
    "the declared tables of which this release holds records, also those without a delivery today.",
    "One row per declared table.",
    {
        "table_name": "VARCHAR",
        "maps_to": "VARCHAR",
        "source": "VARCHAR",
        "customers_of": "VARCHAR",
        "rank": "BIGINT",
        "purpose": "VARCHAR",
        "keys": "VARCHAR[]",
        "columns": "VARCHAR[]",
    },
)


def register(run: Run, table: type[Table]) -> None:
    """Make the record table of a declaration, or bring it up to date with a declaration that changed.

    A column that was added is unknown in earlier records, one that was taken out is gone. When a type or the
    key changed, all that landed is read again.

    Raises
    ------
    KlantprofielError
        When what landed has to be read again and is not there any more.
    """
    records = f"identity.{table.name}"
    columns = RECORD_COLUMNS | {name: column.sql_type for name, column in table.columns.items()}
    if run.has(records):
        _follow(run, table, records, columns)
    run.create(records, columns, describes=table.description, grain=grain_of(table.description))
    run.execute("delete from sources where table_name = $name", name=table.name)
    run.execute(
        """
        insert into sources
        values ($name, $maps_to, $source, $customers_of, $rank, $purpose, $keys, $columns)
        """,
        name=table.name,
        maps_to=table.maps_to.name if table.maps_to else None,
        source=table.source,
        customers_of=table.customers_of,
        rank=table.rank,
        purpose=table.purpose,
        keys=list(table.keys),
        columns=list(table.columns),
    )


def grain_of(description: str) -> str:
    """Return what one row is, as the first line of a table's docstring says.

    >>> grain_of("Klanten uit het CRM: one row per customer, delivered daily.")
    'One row per customer, delivered daily.'
    """
    _, _, grain = description.partition(": ")
    return f"One{grain[3:]}" if grain.startswith("one row per") else "One row per record."


def _follow(run: Run, table: type[Table], records: str, columns: dict[str, str]) -> None:
    """Change a record table to what is declared now."""
    found = run.columns(records)
    keys = run.rows("select keys from sources where table_name = $name", name=table.name)
    is_retyped = any(columns[name] != kind for name, kind in found.items() if name in columns)
    if is_retyped or keys != [(list(table.keys),)]:
        _read_again(run, table, records)
    elif list(found) != list(columns):
        values = [
            exp.alias_(exp.column(name, quoted=True) if name in found else exp.null(), name, quoted=True)
            for name in columns
        ]
        select = exp.select(*values).from_(exp.table_(table.name, db="identity"))
        statement = Statement.of(
            table=records, describes=table.description, grain=grain_of(table.description), select=select
        )
        run.make(statement, types=columns)


def _read_again(run: Run, table: type[Table], records: str) -> None:
    """Forget what was loaded of a table, so that all that landed is pending again."""
    land = Land(run.land, table.name)
    known = run.rows("select sha256 from batches where table_name = $name", name=table.name)
    n_lost = sum(not land.has(sha256) for (sha256,) in known)
    if n_lost:
        raise KlantprofielError(
            f"the key or a type of {table.name} changed, and {n_lost} of its {len(known)} deliveries "
            "are no longer in land/",
            expected="all deliveries, to read them again as they are declared now",
            todo="restore them from your backup, or give the changed declaration another name",
        )
    run.drop(records)
    for kept in GROWING:
        run.execute(f"delete from {kept.name} where table_name = $name", name=table.name)
