"""A SQL file as a statement that can be asked what it makes, reads and needs, without running it."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from klantprofiel.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

DIALECT: Final = "duckdb"
TABLE_NAME: Final = re.compile(r"(identity\.)?[a-z][a-z0-9_]*")

_HEADER = re.compile(r"-- (?P<table>[a-z0-9_.]+): (?P<describes>\S.*)\n-- (?P<grain>One row per \S.*)\n")
_FORM = "two header lines: `-- table_name: what it holds` and `-- One row per ...`"


@dataclass(frozen=True)
class Statement:
    """One table as a select: its name, what it holds, its grain, and what the select needs and yields.

    Examples
    --------
    >>> statement = Statement.of(
    ...     table="purchases",
    ...     describes="what was bought until $as_of.",
    ...     grain="One row per day.",
    ...     select=parse("select day, count(*) as n from orders where day < $as_of group by day"),
    ... )
    >>> statement.parameters, statement.tables, statement.columns
    (('as_of',), ('orders',), ('day', 'n'))
    """

    table: str
    describes: str
    grain: str
    select: exp.Query = field(repr=False)
    parameters: tuple[str, ...]
    tables: tuple[str, ...]
    columns: tuple[str, ...]
    _texts: dict[tuple[tuple[str, str], ...], str] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, *, table: str, describes: str, grain: str, select: exp.Query) -> Statement:
        """Make a statement of a select that was built as an expression."""
        if not TABLE_NAME.fullmatch(table):
            raise DeclarationError(
                f"{table!r} cannot be the name of a table",
                expected="lower-case letters, digits and underscores; `identity.` before it hides it",
            )
        return cls(
            table=table,
            describes=describes,
            grain=grain,
            select=select,
            parameters=tuple(sorted({node.name for node in select.find_all(exp.Placeholder)})),
            tables=_tables_read(select),
            columns=_columns_made(select, table),
        )

    def sql(self, types: Mapping[str, str] | None = None) -> str:
        """Return the SQL that runs, readable; `types` casts the named columns of the last select."""
        key = tuple((types or {}).items())
        if key not in self._texts:
            self._texts[key] = cast_columns(self.select, self.columns, dict(key)).sql(DIALECT, pretty=True)
        return self._texts[key]


def parse(query: str) -> exp.Query:
    """Return one select as an expression; `DeclarationError` when it is not exactly one."""
    try:
        statements = sqlglot.parse(query, dialect=DIALECT)
    except SqlglotError as error:
        raise DeclarationError(f"the SQL does not parse: {error}", expected="one select statement") from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise DeclarationError("the SQL is not one select", expected="one select statement, without `create`")
    return statements[0]


def cast_columns(select: exp.Query, columns: tuple[str, ...], types: Mapping[str, str]) -> exp.Query:
    """Return the select with its columns cast to the declared SQL types; those not named stay as they are."""
    if not types:
        return select
    last = [
        exp.alias_(exp.cast(exp.column(name, quoted=True), types[name], dialect=DIALECT), name, quoted=True)
        if name in types
        else exp.column(name, quoted=True)
        for name in columns
    ]
    return exp.select(*last).from_(exp.Subquery(this=select.copy(), alias=exp.to_identifier("uncast")))


@functools.cache
def load_sql(package: str, name: str) -> Statement:
    """Return the statement in `<name>.sql` beside the modules of `package`.

    Examples
    --------
    >>> load_sql("klantprofiel.profiles", "orders_account").table
    'orders_account'
    """
    return read_sql(resources.files(package) / f"{name}.sql")


def read_sql(path: Path | Traversable) -> Statement:
    """Return the statement in a SQL file; the file is named after the table that it makes."""
    text = path.read_text(encoding="utf-8")
    header = _HEADER.match(text)
    if header is None:
        raise DeclarationError(f"{path.name} does not start with its header", expected=_FORM)
    table = header["table"]
    if f"{table.removeprefix('identity.')}.sql" != path.name:
        raise DeclarationError(
            f"{path.name} makes the table {table}", expected="a file that is named after its table"
        )
    try:
        return Statement.of(
            table=table,
            describes=header["describes"],
            grain=header["grain"],
            select=parse(text[header.end() :]),
        )
    except DeclarationError as error:
        raise DeclarationError(f"{path.name}: {error.found}", expected=error.expected) from None


def _tables_read(select: exp.Query) -> tuple[str, ...]:
    own = {cte.alias_or_name for cte in select.find_all(exp.CTE)}
    names = {
        ".".join(part.name for part in table.parts)
        for table in select.find_all(exp.Table)
        if isinstance(table.this, exp.Identifier)
    }
    return tuple(sorted(names - own))


def _columns_made(select: exp.Query, table: str) -> tuple[str, ...]:
    names = tuple(column.output_name for column in select.selects)
    named = all(isinstance(column, exp.Alias | exp.Column) for column in select.selects)
    if not named or "*" in names or len(set(names)) != len(names):
        raise DeclarationError(
            f"the last select of {table} does not name every column once",
            expected="a last select that names each column, without `*`",
        )
    return names
