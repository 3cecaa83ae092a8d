"""The registry of customers as tables: carried over from the release before, its events written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from klantprofiel.unification.clusters.components import numbered
from klantprofiel.unification.registry import NO_FORMER, NONE, Former, assign

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klantprofiel.unification.registry import Events, Integers
    from klantprofiel.warehouse import Run
    from klantprofiel.warehouse.tables import Tables

HIGH_WATER: Final = "customer"
"""Under this name the ledger keeps the highest number ever given: a rollback gives no number back."""

RECORDS: Final = {"record_id": "VARCHAR", "customer_id": "VARCHAR", "source": "VARCHAR"}
FORMER: Final = {"record_id": "VARCHAR", "customer_id": "VARCHAR"}
EVENTS: Final = {
    "customer_id": "VARCHAR",
    "event": "VARCHAR",
    "other_id": "VARCHAR",
    "n_records": "BIGINT",
    "as_of": "DATE",
}

# The records in question: those that were grouped anew, and those that came or went. What only events mention
# is a group of its own.
_PRESENT: Final = """
with concerned as (
    select record_id from grouped
    union
    select record_id from identity.touched_records
),
records as (from identity.source_records semi join concerned using (record_id)),
registry as (from identity.customer_records semi join concerned using (record_id))
select
    records.record_id,
    records.source,
    coalesce(cast(substring(registry.customer_id, 3) as bigint), 0) as number,
    coalesce(grouped.group_id, -row_number() over (order by records.record_id)) as group_id
from records
left join grouped on grouped.record_id = records.record_id
left join registry on registry.record_id = records.record_id
order by records.record_id
"""
_FORMER: Final = """
select positions.position, cast(substring(former.customer_id, 3) as bigint) as number
from identity.former_customer_records as former
inner join positions on positions.record_id = former.record_id
where former.customer_id not in (select customer_id from identity.customer_records)
order by positions.position, number
"""
_LAST_NUMBER: Final = """
select coalesce(max(cast(substring(customer_id, 3) as bigint)), 0)
from (select customer_id from customer_events union all select customer_id from identity.customer_records)
"""
# A record that no source knows for the moment (its row is in quarantine) keeps its place, and has no vote: it
# follows its customer into another, and back.
_ABSENT: Final = """
select record_id, customer_id
from identity.customer_records
semi join happened using (customer_id)
anti join identity.source_records using (record_id)
"""
_REMEMBER: Final = """
insert into identity.former_customer_records
select record_id, customer_id from lost
union
select record_id, customer_id from absent semi join mergers using (customer_id)
except
select record_id, customer_id from identity.former_customer_records
order by all
"""
_FOLLOW: Final = """
update identity.customer_records
set customer_id = mergers.other_id
from mergers
where
    mergers.customer_id = customer_records.customer_id
    and customer_records.record_id in (select record_id from absent)
"""
_FOLLOW_BACK: Final = """
update identity.customer_records
set customer_id = splits.customer_id
from splits
inner join identity.former_customer_records as former on former.customer_id = splits.customer_id
where
    former.record_id = customer_records.record_id
    and customer_records.customer_id = splits.other_id
    and customer_records.record_id in (select record_id from absent)
"""


class Kept(NamedTuple):
    """How many events of each kind there were, and who the records looked at were and are."""

    n_events: Mapping[str, int]
    customers: Any  # an Arrow array; pyarrow ships no types


def keep_registry(run: Run, grouped: Any) -> Kept:  # noqa: ANN401  pyarrow ships no types
    """Give every source record its customer, as far as possible the one it had.

    `grouped` is an Arrow table with `record_id` and `group_id` of all records whose group may have changed.
    Changes `identity.customer_records`, remembers in `identity.former_customer_records` which numbers records
    lost by a merger, and adds what happened to `customer_events`.
    """
    _make_tables(run)
    records = run.arrow(_PRESENT, grouped=grouped)
    before = records["number"].to_numpy()
    last_number = max(last_number_in(run), run.high_water(HIGH_WATER))
    groups = numbered(np.unique(records["group_id"].to_numpy(), return_inverse=True)[1])
    assignment = assign(groups, before, last_number, former_numbers(run, records["record_id"]))
    run.raise_high_water(HIGH_WATER, max(last_number, int(assignment.numbers.max(initial=NONE))))
    _remember(run, records, before, assignment.events)
    _write_registry(run, records, before, assignment.numbers)
    _write_events(run, assignment.events)
    seen = np.unique(np.concatenate([before, assignment.numbers]))
    n_events: dict[str, int] = {events.kind: len(events.number) for events in assignment.events}
    return Kept(n_events, customer_ids(seen[seen != NONE]))


def last_number_in(tables: Tables) -> int:
    """Return the highest customer number that these tables know."""
    ((number,),) = tables.rows(_LAST_NUMBER)
    return int(number)


def former_numbers(tables: Tables, record_ids: Any) -> Former:  # noqa: ANN401  pyarrow ships no types
    """Return the numbers that records lost by a merger, by their place, as far as nobody holds them now."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that unifies needs it

    if not tables.has("identity.former_customer_records"):
        return NO_FORMER
    positions = pa.table(
        {"record_id": record_ids, "position": pa.array(np.arange(len(record_ids), dtype=np.int64))}
    )
    found = tables.arrow(_FORMER, positions=positions)
    return Former(found["position"].to_numpy(), found["number"].to_numpy())


