"""Great Expectations on DuckDB: one connection over the closed build, and the datasource that keeps it.

Great Expectations has no datasource for DuckDB, and its general one closes the connection before it fetches.
Only the judging process loads this module's libraries.
"""

from __future__ import annotations

import contextlib
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import duckdb


def open_build(release: str, identity: str, settings: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
    """Open the two files of a closed build read-only in one connection that can reach nothing else."""
    import duckdb  # noqa: PLC0415  only the judging process needs it

    connection = duckdb.connect(":memory:", config=dict(settings))
    for name, path in (("release", release), ("identity", identity)):
        quoted = path.replace("'", "''")
        connection.execute(f"attach '{quoted}' as {name} (read_only)")
    connection.execute("set enable_progress_bar = false")
    connection.execute("set search_path = 'memory.main,release.main'")
    return connection


def lock(connection: duckdb.DuckDBPyConnection) -> None:
    """Take away every way to another file: hand-written SQL runs in this connection."""
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def duckdb_source(connection: duckdb.DuckDBPyConnection) -> Any:  # noqa: ANN401  the library's own class
    """Return a datasource of Great Expectations whose assets are the tables and views of a connection."""
    import great_expectations as gx  # noqa: PLC0415  6 to 8 seconds
    import sqlalchemy as sa  # noqa: PLC0415  comes with it

    kept_open, engine_type = classes()
    sql_engine = sa.create_engine(
        "duckdb://", creator=lambda: kept_open(connection), poolclass=sa.pool.StaticPool
    )
    engine = engine_type(engine=sql_engine, create_temp_table=False)
    engine.dialect_module = _RegexAsDremio
    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_duckdb_build("build", connection_string="duckdb://")
    source._execution_engine = engine  # noqa: SLF001  where the library keeps the one it would make
    return source


@cache
def classes() -> tuple[Any, Any]:
    """Return the connection and the execution engine; the library registers each class once per process."""
    from duckdb_engine import ConnectionWrapper  # noqa: PLC0415  as above
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource  # noqa: PLC0415  as above
    from great_expectations.execution_engine.sqlalchemy_execution_engine import (  # noqa: PLC0415  as above
        SqlAlchemyExecutionEngine,
    )

    class KeptOpen(ConnectionWrapper):
        """One connection without transactions: a query that fails would spoil those after it."""

        def begin(self) -> None:
            """Begin nothing."""

        def commit(self) -> None:
            """Commit nothing."""

        def rollback(self) -> None:
            """Roll nothing back."""

        def close(self) -> None:
            """Leave closing to who opened it."""

    class Engine(SqlAlchemyExecutionEngine):
        @contextlib.contextmanager
        def get_connection(self) -> Iterator[Any]:
            self._connection = self._connection or self.engine.connect()
            yield self._connection

    class DuckdbBuild(SQLDatasource):
        type: Literal["duckdb_build"] = "duckdb_build"  # type: ignore[assignment]  # as all of theirs do

        def test_connection(self, test_assets: bool = True) -> None:  # noqa: FBT001, FBT002  theirs
            """Leave out the trial: the connection is open."""

        def get_engine(self) -> Any:  # noqa: ANN401  as above
            return self.get_execution_engine().engine

        def get_execution_engine(self) -> Any:  # noqa: ANN401  as above
            return self._execution_engine

    return KeptOpen, Engine


class _RegexAsDremio:
    """What Great Expectations reads to write a regular expression: as for Dremio, `regexp_matches`."""

    DremioDialect: Final = None
