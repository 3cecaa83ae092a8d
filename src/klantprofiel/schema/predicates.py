"""What a rule may say: one boolean SQL expression that engines read alike, checked without running it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types

from klantprofiel.errors import near_miss
from klantprofiel.schema import casts
from klantprofiel.schema.declaration import Fault
from klantprofiel.schema.trial import running_faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FORM: Final = 's.rule("cast(ordered_at as date) <= $as_of", because="...")'
ALLOWED: Final = frozenset(
    """
    Column Identifier Placeholder Literal Boolean Null Paren Interval Var Tuple DataType DataTypeParam
    And Or Not Is In Between Like EQ NEQ GT GTE LT LTE NullSafeEQ NullSafeNEQ RegexpLike
    Add Sub Mul Neg Case If Cast TryCast Coalesce Nullif Abs Floor Ceil Greatest Least
    Concat SafeConcat DPipe Length Lower Upper Trim Left Substring Replace StrPosition RegexpExtract
    DateDiff DateTrunc TimestampTrunc LastDay Year Month Day Extract
    """.split()  # noqa: SIM905 - a list of words reads better than a list of literals
)
REFUSALS: Final[dict[type[exp.Expr], str]] = {
    exp.Block: "more than one expression",
    exp.Query: "a subquery",
    exp.Subquery: "a subquery",
    exp.Exists: "a subquery",
    exp.AggFunc: "an aggregate",
    exp.Window: "a window",
    exp.Div: "a division (multiply instead: engines divide differently)",
    exp.Mod: "a remainder (engines differ on it)",
    exp.CurrentDate: "the clock (the moment is $as_of)",
    exp.CurrentTimestamp: "the clock (the moment is $as_of)",
}
CASTS: Final = {
    name: exp.DataType.build(name, dialect="duckdb").this
    for name in ("BIGINT", "BOOLEAN", "DATE", "DECIMAL", "DOUBLE", "INTEGER", "TIMESTAMP", "VARCHAR")
}
AS_OF: Final = exp.cast(exp.Literal.string("as_of"), "date")  # what $as_of is while types are worked out
NUMBERS: Final = exp.DataType.NUMERIC_TYPES
MOMENTS: Final = exp.DataType.TEMPORAL_TYPES
TEXTS: Final = exp.DataType.TEXT_TYPES
TAKES: Final[dict[str, tuple[type[exp.Expr], ...]]] = {
    "true or false": (exp.And, exp.Or, exp.Not),
    "a number": (exp.Mul, exp.Neg, exp.Abs, exp.Floor, exp.Ceil),
    "a text": (
        *(exp.Like, exp.RegexpLike, exp.RegexpExtract, exp.Length, exp.Lower, exp.Upper, exp.Trim),
        *(exp.Left, exp.Substring, exp.Replace, exp.StrPosition),
    ),
    "a moment": (
        *(exp.Year, exp.Month, exp.Day, exp.Extract, exp.LastDay),
        *(exp.DateTrunc, exp.TimestampTrunc, exp.DateDiff),
    ),
}
COMPARISONS: Final = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ)


def predicate_faults(sql: object, types: Mapping[str, str]) -> Iterator[Fault]:
    """Tell what is wrong with a rule over columns with these SQL types.

    >>> faults = predicate_faults("amount_eur > maximum", {"amount_eur": "DECIMAL(18,2)"})
    >>> next(faults).found
    "a rule over 'maximum', which is no column of this table"
    """
    if not isinstance(sql, str):
        yield Fault("a rule that is not a text", FORM)
        return
    try:
        predicate = casts.condition(sql)
    except SqlglotError:
        yield Fault(f"a rule that is not one SQL expression: {sql!r}", FORM)
        return
    yield from _word_faults(predicate)
    yield from _name_faults(predicate, types)
    yield from _type_faults(predicate, types)
    if not predicate.find(exp.Column):
        yield Fault(f"a rule that looks at no column: {sql!r}", f"a condition on columns, as in {FORM}")
    yield from running_faults(predicate, types)


def _word_faults(predicate: exp.Expr) -> Iterator[Fault]:
    for node in predicate.walk():
        if node.comments:
            yield Fault("a rule with a comment in its SQL", "the comment in because=, where people read it")
        if isinstance(node, exp.DataType) and node.this not in CASTS.values():
            yield Fault(f"a rule with a cast to {node.sql('duckdb')}", f"one of {', '.join(CASTS)}")
        if type(node).__name__ in ALLOWED:
            continue
        reason = next((word for kind, word in REFUSALS.items() if isinstance(node, kind)), "")
        found = reason or f"{node.sql('duckdb')[:40]!r}, which not every engine reads alike"
        yield Fault(f"a rule with {found}", f"comparisons over the columns of one row, as in {FORM}")


def _name_faults(predicate: exp.Expr, types: Mapping[str, str]) -> Iterator[Fault]:
    for column in predicate.find_all(exp.Column):
        if column.table or column.name not in types:
            near = near_miss(column.name, types)
            found = f"a rule over {column.sql()!r}, which is no column of this table{near}"
            yield Fault(found, f"columns of the table itself: {', '.join(types)}")
    for gap in predicate.find_all(exp.Placeholder):
        if gap.name != "as_of":
            yield Fault(f"a rule with the parameter ${gap.name}", "$as_of, the only moment a rule knows")


def _type_faults(predicate: exp.Expr, types: Mapping[str, str]) -> Iterator[Fault]:
    typed = _typed(predicate, types)
    if _family(typed) not in {"true or false", ""}:
        yield Fault(f"a rule that is {_family(typed)} and not true or false", f"a comparison, as in {FORM}")
    for node in typed.walk():
        wanted = next((family for family, kinds in TAKES.items() if isinstance(node, kinds)), "")
        for operand in _taken(node) if wanted else ():
            if _family(operand) not in {wanted, ""}:
                found = f"a rule in which {_shown(operand)!r} is {_family(operand)} and not {wanted}"
                yield Fault(found, f"{wanted} in {_shown(node)!r}, as in {FORM}")
        if type(node) is exp.Cast and node != AS_OF and not _never_fails(node):
            found = f"a rule with {_shown(node)!r}, which stops a run at the first value that it cannot cast"
            yield Fault(
                found, f"try_cast, as in {_shown(exp.TryCast(this=node.this.copy(), to=node.to.copy()))!r}"
            )
    for node in typed.walk():
        families = sorted({_family(operand) for operand in _alike(node)} - {""})
        if len(families) > 1:
            found = f"a rule that compares {' with '.join(families)}: {_shown(node)!r}"
            yield Fault(found, "values of one kind, as in ordered_on >= cast('2020-01-01' as date)")


def _never_fails(node: exp.Cast) -> bool:
    """Whether every value of the operand, of the type that it has, can be cast."""
    target, operand = node.to.this, node.this
    if operand.is_string and target in MOMENTS:
        try:
            datetime.fromisoformat(operand.name)
        except ValueError:
            return False
        return True
    return target in TEXTS or (target in MOMENTS and _family(operand) == "a moment")


def _alike(node: exp.Expr) -> list[exp.Expr]:
    """Return the parts of an expression that have to be of one kind."""
    if isinstance(node, exp.Between):
        return [node.this, node.args["low"], node.args["high"]]
    if isinstance(node, exp.Case):
        default = node.args.get("default")
        return [branch.args["true"] for branch in node.args["ifs"]] + ([default] if default else [])
    if isinstance(node, (*COMPARISONS, exp.Nullif)):
        return [node.this, node.expression]
    if isinstance(node, exp.In | exp.Coalesce | exp.Greatest | exp.Least):
        return [node.this, *node.expressions]
    return []


def _taken(node: exp.Expr) -> list[exp.Expr]:
    """Return the parts of an expression that have to be of the kind that it works on."""
    if isinstance(node, exp.Extract):
        return [node.expression]
    if isinstance(node, exp.And | exp.Or | exp.Mul | exp.DateDiff):
        return [node.this, node.expression]
    return [node.this]


def _typed(predicate: exp.Expr, types: Mapping[str, str]) -> exp.Expr:
    """Return a copy in which every node knows its type."""
    holder = exp.select(exp.alias_(predicate.copy(), "kept")).from_("t")
    for column in holder.find_all(exp.Column):
        column.set("table", exp.to_identifier("t"))
    for gap in list(holder.find_all(exp.Placeholder)):
        gap.replace(AS_OF.copy())
    typed = annotate_types(holder, schema={"t": dict(types)}, dialect="duckdb")
    return typed.selects[0].unalias()


def _family(node: exp.Expr) -> str:
    if isinstance(node, exp.Null) or node.type is None:
        return ""
    kind = node.type.this
    families = {
        "a number": NUMBERS,
        "a moment": MOMENTS,
        "a text": TEXTS,
        "true or false": {exp.DType.BOOLEAN},
    }
    return next((family for family, kinds in families.items() if kind in kinds), "")


def _shown(node: exp.Expr) -> str:
    shown = node.copy().transform(lambda part: exp.Placeholder(this="as_of") if part == AS_OF else part)
    for column in shown.find_all(exp.Column):
        column.set("table", None)
    return shown.sql("duckdb")[:60]
