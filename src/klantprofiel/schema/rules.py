"""Rules: what must hold for every row, as one SQL condition with a reason in Dutch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from klantprofiel.schema import casts
from klantprofiel.schema.declaration import Fault, declared
from klantprofiel.schema.predicates import FORM, predicate_faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from klantprofiel.schema.column import Column


@dataclass(frozen=True)
class Rule:
    """A condition that every row of a table keeps; a row for which it is unknown (NULL) keeps it too.

    Attributes
    ----------
    name
        `not_in_future` for a rule of the table, `amount_eur.minimum` for one that a column's kind brings.
    predicate
        The SQL expression over the table's columns, as typed, and `$as_of` (a DATE).
    because
        The reason in Dutch, without any value of the row.

    Examples
    --------
    >>> from klantprofiel import schema as s
    >>> (asked,) = s.Scale(label="Waardering", name="rating", lowest=1, highest=5).rules(s.Csv())
    >>> asked.name, asked.predicate.sql()
    ('rating.scale', 'rating BETWEEN 1 AND 5')
    >>> asked.because
    'Waardering ligt niet op de schaal van 1 tot en met 5'
    """

    name: str
    predicate: exp.Expression
    because: str


@dataclass(frozen=True)
class RuleText:
    """A rule as it is typed in a table, before the table is known that it speaks about."""

    sql: str
    because: str

    def faults(self, types: Mapping[str, str]) -> Iterator[Fault]:
        """Tell what is wrong with this declaration in a table with columns of these SQL types."""
        if not isinstance(self.because, str) or not self.because.strip():
            yield Fault("a rule without a reason", FORM)
        yield from predicate_faults(self.sql, types)

    def named(self, name: str) -> Rule:
        """Return the rule that this text declares."""
        return Rule(name, casts.condition(self.sql), self.because)


@declared(FORM)
def rule(predicate: str, *, because: str) -> RuleText:
    """Declare what must hold for every row of the table, and why; rows that break it are quarantined.

    The predicate is one boolean SQL expression over columns of the table, as typed, and `$as_of` (a DATE): no
    subquery, no aggregate, no window, no other parameter. A row for which it is unknown (NULL) is kept.

    >>> rule("quantity <> 0", because="een regel zonder aantal is een leverfout").sql
    'quantity <> 0'
    """
    return RuleText(predicate, because)


def intrinsic(column: Column, check: str, template: str, because: str, **parts: int | str | exp.Expr) -> Rule:
    """Return a rule that a kind asks of its own value; `$value` in the template is the column."""
    predicate = casts.fill(template, value=exp.column(column.name), **parts)
    return Rule(name=f"{column.name}.{check}", predicate=predicate, because=because)
