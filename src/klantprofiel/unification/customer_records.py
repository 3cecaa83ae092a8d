"""The registry of customers as tables: carried over from the release before, its events written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klantprofiel.unification.components import guarded_groups
from klantprofiel.unification.registry import NONE, assign

if TYPE_CHECKING:
    from klantprofiel.unification.registry import Events, Integers
    from klantprofiel.warehouse import Run

HIGH_WATER: Final = "customer"
"""Under this name the ledger keeps the highest number ever given: a rollback gives no number back."""

RECORDS: Final = {"record_id": "VARCHAR", "customer_id": "VARCHAR", "source": "VARCHAR"}
EVENTS: Final = {
    "customer_id": "VARCHAR",
    "event": "VARCHAR",
    "other_id": "VARCHAR",
    "n_records": "BIGINT",
    "as_of": "DATE",
}

# A record that no source knows for the moment (its row is in quarantine) keeps its place, and has no vote.
_KNOWN: Final = """
with births as (
    select record_id, datediff('day', date '0001-01-01', max(birth_date)) + 1 as born
    from identity.known_customers
    group by record_id
)
select
    coalesce(records.record_id, registry.record_id) as record_id,
    coalesce(registry.source, records.source) as source,
    coalesce(cast(substring(registry.customer_id, 3) as bigint), 0) as number,
    records.record_id is not null as is_present,
    coalesce(births.born, 0) as born
from identity.source_records as records
full join identity.customer_records as registry on registry.record_id = records.record_id
left join births on births.record_id = records.record_id
order by is_present desc, 1
"""
_EDGES: Final = """
with places as (
    select record_id, row_number() over (order by record_id) - 1 as place
    from identity.source_records
)
select firsts.place as first_place, others.place as other_place
from identity.match_edges as edges
inner join places as firsts on firsts.record_id = edges.first_record_id
inner join places as others on others.record_id = edges.record_id
"""
_LAST_NUMBER: Final = """
select coalesce(max(cast(substring(customer_id, 3) as bigint)), 0)
from (select customer_id from customer_events union all select customer_id from identity.customer_records)
"""


def keep_registry(run: Run) -> tuple[dict[str, int], int]:
    """Give every source record its customer, as far as possible the one it had.

    Returns how many events of each kind there were, and how many groups were divided by birth date.
    Makes `identity.customer_records` anew when anything changed, and adds what happened to `customer_events`.
    """
    _make_tables(run)
    records = run.arrow(_KNOWN)
    before = records["number"].to_numpy()
    n_present = int(np.count_nonzero(records["is_present"].to_numpy(zero_copy_only=False)))
    edges = run.arrow(_EDGES)
    left, right = edges["first_place"].to_numpy(), edges["other_place"].to_numpy()
    groups, n_divided = guarded_groups(n_present, left, right, records["born"].to_numpy()[:n_present])
    ((last_number,),) = run.rows(_LAST_NUMBER)
    last_number = max(last_number, run.high_water(HIGH_WATER))
    assignment = assign(groups, before[:n_present], last_number)
    run.raise_high_water(HIGH_WATER, max(last_number, int(assignment.numbers.max(initial=NONE))))
    absent = _follow(before[n_present:], assignment.events)
    numbers = np.concatenate([assignment.numbers, absent])
    if not np.array_equal(numbers, before):
        _write_registry(run, records, numbers)
        _write_events(run, assignment.events)
    return {events.kind: len(events.number) for events in assignment.events}, n_divided


def _follow(numbers: Integers, events: tuple[Events, ...]) -> Integers:
    """Return the numbers of absent records, after the mergers of this run."""
    merged_into = {old: new for kind in events for old, event, new, _ in kind.rows() if event == "merged"}
    return np.array([merged_into.get(number, number) for number in numbers.tolist()], dtype=np.int64)


def _make_tables(run: Run) -> None:
    run.create(
        "identity.customer_records",
        RECORDS,
        describes="the registry: which customer each customer number of a source is; carried over for good.",
        grain="One row per customer number of a source that was ever seen.",
        made_from=("identity.source_records", "identity.match_edges"),
    )
    run.create(
        "customer_events",
        EVENTS,
        describes="how customers came and went: created, grown, merged into or split from other_id.",
        grain="One row per customer, event and run; n_records counts the customer's records afterwards.",
        made_from=("identity.customer_records",),
    )


def _write_registry(run: Run, records: Any, numbers: Integers) -> None:  # noqa: ANN401  pyarrow ships no types
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that unifies needs it

    frame = pa.table(
        {"record_id": records["record_id"], "customer_id": customer_ids(numbers), "source": records["source"]}
    )
    run.execute("delete from identity.customer_records")
    run.execute(
        "insert into identity.customer_records select * from registry order by record_id", registry=frame
    )


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
