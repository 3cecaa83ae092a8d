"""Customer numbers that last: which number each group of records keeps, gets new, or loses; never one twice.

A number follows the majority of its records, where those count first that have no other number to get back;
where parts are equal, the part with the earliest record.
Of the numbers that meet in one group the one with most records there stays, then the oldest, which is the
lowest: numbers are given in rising order. The others are merged into it. A group that no number followed was
split off from the number that most of its records had, if they had any. It gets back the number that most of
its records lost by a merger, where nobody holds that now, and else a new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Integers: TypeAlias = "NDArray[np.int64]"
EventKind: TypeAlias = Literal["created", "grown", "merged", "split"]

NONE: Final = 0
"""The number of who has no customer; customers are numbered from 1."""

_OVERLAP: Final = np.dtype([("number", np.int64), ("group", np.int64), ("n_own", np.int64), ("n", np.int64)])


@dataclass(frozen=True)
class Events:
    """What happened to customers of one kind: each `merged` into, or `split` from, the number in `other`.

    `n_records` counts the records of the customer afterwards. The three arrays have shape (n_events,).
    """

    kind: EventKind
    number: Integers
    other: Integers
    n_records: Integers

    def rows(self) -> list[tuple[int, str, int, int]]:
        """Return number, kind, other and n_records per event."""
        columns = (self.number.tolist(), self.other.tolist(), self.n_records.tolist())
        return [(number, self.kind, other, n) for number, other, n in zip(*columns, strict=True)]


@dataclass(frozen=True)
class Assignment:
    """The customer number of each record, in the order of the records, and what happened."""

    numbers: Integers
    events: tuple[Events, ...]


@dataclass(frozen=True)
class Former:
    """Numbers that records lost by a merger and that nobody holds now; record i had number i."""

    record: Integers
    number: Integers


NO_FORMER: Final = Former(np.zeros(0, np.int64), np.zeros(0, np.int64))


def assign(groups: Integers, before: Integers, last_number: int, former: Former = NO_FORMER) -> Assignment:
    """Give each group of records its customer number.

    Parameters
    ----------
    groups
        Shape (n_records,): the group of each record, numbered by first record as `connected_groups` does.
    before
        Shape (n_records,): the number that each record had, 0 for none.
    last_number
        The highest number ever given; new ones follow it in the order of the groups.
    former
        Numbers that records had before they were merged into another.

    Examples
    --------
    The third record is new, and shows that the first two are one customer:

    >>> assignment = assign(np.array([0, 0, 0]), np.array([1, 2, 0]), last_number=2)
    >>> assignment.numbers.tolist()
    [1, 1, 1]
    >>> [row for events in assignment.events for row in events.rows()]
    [(1, 'grown', 0, 3), (2, 'merged', 1, 0)]

    Taken apart again, the second has the number back that it lost:

    >>> former = Former(record=np.array([1]), number=np.array([2]))
    >>> assign(np.array([0, 1, 0]), np.array([1, 1, 1]), last_number=2, former=former).numbers.tolist()
    [1, 2, 1]
    """
    n_records = np.bincount(groups)
    is_own = np.ones(len(groups), dtype=bool)
    is_own[former.record] = False
    overlaps = _overlaps(before, groups, is_own)
    homes = _best_per("number", overlaps, tie="group")
    winners = _best_per("group", homes, tie="number")
    numbers = np.full(len(n_records), NONE, dtype=np.int64)
    numbers[winners["group"]] = winners["number"]
    fresh = np.flatnonzero(numbers == NONE)
    back = _returning(groups, former, numbers)
    numbers[back["group"]] = back["number"]
    new = np.flatnonzero(numbers == NONE)
    numbers[new] = last_number + 1 + np.arange(len(new))

    came_from = np.full(len(n_records), NONE, dtype=np.int64)
    origins = _best_per("group", overlaps, tie="number")
    came_from[origins["group"]] = origins["number"]
    created, split = fresh[came_from[fresh] == NONE], fresh[came_from[fresh] != NONE]
    has_grown = np.zeros(len(n_records), dtype=bool)
    has_grown[groups[before != numbers[groups]]] = True
    has_grown[fresh] = False
    grown = np.flatnonzero(has_grown)
    lost = homes[numbers[homes["group"]] != homes["number"]]
    nobody = np.zeros_like(n_records)
    events = (
        Events("created", numbers[created], nobody[created], n_records[created]),
        Events("grown", numbers[grown], nobody[grown], n_records[grown]),
        Events("merged", lost["number"], numbers[lost["group"]], np.zeros(len(lost), dtype=np.int64)),
        Events("split", numbers[split], came_from[split], n_records[split]),
    )
    return Assignment(numbers[groups], events)


def _returning(groups: Integers, former: Former, numbers: Integers) -> NDArray[np.void]:
    """Return which former number each group without one gets back."""
    wanted = numbers[groups[former.record]] == NONE
    records = former.record[wanted]
    overlaps = _overlaps(former.number[wanted], groups[records], np.ones(len(records), dtype=bool))
    return _best_per("group", _best_per("number", overlaps, tie="group"), tie="number")


def _overlaps(before: Integers, groups: Integers, is_own: NDArray[np.bool_]) -> NDArray[np.void]:
    """Count the records per number they had and group they are in now, and those of them that are its own."""
    had_one = before != NONE
    n_groups = int(groups.max(initial=0)) + 1
    pairs, place, counts = np.unique(
        before[had_one] * n_groups + groups[had_one], return_inverse=True, return_counts=True
    )
    overlaps = np.empty(len(pairs), dtype=_OVERLAP)
    overlaps["number"], overlaps["group"] = np.divmod(pairs, n_groups)
    overlaps["n"] = counts
    overlaps["n_own"] = np.bincount(place[is_own[had_one]], minlength=len(pairs))
    return overlaps


def _best_per(key: str, overlaps: NDArray[np.void], *, tie: str) -> NDArray[np.void]:
    """Return per `key` the overlap with most own records, then most records, then the lowest `tie`."""
    ordered = overlaps[np.lexsort((overlaps[tie], -overlaps["n"], -overlaps["n_own"], overlaps[key]))]
    _, first = np.unique(ordered[key], return_index=True)
    best: NDArray[np.void] = ordered[first]
    return best
