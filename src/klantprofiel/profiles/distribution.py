"""How well variables are known and how they are distributed, asked of the tables in one query."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from sqlglot import exp

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


def distribution(tables: Tables, variables: Sequence[Variable]) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return one row per variable with its coverage and distribution, as an Arrow table."""
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
    return tables.arrow(
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


def _both(one: exp.Query, other: exp.Query) -> exp.Query:
    return exp.union(one, other, distinct=False, copy=False)


def _counted(place: int, name: str, template: str) -> exp.Query:
    """Return the select that counts one variable; `place` tells which one it is."""
    query = parse(template)
    for column in query.find_all(exp.Column):
        if column.name == "variable":
            column.set("this", exp.to_identifier(name, quoted=True))
    return query.select(exp.alias_(exp.Literal.number(place), "place"))
