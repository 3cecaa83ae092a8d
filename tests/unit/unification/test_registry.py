from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.unification.clusters.components import numbered
from klantprofiel.unification.registry import Former, Integers, assign


class Case(NamedTuple):
    groups: list[int]
    before: list[int]
    numbers: list[int]
    events: list[tuple[int, str, int, int]]  # number, kind, other, records afterwards


LAST = 9
CASES = {
    "first records get new numbers in their order": Case(
        [0, 1, 0], [0, 0, 0], [10, 11, 10], [(10, "created", 0, 2), (11, "created", 0, 1)]
    ),
    "nothing new, nothing happens": Case([0, 0, 1], [4, 4, 2], [4, 4, 2], []),
    "a new record joins": Case([0, 0], [4, 0], [4, 4], [(4, "grown", 0, 2)]),
    "the number with most records stays": Case(
        [0, 0, 0], [2, 5, 5], [5, 5, 5], [(2, "merged", 5, 0), (5, "grown", 0, 3)]
    ),
    "of equals the oldest number stays": Case(
        [0, 0], [7, 3], [3, 3], [(3, "grown", 0, 2), (7, "merged", 3, 0)]
    ),
    "a number follows most of its records": Case([0, 1, 1], [4, 4, 4], [10, 4, 4], [(10, "split", 4, 1)]),
    "of equal parts it stays with the earliest record": Case([0, 1], [4, 4], [4, 10], [(10, "split", 4, 1)]),
    "a part that joins another customer makes no new one": Case(
        [0, 0, 1, 1, 1], [4, 4, 4, 6, 6], [4, 4, 6, 6, 6], [(6, "grown", 0, 3)]
    ),
    "a merger and a split at once": Case(
        [0, 1, 1, 1, 1],
        [4, 4, 4, 6, 6],
        [10, 4, 4, 4, 4],
        [(4, "grown", 0, 4), (6, "merged", 4, 0), (10, "split", 4, 1)],
    ),
    "no records at all": Case([], [], [], []),
}


@pytest.mark.parametrize("name", CASES)
def test_numbers_last(name: str) -> None:
    case = CASES[name]

    assignment = assign(np.array(case.groups, dtype=np.int64), np.array(case.before, dtype=np.int64), LAST)

    assert assignment.numbers.tolist() == case.numbers
    assert sorted(row for events in assignment.events for row in events.rows()) == case.events


def lost(before: Integers, after: Integers) -> Former:
    """Return the numbers that records lost, as far as nobody holds them."""
    records = np.flatnonzero(~np.isin(before, after))
    return Former(records, before[records])


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), min_size=1, max_size=12))
def test_a_wrong_join_that_is_undone_gives_every_record_its_number_back(parts: list[tuple[int, int]]) -> None:
    apart = numbered(np.array([part for part, _ in parts]))
    joined_as = dict(parts)
    joined = numbered(np.array([joined_as[part] for part, _ in parts]))
    first = assign(apart, np.zeros(len(parts), dtype=np.int64), LAST).numbers
    wrong = assign(joined, first, int(first.max())).numbers

    right = assign(apart, wrong, int(first.max()), lost(first, wrong))

    assert right.numbers.tolist() == first.tolist()


@given(st.lists(st.integers(0, 4), max_size=10), st.lists(st.integers(0, 4), max_size=10))
def test_no_two_groups_have_one_number(groups: list[int], had: list[int]) -> None:
    n = min(len(groups), len(had))
    before, now = np.array(had[:n], dtype=np.int64), numbered(np.array(groups[:n], dtype=np.int64))

    numbers = assign(now, before, LAST).numbers

    assert len(set(zip(numbers.tolist(), now.tolist(), strict=True))) == len(set(numbers.tolist()))
    assert len(set(numbers.tolist())) == len(set(now.tolist()))
