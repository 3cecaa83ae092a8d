"""The registry of customers as tables: carried over from the release before, its events written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from klantprofiel.unification.registry import NONE, Former, assign

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klantprofiel.unification.registry import Events, Integers
    from klantprofiel.warehouse import Run

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

# The records in question: those that were grouped anew, that are new, or that left the customer files. What
# only events mention is a group of its own.
_PRESENT: Final = """
select
    records.record_id,
    records.source,
    coalesce(cast(substring(registry.customer_id, 3) as bigint), 0) as number,
    coalesce(grouped.group_id, -row_number() over (order by records.record_id)) as group_id
from identity.source_records as records
left join grouped on grouped.record_id = records.record_id
left join identity.customer_records as registry on registry.record_id = records.record_id
where
    grouped.record_id is not null
    or registry.record_id is null
    or records.record_id in (select record_id from identity.touched_records)
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
_ABSENT: Final = "customer_records.record_id not in (select record_id from identity.source_records)"
_REMEMBER: Final = f"""
insert into identity.former_customer_records
select record_id, customer_id from lost
union
select record_id, customer_id from identity.customer_records semi join mergers using (customer_id)
where {_ABSENT}
except
select record_id, customer_id from identity.former_customer_records
order by all
"""
_FOLLOW: Final = f"""
update identity.customer_records
set customer_id = mergers.other_id
from mergers
where mergers.customer_id = customer_records.customer_id and {_ABSENT}
"""
_FOLLOW_BACK: Final = f"""
update identity.customer_records
set customer_id = splits.customer_id
from splits
inner join identity.former_customer_records as former on former.customer_id = splits.customer_id
where
    former.record_id = customer_records.record_id
    and customer_records.customer_id = splits.other_id
    and {_ABSENT}
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
    ((last_number,),) = run.rows(_LAST_NUMBER)
    last_number = max(last_number, run.high_water(HIGH_WATER))
    assignment = assign(_by_first(records["group_id"].to_numpy()), before, last_number, _former(run, records))
    run.raise_high_water(HIGH_WATER, max(last_number, int(assignment.numbers.max(initial=NONE))))
    _remember(run, records, before, assignment.events)
    _write_registry(run, records, before, assignment.numbers)
    _write_events(run, assignment.events)
    seen = np.unique(np.concatenate([before, assignment.numbers]))
    n_events: dict[str, int] = {events.kind: len(events.number) for events in assignment.events}
    return Kept(n_events, customer_ids(seen[seen != NONE]))


def _by_first(labels: Integers) -> Integers:
    """Return groups numbered in the order of their first record.

    >>> _by_first(np.array([7, -1, 7, 3])).tolist()
    [0, 1, 0, 2]
    """
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    place = np.empty(len(first), dtype=np.int64)
    place[np.argsort(first)] = np.arange(len(first))
    return place[inverse]


def _former(run: Run, records: Any) -> Former:  # noqa: ANN401  pyarrow ships no types
    """Return the numbers that these records lost by a merger, as far as nobody holds them now."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that unifies needs it

    positions = pa.table(
        {"record_id": records["record_id"], "position": pa.array(np.arange(len(records), dtype=np.int64))}
    )
    found = run.arrow(_FORMER, positions=positions)
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
    if len(merged.number):
        had = np.isin(before, merged.number)
        lost = {"record_id": records["record_id"].filter(had), "customer_id": customer_ids(before[had])}
        mergers = {"customer_id": customer_ids(merged.number), "other_id": customer_ids(merged.other)}
        run.execute(_REMEMBER, lost=pa.table(lost), mergers=pa.table(mergers))
        run.execute(_FOLLOW, mergers=pa.table(mergers))
    if len(split.number):
        splits = {"customer_id": customer_ids(split.number), "other_id": customer_ids(split.other)}
        run.execute(_FOLLOW_BACK, splits=pa.table(splits))


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
