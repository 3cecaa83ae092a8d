"""Records joined by edges, as groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Integers: TypeAlias = "NDArray[np.int64]"
Floats: TypeAlias = "NDArray[np.float64]"
Booleans: TypeAlias = "NDArray[np.bool_]"


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
    return numbered(connected_components(edges, directed=False)[1].astype(np.int64))


def numbered(labels: Integers) -> Integers:
    """Return groups numbered by their first record.

    Parameters
    ----------
    labels
        Shape (n_records,): any number of each record's group, from 0 and not much above `n_records`.

    Examples
    --------
    >>> numbered(np.array([7, 2, 7, 0])).tolist()
    [0, 1, 0, 2]
    """
    records = np.arange(len(labels))
    first = np.zeros(int(labels.max(initial=-1)) + 1, dtype=np.int64)
    first[labels[::-1]] = records[::-1]  # of equal labels the last assignment stays
    head = first[labels]
    number: Integers = np.cumsum(head == records) - 1
    return number[head]
