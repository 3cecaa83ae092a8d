"""A rule tried on the engine at import, over a row without values: what fails there would fail on data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from klantprofiel.schema.declaration import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NOT_IN_EVERY_ENGINE: Final = re.compile(r"\(\?(?!:)|\\[1-9]")  # looks around or back
PATTERN: Final = "regexp_matches(name, '^[a-z]+$')"
FORM: Final = 's.rule("quantity between 1 and 999", because="...")'


def running_faults(predicate: exp.Expr, types: Mapping[str, str]) -> Iterator[Fault]:
    """Tell what keeps a rule over columns with these SQL types from running on whatever they hold.

    >>> from klantprofiel.schema.casts import condition
    >>> next(running_faults(condition("regexp_matches(name, '[a')"), {"name": "VARCHAR"})).found
    "a rule with the regular expression '[a', which cannot be read"
    """
    for node in predicate.find_all(exp.RegexpLike, exp.RegexpExtract):
        fault = _fault_in_pattern(node)
        if fault:
            yield Fault(f"a rule with {fault}", f"a regular expression in quotes, as in {PATTERN}")
            return
    row = exp.select(*(exp.alias_(exp.cast(exp.null(), kind), name) for name, kind in types.items()))
    tried = predicate.copy().transform(
        lambda node: exp.cast(exp.null(), "date") if isinstance(node, exp.Placeholder) else node
    )
    if not _runs(exp.select(tried).from_(row.subquery("row_"))):
        yield Fault(f"a rule that DuckDB cannot run: {predicate.sql('duckdb')[:60]!r}", FORM)


def _fault_in_pattern(node: exp.Expr) -> str:
    """Say what is wrong with a regular expression in a rule, or return an empty string."""
    pattern = node.expression
    if not pattern.is_string:
        return "a regular expression that differs from row to row"
    if NOT_IN_EVERY_ENGINE.search(pattern.name):
        return f"the regular expression {pattern.name!r}, which looks around or back: not every engine can"
    tried = node.copy()
    tried.set("this", exp.Literal.string(""))
    try:
        re.compile(pattern.name)  # what Python and DuckDB both read, other engines do
    except re.error:
        is_readable = False
    else:
        is_readable = _runs(exp.select(tried))
    return "" if is_readable else f"the regular expression {pattern.name!r}, which cannot be read"


def is_read_by_engine(pattern: str) -> bool:
    """Whether the engine reads a regular expression; Python reads some that it does not.

    >>> is_read_by_engine("[0-9]{6}"), is_read_by_engine("[0-9]{6000}")
    (True, False)
    """
    return _runs(
        exp.select(exp.RegexpLike(this=exp.Literal.string(""), expression=exp.Literal.string(pattern)))
    )


def _runs(query: exp.Select) -> bool:
    import duckdb  # noqa: PLC0415  costly, and only a table with rules needs it

    with duckdb.connect(config={"threads": 1, "enable_external_access": False}) as connection:
        try:
            connection.execute(query.sql("duckdb")).fetchall()
        except duckdb.Error:
            return False
    return True
