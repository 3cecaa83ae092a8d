"""Parts of equal size side by side, so that numpy works on all of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.unification.clusters.components import Integers


@dataclass(frozen=True)
class Block:
    """All parts of one size, with the pairs inside them.

    Attributes
    ----------
    members
        Shape (n_parts, size): the records of each part, in their order.
    pair
        Shape (n_pairs,): which of all pairs these are.
    part, first, second
        Shape (n_pairs,): of each pair its part in this block, and the places of its records in the part.
    """

    members: Integers
    pair: Integers
    part: Integers
    first: Integers
    second: Integers

    def split(self) -> Iterator[Block]:
        """Yield a block of its own for each part."""
        by_part = np.argsort(self.part, kind="stable")
        ends = np.searchsorted(self.part[by_part], np.arange(len(self.members) + 1))
        for i in range(len(self.members)):
            own = by_part[ends[i] : ends[i + 1]]
            yield Block(
                self.members[i : i + 1], self.pair[own], self.part[own] * 0, self.first[own], self.second[own]
            )


def blocks(
    labels: Integers, left: Integers, right: Integers, *, smallest: int = 2, largest: int | None = None
) -> Iterator[Block]:
    """Yield the parts of each size from `smallest` to `largest`; pairs across parts are in none of them.

    Parameters
    ----------
    labels
        Shape (n_records,): the part of each record, numbered from 0.
    left, right
        Shape (n_pairs,): the records of each pair.

    Examples
    --------
    >>> labels = np.array([0, 1, 0, 1, 2])
    >>> (block,) = blocks(labels, np.array([1, 0]), np.array([3, 3]))
    >>> block.members.tolist(), block.pair.tolist(), block.part.tolist()
    ([[0, 2], [1, 3]], [0], [1])
    """
    sizes = np.bincount(labels)
    by_size = np.argsort(sizes, kind="stable")  # of parts
    row = np.empty_like(by_size)
    row[by_size] = np.arange(len(by_size))
    order = np.argsort(row[labels], kind="stable")  # of records, by part
    starts = np.cumsum(sizes[by_size]) - sizes[by_size]
    place = np.empty_like(order)
    place[order] = np.arange(len(order)) - np.repeat(starts, sizes[by_size])
    counts = np.bincount(sizes)
    kinds = np.flatnonzero(counts)
    kinds = kinds[(kinds >= smallest) & (kinds <= (largest or len(labels)))]
    rank = np.zeros(len(counts), dtype=np.uint16)  # few bits sort fast
    rank[kinds] = np.arange(1, len(kinds) + 1)
    part = labels[left]
    kind = np.where(part == labels[right], rank[sizes[part]], np.uint16(0))
    pairs = np.argsort(kind, kind="stable")
    ends = np.cumsum(np.bincount(kind, minlength=len(kinds) + 1))
    for i, size in enumerate(kinds.tolist(), start=1):
        own = pairs[ends[i - 1] : ends[i]]
        head = int(np.searchsorted(sizes[by_size], size))
        n_parts = int(counts[size])
        members = order[starts[head] :][: n_parts * size].reshape(n_parts, size)
        yield Block(members, own, row[part[own]] - head, place[left[own]], place[right[own]])
