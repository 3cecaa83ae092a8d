"""The questions that Great Expectations has no expectation for, as queries for its unexpected rows.

Each returns one row with one column, `observed`, when that number lies outside its bounds, and no row when it
does not; never a row about a person. `{batch}` is the table or the delivery of a day, `$name` a bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klantprofiel.validation.expected import measures as m

if TYPE_CHECKING:
    from collections.abc import Callable

    from klantprofiel.schema import Table

BATCH = "with batch as (select * from {batch})"


def outside(observed: str, *, low: str | None, high: str | None, before: str = "") -> str:
    """Return the query of one aggregate over the batch; `before` holds further named selects.

    >>> print(outside("count(*)", low="shops__n_rows__low", high=None))
    with batch as (select * from {batch}), measured as (select count(*) as observed from batch)
    select observed from measured where observed < $shops__n_rows__low
    """
    sides = [f"observed < ${low}"] if low else []
    sides += [f"observed > ${high}"] if high else []
    return (
        f"{BATCH}, {before}measured as (select {observed} as observed from batch)\n"
        f"select observed from measured where {' or '.join(sides)}"
    )


def familiar(table: type[Table], column: str, low: str) -> str:
    """Return the query of the share of values that stood in the head of an earlier file."""
    name, records = m.quoted(column), f"identity.{table.name}"
    before = (
        f"seen as (select {name} from {records} where line_number <= {m.HEAD} and {name} is not null "
        "and delivered_on < (select max(delivered_on) from batch)), "
    )
    found = m.share(f"count(*) filter (where {name} in (select {name} from seen))", f"count({name})")
    return outside(found, low=low, high=None, before=before)


def known(table: type[Table], column: str, low: str) -> str:
    """Return the query of the share of numbers that stand in the table that they refer to."""
    value, of = m.references(table)[column]
    before = f"listed as ({of}), "
    target = of.partition(" from ")[0].removeprefix("select ")
    found = m.share(
        f"count(*) filter (where {value} in (select {target} from listed))", f"count({m.quoted(column)})"
    )
    return outside(found, low=low, high=None, before=before)


def quarantined(table: type[Table], high: str) -> str:
    """Return the query of the share of a delivery's records that the contract put aside."""
    return (
        f"{BATCH}\nselect value as observed from delivery_statistics where table_name = '{table.name}' "
        f"and metric = '{m.QUARANTINED}' and delivered_on = (select max(delivered_on) from batch) "
        f"and value > ${high}"
    )


def standing(day: str, n_rows: str, low: str) -> str:
    """Return the query of the share of the delivery before that the latest one did not replace."""
    found = m.share(f"count(*) filter (where delivered_on = cast(${day} as date))", f"${n_rows}")
    return outside(found, low=low, high=None)


def lost(table: type[Table], column: str, bound: Callable[[str], str]) -> str:
    """Return the query of the share that the usual categories lost, all losses together.

    `bound` gives the names of: since, until, n_days (the deliveries that tell what is usual) and high.
    """
    name, records = m.quoted(column), "delivery_statistics"
    return (
        f"{BATCH}, filled as (select cast({name} as varchar) as category from batch "
        f"where {name} is not null), now as (select category, "
        f"{m.share('count(*)', '(select count(*) from filled)')} as share from filled group by category), "
        "usual as (select category, cast(sum(cast(value as decimal(18, 12))) as double) "
        f"/ nullif(${bound('n_days')}, 0) as share from {records} where table_name = '{table.name}' "
        f"and column_name = '{column}' and metric = '{m.CATEGORY}' and delivered_on "
        f"between cast(${bound('since')} as date) and cast(${bound('until')} as date) group by category), "
        "measured as (select sum(greatest(0, usual.share - coalesce(now.share, 0))) as observed "
        "from usual left join now on now.category = usual.category)\n"
        f"select observed from measured where observed > ${bound('high')}"
    )
