"""What people decide on who is who: recorded with a name and a reason, all of it true at once, for good."""

from __future__ import annotations

import itertools
import re
import sqlite3
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.errors import ConfigurationError, KlantprofielError, NotFoundError
from klantprofiel.unification.decisions import (
    Decision,
    Effect,
    changes,
    decided,
    decisions_in_force,
    join,
    preview,
    retract,
    split,
    touched_by_decisions,
    with_unlinked,
)
from klantprofiel.unification.decisions.consistency import Joined, contradiction
from klantprofiel.warehouse import Ledger, Warehouse
from tests.unit.unification import doubt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.unit.unification.doubt import Signed

SIGNED: Final[Signed] = {"by": "Els", "because": "zelfde adres"}


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    monkeypatch.setattr(preview, "regroup", doubt.regroup)
    warehouse = Warehouse(tmp_path / "klanten")
    doubt.publish(warehouse)
    return warehouse


def pairs(table: Any) -> list[tuple[str, str]]:  # noqa: ANN401  pyarrow ships no types
    return [(row["first_record_id"], row["record_id"]) for row in table.to_pylist()]


def in_force(warehouse: Warehouse, among: Sequence[str] | None = None) -> tuple[list[tuple[str, str]], ...]:
    together, apart = decisions_in_force(warehouse.ledger, among=among)
    return pairs(together), pairs(apart)


def moves(effect: Effect) -> list[tuple[str, str, str, int]]:
    return list(effect.changes.moves)


def test_a_join_says_who_why_and_when_and_tells_what_it_changes(warehouse: Warehouse) -> None:
    effect = join(warehouse, ["web/2", "crm/1"], by=" Els ", because="zelfde adres")

    (decision,) = decided(warehouse.ledger)
    assert (decision.decision_id, decision.kind, decision.by) == (1, "join", "Els")
    assert (decision.because, decision.records) == ("zelfde adres", ("crm/1", "web/2"))
    assert (decision.asked, decision.release_id) == (("web/2", "crm/1"), "000001-nightly")
    assert decision.recorded_at is not None
    assert effect.decision_id == 1
    assert moves(effect) == [("K-000002", "K-000001", "merged", 1)]
    assert (effect.changes.n_before, effect.changes.n_after) == (2, 1)


def test_a_customer_stands_for_all_its_records_also_those_that_are_gone(warehouse: Warehouse) -> None:
    join(warehouse, ["K-4", "k-000002"], **SIGNED)

    assert in_force(warehouse)[0] == [("crm/3", "crm/8"), ("crm/3", "web/2")]
    assert in_force(warehouse, ["crm/8", "web/2", "web/9"])[0] == [("crm/8", "web/2")]


def test_one_customer_can_be_confirmed(warehouse: Warehouse) -> None:
    effect = join(warehouse, ["K-000003"], **SIGNED)

    assert moves(effect) == []
    assert "verandert nu niets" in effect.summary()["notes"][0]
    assert in_force(warehouse)[0] == [("crm/2", "web/3"), ("crm/2", "web/4")]


def test_a_record_is_split_off_from_all_that_remain_of_its_customer(warehouse: Warehouse) -> None:
    effect = split(warehouse, ["web/4"], **SIGNED)

    assert in_force(warehouse) == ([], [("crm/2", "web/4"), ("web/3", "web/4")])
    assert moves(effect) == [("K-000003", "nieuw", "split", 1)]


def test_several_records_are_split_off_at_once(warehouse: Warehouse) -> None:
    effect = split(warehouse, ["web/4", "web/3"], **SIGNED)

    assert in_force(warehouse)[1] == [("crm/2", "web/3"), ("crm/2", "web/4")]
    assert moves(effect) == [("K-000003", "nieuw", "split", 1)]  # the number stays with most records


def test_two_records_can_be_kept_apart_though_they_are_not_one_now(warehouse: Warehouse) -> None:
    effect = split(warehouse, ["K-000002"], apart_from=["crm/1"], **SIGNED)

    assert in_force(warehouse) == ([], [("crm/1", "web/2")])
    assert moves(effect) == []


def test_a_record_that_only_events_know_can_be_joined(warehouse: Warehouse) -> None:
    effect = join(warehouse, ["web/9", "crm/3"], **SIGNED)

    assert moves(effect) == [("K-000005", "K-000004", "merged", 1)]


def test_a_dry_run_records_nothing_and_tells_the_same(warehouse: Warehouse) -> None:
    tried = join(warehouse, ["crm/1", "web/2"], dry_run=True, **SIGNED)

    assert tried.decision_id is None
    assert decided(warehouse.ledger) == ()
    assert tried.changes == join(warehouse, ["crm/1", "web/2"], **SIGNED).changes


