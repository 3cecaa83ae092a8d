from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from klantprofiel.unification.registry import assign


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
