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
"""Per record; when more customers are touched, forming all households anew is faster."""

HOUSEHOLDS: Final = {"record_id": "VARCHAR", "household_id": "VARCHAR"}

TOUCHED: Final = "identity.touched_customers"

_MINE: Final = f"""
select record_id, customer_id from identity.customer_records semi join {TOUCHED} using (customer_id)
"""
_ADDRESSES: Final = """
select
    record_id, surname, other_surname, postal_code, street, house_number, house_number_addition, place
from identity.link_records
semi join mine using (record_id)
"""
_OWNED: Final = "from identity.customer_records semi join owners using (customer_id)"
_LIKELY_PAIR: Final = f"p_household >= {LIKELY} and address > 0"
# Who may live elsewhere now: touched customers, who live with them, and who lived with any of these.
_NEIGHBOURS: Final = f"""
with homes as (
    select distinct surname, home from identity.household_keys semi join {TOUCHED} using (customer_id)
)
select distinct customer_id from identity.household_keys semi join homes using (surname, home)
"""
_LIKELY_MATES: Final = f"""
with likely as (select first_record_id, record_id from identity.link_pairs where {_LIKELY_PAIR})
select record_id from likely semi join mine on mine.record_id = likely.first_record_id
union
select first_record_id as record_id from likely semi join mine on mine.record_id = likely.record_id
"""
_NEAR: Final = """
select record_id, customer_id
from identity.customer_records
where
    customer_id in (select customer_id from neighbours)
    or record_id in (select record_id from mates)
union
select record_id, customer_id from mine
"""
_HOUSEMATES: Final = """
with old as (select distinct household_id from identity.households semi join near using (record_id))
select record_id from identity.households semi join old using (household_id)
"""
_MEMBERS: Final = f"""
select customer_id from near
union
select customer_id from identity.customer_records semi join housemates using (record_id)
union
select customer_id from {TOUCHED}
"""
_EVERYBODY: Final = "select distinct customer_id from identity.customer_records"

_NUMBER: Final = "cast(substring(customer_id, 3) as bigint)"
_NUMBERED: Final = f"select distinct {_NUMBER} as number from members order by 1"
# Customers with one surname at one address hang on the lowest of them.
_SAME_HOME: Final = f"""
with homes as (
    select {_NUMBER} as number, surname, home
    from identity.household_keys
    semi join members using (customer_id)
)
select distinct first_number, number
from (select number, min(number) over (partition by surname, home) as first_number from homes)
where first_number < number
"""
_LIKELY: Final = f"""
with registry as (select record_id, {_NUMBER} as number from owned)
select distinct firsts.number as first_number, others.number
from identity.link_pairs as pairs
inner join registry as firsts on firsts.record_id = pairs.first_record_id
inner join registry as others on others.record_id = pairs.record_id
where {_LIKELY_PAIR} and firsts.number <> others.number
"""
_DELETE: Final = """
delete from identity.households
where
    record_id in (select record_id from owned)
    or record_id not in (select record_id from identity.source_records)
"""
_INSERT: Final = f"""
insert into identity.households
select registry.record_id, homes.household_id
from owned as registry
inner join homes on homes.number = {_NUMBER}
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
    mine = run.arrow(_MINE)
    _keep_keys(run, mine)
    has_address = "address" in model.comparison_names
    everybody = is_new or _are_many_touched(run)
    members = run.arrow(_EVERYBODY) if everybody else _members(run, mine, has_address=has_address)
    owned = run.arrow(_OWNED, owners=members)
    links = [run.arrow(_SAME_HOME, members=members)]
    if has_address:
        links.append(run.arrow(_LIKELY, owned=owned))
    homes = _homes(run.arrow(_NUMBERED, members=members), links)
    run.execute(_DELETE, owned=owned)
    run.execute(_INSERT, owned=owned, homes=homes)


def _keep_keys(run: Run, mine: Any) -> None:  # noqa: ANN401  an Arrow table
    """Keep under which surname and address customers are looked up, those anew whose records are `mine`."""
    statement = load_sql(__package__, "household_keys")
    if not run.has(statement.table):
        run.make(statement)
        return
    records = run.arrow(_ADDRESSES, mine=mine)
    rows = run.read(statement, reading={"identity.customer_records": mine, "identity.link_records": records})
    run.renew(statement, key="customer_id", touched=TOUCHED, rows=rows)


def _members(run: Run, mine: Any, *, has_address: bool) -> Any:  # noqa: ANN401  Arrow tables
    """Return the customers who may live elsewhere now; `mine` are the records of touched customers."""
    mates = run.arrow(_LIKELY_MATES, mine=mine) if has_address else mine.slice(0, 0)
    near = run.arrow(_NEAR, mine=mine, mates=mates, neighbours=run.arrow(_NEIGHBOURS))
    return run.arrow(_MEMBERS, near=near, housemates=run.arrow(_HOUSEMATES, near=near))


def _are_many_touched(run: Run) -> bool:
    ((n_touched, n_records),) = run.rows(
        f"select (select count(*) from {TOUCHED}), (select count(*) from identity.customer_records)"
    )
    return bool(n_touched > MOST_TOUCHED * n_records)


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