def _make_tables(run: Run) -> None:
    run.create(
        "identity.customer_records",
        RECORDS,
        describes="the registry: which customer each customer number of a source is; carried over for good.",
        grain="One row per customer number of a source that was ever seen.",
        made_from=("identity.source_records", "identity.match_edges"),
    )
    run.create(
        "identity.former_customer_records",
        FORMER,
        describes="the customers that records were before these were merged; what a split gives back.",
        grain="One row per record and customer number that it lost by a merger.",
        made_from=("identity.customer_records",),
    )
    run.create(
        "customer_events",
        EVENTS,
        describes="how customers came and went: created, grown, merged into or split from other_id.",
        grain="One row per customer, event and run; n_records counts the customer's records afterwards.",
        made_from=("identity.customer_records",),
    )


def _remember(run: Run, records: Any, before: Integers, events: tuple[Events, ...]) -> None:  # noqa: ANN401
    """Keep which records had a number that was merged, and let absent records follow mergers and splits."""
    import pyarrow as pa  # noqa: PLC0415  the same

    by_kind = {each.kind: each for each in events}
    merged, split = by_kind["merged"], by_kind["split"]
    if not (len(merged.number) or len(split.number)):
        return
    happened = customer_ids(np.concatenate([merged.number, split.other]))
    absent = run.arrow(_ABSENT, happened=pa.table({"customer_id": happened}))
    if len(merged.number):
        had = np.isin(before, merged.number)
        lost = {"record_id": records["record_id"].filter(had), "customer_id": customer_ids(before[had])}
        mergers = pa.table(
            {"customer_id": customer_ids(merged.number), "other_id": customer_ids(merged.other)}
        )
        run.execute(_REMEMBER, lost=pa.table(lost), mergers=mergers, absent=absent)
    if len(merged.number) and len(absent):
        run.execute(_FOLLOW, mergers=mergers, absent=absent)
    if len(split.number) and len(absent):
        splits = {"customer_id": customer_ids(split.number), "other_id": customer_ids(split.other)}
        run.execute(_FOLLOW_BACK, splits=pa.table(splits), absent=absent)


def _write_registry(run: Run, records: Any, before: Integers, numbers: Integers) -> None:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415  the same

    changed = numbers != before
    frame = pa.table(
        {
            "record_id": records["record_id"].filter(changed),
            "customer_id": customer_ids(numbers[changed]),
            "source": records["source"].filter(changed),
        }
    )
    run.execute(
        "delete from identity.customer_records where record_id in (select record_id from frame)", frame=frame
    )
    run.execute("insert into identity.customer_records from frame order by record_id", frame=frame)


def _write_events(run: Run, events: tuple[Events, ...]) -> None:
    import pyarrow as pa  # noqa: PLC0415  the same

    for happened in events:
        frame = pa.table(
            {
                "customer_id": customer_ids(happened.number),
                "other_id": customer_ids(happened.other),
                "n_records": pa.array(happened.n_records),
            }
        )
        run.execute(
            "insert into customer_events "
            "select customer_id, $kind, other_id, n_records, $as_of from happened order by customer_id",
            happened=frame,
            kind=happened.kind,
            as_of=run.as_of,
        )


def customer_ids(numbers: Integers) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return customer numbers as ids in an Arrow array; null for who has none.

    >>> customer_ids(np.array([1, 0, 1234567])).to_pylist()
    ['K-000001', None, 'K-1234567']
    """
    import pyarrow as pa  # noqa: PLC0415  the same
    import pyarrow.compute as pc  # noqa: PLC0415  the same

    digits = pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), 6, "0")
    ids = pc.binary_join_element_wise("K-", digits, "")
    return pc.if_else(pa.array(numbers != NONE), ids, pa.scalar(None, pa.string()))
