"""Making the golden tables: all of them, or only the rows of the customers that were touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from klantprofiel.unification.golden import statements
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

    `anew` says that everybody is touched: the tables are then made as a whole, which takes less.
    """
    if anew:
        make_golden(run)
        return
    for statement in golden_tables():
        run.renew(statement, key=KEY, touched=TOUCHED)
        _make_views(run, statement.table)


def _make_views(run: Run, table: str) -> None:
    """Make the views of which this table is the last that they read."""
    if table == "identity.chosen_values":
        run.view(statements.golden_record())
    if table == "losing_values":
        run.view(statements.provenance_values())
        run.view(statements.provenance())
