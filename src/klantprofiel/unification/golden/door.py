"""Making the golden tables: all of them, or only the rows of the customers that were touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from klantprofiel.unification.golden import statements
from klantprofiel.unification.touched import values_of
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.warehouse import Run, Statement

TOUCHED: Final = "identity.touched_customers"
KEY: Final = "customer_id"


def golden_tables() -> Iterator[Statement]:
    """Give the tables of this package in the order in which they are made.

    Every one has a `customer_id`, and its statement yields the customers in `identity.touched_customers`. The
    view `identity.golden_record` is made before what reads it.

    >>> [statement.table for statement in golden_tables()][:3]
    ['identity.survivorship', 'identity.survivors', 'identity.chosen_values']
    """
    package = __package__ or ""
    yield load_sql(package, "survivorship")
    yield statements.survivors()
    yield statements.chosen_values()
    yield statements.masked_golden_record()
    yield load_sql(package, "source_rows")
    yield statements.provenance_counts()
    yield statements.losing_values()


def make_golden(run: Run) -> None:
    """Make every golden table anew, of the customers in `identity.touched_customers`: that is all of them."""
    for statement in golden_tables():
        run.make(statement)
        _make_views(run, statement.table)


def renew_golden(run: Run, *, anew: bool = False) -> None:
    """Make the golden rows of touched customers; a customer who is no more goes from every table.

    `anew` says that everybody is touched: the tables are then made as a whole, which takes less. Otherwise
    only what touched customers have is read, and the views stay, which change only when the code does.
    """
    if anew:
        make_golden(run)
        return
    parts = _records(run)
    for statement in golden_tables():
        known = {table: parts[table] for table in statement.tables if table in parts}
        rows = run.read(statement, reading=known)
        run.renew(statement, key=KEY, touched=TOUCHED, rows=rows)
        parts[statement.table] = rows
        if statement.table == "identity.chosen_values":
            parts["identity.golden_record"] = run.read(statements.golden_record(), reading=parts)


def _records(run: Run) -> dict[str, Any]:
    """Return what the golden tables are made from, as far as touched customers have it."""
    owners = run.arrow(f"from identity.customer_records semi join {TOUCHED} using ({KEY})")
    records, sources = (
        run.arrow(f"from identity.{table} semi join owners using (record_id)", owners=owners)
        for table in ("customers", "source_records")
    )
    known = run.read(statements.known_customers(), reading={"identity.customers": records})
    return {
        "identity.customer_records": owners,
        "identity.source_records": sources,
        "identity.customers": records,
        "identity.known_customers": known,
        "identity.standard_values": values_of(run, records),
    }


def _make_views(run: Run, table: str) -> None:
    """Make the views of which this table is the last that they read."""
    if table == "identity.chosen_values":
        run.view(statements.golden_record())
    if table == "losing_values":
        run.view(statements.provenance_values())
        run.view(statements.provenance())
