"""How well variables are known and how they are distributed, asked of the tables in one query."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from sqlglot import exp

from klantprofiel.profiles.theme import MOST_MISSING
from klantprofiel.warehouse import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klantprofiel.profiles.variable import Kind, Variable
    from klantprofiel.warehouse import Tables

_NUMBERS: Final = """
select
    count(*) as n_customers,
    count(variable) as n_known,
    count(distinct variable) as n_distinct,
    cast(min(variable) as double) as minimum,
    quantile_cont(cast(variable as double), 0.25) as q25,
    median(cast(variable as double)) as median,
    quantile_cont(cast(variable as double), 0.75) as q75,
    cast(max(variable) as double) as maximum,
    avg(cast(variable as double)) as mean,
    cast(null as varchar) as most_common,
    cast(null as bigint) as n_most_common
from profiles
"""
_CATEGORIES: Final = """
select
    coalesce(sum(n), 0) as n_customers,
    coalesce(sum(n) filter (where variable is not null), 0) as n_known,
    count(variable) as n_distinct,
    cast(null as double) as minimum,
    cast(null as double) as q25,
    cast(null as double) as median,
    cast(null as double) as q75,
    cast(null as double) as maximum,
    cast(null as double) as mean,
    max(variable) filter (where place = 1) as most_common,
    max(n) filter (where place = 1) as n_most_common
from (
    select
        variable,
        count(*) as n,
        row_number() over (order by variable is null, count(*) desc, variable) as place
    from profiles
    group by variable
) as counted
"""

_TEMPLATES: Final[dict[Kind, str]] = {
    "amount": _NUMBERS,
    "count": _NUMBERS,
    "share": _NUMBERS,
    "number": _NUMBERS,
    "category": _CATEGORIES,
}


@dataclass(frozen=True)
class Counted:
    """A variable, of how many customers it is known, and why it tells nothing of them, as `finding` does."""

    variable: Variable
    n_customers: int
    n_known: int
    finding: str | None


def counted(tables: Tables, variables: Sequence[Variable]) -> list[Counted]:
    """Return how well each variable is known and whether it is fit for use, in one pass over the profiles."""
    counts = [
        f'count("{v.name}"), case when min("{v.name}") = max("{v.name}") then 1 else 2 end' for v in variables
    ]
    ((n_customers, *found),) = tables.rows(f"select {', '.join(['count(*)', *counts])} from profiles")
    return [
        Counted(variable, n_customers, n_known, _finding(variable, n_customers, n_known, n_distinct))
        for variable, n_known, n_distinct in zip(variables, found[::2], found[1::2], strict=True)
    ]


def distribution(tables: Tables, variables: Sequence[Variable]) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return one row per variable with its coverage, distribution and fitness, as an Arrow table."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only who asks for a distribution needs it

    declared = pa.table(
        {
            "place": list(range(len(variables))),
            **{
                name: pa.array([getattr(variable, name) for variable in variables], pa.string())
                for name in ("name", "label", "facet", "basis", "kind", "unit")
            },
        }
    )
    per_variable = [_counted(place, v.name, _TEMPLATES[v.kind]) for place, v in enumerate(variables)]
    counted = reduce(_both, per_variable or [_counted(0, "customer_id", _CATEGORIES)])
    found = tables.arrow(
        f"""
        select
            name, label, facet, basis, kind, unit,
            cast(n_customers as bigint) as n_customers,
            cast(n_known as bigint) as n_known,
            n_known / nullif(n_customers, 0) as known_share,
            n_distinct, minimum, q25, median, q75, maximum, mean, most_common,
            n_most_common / nullif(n_known, 0) as most_common_share
        from declared
        join ({counted.sql("duckdb")}) as counted using (place)
        order by place
        """,
        declared=declared,
    )
    counts = (found[name].to_pylist() for name in ("n_customers", "n_known", "n_distinct"))
    findings = [_finding(*each) for each in zip(variables, *counts, strict=True)]
    return found.append_column("finding", pa.array(findings, pa.string()))


def finding(n_customers: int, n_known: int, n_distinct: int) -> str | None:
    """Return why a variable tells nothing of a group of these customers; None when it may.

    `empty` is known of nobody, `constant` is equal for all of whom it is known, and `rare` is unknown of more
    than `MOST_MISSING` of the customers. Dutch for it stands in `labels.FINDINGS`.

    >>> finding(1000, 0, 0), finding(1000, 900, 1), finding(1000, 9, 5), finding(1000, 10, 5)
    ('empty', 'constant', 'rare', None)
    """
    if not n_customers:
        return None
    if not n_known:
        return "empty"
    if n_distinct == 1:
        return "constant"
    return "rare" if n_customers - n_known > MOST_MISSING * n_customers else None


def _finding(variable: Variable, n_customers: int, n_known: int, n_distinct: int) -> str | None:
    """Return why a variable tells nothing of these customers, or else what its theme found."""
    return finding(n_customers, n_known, n_distinct) or variable.finding or None


def _both(one: exp.Query, other: exp.Query) -> exp.Query:
    return exp.union(one, other, distinct=False, copy=False)


def _counted(place: int, name: str, template: str) -> exp.Query:
    """Return the select that counts one variable; `place` tells which one it is."""
    query = parse(template)
    for column in query.find_all(exp.Column):
        if column.name == "variable":
            column.set("this", exp.to_identifier(name, quoted=True))
    return query.select(exp.alias_(exp.Literal.number(place), "place"))
