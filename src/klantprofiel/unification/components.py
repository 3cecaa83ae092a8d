"""Records joined by edges, as groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from klantprofiel.unification.registry import Integers


def connected_groups(n_records: int, left: Integers, right: Integers) -> Integers:
    """Return the group of each record; groups are numbered by their first record.

    Parameters
    ----------
    n_records
        Records are numbered 0 to `n_records` - 1.
    left, right
        Shape (n_edges,): edge i joins record `left[i]` with record `right[i]`.

    Returns
    -------
    Shape (n_records,): the group of each record, from 0, in order of their first record.

    Examples
    --------
    >>> connected_groups(4, np.array([3]), np.array([1])).tolist()
    [0, 1, 2, 1]
    """
    from scipy.sparse import coo_array  # noqa: PLC0415  costly, and only a run that unifies needs it
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415  the same

    ones = np.ones(len(left), dtype=np.int8)
    edges = coo_array((ones, (left, right)), shape=(n_records, n_records))
    _, labels = connected_components(edges, directed=False)
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    place = np.empty(len(first), dtype=np.int64)
    place[np.argsort(first)] = np.arange(len(first))
    return place[inverse]
