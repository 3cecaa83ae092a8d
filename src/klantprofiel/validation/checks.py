"""What every record of a table must keep, as SQL expressions over its delivered texts and typed values.

A delivered text of the column `x` is called `_text_x` here, its typed value `x`; `_delivered_on` is the date
of the delivery, which is what rules see as `$as_of`: a batch is judged the same whenever it is read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.schema import Column, Dialect, Rule, Table

UNIQUE = "key.unique"


@dataclass(frozen=True)
class Check:
    """One thing that a record must keep: the rule's name, whether a record breaks it, and why in Dutch."""

    name: str
    is_broken: exp.Expr
    reason: str


def checks_of(table: type[Table], dialect: Dialect) -> list[Check]:
    """Return what each record of a table must keep, in the order of its columns and then of its rules.

    `dialect` is the one in which the records landed.

    Examples
    --------
    >>> from klantprofiel import schema as s
    >>> class Shops(s.ReferenceTable):
    ...     "Winkels: one row per shop."
    ...     shop_id = s.Integer(label="Winkelnummer", key=True, minimum=1)
    >>> [check.name for check in checks_of(Shops, Shops.dialect)]
    ['shop_id.required', 'shop_id.unreadable', 'shop_id.minimum']
    """
    checks: list[Check] = []
    for name, column in table.columns.items():
        unreadable = column.unreadable(text_of(name), dialect)
        if not column.nullable:
            missing = exp.and_(value_of(name).is_(exp.null()), exp.not_(unreadable.copy()))
            checks.append(Check(f"{name}.required", missing, f"{column.label} ontbreekt"))
        if reads_text(column, dialect):
            reason = f"{column.label} is niet te lezen als {column.expects(dialect)}"
            checks.append(Check(f"{name}.unreadable", unreadable, reason))
        checks += [_broken(rule) for rule in column.rules(dialect)]
    return checks + [_broken(rule) for rule in table.rules.values()]


def is_clean(table: type[Table], dialect: Dialect) -> exp.Expr:
    """Return whether a record keeps everything, in the form that looks at most texts once."""
    return exp.and_(exp.true(), *_kept(table, dialect))


def reads_text(column: Column, dialect: Dialect) -> bool:
    """Whether a kind reads a text as anything else than the text itself, and so may fail to read it."""
    from klantprofiel.schema.casts import given  # noqa: PLC0415  beside the only place that needs it

    return column.cast(text_of(column.name), dialect) != given(text_of(column.name))


def text_of(column: str) -> exp.Column:
    """Return the delivered text of a column."""
    return exp.column(f"_text_{column}", quoted=True)


def value_of(column: str) -> exp.Column:
    """Return the typed value of a column."""
    return exp.column(column, quoted=True)


def _kept(table: type[Table], dialect: Dialect) -> Iterator[exp.Expr]:
    for name, column in table.columns.items():
        if not column.nullable:
            yield exp.not_(value_of(name).is_(exp.null()))
        elif reads_text(column, dialect):
            has_value = exp.not_(value_of(name).is_(exp.null()))
            readable = exp.not_(column.unreadable(text_of(name), dialect))
            yield exp.Case(ifs=[exp.If(this=has_value, true=exp.true())], default=readable)
        for rule in column.rules(dialect):
            yield _keeps(rule)
    for rule in table.rules.values():
        yield _keeps(rule)


def _broken(rule: Rule) -> Check:
    return Check(rule.name, exp.not_(_keeps(rule)), rule.because)


def _keeps(rule: Rule) -> exp.Expr:
    """Return whether a record keeps a rule; when that is unknown, it does."""
    predicate = rule.predicate.copy()
    predicate = predicate.transform(
        lambda node: exp.column("_delivered_on", quoted=True) if isinstance(node, exp.Placeholder) else node
    )
    return exp.Coalesce(this=predicate, expressions=[exp.true()])
