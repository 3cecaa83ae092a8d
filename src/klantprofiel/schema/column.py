"""A column as it is declared and as the rooms read it: what every kind has in common."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from sqlglot import exp

from klantprofiel.schema import casts
from klantprofiel.schema.declaration import Declared, Fault
from klantprofiel.schema.limits import Retention

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.schema.dialect import Dialect
    from klantprofiel.schema.rules import Rule

HIDDEN: Final = "***"


@dataclass(frozen=True, kw_only=True, eq=False)
class Column(metaclass=Declared):
    """A declared column: what it is called, what it means, how to read it, and how to hide it.

    Its kind is one of the classes that build on this one.

    Parameters
    ----------
    label
        What people call it, in Dutch.
    source
        The header in the delivered file; by default the name of the column.
    name
        The name of the column, where the attribute's own name is a setting of the table (such as `purpose`).
    key
        Whether it is part of what makes a row of this table the same row in a later delivery.
    nullable
        Whether a row may come without it; a row without a value for any other column is quarantined.
    personal
        Whether it points out a person: such columns stay in the identity half of a release.
    protected
        Whether the law forbids to choose people by it, such as sex.
    unit
        What its numbers count, such as EUR or dagen.
    purpose, retention
        Why it is held and how long; by default what the table says.
    readable_as
        In Dutch what a delivered text should look like; filled in by the table.

    Examples
    --------
    >>> from klantprofiel import schema as s
    >>> column = s.canonical.Customers.columns["birth_date"]
    >>> column.header, column.sql_type, column.personal, column.purpose
    ('birth_date', 'DATE', True, '')
    >>> column.mask(exp.column("birth_date")).sql("duckdb")
    "CASE WHEN NOT birth_date IS NULL THEN CONCAT(STRFTIME(birth_date, '%Y'), '-**-**') END"
    """

    form: ClassVar[str] = 's.Text(label="Klantnummer")'
    holds_person: ClassVar[bool] = False  # a kind that only makes sense of a natural person
    sql_type: ClassVar[str] = "VARCHAR"

    label: str
    source: str = ""
    name: str = ""
    key: bool = False
    nullable: bool = False
    personal: bool = False
    protected: bool = False
    unit: str = ""
    purpose: str = ""
    retention: Retention | None = None
    readable_as: str = field(init=False, default="", repr=False)

    @property
    def header(self) -> str:
        """The name of the column in the delivered file."""
        return self.source or self.name

    def cast(self, text: exp.Expr, dialect: Dialect) -> exp.Expression:
        """Return the typed value of a delivered text; NULL when there is none, or when it cannot be read."""
        raise NotImplementedError

    def unreadable(self, text: exp.Expr, dialect: Dialect) -> exp.Expression:
        """Return whether a value was delivered that cannot be read; true or false, never NULL."""
        value = self.cast(text, dialect)
        return casts.fill("$given is not null and $value is null", given=casts.given(text), value=value)

    def rules(self, dialect: Dialect) -> list[Rule]:  # noqa: ARG002 - the interface that kinds may use
        """Return what this kind itself asks of a readable value; rules of the table come besides."""
        return []

    def mask(self, value: exp.Expr) -> exp.Expression:
        """Return a value as text that is fit to show; NULL stays NULL. Only a personal column is masked."""
        if not self.personal:
            return casts.fill("cast($value as varchar)", value=value)
        masked = self.masked(value)
        return casts.fill("case when $value is not null then $masked end", value=value, masked=masked)

    def masked(self, value: exp.Expr) -> exp.Expression:  # noqa: ARG002 - the interface that kinds may use
        """Return what remains visible of a value that is there."""
        return exp.Literal.string(HIDDEN)

    def expects(self, dialect: Dialect) -> str:  # noqa: ARG002 - the interface that kinds may use
        """Return in Dutch what a delivered text should look like."""
        return "tekst"

    def faults(self) -> Iterator[Fault]:
        """Tell what is wrong with this declaration."""
        for option in ("label", "source", "name", "unit", "purpose"):
            if not isinstance(getattr(self, option), str):
                yield Fault(f"{option}={getattr(self, option)!r} is not a text", self.form)
        for option in ("key", "nullable", "personal", "protected"):
            if not isinstance(getattr(self, option), bool):
                yield Fault(f"{option}={getattr(self, option)!r}", f"{option}=True or {option}=False")
        if self.retention is not None and not isinstance(self.retention, Retention):
            yield Fault(f"retention={self.retention!r}", "retention=s.years(7)")
        elif self.retention is not None:
            yield from self.retention.faults()
        if not self.label.strip():
            yield Fault("the label is empty", f"a Dutch name that people know, as in {self.form}")

    def bound(self, dialect: Dialect, **changes: Any) -> Self:  # noqa: ANN401 - each option has its own type
        """Return this column with its table's name, purpose and retention filled in."""
        column = replace(self, **changes)
        object.__setattr__(column, "readable_as", column.expects(dialect))  # frozen for all but this room
        return column
