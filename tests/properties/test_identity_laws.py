"""What must hold for customer ids, whatever is delivered in whatever order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from klantprofiel.unification import unify
from klantprofiel.unification.registry import NONE, assign
from tests.spec.ascii import fill, given_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from klantprofiel.warehouse import Run

N_RECORDS = 8
GROUPS = st.lists(st.integers(0, 4), min_size=1, max_size=N_RECORDS)
NIGHTS = st.lists(GROUPS, min_size=1, max_size=6).map(lambda nights: sorted(nights, key=len))

RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "record_id": st.builds("{}/{}".format, st.sampled_from(["crm", "web"]), st.integers(1, 30)),
            "email": st.sampled_from([None, "anna@voorbeeld.nl", "Bert@voorbeeld.nl", "info@voorbeeld.nl"]),
            "phone": st.sampled_from([None, "0621345678", "06-21345678", "0201112233"]),
            "surname": st.sampled_from([None, "de Vries", "Vries", "Smit"]),
            "loyalty_number": st.sampled_from([None, "1077", "2088", "0000"]),
            "birth_date": st.sampled_from([None, "1980-01-02", "1985-06-07", "1900-01-01"]),
            "updated_on": st.sampled_from([None, "2025-01-01", "2026-01-01"]),
        }
    ),
    unique_by=lambda row: row["record_id"],
    max_size=10,
)
Rows = list[dict[str, str | None]]


@dataclass(frozen=True)
class Night:
    """What one run did to the numbers of the records."""

    before: list[int]
    after: list[int]
    events: list[tuple[int, str, int, int]]

    def numbers(self, *kinds: str) -> set[int]:
        return {number for number, kind, _, _ in self.events if kind in kinds}


def nights(groups_per_night: Iterable[Sequence[int]]) -> list[Night]:
    """Run night after night; records are added at the end, and groups change at will."""
    history: list[Night] = []
    after: list[int] = []
    last = 0
    for labels in groups_per_night:
        first = list(dict.fromkeys(labels))
        groups = np.array([first.index(label) for label in labels], dtype=np.int64)
        before = after + [NONE] * (len(labels) - len(after))
        assignment = assign(groups, np.array(before, dtype=np.int64), last)
        after = assignment.numbers.tolist()
        history.append(Night(before, after, [row for events in assignment.events for row in events.rows()]))
        last = max(last, *after)
    return history


@given(NIGHTS)
def test_records_have_one_number_exactly_when_they_are_one_group(groups: list[list[int]]) -> None:
    for labels, night in zip(groups, nights(groups), strict=True):
        assert len(set(zip(labels, night.after, strict=True))) == len(set(labels)) == len(set(night.after))


@given(NIGHTS)
def test_no_number_is_ever_given_twice(groups: list[list[int]]) -> None:
    seen: set[int] = set()
    for night in nights(groups):
        given_tonight = night.numbers("created", "split")
        assert not given_tonight & seen
        assert set(night.after) - set(night.before) == given_tonight
        seen |= given_tonight


@given(NIGHTS)
def test_events_explain_how_customers_came_and_went(groups: list[list[int]]) -> None:
    for night in nights(groups):
        was = set(night.before) - {NONE}
        assert set(night.after) == was - night.numbers("merged") | night.numbers("created", "split")
        for _, kind, other, _ in night.events:
            assert other in {"merged": set(night.after), "split": was}.get(kind, {NONE})
        for number in set(night.after) & was:
            gained = [b for b, a in zip(night.before, night.after, strict=True) if a == number != b]
            assert (number in night.numbers("grown")) == bool(gained)


@given(NIGHTS)
def test_the_same_groups_again_change_nothing(groups: list[list[int]]) -> None:
    night = nights([*groups, groups[-1]])[-1]
    assert (night.after, night.events) == (night.before, [])


@given(NIGHTS)
def test_a_number_stays_with_most_of_its_records_unless_an_equal_or_larger_one_meets_it(
    groups: list[list[int]],
) -> None:
    for night in nights(groups):
        overlap: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for before, after in zip(night.before, night.after, strict=True):
            overlap[before][after] += 1
        for number in set(night.before) - {NONE}:
            most = max(overlap[number].values())
            assert number not in night.after or overlap[number][number] == most


@given(NIGHTS)
def test_the_events_count_every_record_of_the_customer(groups: list[list[int]]) -> None:
    for night in nights(groups):
        for number, _, _, n_records in night.events:
            assert n_records == night.after.count(number)


def unified(rows: Rows) -> Run:
    run = given_rows({"identity.customers": rows})
    unify(run)
    return run


def everything(run: Run) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of every table that unify makes, in one order."""
    names = [name for name in run._names(kind="BASE TABLE") if name not in ("catalog", "identity.customers")]  # noqa: SLF001
    return {name: run.rows(f"from {name} order by all") for name in names}


def registry(run: Run) -> dict[str, str]:
    return dict(run.rows("select record_id, customer_id from identity.customer_records"))


@settings(max_examples=3)  # each unifies twice, in SQL
@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_delivered_records_changes_nothing(rows: Rows, random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random of Hypothesis
    assert everything(unified(shuffled)) == everything(unified(rows))


@settings(max_examples=3)  # each unifies twice, in SQL
@given(RECORDS)
def test_unifying_twice_changes_nothing(rows: Rows) -> None:
    run = unified(rows)
    once = everything(run)
    unify(run)
    assert everything(run) == once


@settings(max_examples=3)  # each unifies twice, in SQL
@given(RECORDS, st.integers(0, 10))
def test_later_records_never_reuse_an_id_and_every_record_is_kept(rows: Rows, n_first: int) -> None:
    run = unified(rows[:n_first])
    ids = set(registry(run).values())
    fill(run, {"identity.customers": rows})
    unify(run)
    created = run.rows("select customer_id from customer_events where event in ('created', 'split')")
    assert len(created) == len(set(created))
    assert ids <= {customer_id for (customer_id,) in created}
    assert run.rows("select coalesce(sum(n_records), 0) from customers") == [(len(rows),)]
    assert set(registry(run)) == {row["record_id"] for row in rows}
