"""A run: a private build that starts as a copy of the release before it, and is published as a whole."""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from klantprofiel.errors import ConfigurationError, DeclarationError, KlantprofielError
from klantprofiel.warehouse.statement import TABLE_NAME, Statement
from klantprofiel.warehouse.tables import Connected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime
    from pathlib import Path

    import duckdb

    from klantprofiel.schema import Table
    from klantprofiel.warehouse.ledger import RunEntry
    from klantprofiel.warehouse.warehouse import Warehouse

RESULT_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")

_CHECKPOINT: Final = "1GB"
"""What the engine may write before it checkpoints by itself: a build that a crash cut off is made again."""

_CATALOG = """
create table if not exists catalog (
    table_name varchar, describes varchar, grain varchar, made_from varchar[], columns varchar, sql varchar,
    run_id varchar
)
"""


class Verdict(Protocol):
    """What a gate found of a closed build."""

    @property
    def results(self) -> bytes:
        """The results as JSON, without values of persons."""

    @property
    def page(self) -> bytes:
        """The same as a page of HTML that stands on its own."""

    @property
    def counts(self) -> dict[str, int]:
        """What the manifest tells of it."""

    def refusal(self, page: Path) -> KlantprofielError | None:
        """Return the error that stops publication, naming where the page lies; None when there is none."""


class Gate(Protocol):
    """What judges a build once, after it is closed and before it is published."""

    def prepare(self, run: Run) -> None:
        """Look at the run while its tables are all made and still open."""

    def judge(self, build: Path, settings: Mapping[str, Any]) -> Verdict:
        """Judge release.duckdb and identity.duckdb in a directory; `settings` are those of the engine."""

    def close(self) -> None:
        """Let go of whatever the gate holds; called however the run ends."""


class Savable(Protocol):
    """A result that knows which tables it is kept in."""

    def save_to(self, run: Run, name: str) -> None:
        """Write the result into the tables of `run` under `name`."""


@dataclass(frozen=True)
class Definition:
    """What the catalog keeps of a table: what it holds, what it was made from, and the SQL that made it."""

    table: str
    describes: str
    grain: str
    made_from: tuple[str, ...]
    sql: str = ""


