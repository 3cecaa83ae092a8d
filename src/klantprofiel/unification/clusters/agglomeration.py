"""Average linkage: of the groups that agree best on average the best two are joined, as long as they agree.

Components of one size are worked on at once, as a block of matrices. Ties go to the lowest records. What a
matrix holds are multiples of `GRAIN`, so that sums are exact, and the answer is one of the matrix alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from klantprofiel.unification.clusters.components import Floats, Integers

GRAIN: Final = 2.0**-10
"""Bits are rounded to this: coarser than any difference that says something, and exact in sums."""
CERTAIN: Final = 2.0**24
"""The bits of a pair that must be together, negative for one that must not: no average outweighs it."""

_AGREED: Final = 2.0**-20  # the least positive average; below it are roundings
_MOST_AT_ONCE: Final = 1 << 21  # numbers in one block: 16 MB


def agglomerate(bits: Floats) -> Integers:
    """Return the group of each record of many components of one size, named by its first record.

    Parameters
    ----------
    bits
        Shape (n_components, size, size), symmetric: what speaks for (> 0) or against each pair; the diagonal
        is not read.

    Returns
    -------
    Shape (n_components, size): the place in the component of the first record of the group.

    Examples
    --------
    The third record agrees with the second, and disagrees more with the first:

    >>> agglomerate(np.array([[[0, 9, -8], [9, 0, 4], [-8, 4, 0]]], dtype=float)).tolist()
    [[0, 0, 2]]
    """
    n_components, size, _ = bits.shape
    owner = np.empty((n_components, size), dtype=np.int64)
    step = max(1, _MOST_AT_ONCE // size**2)
    for start in range(0, n_components, step):
        owner[start : start + step] = _merged(bits[start : start + step])
    return owner


def agglomerate_one(bits: Floats) -> Integers:
    """Return the same for one component of any size, in time that grows with the square of its size.

    Parameters
    ----------
    bits
        Shape (size, size), symmetric, as in `agglomerate`.

    Examples
    --------
    >>> agglomerate_one(np.array([[0, 9, -8], [9, 0, 4], [-8, 4, 0]], dtype=float)).tolist()
    [0, 0, 2]
    """
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415  costly, and only large groups need it

    size = len(bits)
    zero = 2 * CERTAIN  # distances must not be negative
    tree = linkage((zero - bits)[np.triu_indices(size, 1)], method="average")
    labels = fcluster(tree, zero - _AGREED, criterion="distance")
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    owner: Integers = first[inverse]
    return owner


def _merged(bits: Floats) -> Integers:
    """Join in each component the best two groups at a time, until no two agree."""
    n_components, size, _ = bits.shape
    owner = np.tile(np.arange(size), (n_components, 1))
    rows = np.arange(n_components)  # of the components in which something may still be joined
    sums, weights = bits.copy(), np.ones((n_components, size))
    sums[:, np.arange(size), np.arange(size)] = -np.inf
    for _ in range(size - 1):
        means = sums / (weights[:, :, None] * weights[:, None, :])
        best = means.reshape(len(rows), size * size).argmax(axis=1)
        into, gone = np.divmod(best, size)
        here = np.arange(len(rows))
        agreed = means[here, into, gone] > _AGREED
        if not agreed.any():
            break
        rows, into, gone, here = rows[agreed], into[agreed], gone[agreed], np.arange(np.count_nonzero(agreed))
        sums, weights = sums[agreed], weights[agreed]
        joined = sums[here, into] + sums[here, gone]  # the dead and the diagonal are -inf and stay so
        sums[here, into] = joined
        sums[here, :, into] = joined
        sums[here, gone] = -np.inf
        sums[here, :, gone] = -np.inf
        weights[here, into] += weights[here, gone]
        owner[rows] = np.where(owner[rows] == gone[:, None], into[:, None], owner[rows])
    return owner