def test_a_dry_run_counts_a_decision_only_once_that_no_run_has_followed_yet(warehouse: Warehouse) -> None:
    join(warehouse, ["crm/1", "web/2"], **SIGNED)
    effect = join(warehouse, ["crm/3", "web/2"], dry_run=True, **SIGNED)

    assert moves(effect) == [("K-000004", "K-000001", "merged", 1)]


def test_what_is_retracted_no_longer_holds_and_stays_on_the_list(warehouse: Warehouse) -> None:
    join(warehouse, ["crm/1", "web/2"], **SIGNED)
    effect = retract(warehouse, 1, by="Piet", because="toch niet")

    assert in_force(warehouse) == ([], [])
    assert [decision.is_in_force for decision in decided(warehouse.ledger)] == [False, False]
    assert moves(effect) == [("K-000001", "K-000002", "split", 1)]  # it gets back what the join took
    join(warehouse, ["crm/1", "web/2"], **SIGNED)
    assert in_force(warehouse)[0] == [("crm/1", "web/2")]


def test_a_wrong_join_is_undone_by_a_split_in_its_place(warehouse: Warehouse) -> None:
    join(warehouse, ["crm/1", "web/2"], **SIGNED)
    split(warehouse, ["web/2"], apart_from=["crm/1"], instead_of=[1], by="Piet", because="moeder en dochter")

    assert in_force(warehouse) == ([], [("crm/1", "web/2")])
    assert [decision.kind for decision in decided(warehouse.ledger)] == ["join", "retract", "split"]


def test_a_contradiction_is_refused_with_the_chain_of_decisions_named(warehouse: Warehouse) -> None:
    join(warehouse, ["crm/1", "web/2"], **SIGNED)
    join(warehouse, ["web/2", "crm/3"], by="Joris", because="zelfde telefoon")
    join(warehouse, ["web/9", "crm/2"], **SIGNED)

    with pytest.raises(KlantprofielError) as refused:
        split(warehouse, ["crm/1"], apart_from=["crm/3"], by="Piet", because="broers")

    told = str(refused.value)
    assert re.match(
        r"this split by Piet keeps two records apart of which decision 1 \(join, Els, \d{4}-\d\d-\d\d\) and "
        r"decision 2 \(join, Joris, \d{4}-\d\d-\d\d\) together make one person\n",
        told,
    )
    assert "`--instead-of 1` or `--instead-of 2`" in told
    assert not re.search("crm|web|adres|broers", told)
    assert len(decided(warehouse.ledger)) == 3


def test_a_join_against_a_split_is_refused_with_both_named(warehouse: Warehouse) -> None:
    split(warehouse, ["web/2"], apart_from=["crm/1"], by="Piet", because="broers")

    with pytest.raises(KlantprofielError, match=r"^decision 1 \(split, Piet, .*\) keeps .* this join by Els"):
        join(warehouse, ["K-000001", "web/2"], **SIGNED)


def test_a_contradiction_in_a_dry_run_is_refused_too(warehouse: Warehouse) -> None:
    join(warehouse, ["crm/1", "web/2"], **SIGNED)

    with pytest.raises(KlantprofielError, match="one person"):
        split(warehouse, ["web/2"], apart_from=["crm/1"], dry_run=True, **SIGNED)


def test_somebody_who_decides_in_between_is_not_overlooked(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = doubt.regroup

    def meanwhile(*arguments: Any) -> Any:  # noqa: ANN401  pyarrow ships no types
        monkeypatch.setattr(preview, "regroup", plain)
        split(warehouse, ["web/2"], apart_from=["crm/1"], by="Piet", because="broers")
        return plain(*arguments)

    monkeypatch.setattr(preview, "regroup", meanwhile)
    with pytest.raises(KlantprofielError, match=r"decision 1 \(split, Piet"):
        join(warehouse, ["crm/1", "web/2"], **SIGNED)
    assert [decision.kind for decision in decided(warehouse.ledger)] == ["split"]


def test_the_same_again_is_refused_as_nothing_new(warehouse: Warehouse) -> None:
    join(warehouse, ["crm/1", "web/2"], **SIGNED)

    with pytest.raises(KlantprofielError, match=r"decision 1 \(join, Els, .*\) says the same"):
        join(warehouse, ["K-000002", "crm/1"], by="Piet", because="ook")


@pytest.mark.parametrize("signed", [{"by": " ", "because": "x"}, {"by": "Els", "because": "\t"}])
def test_nobody_decides_without_a_name_and_a_reason(warehouse: Warehouse, signed: Signed) -> None:
    with pytest.raises(ConfigurationError, match="without a name or a reason"):
        join(warehouse, ["crm/1", "web/2"], **signed)
    with pytest.raises(ConfigurationError, match="without a name or a reason"):
        split(warehouse, ["web/4"], **signed)
    with pytest.raises(ConfigurationError, match="without a name or a reason"):
        retract(warehouse, 1, **signed)
    assert decided(warehouse.ledger) == ()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("cmr/1", "there is no record 'cmr/1' in this release, did you mean 'crm/1'"),
        ("K-000077", "there is no customer K-000077"),
        ("K-000006", "K-000006 was merged into K-000003"),
        ("", "there is no record ''"),
    ],
)
def test_who_is_not_there_is_said_to_be_so(warehouse: Warehouse, name: str, told: str) -> None:
    with pytest.raises(NotFoundError, match=told):
        join(warehouse, ["crm/3", name], **SIGNED)


