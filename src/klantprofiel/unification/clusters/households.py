"""Households: customers with one surname at one address, or whom the model finds likely to live together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klantprofiel.unification.clusters.components import connected_groups
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from klantprofiel.unification.linkage import Model
    from klantprofiel.warehouse import Run

LIKELY: Final = 0.9
"""From this share of household in what is no match, two customers with a like address live together."""
MOST_TOUCHED: Final = 0.1
"""Of the customers; when more are touched, forming all households anew is faster."""

HOUSEHOLDS: Final = {"record_id": "VARCHAR", "household_id": "VARCHAR"}

_NUMBER: Final = "cast(substring(customer_id, 3) as bigint)"

# Customers with one surname at one address hang on the lowest of them.
_SAME_HOME: Final = f"""
with homes as (select {_NUMBER} as number, surname, home from identity.household_keys)
select distinct first_number, number
from (
    select number, min(number) over (partition by surname, home) as first_number
    from homes
    semi join members using (number)
)
where first_number < number
"""
_REGISTRY: Final = f"""
select record_id, {_NUMBER} as number
from identity.customer_records
semi join members on members.number = {_NUMBER}
"""
_LIKELY_PAIR: Final = f"pairs.p_household >= {LIKELY} and pairs.address > 0"
_LIKELY: Final = f"""
with registry as ({_REGISTRY})
select distinct firsts.number as first_number, others.number
from identity.link_pairs as pairs
inner join registry as firsts on firsts.record_id = pairs.first_record_id
inner join registry as others on others.record_id = pairs.record_id
where {_LIKELY_PAIR} and firsts.number <> others.number
"""
_NEAR: Final = f"""
with touched as (select {_NUMBER} as number from identity.touched_customers),
touched_homes as (
    select distinct surname, home
    from identity.household_keys
    semi join identity.touched_customers using (customer_id)
),
touched_records as (
    select record_id from identity.customer_records semi join identity.touched_customers using (customer_id)
),
likely as (
    select pairs.first_record_id, pairs.record_id
    from identity.link_pairs as pairs
    where {{likely}}
),
near_records as (
    select record_id from touched_records
    union
    select record_id from likely where first_record_id in (from touched_records)
    union
    select first_record_id as record_id from likely where record_id in (from touched_records)
),
near as (
    select number from touched
    union
    select {_NUMBER} as number from identity.household_keys semi join touched_homes using (surname, home)
    union
    select {_NUMBER} as number from identity.customer_records semi join near_records using (record_id)
),
near_or_at_home as (
    select record_id
    from identity.customer_records
    semi join near on near.number = {_NUMBER}
),
old as (
    select distinct household_id from identity.households semi join near_or_at_home using (record_id)
),
housemates as (select record_id from identity.households semi join old using (household_id))
select number from near
union
select {_NUMBER} as number from identity.customer_records semi join housemates using (record_id)
order by 1
"""
_EVERYBODY: Final = f"select distinct {_NUMBER} as number from identity.customer_records order by 1"
_DELETE: Final = f"""
delete from identity.households
where
    record_id in (select record_id from ({_REGISTRY}))
    or record_id not in (select record_id from identity.source_records)
"""
_INSERT: Final = f"""
insert into identity.households
select registry.record_id, homes.household_id
from ({_REGISTRY}) as registry
inner join homes on homes.number = registry.number
semi join identity.source_records as present on present.record_id = registry.record_id
order by 1
"""


def keep_households(run: Run, model: Model) -> None:
    """Keep in `identity.households` who lives with whom; of touched customers only, when there are few.

    The id of a household is `H-` and the number of its lowest customer, so it stays while that one does.
    Reads `identity.customer_records` and `identity.touched_customers`, which is everybody at first.
    """
    is_new = not run.has("identity.households")
    run.create(
        "identity.households",
        HOUSEHOLDS,
        describes="customers who live together: one surname at one address, or likely so by the model.",
        grain="One row per customer number of a source; household_id is named after its lowest customer.",
        made_from=("identity.customer_records", "identity.link_records", "identity.link_pairs"),
    )
    run.renew(
        load_sql(__package__, "household_keys"), key="customer_id", touched="identity.touched_customers"
    )
    has_address = "address" in model.comparison_names
    if is_new or _are_many_touched(run):
        members = run.arrow(_EVERYBODY)
    else:
        members = run.arrow(_NEAR.format(likely=_LIKELY_PAIR if has_address else "false"))
    links = [run.arrow(_SAME_HOME, members=members)]
    if has_address:
        links.append(run.arrow(_LIKELY, members=members))
    homes = _homes(members, links)
    run.execute(_DELETE, members=members)
    run.execute(_INSERT, members=members, homes=homes)


def _are_many_touched(run: Run) -> bool:
    ((n_touched, n_customers),) = run.rows(
        "select (select count(*) from identity.touched_customers), "
        "(select count(distinct customer_id) from identity.customer_records)"
    )
    return bool(n_touched > MOST_TOUCHED * n_customers)


def _homes(members: Any, links: list[Any]) -> Any:  # noqa: ANN401  Arrow tables
    """Return the household of each customer, given pairs of customers who live together."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that unifies needs it
    import pyarrow.compute as pc  # noqa: PLC0415  the same

    numbers = members["number"].to_numpy()
    first = np.concatenate([link["first_number"].to_numpy() for link in links])
    other = np.concatenate([link["number"].to_numpy() for link in links])
    groups = connected_groups(len(numbers), np.searchsorted(numbers, first), np.searchsorted(numbers, other))
    lowest = numbers[np.unique(groups, return_index=True)[1]][groups]
    digits = pc.utf8_lpad(pa.array(lowest).cast(pa.string()), 6, "0")
    return pa.table({"number": numbers, "household_id": pc.binary_join_element_wise("H-", digits, "")})