class Run(Connected):
    """The tables under construction; plain names are pseudonymous, `identity.*` hold direct identifiers.

    Made by `with warehouse.run(name, as_of=...) as run`. At the end of the block all its tables are published
    together; an error publishes none. Tables that the run does not make are those of the release before it.

    `declarations` holds the tables of this run's deliveries, by name; `offered` the latest day on which a new
    delivery of each was offered.
    """

    def __init__(
        self, warehouse: Warehouse, entry: RunEntry, as_of: date, connection: duckdb.DuckDBPyConnection
    ) -> None:
        self.warehouse = warehouse
        self.name = entry.name
        self.run_id = entry.run_id
        self.recorded_at: datetime = entry.recorded_at
        self.as_of = as_of
        self.declarations: dict[str, type[Table]] = {}
        self.offered: dict[str, date] = {}
        self.highest: dict[str, int] = {}
        self.gate: Gate | None = None
        self._defined: dict[str, Definition | None] = {}  # since the catalog was last written
        self._connection = connection
        self._connection.execute(f"set checkpoint_threshold = '{_CHECKPOINT}'")
        self._connection.execute(_CATALOG)

    @property
    def land(self) -> Path:
        """Where deliveries land."""
        return self.warehouse.store.land

    @property
    def work(self) -> Path:
        """The private directory of this run, on the same disk as `land`."""
        return self.warehouse.store.work / self.run_id

    def register_gate(self, gate: Gate) -> None:
        """Let a gate judge the closed build before it is published; a run has one at most."""
        if self.gate is not None:
            raise KlantprofielError("this run has a gate", expected="one gate, which judges everything")
        self.gate = gate

    def make(
        self, statement: Statement, *, types: Mapping[str, str] | None = None, **parameters: object
    ) -> None:
        """Create or replace the table of a statement.

        Parameters
        ----------
        statement
            What `load_sql` or `Statement.of` returned.
        types
            SQL type per column that the last select is cast to.
        **parameters
            Values of the statement's `$name`s; `$as_of` is supplied by the run.
        """
        self._create("table", statement, types, parameters)

    def renew(
        self,
        statement: Statement,
        *,
        key: str,
        touched: str,
        types: Mapping[str, str] | None = None,
        rows: object | None = None,
        **parameters: object,
    ) -> None:
        """Make some rows of a table anew: those of touched keys go, and the rows of the statement come.

        Parameters
        ----------
        statement, types, **parameters
            As in `make`; the statement yields rows of touched keys only.
        key
            A column of the table, and of `touched`.
        touched
            The table with the keys that changed, came or went; all of them while the table is not there yet.
        rows
            A frame with the rows of the statement, when `read` has found them already.
        """
        if not self.has(statement.table):
            self.make(statement, types=types, **parameters)
            return
        table = _checked(statement.table)
        values = self._values(statement, parameters)
        sql = statement.sql(types)
        self.execute(f"delete from {table} where {key} in (select {key} from {touched})")
        if rows is None:
            with _without_values(f"while renewing {statement.table}"):
                self._cursor().execute(f"insert into {table} by name {sql}", values or None)
        else:
            self.execute(f"insert into {table} by name from rows_to_add", rows_to_add=rows)
        self._define(_definition(statement, sql))

    def read(self, statement: Statement, *, reading: Mapping[str, object], **parameters: object) -> Any:  # noqa: ANN401  pyarrow ships no types
        """Return the rows of a statement as a `pyarrow.Table`, read from frames instead of whole tables.

        `reading` gives a frame per table of `identity`, with all rows of it that count.
        """
        frames = {_frame_name(table): frame for table, frame in reading.items()}
        sql = statement.sql()
        for table in reading:  # parsing the SQL again would take longer than reading a few rows
            sql = re.sub(rf"\b{re.escape(table)}\b", _frame_name(table), sql)
        with _without_values(f"while reading {statement.table}"):
            return self.arrow(sql, **frames, **self._values(statement, parameters))

    def view(self, statement: Statement) -> None:
        """Create or replace a view; one that reads `identity.*` must itself be in `identity`."""
        if not statement.table.startswith("identity.") and any(
            name.startswith("identity.") for name in statement.tables
        ):
            raise DeclarationError(
                f"the view {statement.table} reads direct identifiers",
                expected=f"the name identity.{statement.table}, or a table",
            )
        self._create("view", statement, None, {})

    def write(
        self, table: str, frame: object, *, describes: str, grain: str, made_from: Iterable[str] = ()
    ) -> None:
        """Create or replace a table from an Arrow, pandas or polars frame, in the frame's order."""
        cursor = self._cursor()
        cursor.register("frame_to_write", frame)
        cursor.execute(f"create or replace table {_checked(table)} as from frame_to_write")
        self._define(Definition(table, describes, grain, tuple(made_from)))

    def create(
        self,
        table: str,
        columns: Mapping[str, str],
        *,
        describes: str,
        grain: str,
        made_from: Iterable[str] = (),
    ) -> None:
        """Create an empty table that grows, unless it is there; `columns` gives the SQL type per name."""
        body = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        self._cursor().execute(f"create table if not exists {_checked(table)} ({body})")
        found = self.columns(table)
        if list(found) != list(columns):
            raise ConfigurationError(
                f"the table {table} has other columns than are declared now",
                expected=", ".join(columns),
                todo=f"found {', '.join(found)}: give the changed declaration another name",
            )
        self._define(Definition(table, describes, grain, tuple(made_from)))

    def sql(self, query: str, **values: object) -> duckdb.DuckDBPyRelation:
        """Return the query as a lazy relation; scalars fill `$name`, frames are tables called `name`."""
        self._write_catalog_for(query)
        return super().sql(query, **values)

    def rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """Return the rows of the query as tuples."""
        self._write_catalog_for(query)
        return super().rows(query, **values)

    def execute(self, query: str, **values: object) -> None:
        """Run an insert or delete on the run's own tables; values as in `sql`."""
        cursor, scalars = self._cursor_with(values)
        with _without_values("in an insert or delete"):
            cursor.execute(query, scalars)

    def drop(self, table: str) -> None:
        """Drop a table of the run that nothing after it reads."""
        self._cursor().execute(f"drop table if exists {_checked(table)}")
        self._defined[table] = None

    def high_water(self, kind: str) -> int:
        """Return the highest number of a kind that any release ever gave; 0 before the first."""
        return max(self.warehouse.ledger.high_water(kind), self.highest.get(kind, 0))

    def raise_high_water(self, kind: str, number: int) -> None:
        """Keep the highest number given; it is recorded when the run is published, beyond any rollback."""
        self.highest[kind] = max(number, self.highest.get(kind, 0))

    def save(self, result: Savable, *, name: str) -> None:
        """Keep a result (a segmentation, a scorecard) under a name in the release that this run makes."""
        if not RESULT_NAME.fullmatch(name):
            raise ConfigurationError(
                f"a result cannot be saved as {name!r}",
                expected="lower-case letters, digits and underscores, starting with a letter",
            )
        result.save_to(self, name)

    def _create(
        self, kind: str, statement: Statement, types: Mapping[str, str] | None, parameters: dict[str, object]
    ) -> None:
        values = self._values(statement, parameters)
        sql = statement.sql(types)
        with _without_values(f"while making {statement.table}"):
            self._cursor().execute(
                f"create or replace {kind} {_checked(statement.table)} as {sql}", values or None
            )
        self._define(_definition(statement, sql))

    def _values(self, statement: Statement, parameters: Mapping[str, object]) -> dict[str, object]:
        """Return the values that a statement asks for; `$as_of` is the run's."""
        values = {"as_of": self.as_of, **parameters}
        missing = [name for name in statement.parameters if name not in values]
        if missing:
            raise ConfigurationError(
                f"{statement.table} needs a value for {', '.join('$' + name for name in missing)}",
                todo="pass it to `run.make`",
            )
        return {name: values[name] for name in statement.parameters}

    def _define(self, definition: Definition) -> None:
        self._defined[definition.table] = definition

    def _write_catalog_for(self, query: str) -> None:
        """See to it that who asks the catalog is told of all that was made so far."""
        if "catalog" in query:
            self._write_catalog()

    def _write_catalog(self) -> None:
        """Write what was defined or dropped since the last time, at once: one by one takes far longer."""
        import pyarrow as pa  # noqa: PLC0415  costly, and only a run that defines needs it

        defined, self._defined = self._defined, {}
        if not defined:
            return
        columns = self._columns_by_table()
        rows = [
            {
                "table_name": each.table,
                "describes": each.describes,
                "grain": each.grain,
                "made_from": list(each.made_from),
                "columns": json.dumps(columns[each.table]),
                "sql": each.sql,
                "run_id": self.run_id,
            }
            for each in defined.values()
            if each is not None
        ]
        cursor = self._cursor()
        cursor.execute(
            "delete from catalog where list_contains($names, table_name)", {"names": list(defined)}
        )
        if rows:
            cursor.register("rows_to_define", pa.Table.from_pylist(rows))
            cursor.execute("insert into catalog by name from rows_to_define")

    def _account(self) -> dict[str, Any]:
        """Return per table its row count and the run that made it, and check that nothing is unaccounted."""
        made_by = dict(self.rows("select table_name, run_id from catalog"))
        tables = list(self._names(kind="BASE TABLE"))
        for table in tables:
            if table != "catalog" and table not in made_by:
                raise KlantprofielError(
                    f"the table {table} was made without a definition",
                    todo="make tables with `run.make`, `run.write` or `run.create`",
                )
        counts = self.rows(
            " union all ".join(f"select {n} as n, count(*) from {table}" for n, table in enumerate(tables))
            + " order by n"
        )
        return {
            table: {"n_rows": n_rows, "run_id": made_by.get(table, self.run_id)}
            for table, (_, n_rows) in zip(tables, counts, strict=True)
        }


@contextlib.contextmanager
def _without_values(where: str) -> Iterator[None]:
    """Say that data did not fit without the value that did not: the engine's own message holds it."""
    import duckdb  # noqa: PLC0415  its errors are named here

    try:
        yield
    except (duckdb.DataError, duckdb.InvalidInputException) as error:
        raise KlantprofielError(
            f"a value did not fit {where} ({type(error).__name__})",
            expected="values that every cast and function in the SQL can take",
            todo="use try_cast, or a rule that quarantines such rows",
        ) from None


def _definition(statement: Statement, sql: str) -> Definition:
    return Definition(statement.table, statement.describes, statement.grain, statement.tables, sql)


def _frame_name(table: str) -> str:
    return f"part_of_{table.replace('.', '_')}"


def _checked(table: str) -> str:
    if not TABLE_NAME.fullmatch(table) or table == "catalog":
        raise DeclarationError(
            f"{table!r} cannot be the name of a table",
            expected="lower-case letters, digits and underscores, not `catalog`",
        )
    return table
