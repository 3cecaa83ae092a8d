"""What a run and a release have in common: tables as of a date that can be asked in SQL."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Protocol

from klantprofiel.warehouse.statement import TABLE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    import duckdb


class Tables(Protocol):
    """Tables as they are in a run or a release; the rooms ask only this of either."""

    @property
    def as_of(self) -> date:
        """The date that the tables speak of."""

    def has(self, table: str) -> bool:
        """Whether the table is there; `identity.<name>` for one with direct identifiers."""

    def columns(self, table: str) -> dict[str, str]:
        """Return the SQL type per column of a table, in its order."""

    def sql(self, query: str, **values: object) -> duckdb.DuckDBPyRelation:
        """Return the query as a lazy relation; scalars fill `$name`, frames are tables called `name`."""

    def rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """Return the rows of the query as tuples."""

    def arrow(self, query: str, **values: object) -> Any:  # noqa: ANN401  pyarrow ships no types
        """Return the rows of the query as a `pyarrow.Table`."""


class Connected:
    """The tables of one DuckDB connection; `Run` and `StoredRelease` are made of it."""

    _connection: duckdb.DuckDBPyConnection
    _catalog: str | None = None

    def has(self, table: str) -> bool:
        """Whether the table or view is there; `identity.<name>` for one with direct identifiers."""
        import duckdb  # noqa: PLC0415  its errors are named here

        if not TABLE_NAME.fullmatch(table):
            return False
        try:  # asking for it takes a tenth of the time that listing all names does
            self._cursor().execute(f"select 1 from {table} limit 0")
        except duckdb.CatalogException:
            return False
        return True

    def columns(self, table: str) -> dict[str, str]:
        """Return the SQL type per column of a table, in its order."""
        return {name: kind for name, kind, *_ in self._cursor().execute(f"describe from {table}").fetchall()}

    def sql(self, query: str, **values: object) -> duckdb.DuckDBPyRelation:
        """Return the query as a lazy relation; scalars fill `$name`, frames are tables called `name`."""
        cursor, scalars = self._cursor_with(values)
        return cursor.sql(query, params=scalars)

    def rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """Return the rows of the query as tuples."""
        cursor, scalars = self._cursor_with(values)  # a relation would be planned twice
        return cursor.execute(query, scalars).fetchall()

    def arrow(self, query: str, **values: object) -> Any:  # noqa: ANN401  pyarrow ships no types
        """Return the rows of the query as a `pyarrow.Table`."""
        return self.sql(query, **values).to_arrow_table()

    @contextlib.contextmanager
    def workspace(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a cursor of its own, with temporary tables that nobody else sees, gone at the end."""
        cursor = self._cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def _cursor_with(
        self, values: Mapping[str, object]
    ) -> tuple[duckdb.DuckDBPyConnection, dict[str, object] | None]:
        """Return a cursor that knows the frames among the values of a query, and the scalars among them."""
        cursor = self._cursor()
        scalars = {}
        for name, value in values.items():
            if is_frame(value):
                cursor.register(name, value)
            else:
                scalars[name] = value
        return cursor, scalars or None

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor of its own for one query: an unfinished result blocks its connection."""
        cursor = self._connection.cursor()
        if self._catalog:  # a cursor does not inherit the catalog in use
            cursor.execute(f"use {self._catalog}")
        return cursor

    def _columns_by_table(self) -> dict[str, dict[str, str]]:
        """Return what `columns` tells of every table and view, at the price of one."""
        query = (
            "select if(database_name = 'identity', 'identity.', '') || table_name, column_name, data_type "
            "from duckdb_columns() "
            "where not internal and database_name in (current_database(), 'identity') "
            "order by database_name, table_name, column_index"
        )
        found: dict[str, dict[str, str]] = {}
        for table, name, kind in self._cursor().execute(query).fetchall():
            found.setdefault(table, {})[name] = kind
        return found

    def _names(self, *, kind: str = "") -> Iterator[str]:
        """Name the tables and views, or only those of the kind `BASE TABLE` or `VIEW`."""
        found = (
            self._cursor()
            .execute(
                "select table_catalog = 'identity', table_name from information_schema.tables "
                "where table_catalog in (current_database(), 'identity') and $kind in ('', table_type) "
                "order by 1, 2",
                {"kind": kind},
            )
            .fetchall()
        )
        return (f"identity.{name}" if is_identity else name for is_identity, name in found)


def is_frame(value: object) -> bool:
    """Whether a value is a table of its own: an Arrow, pandas or polars frame, or a DuckDB relation."""
    return hasattr(value, "__arrow_c_stream__") or hasattr(value, "__dataframe__")
