"""The guard: a linked component as people, by the average of what all its pairs say, not by its best pair.

Relatives and namesakes hang together in chains of good pairs. Average linkage joins two groups only when all
pairs between them agree on average, also those that no rule for blocking found. A pair of which nothing about
the person could be compared (one record has only an e-mail address) may attach a record to one person, and
never stands between two.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from klantprofiel.unification.clusters.agglomeration import CERTAIN, GRAIN, agglomerate, agglomerate_one
from klantprofiel.unification.clusters.attachment import attach
from klantprofiel.unification.clusters.blocks import blocks
from klantprofiel.unification.clusters.components import connected_groups, numbered
from klantprofiel.unification.clusters.cutting import MOST, STRONGEST
from klantprofiel.unification.linkage.model import GUARD_BITS, UNSCORED_BITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from klantprofiel.unification.clusters.blocks import Block
    from klantprofiel.unification.clusters.components import Booleans, Floats, Integers

WEAKEST: Final = -5.0
"""No pair counts for less: one bad pair in a good group may be an error of typing."""

_BATCHED: Final = 12  # larger components are rare, and then one by one is faster


class Verdict(IntEnum):
    """What became of a pair: its records are one customer, or why not."""

    KEPT = 0
    BELOW = 1  # its own score says no
    GUARD = 2  # the others in the component say no
    AMBIGUOUS = 3  # it says nothing about the person, and stands between people
    CUT = 4  # the component was too large
    DECISION = 5  # somebody decided that they are two


@dataclass(frozen=True)
class Pairs:
    """Scored pairs of records, each once, with `left` < `right`; all arrays have shape (n_pairs,).

    Attributes
    ----------
    score
        Bits for a match, against being relatives or strangers.
    bare
        Whether nothing about the person (name, birth date, sex, number) could be compared.
    against
        Whether what could be compared about the person speaks against a match.
    never
        Whether the two may not be one customer whatever links them.
    """

    left: Integers
    right: Integers
    score: Floats
    bare: Booleans | None = None
    against: Booleans | None = None
    never: Booleans | None = None

    def flag(self, name: str) -> Booleans:
        """Return a flag of each pair; all false when it was not given."""
        given: Booleans | None = getattr(self, name)
        return np.zeros(len(self.left), dtype=bool) if given is None else given


@dataclass(frozen=True)
class Division:
    """The customer of each record, numbered by first record, and the `Verdict` on each pair as a number."""

    groups: Integers
    verdicts: NDArray[np.int8]


def missing_pairs(
    labels: Integers, left: Integers, right: Integers, *, largest: int = MOST
) -> tuple[Integers, Integers]:
    """Return the pairs inside parts of 3 to `largest` records that are not among those given.

    Parameters
    ----------
    labels
        Shape (n_records,): the part of each record, as `cut` numbers them.
    left, right
        Shape (n_pairs,): the pairs that are scored, `left` < `right`.

    Returns
    -------
    Two arrays of shape (n_missing,), the first record of each pair and the second.

    Examples
    --------
    >>> missing = missing_pairs(np.array([0, 0, 0, 1, 1]), np.array([0, 1, 3]), np.array([1, 2, 4]))
    >>> [records.tolist() for records in missing]
    [[0], [2]]
    """
    first, second = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for block in blocks(labels, left, right, smallest=3, largest=largest):
        n_parts, size = block.members.shape
        is_missing = np.tile(np.triu(np.ones((size, size), dtype=bool), 1), (n_parts, 1, 1))
        is_missing[block.part, block.first, block.second] = False
        part, i, j = np.nonzero(is_missing)
        first.append(block.members[part, i])
        second.append(block.members[part, j])
    return np.concatenate(first), np.concatenate(second)


def divide(  # noqa: PLR0913  the pairs, two numbers of the model and two kinds of decisions
    pairs: Pairs,
    labels: Integers,
    *,
    bias: float = GUARD_BITS,
    unscored: float = UNSCORED_BITS,
    together: tuple[Integers, Integers] | None = None,
    apart: tuple[Integers, Integers] | None = None,
) -> Division:
    """Divide each part into the people that it holds.

    Parameters
    ----------
    pairs
        All scored pairs inside the parts; others may be among them.
    labels
        Shape (n_records,): the part of each record, as `cut` returns them.
    bias
        Bits added to each score; more joins more.
    unscored
        Bits of the pairs inside parts that are not given, bias included.
    together, apart
        Decided pairs, as two arrays of records each; never in contradiction, and `together` inside parts.

    Examples
    --------
    Two couples of records; one pair between them scores well, of the others nothing is known:

    >>> pairs = Pairs(np.array([0, 2, 1]), np.array([1, 3, 2]), np.array([12.0, 12.0, 4.0]))
    >>> division = divide(pairs, np.zeros(4, dtype=np.int64))
    >>> division.groups.tolist(), [Verdict(verdict).name for verdict in division.verdicts]
    ([0, 0, 1, 1], ['KEPT', 'KEPT', 'GUARD'])
    """
    nobody = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    together, apart = together or nobody, apart or nobody
    value = np.round((np.clip(pairs.score, WEAKEST, STRONGEST) + bias) / GRAIN) * GRAIN
    bare, never = pairs.flag("bare"), pairs.flag("never")
    counted = np.where(bare, np.minimum(value, 0.0), value)
    counted[never] = -CERTAIN
    must = _closed(*together)
    left = np.concatenate([pairs.left, apart[0], must[0]])
    right = np.concatenate([pairs.right, apart[1], must[1]])
    certain = np.repeat([-CERTAIN, CERTAIN], [len(apart[0]), len(must[0])])
    bits = np.concatenate([counted, certain])  # a later value of a pair overrules an earlier one
    heads = _heads(labels, left, right, bits, round(unscored / GRAIN) * GRAIN)
    groups = numbered(heads)
    inside = labels[pairs.left] == labels[pairs.right]
    weak = bare & inside & (value > 0) & ~never
    if weak.any():
        doubted = (pairs.flag("against") | never) & inside
        barred = (
            np.concatenate([pairs.left[doubted], apart[0]]),
            np.concatenate([pairs.right[doubted], apart[1]]),
        )
        groups = attach(groups, (pairs.left[weak], pairs.right[weak], value[weak]), barred)
    return Division(groups, _verdicts(pairs, value, groups, inside, apart))


def _closed(left: Integers, right: Integers) -> tuple[Integers, Integers]:
    """Return every pair of records that the given pairs tie together."""
    if not len(left):
        return left, right
    places = np.unique(np.concatenate([left, right]))
    ties = connected_groups(len(places), np.searchsorted(places, left), np.searchsorted(places, right))
    tied = [places[ties == tie] for tie in range(int(ties.max()) + 1)]  # decisions are few
    ends = [group[np.stack(np.triu_indices(len(group), 1))] for group in tied]
    closed: Integers = np.concatenate(ends, axis=1)
    return closed[0], closed[1]


def _heads(labels: Integers, left: Integers, right: Integers, bits: Floats, unscored: float) -> Integers:
    """Return for each record the first record of its group, by average linkage in every part."""
    heads = np.arange(len(labels))
    for block in blocks(labels, left, right):
        n_parts, size = block.members.shape
        if size <= _BATCHED:
            owner = agglomerate(_filled((n_parts, size, size), block, bits, unscored))
        else:
            own = (_filled((1, size, size), part, bits, unscored)[0] for part in block.split())
            owner = np.stack([agglomerate_one(matrix) for matrix in own])
        heads[block.members] = np.take_along_axis(block.members, owner, axis=1)
    return heads


def _filled(shape: tuple[int, int, int], block: Block, bits: Floats, unscored: float) -> Floats:
    matrices = np.full(shape, unscored)
    matrices[block.part, block.first, block.second] = bits[block.pair]
    matrices[block.part, block.second, block.first] = bits[block.pair]
    return matrices


def _verdicts(
    pairs: Pairs,
    value: Floats,
    groups: Integers,
    inside: Booleans,
    apart: tuple[Integers, Integers],
) -> NDArray[np.int8]:
    """Say of each pair what became of it; the last reason that holds is told."""
    first, second = groups[pairs.left], groups[pairs.right]
    verdicts = np.full(len(value), Verdict.GUARD, dtype=np.int8)
    verdicts[pairs.flag("bare") & (value > 0)] = Verdict.AMBIGUOUS
    verdicts[value <= 0] = Verdict.BELOW
    verdicts[~inside & (value > 0)] = Verdict.CUT
    if len(apart[0]):
        n_groups = int(groups.max()) + 1
        key = np.minimum(first, second) * n_groups + np.maximum(first, second)
        sides = np.sort(groups[np.stack(apart)], axis=0)
        verdicts[np.isin(key, sides[0] * n_groups + sides[1]) & (value > 0)] = Verdict.DECISION
    verdicts[first == second] = Verdict.KEPT
    return verdicts
