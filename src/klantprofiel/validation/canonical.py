"""The canonical views: all sources of customers, orders and so on under one set of names and types."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from klantprofiel.schema import CanonicalTable, canonical
from klantprofiel.validation.sources import grain_of
from klantprofiel.warehouse import Statement

if TYPE_CHECKING:
    from collections.abc import Collection

    from klantprofiel.warehouse import Run

ORIGIN: Final = {
    "source": "VARCHAR",
    "record_id": "VARCHAR",
    "delivered_on": "DATE",
    "batch_id": "VARCHAR",
    "line_number": "BIGINT",
}


def make_canonical_views(run: Run) -> None:
    """Make the views `identity.customers`, `identity.orders` and so on, also those without a source.

    Their columns are: source; record_id, which is the system whose customer number it is, a slash and that
    number, in views about customers; delivered_on; batch_id and line_number, of the file in `land/`; and the
    canonical columns with their types.
    """
    sources = run.rows(
        "select table_name, maps_to, source, customers_of, columns from sources "
        "where maps_to is not null order by table_name"
    )
    for table in canonical.TABLES:
        run.view(
            _view(
                table,
                tuple(
                    (name, source, customers_of, tuple(columns))
                    for name, maps_to, source, customers_of, columns in sources
                    if maps_to == table.name
                ),
            )
        )


@functools.cache
def _view(
    table: type[CanonicalTable], sources: tuple[tuple[str, str, str | None, tuple[str, ...]], ...]
) -> Statement:
    """Return the view of one canonical table over (name, source, customers_of, columns) of its sources."""
    selects = [
        _select(table, source, customers_of, columns).from_(exp.table_(name, db="identity"))
        for name, source, customers_of, columns in sources
    ]
    return Statement.of(
        table=f"identity.{table.name}",
        describes=table.description,
        grain=grain_of(table.description),
        select=_together(selects or [_select(table, None, None, ()).where(exp.false())]),
    )


def _select(
    table: type[CanonicalTable], source: str | None, customers_of: str | None, columns: Collection[str]
) -> exp.Select:
    """Return the columns of a canonical view from one source; what it does not deliver is NULL."""
    types = dict(ORIGIN)
    values: dict[str, exp.Expr] = {"source": exp.convert(source)}
    if "customer_id" in table.columns:
        values["record_id"] = _record_id(customers_of, columns)
    for name in ("delivered_on", "batch_id", "line_number"):
        values[name] = exp.column(name) if source else exp.null()
    for name, column in table.columns.items():
        types[name] = column.sql_type
        values[name] = exp.column(name) if name in columns else exp.null()
    return exp.select(
        *(exp.alias_(exp.cast(value, types[name], dialect="duckdb"), name) for name, value in values.items())
    )


def _record_id(customers_of: str | None, columns: Collection[str]) -> exp.Expr:
    if "customer_id" not in columns:
        return exp.null()
    return exp.DPipe(this=exp.Literal.string(f"{customers_of}/"), expression=exp.column("customer_id"))


def _together(selects: list[exp.Select]) -> exp.Query:
    return selects[0] if len(selects) == 1 else exp.union(*selects, distinct=False)
