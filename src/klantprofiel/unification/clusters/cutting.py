"""Components of linked records, and the cutting of those that are too large to be one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from klantprofiel.unification.clusters.components import connected_groups, numbered

if TYPE_CHECKING:
    from klantprofiel.unification.clusters.components import Floats, Integers

LINKED: Final = -2.0
"""Bits above which a pair is in one component: less is left to the average to outweigh."""
MOST: Final = 300
"""Records in a component that is still taken as it is; 300 of one person are rare, and 45,000 pairs."""
STRONGEST: Final = 25.0
"""Bits that count no further (1 in 30 million): what hangs together above this is not cut for its size."""
MOST_OF_ALL: Final = 2000
"""Records in a part that is cut even so; the matrix of 2,000 takes 32 MB."""

_STEP: Final = 1.0


@dataclass(frozen=True)
class Cut:
    """A component that was too large: its first record, its records, and the parts that it fell into.

    Inside the last part to fall only pairs above `threshold_bits` still linked.
    """

    first_record: int
    n_records: int
    n_parts: int
    threshold_bits: float


@dataclass(frozen=True)
class Parts:
    """The part of each record, before and after cutting; both numbered by their first record."""

    labels: Integers
    components: Integers
    cuts: tuple[Cut, ...]


def cut(  # noqa: PLR0913  the pairs, and three limits
    n_records: int,
    left: Integers,
    right: Integers,
    score: Floats,
    *,
    together: tuple[Integers, Integers] | None = None,
    threshold: float = LINKED,
    most: int = MOST,
) -> Parts:
    """Return the components of linked records; one of more than `most` records is cut where it is weakest.

    In such a component the threshold rises bit by bit, and what falls off with at most `most` records is a
    part. A part that hangs together above `STRONGEST` bits stays whole up to `MOST_OF_ALL` records. What was
    decided to be together is never cut.

    Parameters
    ----------
    n_records
        Records are numbered 0 to `n_records` - 1, in the order of their ids.
    left, right, score
        Shape (n_pairs,): the pairs and their scores in bits.
    together
        Pairs of records that somebody decided are one; arrays of shape (n_decisions,).

    Examples
    --------
    >>> chain = np.arange(4)
    >>> parts = cut(5, chain, chain + 1, np.array([9.0, 3.5, 9.0, 9.0]), most=3)
    >>> parts.labels.tolist()
    [0, 0, 1, 1, 1]
    >>> parts.cuts
    (Cut(first_record=0, n_records=5, n_parts=2, threshold_bits=4.0),)
    """
    held = score > threshold
    left, right, score = left[held], right[held], score[held]
    if together is not None:
        left, right = np.concatenate([left, together[0]]), np.concatenate([right, together[1]])
        score = np.concatenate([score, np.full(len(together[0]), np.inf)])
    components = connected_groups(n_records, left, right)
    too_large = np.bincount(components)[components] > most
    if not too_large.any():
        return Parts(components, components, ())
    places = np.flatnonzero(too_large)
    inside = too_large[left]
    ends = (np.searchsorted(places, left[inside]), np.searchsorted(places, right[inside]))
    parts, risen = _risen(len(places), (*ends, score[inside]), threshold, most)
    return _numbered(components, places, parts, risen)


def _risen(
    n_records: int, edges: tuple[Integers, Integers, Floats], threshold: float, most: int
) -> tuple[Integers, Floats]:
    """Raise the threshold in all parts that are too large; return each record's part, and how far it rose."""
    left, right, score = edges
    part = connected_groups(n_records, left, right)
    risen = np.full(n_records, threshold)
    large = np.ones(n_records, dtype=bool)
    while large.any():
        threshold += _STEP
        kept = large[left] & (score > threshold)
        left, right, score = left[kept], right[kept], score[kept]
        risen[large] = threshold
        fallen = connected_groups(n_records, left, right)
        part = np.where(large, fallen + n_records * (part + 1), part)
        part = np.unique(part, return_inverse=True)[1]
        limit = most if threshold < STRONGEST else MOST_OF_ALL
        large &= np.bincount(part)[part] > limit
        large &= np.isin(part, part[left[np.isfinite(score)]])
    return part, risen


def _numbered(components: Integers, places: Integers, parts: Integers, risen: Floats) -> Parts:
    """Return all parts numbered by their first record, with an account of each component that was cut."""
    _, first, inverse = np.unique(parts, return_index=True, return_inverse=True)
    _, head = np.unique(components, return_index=True)
    heads = head[components]
    heads[places] = places[first[inverse]]
    labels = numbered(heads)
    cuts = []
    for component in np.unique(components[places]):
        of_it = components[places] == component
        cuts.append(
            Cut(
                first_record=int(places[of_it][0]),
                n_records=int(np.count_nonzero(of_it)),
                n_parts=len(np.unique(parts[of_it])),
                threshold_bits=float(risen[of_it].max()),
            )
        )
    return Parts(labels, components, tuple(cuts))
