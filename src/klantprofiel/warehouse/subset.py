"""The SQL that DuckDB and Spark read alike: an allow-list, and what it finds in a statement.

Run as `python -m klantprofiel.warehouse.subset DIRECTORY...` it translates every SQL file below the
directories to Spark and names what is not on the list; `make check` does so.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from klantprofiel.errors import DeclarationError
from klantprofiel.warehouse.statement import read_sql

if TYPE_CHECKING:
    from collections.abc import Iterator

_STRUCTURE: Final = """
    Alias Anti Boolean CTE Column DataType DataTypeParam Distinct Dot Except Explode From Group
    GroupingSets Having Identifier In Intersect Interval Join Lateral Limit Literal Null Order
    Ordered Paren Placeholder PropertyEQ Qualify Rollup Select Semi Star Struct Subquery Table
    TableAlias Tuple Union Unnest Values Var Where With
"""
_OPERATORS: Final = """
    Add And Between Case Cast Coalesce DPipe Div EQ Exists GT GTE If Is LT LTE Like Mod Mul NEQ Neg
    Not NullSafeEQ NullSafeNEQ Nullif Or SafeConcat Sub TryCast
"""
_FUNCTIONS: Final = """
    Abs Asin ArrayAgg ArrayAny ArrayConcat ArrayConcatAgg ArrayContains ArrayDistinct ArrayFilter
    ArraySize ArraySort ArrayToString Avg Ceil Concat Corr Cos Count CountIf DateAdd DateDiff DateSub
    DateTrunc Day Exp Extract Filter Floor GenerateSeries Greatest Lambda LastDay Least Left Length
    Ln Log LogicalAnd LogicalOr Lower MD5 Max Median Min Month Pow Radians RegexpExtract RegexpLike
    RegexpReplace Replace Round SHA2 Sign Sin Sqrt StddevSamp StrPosition Substring Sum
    TimeToStr TimestampTrunc Transform Trim Upper Year
"""
_WINDOWS: Final = """
    CumeDist DenseRank FirstValue IgnoreNulls Lag LastValue Lead Ntile PercentRank Rank RowNumber
    Window WindowSpec
"""
ALLOWED: Final = frozenset(
    name for text in (_STRUCTURE, _OPERATORS, _FUNCTIONS, _WINDOWS) for name in text.split()
)


def violations(select: exp.Query) -> Iterator[str]:
    """Name what the two engines read differently in a select.

    Examples
    --------
    >>> from klantprofiel.warehouse.statement import parse
    >>> list(violations(parse("select a / b as share from t")))
    ['a / b: cast the numerator to double and put the divisor in nullif(..., 0)']
    """
    for node in select.walk():
        if isinstance(node, exp.Anonymous):
            yield f"{node.name}(...) is a function that Spark may not have"
        elif isinstance(node, exp.Div | exp.Mod):
            yield from _division_violations(node)
        elif isinstance(node, exp.Join):
            yield from _join_violations(node)
        elif isinstance(node, exp.ArrayAgg):
            yield from _array_violations(node)
        elif type(node).__name__ not in ALLOWED:
            yield f"{type(node).__name__} ({node.sql('duckdb')[:60]}) is not on the allow-list"


def _division_violations(node: exp.Div | exp.Mod) -> Iterator[str]:
    divisor = node.expression.unnest()
    if isinstance(node, exp.Div):
        if not (_is_double(node.this) and isinstance(divisor, exp.Nullif)):
            yield f"{node.sql()}: cast the numerator to double and put the divisor in nullif(..., 0)"
    elif not isinstance(divisor, exp.Nullif | exp.Literal):
        yield f"{node.sql()}: put the divisor in nullif(..., 0)"


def _join_violations(node: exp.Join) -> Iterator[str]:
    if node.method:
        yield f"a {node.method} join is DuckDB's alone"
    if node.side == "LEFT" and isinstance(node.this, exp.Unnest):
        yield "left join unnest loses rows: cross join it"


def _array_violations(node: exp.ArrayAgg) -> Iterator[str]:
    if not isinstance(node.parent, exp.Filter):
        yield f"{node.sql('duckdb')}: only DuckDB keeps nulls in a list: add filter (where ...)"
    if not node.find_ancestor(exp.ArraySort):
        yield f"{node.sql('duckdb')}: the order of a list is not kept: put it in list_sort"


def _is_double(node: exp.Expr) -> bool:
    inner = node.unnest()
    if isinstance(inner, exp.Mul | exp.Add | exp.Sub):
        return _is_double(inner.this) or _is_double(inner.expression)
    return isinstance(inner, exp.Cast) and inner.to.is_type("double")


def main(directories: list[str]) -> int:
    """Print what is wrong in the SQL files below the directories; return 1 when something is."""
    files = sorted(path for directory in directories for path in Path(directory).rglob("*.sql"))
    n_wrong = 0
    for path in files:
        try:
            statement = read_sql(path)
            statement.select.sql("spark")
            found = list(violations(statement.select))
        except DeclarationError as error:
            found = [str(error)]
        n_wrong += len(found)
        for violation in found:
            sys.stdout.write(f"{path}: {violation}\n")
    sys.stdout.write(f"{len(files)} SQL files read, {n_wrong} things that the engines read differently\n")
    return int(n_wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
