"""What a decision would change: the components that it concerns are grouped again, and nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klantprofiel.errors import NotFoundError
from klantprofiel.unification.clusters.components import numbered
from klantprofiel.unification.customer_records import former_numbers, last_number_in
from klantprofiel.unification.decisions.changes import changes
from klantprofiel.unification.decisions.force import bonds, with_unlinked
from klantprofiel.unification.registry import NONE, Former, assign

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from klantprofiel.unification.decisions.changes import Changes
    from klantprofiel.unification.decisions.decision import Decision
    from klantprofiel.unification.linkage import Model
    from klantprofiel.warehouse import Run, StoredRelease, Tables

LINK_TABLES: Final = ("link_model", "identity.link_records", "identity.link_pairs", "identity.components")
NEW: Final = "nieuw"
"""What stands for the number that a customer would only get in the next run."""

_COMPONENT: Final = """
with around as (
    select others.record_id
    from wanted
    inner join identity.components as own on own.record_id = wanted.record_id
    inner join identity.components as others on others.component = own.component
    union
    select others.record_id
    from wanted
    inner join identity.customer_records as own on own.record_id = wanted.record_id
    inner join identity.customer_records as others on others.customer_id = own.customer_id
    union
    select record_id from wanted
)
select
    around.record_id,
    cast(substring(registry.customer_id, 3) as bigint) as number,
    linked.record_id is not null as is_linked
from around
inner join identity.source_records as records on records.record_id = around.record_id
inner join identity.customer_records as registry on registry.record_id = around.record_id
left join identity.link_records as linked on linked.record_id = around.record_id
order by 1
"""


def check_linked(release: StoredRelease) -> None:
    """Refuse a release that was made before pairs were scored: it cannot tell what a decision would change.

    Raises
    ------
    NotFoundError
        When a table with pairs or components is not there.
    """
    if missing := [table for table in LINK_TABLES if not release.has(table)]:
        raise _not_linked(f"release {release.release_id} has no {', '.join(missing)}")


def preview(release: Run | StoredRelease, before: Sequence[Decision], after: Sequence[Decision]) -> Changes:
    """Return what the next run would change when the decisions in force were `after` instead of `before`.

    Decisions in `before` that no run has followed yet are taken as followed: they are not counted again.
    """
    differ = {id(each) for each in before} ^ {id(each) for each in after}
    concerned = {
        record for each in (*before, *after) if id(each) in differ for record in (*each.records, *each.others)
    }
    records = _scope(release, concerned, (*before, *after))
    numbers = records["number"].to_numpy()
    last_number = last_number_in(release)
    former = former_numbers(release, records["record_id"])
    followed = assign(_groups(release, records, before), numbers, last_number, former).numbers
    lost = _and_lost(former, numbers, followed)
    highest = max(last_number, int(followed.max(initial=NONE)))
    proposed = assign(_groups(release, records, after), followed, highest, lost).numbers
    shown = _shown(np.concatenate([followed, proposed]), last_number)
    return changes(*(_registry(records["record_id"], each, shown) for each in (followed, proposed)))


def _scope(release: Tables, concerned: set[str], decisions: Iterable[Decision]) -> Any:  # noqa: ANN401  pyarrow
    """Return all records, with their customer's number, that a change of these records can reach."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only who decides needs it

    joins = [set(each.records) for each in decisions if each.kind == "join"]
    while True:
        reached = concerned.union(*(join for join in joins if join & concerned))
        wanted = pa.table({"record_id": pa.array(sorted(reached), pa.string())})
        records = release.arrow(_COMPONENT, wanted=wanted)
        reached |= set(records["record_id"].to_pylist())
        if reached == concerned:
            return records
        concerned = reached


def _and_lost(former: Former, numbers: NDArray[np.int64], followed: NDArray[np.int64]) -> Former:
    """Return the lost numbers after decisions that no run has followed yet."""
    place = np.concatenate([former.record, np.flatnonzero(numbers != followed)])
    number = np.concatenate([former.number, numbers[numbers != followed]])
    is_free = ~np.isin(number, followed)
    return Former(place[is_free], number[is_free])


def _groups(release: Run | StoredRelease, records: Any, decisions: Sequence[Decision]) -> NDArray[np.int64]:  # noqa: ANN401
    """Return the group of each record under these decisions, numbered by first record."""
    import pyarrow as pa  # noqa: PLC0415  the same
    import pyarrow.compute as pc  # noqa: PLC0415  the same

    linked = records.filter(records["is_linked"])["record_id"].combine_chunks()
    grouped = regroup(release, linked, *bonds(decisions, among=linked))
    together, _ = bonds(decisions, among=records["record_id"])
    grouped = with_unlinked(grouped, together)
    places = pc.index_in(records["record_id"], value_set=grouped["record_id"].combine_chunks())
    alone = pa.array(-np.arange(1, len(records) + 1))
    labels = pc.coalesce(grouped["group_id"].take(places), alone).to_numpy()
    return numbered(np.unique(labels, return_inverse=True)[1])


def regroup(release: Run | StoredRelease, record_ids: Any, together: Any, apart: Any) -> Any:  # noqa: ANN401  pyarrow
    """Return the records of whole components with their group (record_id, group_id), as a run would."""
    from klantprofiel.unification.clusters import group_records  # noqa: PLC0415  scipy, for who decides only

    model = model_of(release)
    return group_records(release, model, scope=record_ids, together=together, apart=apart).groups


def model_of(release: Tables) -> Model:
    """Return the model that scored the pairs of a release."""
    from klantprofiel.unification.linkage import load_model  # noqa: PLC0415  splink, for who decides only

    model = load_model(release)
    if model is None:
        raise _not_linked("this release has no model of who is who")
    return model


def _not_linked(found: str) -> NotFoundError:
    return NotFoundError(
        found,
        expected="a release in which `unify` scored pairs of records",
        todo="run the pipeline again: `klantprofiel run nightly --as-of <date>`",
    )


def _shown(numbers: NDArray[np.int64], last_number: int) -> dict[int, str]:
    """Return how each number is shown; those after the last one given are new."""
    fresh = sorted({int(number) for number in numbers if number > last_number})
    new = {number: NEW if place == 1 else f"{NEW} {place}" for place, number in enumerate(fresh, start=1)}
    return {int(number): f"K-{number:06d}" for number in numbers if number <= last_number} | new


def _registry(record_ids: Any, numbers: NDArray[np.int64], shown: dict[int, str]) -> Any:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415  the same

    names = [shown[number] for number in numbers.tolist()]
    return pa.table({"record_id": record_ids, "customer_id": pa.array(names, pa.string())})
