"""How much two ways to divide the same customers agree, as a whole and segment by segment.

Rows may stand for more than one customer (`counts`). A label of -1 is no segment: such a customer counts as
a group of its own kind in the whole, and is in no segment.

adjusted Rand    Hubert, L. & Arabie, P. (1985), Comparing partitions, Journal of Classification 2, eq. 5
Jaccard          of a segment with its best match in another solution: SLSw of Dolnicar, S. & Leisch, F.
                 (2017), Using segment level stability to select target segments in data-driven market
                 segmentation studies, Marketing Letters 28; as slswFlexclust of R's flexclust
kept             1 - entropy / log(segments before): SLSa of the same paper; as slsaplot of flexclust
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Labels = NDArray[np.int64]
    Floats = NDArray[np.float64]


def crossed(one: Labels, other: Labels, counts: Floats) -> Floats:
    """Return customers per segment of `one` (rows) and of `other` (columns); labels are 0 or more.

    >>> crossed(np.array([0, 0, 1]), np.array([0, 1, 1]), np.ones(3)).tolist()
    [[1.0, 1.0], [0.0, 1.0]]
    """
    width = int(other.max(initial=0)) + 1
    height = int(one.max(initial=0)) + 1
    found = np.bincount(one * width + other, weights=counts, minlength=height * width)
    return np.asarray(found.reshape(height, width))


def adjusted_rand(one: Labels, other: Labels, counts: Floats) -> float:
    """Return the adjusted Rand index: 1 is the same division, 0 is chance.

    >>> round(adjusted_rand(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2]), np.ones(4)), 4)
    0.5714
    """
    table = crossed(one + 1, other + 1, counts)
    together = float(_pairs(table).sum())
    first, second = float(_pairs(table.sum(axis=1)).sum()), float(_pairs(table.sum(axis=0)).sum())
    expected = first * second / float(_pairs(np.asarray(counts.sum())))
    most = (first + second) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)


def best_matches(one: Labels, other: Labels, counts: Floats, n_segments: int) -> Floats:
    """Return per segment of `one` the Jaccard index, 0 to 1, with the most similar segment of `other`.

    Shape (n_segments,); NaN for a segment without customers.

    >>> best_matches(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1]), np.ones(4), 2).round(2)
    array([0.67, 0.5 ])
    """
    table = crossed(one + 1, other + 1, counts)
    union = table.sum(axis=1)[:, None] + table.sum(axis=0)[None, :] - table
    similar = np.divide(table, union, out=np.zeros_like(table), where=union > 0)[1:, 1:]
    found = np.full(n_segments, np.nan)
    present = table.sum(axis=1)[1:] > 0
    found[: len(present)][present] = similar.max(axis=1, initial=0.0)[present]
    return found


def kept(before: Labels, after: Labels, counts: Floats, n_before: int, n_after: int) -> Floats:
    """Return per segment of `after` how purely it stems from one segment of `before`, from 0 to 1.

    1 when all its customers were in one segment, 0 when they come evenly from all. NaN for a segment without
    customers, and for all when there was only one segment before.

    >>> kept(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 0]), np.ones(4), 2, 2).round(2)
    array([0.08, 1.  ])
    """
    found = np.full(n_after, np.nan)
    if n_before == 1:
        return found
    table = crossed(before + 1, after + 1, counts)[1:, 1:]
    sizes = table.sum(axis=0)
    shares = np.divide(table, sizes, out=np.zeros_like(table), where=sizes > 0)
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    entropy = -(shares * logs).sum(axis=0)
    found[: len(sizes)] = np.where(sizes > 0, 1.0 - entropy / np.log(n_before), np.nan)
    return found


def _pairs(sizes: Floats) -> Floats:
    return np.asarray(sizes * (sizes - 1) / 2)