def test_what_cannot_be_split_or_joined_is_refused(warehouse: Warehouse) -> None:
    with pytest.raises(ConfigurationError, match="not two records"):
        join(warehouse, ["web/2", "K-000002"], **SIGNED)
    with pytest.raises(ConfigurationError, match="K-000003 is a whole customer"):
        split(warehouse, ["K-000003"], **SIGNED)
    with pytest.raises(ConfigurationError, match="nothing remains"):
        split(warehouse, ["web/2"], **SIGNED)
    with pytest.raises(ConfigurationError, match="of 2 customers: K-000001, K-000003"):
        split(warehouse, ["web/1", "web/3"], **SIGNED)
    with pytest.raises(ConfigurationError, match="apart from itself"):
        split(warehouse, ["web/1"], apart_from=["K-000001"], **SIGNED)
    assert decided(warehouse.ledger) == ()


def test_only_a_join_or_split_in_force_is_taken_back(warehouse: Warehouse) -> None:
    with pytest.raises(NotFoundError, match=r"there is no decision 1\n.*there is none yet"):
        retract(warehouse, 1, **SIGNED)
    join(warehouse, ["crm/1", "web/2"], **SIGNED)
    retract(warehouse, 1, **SIGNED)
    with pytest.raises(KlantprofielError, match=r"decision 1 \(join, .*\) was taken back before"):
        retract(warehouse, 1, **SIGNED)
    with pytest.raises(KlantprofielError, match=r"decision 2 \(retract, .*\) takes another one back"):
        retract(warehouse, 2, **SIGNED)
    with pytest.raises(NotFoundError, match="a number from 1 to 2"):
        join(warehouse, ["crm/1", "web/2"], instead_of=[7], **SIGNED)


def test_without_a_release_or_its_pairs_nothing_is_decided(tmp_path: Path) -> None:
    empty = Warehouse(tmp_path / "klanten")
    with pytest.raises(NotFoundError, match="there is no release"):
        join(empty, ["crm/1", "web/2"], **SIGNED)
    doubt.publish_unlinked(empty)
    with pytest.raises(NotFoundError, match=r"has no link_model, identity\.link_records, .*pairs"):
        join(empty, ["crm/1", "web/2"], **SIGNED)
    assert decided(empty.ledger) == ()


