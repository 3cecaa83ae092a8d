"""Records of whom only a mailbox or a phone is known: whose they are, or between whom they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from klantprofiel.unification.clusters.components import connected_groups

if TYPE_CHECKING:
    from klantprofiel.unification.clusters.components import Booleans, Floats, Integers

CLEARLY: Final = 3.0
"""Bits by which one person must be the better one (8 to 1) before a bare record is taken to be his."""


def attach(
    groups: Integers,
    weak: tuple[Integers, Integers, Floats],
    barred: tuple[Integers, Integers],
) -> Integers:
    """Join groups by pairs that compare nothing about the person, unless they stand between people.

    Where such pairs connect groups that are barred from each other, those groups are people. What connects
    them goes to the person for whom it says `CLEARLY` more than for any other, or stays apart from all.

    Parameters
    ----------
    groups
        Shape (n_records,): the group of each record, numbered by first record.
    weak
        The two records and the bits of each such pair; arrays of shape (n_weak,).
    barred
        The two records of each pair that are not one person; arrays of shape (n_barred,).

    Returns
    -------
    Shape (n_records,): the groups, numbered by their first record.

    Examples
    --------
    The second record has a mailbox that the two others share, who are of different ages:

    >>> weak = (np.array([0, 1]), np.array([1, 2]), np.array([6.0, 6.0]))
    >>> attach(np.array([0, 1, 2]), weak, (np.array([0]), np.array([2]))).tolist()
    [0, 1, 2]
    >>> attach(np.array([0, 1, 2]), weak, (np.array([], int), np.array([], int))).tolist()
    [0, 0, 0]
    """
    n_groups = int(groups.max(initial=-1)) + 1
    left, right, bits = groups[weak[0]], groups[weak[1]], weak[2]
    differ = left != right
    left, right, bits = left[differ], right[differ], bits[differ]
    bar = groups[barred[0]], groups[barred[1]]
    sets = connected_groups(n_groups, left, right)
    person = _in_conflict(sets, bar, per=np.arange(n_groups))
    if person.any():
        kept = ~_in_conflict(sets, bar, per=sets)[left]
        unnamed = ~person[left] & ~person[right]
        half = person[left] != person[right]
        bridge = connected_groups(n_groups, left[unnamed], right[unnamed])
        chosen = np.zeros(len(left), dtype=bool)
        loose = np.where(person[left], right, left)[half]
        named = np.where(person[left], left, right)[half]
        chosen[half] = _for_one(bridge[loose], named, bits[half])
        direct = person[left] & person[right]
        kept |= unnamed | chosen | direct
        joined = connected_groups(n_groups, left[kept], right[kept])
        kept &= ~(direct & _in_conflict(joined, bar, per=joined)[left])
        left, right = left[kept], right[kept]
    return connected_groups(n_groups, left, right)[groups]


def _in_conflict(sets: Integers, bar: tuple[Integers, Integers], *, per: Integers) -> Booleans:
    """Tell of each group whether its label in `per` has one that is barred from another in the same set."""
    within = (sets[bar[0]] == sets[bar[1]]) & (bar[0] != bar[1])
    marked = np.zeros(int(per.max(initial=-1)) + 1, dtype=bool)
    marked[per[bar[0][within]]] = True
    marked[per[bar[1][within]]] = True
    return marked[per]


def _for_one(bridge: Integers, person: Integers, bits: Floats) -> Booleans:
    """Choose the pairs between a bridge and the one person for whom it says clearly more than for another."""
    ends, which = np.unique(np.stack([bridge, person]), axis=1, return_inverse=True)
    which = which.ravel()
    best = np.full(ends.shape[1], -np.inf)
    np.maximum.at(best, which, bits)
    order = np.lexsort((ends[1], -best, ends[0]))
    head = np.ones(len(order), dtype=bool)
    head[1:] = ends[0][order][1:] != ends[0][order][:-1]
    runner_up = np.full(len(order), -np.inf)
    runner_up[:-1] = np.where(head[1:], -np.inf, best[order][1:])
    wins = np.zeros(len(order), dtype=bool)
    wins[order] = head & (best[order] - runner_up >= CLEARLY)
    return wins[which]
