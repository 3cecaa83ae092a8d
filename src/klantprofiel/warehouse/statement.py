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
_OWN_FUNCTION = "as_label"
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
    written: str | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls, *, table: str, describes: str, grain: str, select: exp.Query, written: str | None = None
    ) -> Statement:
        """Make a statement of a select that was built as an expression, or also `written` as text."""
        if not TABLE_NAME.fullmatch(table):
            raise DeclarationError(
                f"{table!r} cannot be the name of a table",
                expected="lower-case letters, digits and underscores; `identity.` before it hides it",
            )
        parameters, tables = _names_in(select)
        return cls(
            table=table,
            describes=describes,
            grain=grain,
            select=select,
            parameters=parameters,
            tables=tables,
            columns=_columns_made(select, table),
            written=written,
        )

    def sql(self, types: Mapping[str, str] | None = None) -> str:
        """Return the SQL that runs, readable; `types` casts the named columns of the last select."""
        if not types:
            return self._text
        last = ",\n".join(
            f'    cast("{name}" as {types[name]}) as "{name}"' if name in types else f'    "{name}"'
            for name in self.columns
        )
        return f"select\n{last}\nfrom (\n{self._text}\n) as uncast"

    @functools.cached_property
    def _text(self) -> str:
        """The select as it was written: writing it again from the expression takes longer than reading it."""
        return self.written or self.select.sql(DIALECT, pretty=True)


def parse(query: str) -> exp.Query:
    """Return one select as an expression; `DeclarationError` when it is not exactly one.

    The function `as_label(text)` stands for the words that `klantprofiel.schema.words` lets through.

    >>> parse("select as_label(channel) as channel from orders").sql("duckdb")[:34]
    'SELECT CASE WHEN LENGTH(TRIM(chann'
    """
    try:
        statements = sqlglot.parse(query, dialect=DIALECT)
    except SqlglotError as error:
        raise DeclarationError(f"the SQL does not parse: {error}", expected="one select statement") from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise DeclarationError("the SQL is not one select", expected="one select statement, without `create`")
    if _OWN_FUNCTION in query:
        _put_words_in(statements[0])
    return statements[0]


def _put_words_in(select: exp.Query) -> None:
    from klantprofiel.schema.words import as_label  # noqa: PLC0415  only what makes facts asks for it

    for node in list(select.find_all(exp.Anonymous)):
        if node.name == _OWN_FUNCTION:
            node.replace(as_label(node.expressions[0]))


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
    written = text[header.end() :].strip()
    try:
        return Statement.of(
            table=table,
            describes=header["describes"],
            grain=header["grain"],
            select=parse(written),
            written=None if ";" in written or _OWN_FUNCTION in written else written,
        )
    except DeclarationError as error:
        raise DeclarationError(f"{path.name}: {error.found}", expected=error.expected) from None


def _names_in(select: exp.Query) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the parameters that a select takes and the tables that it reads."""
    own, tables, parameters = set(), set(), set()
    for node in select.walk():
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
            tables.add(".".join(part.name for part in node.parts))
        elif isinstance(node, exp.CTE):
            own.add(node.alias_or_name)
        elif isinstance(node, exp.Placeholder):
            parameters.add(node.name)
    return tuple(sorted(parameters)), tuple(sorted(tables - own))


def _columns_made(select: exp.Query, table: str) -> tuple[str, ...]:
    names = tuple(column.output_name for column in select.selects)
    named = all(isinstance(column, exp.Alias | exp.Column) for column in select.selects)
    if not named or "*" in names or len(set(names)) != len(names):
        raise DeclarationError(
            f"the last select of {table} does not name every column once",
            expected="a last select that names each column, without `*`",
        )
    return names