def test_a_ledger_that_cannot_be_written_is_said_to_be_so(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = Ledger.record_decisions

    def on_a_full_disk(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Ledger, "record_decisions", on_a_full_disk)
    with pytest.raises(KlantprofielError, match="cannot be written: database or disk is full"):
        join(warehouse, ["crm/1", "web/2"], **SIGNED)
    monkeypatch.setattr(Ledger, "record_decisions", recorded)
    assert decided(warehouse.ledger) == ()


def test_a_lost_ledger_is_not_begun_anew(warehouse: Warehouse) -> None:
    warehouse.store.ledger.unlink()
    with pytest.raises(NotFoundError, match="is missing, while there are releases"):
        join(warehouse, ["crm/1", "web/2"], **SIGNED)
    assert not warehouse.store.ledger.exists()


def test_what_was_decided_since_a_run_names_its_records(warehouse: Warehouse) -> None:
    join(warehouse, ["crm/1", "web/2"], **SIGNED)
    position = warehouse.ledger.last_decision()
    split(warehouse, ["web/4"], **SIGNED)

    assert touched_by_decisions(warehouse.ledger, after=position) == ["crm/2", "web/3", "web/4"]
    retract(warehouse, 1, **SIGNED)
    assert "crm/1" in touched_by_decisions(warehouse.ledger, after=position)
    assert touched_by_decisions(warehouse.ledger, after=warehouse.ledger.last_decision()) == []


def test_a_record_in_between_that_is_gone_still_joins_the_others(warehouse: Warehouse) -> None:
    join(warehouse, ["crm/1", "crm/8"], **SIGNED)
    join(warehouse, ["crm/8", "web/9"], **SIGNED)
    split(warehouse, ["crm/8"], apart_from=["crm/2"], **SIGNED)

    there = pa.array(["crm/1", "crm/2", "web/9", "web/3"])
    assert in_force(warehouse, there) == ([("crm/1", "web/9")], [("crm/1", "crm/2")])
    assert in_force(warehouse, pa.chunked_array([["web/9"], ["crm/2"]])) == ([], [("crm/2", "web/9")])


def test_a_number_that_a_merger_took_is_foretold_to_come_back(warehouse: Warehouse) -> None:
    doubt.lose(warehouse, "| record_id | customer_id |\n| web/3 | K-000006 |\n| web/4 | K-000006 |")

    assert moves(split(warehouse, ["web/4"], **SIGNED)) == [("K-000003", "K-000006", "split", 1)]


def test_who_is_joined_with_nobody_that_can_be_compared_is_a_group_of_its_own(warehouse: Warehouse) -> None:
    join(warehouse, ["web/9", "crm/1"], **SIGNED)
    grouped = pa.table({"record_id": ["crm/2"], "group_id": pa.array([7], pa.int64())})

    together, _ = decisions_in_force(warehouse.ledger, among=["crm/1", "web/9"])
    assert with_unlinked(grouped, together).to_pydict() == {
        "record_id": ["crm/2", "crm/1", "web/9"],
        "group_id": [7, 8, 8],
    }
    none = decisions_in_force(warehouse.ledger, among=["web/9"])[0]
    assert with_unlinked(grouped, none).equals(grouped)


def test_changes_tell_merged_split_and_moved_apart() -> None:
    records = [f"crm/{n}" for n in range(6)]
    before = pa.table({"record_id": records, "customer_id": ["A", "A", "A", "B", "C", "C"]})
    after = pa.table({"record_id": records, "customer_id": ["A", "C", "D", "C", "C", "C"]})

    found = changes(before, after)

    assert found.moves == (("A", "C", "moved", 1), ("A", "D", "split", 1), ("B", "C", "merged", 1))
    assert (found.n_merged, found.n_split, found.n_moved_records) == (1, 1, 3)
    assert (found.n_before, found.n_after) == (3, 3)


RECORDS = tuple("abcd")
PAIRS = tuple(itertools.combinations(RECORDS, 2))
SAID = st.lists(st.tuples(st.sampled_from(["join", "split"]), st.sampled_from(PAIRS)), max_size=8)


def as_decision(kind: Any, pair: tuple[str, str]) -> Decision:  # noqa: ANN401  a literal drawn at random
    records, others = (pair, ()) if kind == "join" else (pair[:1], pair[1:])
    return Decision(kind, "Els", "zo is het", records=records, others=others)


def can_be_true(said: Sequence[tuple[str, tuple[str, ...]]]) -> bool:
    """Look for people that make everything true, among all ways to give each record a person."""
    return any(
        all((people[one] == people[other]) == (kind == "join") for kind, (one, other) in said)
        for numbers in itertools.product(range(len(RECORDS)), repeat=len(RECORDS))
        for people in [dict(zip(RECORDS, numbers, strict=True))]
    )


@given(SAID)
def test_exactly_what_can_be_true_is_accepted(said: list[tuple[str, tuple[str, str]]]) -> None:
    accepted: list[tuple[str, tuple[str, str]]] = []
    for kind, pair in said:
        offered = [*accepted, (kind, pair)]
        found = contradiction(as_decision(*each) for each in offered)
        assert (found is None) == can_be_true(offered)
        if found is None:
            accepted = offered
        else:
            named = [(str(each.kind), each.records + each.others) for each in (found.split, *found.joins)]
            assert not can_be_true(named)
            assert all(can_be_true(named[:n] + named[n + 1 :]) for n in range(len(named)))  # none too many


@given(SAID, st.randoms())
def test_the_order_of_decisions_changes_nobody(said: list[tuple[str, tuple[str, str]]], chance: Any) -> None:  # noqa: ANN401
    shuffled = list(said)
    chance.shuffle(shuffled)
    decisions, others = ([as_decision(*each) for each in order] for order in (said, shuffled))

    assert (contradiction(decisions) is None) == (contradiction(others) is None)
    one, other = Joined(decisions), Joined(others)
    assert [one.person(record) for record in RECORDS] == [other.person(record) for record in RECORDS]
