from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.unification.clusters.cutting import cut
from klantprofiel.unification.clusters.guard import Division, Pairs, Verdict, divide, missing_pairs
from tests.unit.unification.clusters.reference import average_linkage

N = 9
PLACES = st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)).filter(lambda ends: ends[0] < ends[1])
FLAGS = st.sampled_from(["", "", "", "bare", "against", "never"])
SCORED = st.dictionaries(PLACES, st.tuples(st.integers(-9, 30), FLAGS), max_size=24)
Scored = dict[tuple[int, int], tuple[int, str]]
NOBODY = np.empty(0, dtype=np.int64)


def pairs_of(scored: Scored) -> Pairs:
    left, right = np.array(list(scored), dtype=np.int64).reshape(-1, 2).T
    score = np.array([bits for bits, _ in scored.values()], dtype=float)
    flags = {
        name: np.array([flag == name for _, flag in scored.values()], dtype=bool)
        for name in ("bare", "against", "never")
    }
    return Pairs(left, right, score, **flags)


def ends(*pairs: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    left, right = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return left, right


def divided(scored: Scored, n: int = N, **options: object) -> Division:
    return divide(pairs_of(scored), np.zeros(n, dtype=np.int64), **options)  # type: ignore[arg-type]  # as divide


def plain(*pairs: tuple[int, int, float]) -> Scored:
    return {(left, right): (bits, "") for left, right, bits in pairs}  # type: ignore[misc]  # halves too


@given(SCORED)
def test_without_flags_a_part_is_divided_as_the_textbook_does(scored: Scored) -> None:
    bits = np.full((N, N), -3.5)
    for (left, right), (score, _) in scored.items():
        bits[left, right] = bits[right, left] = np.clip(score, -5, 25) + 1.5
    found = divided({ends: (score, "") for ends, (score, _) in scored.items()}).groups
    heads = average_linkage(bits)
    assert found.tolist() == [sorted(set(heads)).index(head) for head in heads]


@given(SCORED, st.randoms(use_true_random=False))
def test_the_order_of_pairs_changes_nothing(scored: Scored, random: object) -> None:
    shuffled = list(scored.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random of Hypothesis
    one, other = divided(scored), divided(dict(shuffled))
    assert one.groups.tolist() == other.groups.tolist()
    verdicts = dict(zip(scored, one.verdicts.tolist(), strict=True))
    assert verdicts == dict(zip(dict(shuffled), other.verdicts.tolist(), strict=True))


@given(SCORED, SCORED)
def test_a_group_depends_on_its_own_part_alone(scored: Scored, others: Scored) -> None:
    both = scored | {(left + N, right + N): bits for (left, right), bits in others.items()}
    labels = np.repeat([0, 1], N)
    found = divide(pairs_of(both), labels).groups
    assert found[:N].tolist() == divided(scored).groups.tolist()
    assert (found[N:] - found[N]).tolist() == divided(others).groups.tolist()


@given(SCORED, st.lists(PLACES, max_size=3))
def test_what_was_decided_to_be_together_is_together(scored: Scored, decided: list[tuple[int, int]]) -> None:
    groups = divided(scored, together=ends(*decided)).groups
    assert all(groups[left] == groups[right] for left, right in decided)


@given(SCORED, st.lists(PLACES, max_size=3))
def test_what_was_decided_to_be_apart_is_apart(scored: Scored, decided: list[tuple[int, int]]) -> None:
    groups = divided(scored, apart=ends(*decided)).groups
    assert all(groups[left] != groups[right] for left, right in decided)


@given(SCORED)
def test_what_may_never_be_one_is_never_one(scored: Scored) -> None:
    groups = divided(scored).groups
    assert all(groups[a] != groups[b] for (a, b), (_, flag) in scored.items() if flag == "never")


@given(SCORED)
def test_bare_pairs_never_join_people_who_are_clearly_two(scored: Scored) -> None:
    groups = divided(scored).groups
    counted = {e: (min(bits, -2) if flag == "bare" else bits, flag) for e, (bits, flag) in scored.items()}
    people = divided(counted).groups
    joined = [e for e, (_, flag) in scored.items() if flag == "against" and groups[e[0]] == groups[e[1]]]
    assert all(people[a] == people[b] for a, b in joined)


def test_a_record_with_only_a_mailbox_joins_who_alone_has_it() -> None:
    division = divided({(0, 1): (6, "bare")}, 2)
    assert (division.groups.tolist(), division.verdicts.tolist()) == ([0, 0], [Verdict.KEPT])


def test_a_mailbox_that_a_couple_shares_stays_between_them() -> None:
    couple: Scored = {(0, 1): (-9, "against"), (0, 2): (6, "bare"), (1, 2): (6, "bare")}
    division = divided(couple, 3)
    assert division.groups.tolist() == [0, 1, 2]
    assert [Verdict(v).name for v in division.verdicts] == ["BELOW", "AMBIGUOUS", "AMBIGUOUS"]


def test_a_bare_record_goes_to_the_one_for_whom_it_says_clearly_more() -> None:
    couple: Scored = {(0, 1): (-9, "against"), (0, 2): (12, "bare"), (1, 2): (6, "bare")}
    assert divided(couple, 3).groups.tolist() == [0, 1, 0]


def test_two_bare_records_in_a_row_do_not_bridge_two_people() -> None:
    row: Scored = {(0, 1): (20, "bare"), (1, 2): (20, "bare"), (2, 3): (20, "bare"), (0, 3): (-30, "against")}
    assert divided(row, 4).groups.tolist() == [0, 1, 1, 2]


def test_a_couple_with_one_good_pair_between_many_stays_two() -> None:
    scored = plain((0, 1, 20), (2, 3, 20), (0, 2, 5), (0, 3, -9), (1, 2, -9), (1, 3, -9))
    division = divided(scored, 4)
    assert division.groups.tolist() == [0, 0, 1, 1]
    assert [Verdict(v).name for v in division.verdicts] == ["KEPT", "KEPT", "GUARD", *["BELOW"] * 3]


def test_verdicts_tell_what_a_decision_and_a_cut_did() -> None:
    scored = plain((0, 1, 9), (2, 3, 9), (1, 2, 9))
    pairs = pairs_of(scored)
    by_decision = divide(pairs, np.array([0, 0, 0, 0]), apart=ends((0, 1)))
    assert by_decision.verdicts[0] == Verdict.DECISION
    by_cut = divide(pairs, np.array([0, 0, 1, 1]))
    assert [Verdict(v).name for v in by_cut.verdicts] == ["KEPT", "KEPT", "CUT"]


@pytest.mark.parametrize("size", [11, 12, 13, 14])
def test_one_by_one_and_all_at_once_agree_where_they_meet(size: int) -> None:
    random = np.random.default_rng(size)
    left, right = np.triu_indices(size, 1)
    score = random.normal(3, 7, len(left))
    bits = np.zeros((size, size))
    bits[left, right] = np.round((np.clip(score, -5, 25) + 1.5) * 1024) / 1024
    heads = average_linkage(bits + bits.T)
    groups = divide(Pairs(left, right, score), np.zeros(size, dtype=np.int64)).groups
    assert groups.tolist() == [sorted(set(heads)).index(head) for head in heads]


@given(SCORED)
def test_missing_pairs_are_all_pairs_inside_parts_that_have_no_score(scored: Scored) -> None:
    pairs = pairs_of(scored)
    parts = cut(N, pairs.left, pairs.right, pairs.score)
    left, right = missing_pairs(parts.labels, pairs.left, pairs.right, largest=5)
    sizes = np.bincount(parts.labels)
    wanted = {
        (a, b)
        for a, b in combinations(range(N), 2)
        if parts.labels[a] == parts.labels[b] and 3 <= sizes[parts.labels[a]] <= 5 and (a, b) not in scored
    }
    assert set(zip(left.tolist(), right.tolist(), strict=True)) == wanted
    assert len(left) == len(wanted)


def test_no_records_have_no_groups() -> None:
    division = divide(Pairs(NOBODY, NOBODY, NOBODY.astype(float)), NOBODY)
    assert (division.groups.tolist(), division.verdicts.tolist()) == ([], [])
