"""A theme: variables that are computed together, in one table with a row per customer."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from klantprofiel.errors import DeclarationError
from klantprofiel.warehouse import Statement, Tables, load_sql, parse, read_sql

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from klantprofiel.profiles.variable import Variable

MOST_MISSING: Final = 0.99
"""A variable that is unknown of more customers than this tells nothing of a group of them."""


class Makes(Tables, Protocol):
    """Tables that others can be made beside: those of a run, or those of an earlier moment."""

    def make(
        self, statement: Statement, *, types: Mapping[str, str] | None = None, **parameters: object
    ) -> None:
        """Create or replace the table of a statement."""

    def write(
        self, table: str, frame: object, *, describes: str, grain: str, made_from: Iterable[str] = ()
    ) -> None:
        """Create or replace a table from a frame."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What happened to customers or was so of them, by the day: what themes are computed from.

    Its SQL takes no `$as_of` and yields `customer_id`, a date and values, none of which names a person. A
    table of reference is declared alike, and has neither customers nor dates.

    Parameters
    ----------
    name
        The table that it makes.
    package
        Where `<name>.sql` stands.
    types
        SQL type per column that the last select is cast to.
    is_state
        Whether a row tells what is so since its `valid_from`, one per customer, not what happened on a day.
    """

    name: str
    package: str
    types: Mapping[str, str] = field(default_factory=dict)
    is_state: bool = False

    def statement(self) -> Statement:
        """Return the statement that makes the table."""
        return load_sql(self.package, self.name)


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Variables that are computed together: one row per customer of whom any of them is known.

    Its SQL reads facts, themes before it, `customers` and tables of reference, and takes `$as_of`: facts of
    later days are left out there. What is no SQL has a function `make` instead.

    Parameters
    ----------
    name
        The table that it makes.
    package
        Where `<name>.sql` stands: a package, or a folder of a project.
    variables
        The columns of that table, besides `customer_id`, in their order.
    references
        Tables that it reads without customers in them, as far as no theme before it named them.
    facts
        What it reads of what happened; the same.
    make
        Makes the table where it is no SQL, and returns the variables in it.
    windows
        Promises that a later date changes a row in two ways alone, so that a run need not make it again while
        neither happens: a day of the customer's facts, or that day and so many days more, has come by then.
        `(365,)` is for what counts in the 365 days up to the date; `()` for all that happened up to it. None
        is for what follows from the date itself, as an age, or from the facts of other customers.
    days_since
        With `windows`: the variables that are one more with each day that passes.
    """

    name: str
    package: str | Path
    variables: tuple[Variable, ...] = ()
    references: tuple[Facts, ...] = ()
    facts: tuple[Facts, ...] = ()
    make: Callable[[Makes], tuple[Variable, ...]] | None = None
    windows: tuple[int, ...] | None = None
    days_since: tuple[str, ...] = ()

    def make_in(self, tables: Makes) -> tuple[Variable, ...]:
        """Make the table of the theme, and return its variables.

        Raises
        ------
        DeclarationError
            When its SQL gives other columns than are declared, or two rows for one customer.
        """
        if self.make is not None:
            variables = self.make(tables)
        else:
            variables = self.variables
            tables.make(self.statement(), types=self.types)
        self.check_grain(tables)
        return variables

    @property
    def types(self) -> dict[str, str]:
        """SQL type per column of its table."""
        return {variable.name: variable.sql_type for variable in self.variables}

    def statement(self) -> Statement:
        """Return the statement that makes the table; its columns are those that are declared."""
        statement = _read(self.package, self.name)
        declared = ["customer_id", *(variable.name for variable in self.variables)]
        if list(statement.columns) != declared:
            raise DeclarationError(
                f"{self.name}.sql gives the columns {', '.join(statement.columns)}",
                expected=f"those that are declared, in their order: {', '.join(declared)}",
                todo="declare what the last select yields, no more and no less",
            )
        return statement

    def check_grain(self, tables: Tables, rows: Any = None) -> None:  # noqa: ANN401  an Arrow table
        """Refuse two rows for one customer, in its table or in the `rows` that are added to it."""
        source, frames = (self.name, {}) if rows is None else ("rows_to_add", {"rows_to_add": rows})
        ((n_twice,),) = tables.rows(
            f"select count(*) from (select 1 from {source} group by customer_id having count(*) > 1)",
            **frames,
        )
        if n_twice:
            raise DeclarationError(
                f"{self.name}.sql gives more than one row for {n_twice} customers",
                expected="one row per customer",
                todo="group by customer_id, or choose one row of each with `qualify row_number() ... = 1`",
            )


def _read(package: str | Path, name: str) -> Statement:
    return read_sql(package / f"{name}.sql") if isinstance(package, Path) else load_sql(package, name)


def check_names(themes: Iterable[tuple[Theme, Collection[Variable]]]) -> None:
    """Refuse a variable that two themes declare."""
    found: dict[str, str] = {"customer_id": "every theme"}
    for theme, variables in themes:
        for variable in variables:
            if variable.name in found:
                raise DeclarationError(
                    f"{theme.name} and {found[variable.name]} both have a variable {variable.name!r}",
                    expected="every variable in one theme",
                    todo=f"give the one of {theme.name} another name",
                )
            found[variable.name] = theme.name


def profiles_of(themes: Iterable[tuple[Theme, Collection[Variable]]]) -> Statement:
    """Return the statement that puts the variables of all themes side by side, one row per customer."""
    columns, joins = ["customers.customer_id"], []
    for theme, variables in themes:
        columns += [f'{theme.name}."{variable.name}"' for variable in variables]
        joins.append(f"left join {theme.name} on {theme.name}.customer_id = customers.customer_id")
    query = "\n".join(
        [f"select {', '.join(columns)} from customers", *joins, "order by customers.customer_id"]
    )
    return Statement.of(
        table="profiles",
        describes="what is known of each customer as of $as_of, in variables that `variables` describes.",
        grain="One row per customer. Null is unknown; who never ordered has frequency 0 and spent 0.",
        select=parse(query),
    )


def registry(tables: Tables, themes: Iterable[tuple[Theme, Collection[Variable]]]) -> Any:  # noqa: ANN401  Arrow
    """Return the registry of variables as an Arrow table: their declarations, and the tables behind them."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that builds needs it

    made_from = dict(tables.rows("select table_name, made_from from catalog"))
    rows = [
        {
            "name": variable.name,
            "label": variable.label,
            "facet": variable.facet,
            "basis": variable.basis,
            "kind": variable.kind,
            "unit": variable.unit,
            "missing": variable.missing,
            "purpose": variable.purpose,
            "protected": variable.protected,
            "special": variable.special,
            "finding": variable.finding,
            "theme": theme.name,
            "source_tables": sorted(made_from.get(theme.name, ())),
        }
        for theme, variables in themes
        for variable in variables
    ]
    return pa.Table.from_pylist(rows)
