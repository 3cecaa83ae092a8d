"""Decisions outlive every run; what a dry run tells is what happens; what is undone leaves no trace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klantprofiel.unification.decisions import Decision, join, preview, retract, split
from klantprofiel.unification.decisions.consistency import contradiction
from klantprofiel.warehouse import Warehouse
from tests.spec.ascii import given as in_memory
from tests.spec.ascii import read
from tests.unit.unification import doubt

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from klantprofiel.unification.decisions import Effect
    from tests.unit.unification.doubt import Signed

SIGNED: Final[Signed] = {"by": "Els", "because": "zelfde adres"}
RECORDS: Final = tuple(str(row["record_id"]) for row in read(doubt.REGISTRY))


@pytest.fixture
def warehouse(tmp_path: Path, _plain_groups: None) -> Warehouse:
    warehouse = Warehouse(tmp_path / "klanten")
    doubt.publish(warehouse)
    return warehouse


@pytest.fixture
def _plain_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "regroup", doubt.regroup)


def moves(before: Mapping[str, str], after: Mapping[str, str], ever: set[str]) -> dict[tuple[str, str], int]:
    """Count the records that moved, per customer before and after; who is not delivered has no say."""
    fresh = sorted(set(after.values()) - ever)
    new = {number: "nieuw" if n == 1 else f"nieuw {n}" for n, number in enumerate(fresh, start=1)}
    moved = [
        (before[record], new.get(customer, customer))
        for record, customer in after.items()
        if before[record] != customer and record != "crm/8"
    ]
    return {pair: moved.count(pair) for pair in moved}


def foretold(effect: Effect) -> dict[tuple[str, str], int]:
    return {(old, new): n for old, new, _, n in effect.changes.moves}


def test_a_wrong_join_undone_by_a_split_gives_every_number_back(warehouse: Warehouse) -> None:
    before = doubt.follow(warehouse)
    join(warehouse, ["K-000001", "K-000004", "web/9"], **SIGNED)
    joined = doubt.follow(warehouse)
    assert {joined[record] for record in ("crm/1", "crm/3", "crm/8", "web/1", "web/9")} == {"K-000001"}

    undone = split(warehouse, ["crm/3", "crm/8"], instead_of=[1], **SIGNED)

    assert foretold(undone) == {("K-000001", "K-000004"): 1, ("K-000001", "K-000005"): 1}
    after = doubt.follow(warehouse)
    assert {record: after[record] for record in after if record != "crm/8"} == {
        record: before[record] for record in before if record != "crm/8"
    }


def test_a_decision_is_followed_by_every_run_until_it_is_retracted(warehouse: Warehouse) -> None:
    before = doubt.follow(warehouse)
    join(warehouse, ["crm/1", "web/2"], **SIGNED)
    split(warehouse, ["web/4"], **SIGNED)
    once = doubt.follow(warehouse)

    assert doubt.follow(warehouse) == once
    assert (once["web/2"], once["crm/2"], once["web/4"]) == ("K-000001", "K-000003", "K-000007")
    retract(warehouse, 1, **SIGNED)
    retract(warehouse, 2, **SIGNED)
    assert doubt.follow(warehouse) == before


SAID = st.lists(
    st.tuples(
        st.sampled_from(["join", "split", "retract"]),
        st.lists(st.sampled_from(RECORDS), min_size=2, max_size=3, unique=True),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=5,
)


def changed_mind(decisions: list[Decision], kind: str, records: list[str], place: int) -> list[Decision]:
    """Return the decisions in force with one more, or with one taken back."""
    if kind == "retract":
        return [each for n, each in enumerate(decisions, start=1) if n != place % len(decisions) + 1]
    if kind == "join":
        return [*decisions, Decision("join", "Els", "zo", records=tuple(sorted(records)))]
    return [*decisions, Decision("split", "Els", "zo", records=(records[0],), others=tuple(records[1:]))]


@pytest.mark.usefixtures("_plain_groups")
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SAID)
def test_what_a_dry_run_tells_is_what_the_next_run_does(said: list[tuple[str, list[str], int]]) -> None:
    run = in_memory()
    doubt.fill(run)
    decisions: list[Decision] = []
    before = doubt.followed(run, decisions, ())
    ever = set(before.values())
    for one in said:
        changed = changed_mind(decisions, *one)
        if contradiction(changed) is None:
            told = preview.preview(run, decisions, changed)
            after = doubt.followed(run, changed, RECORDS)
            assert moves(before, after, ever) == {(old, new): n for old, new, _, n in told.moves}
            before, decisions = after, changed
            ever |= set(after.values())
