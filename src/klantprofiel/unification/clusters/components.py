"""Records joined by edges, as groups; a group never holds people of two birth dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from klantprofiel.unification.registry import Integers

UNKNOWN: Final = 0
"""The birth date of who has none."""


def guarded_groups(n_records: int, left: Integers, right: Integers, born: Integers) -> tuple[Integers, int]:
    """Return the group of each record, and how many groups were divided because they held two birth dates.

    In a group with two or more birth dates, records without one stand between people. What those form among
    themselves belongs to the people that it touches when these have one birth date; when they have more, it
    is apart from all of them. People are linked only directly, or by records that touch no one else.

    Parameters
    ----------
    n_records, left, right
        As in `connected_groups`.
    born
        Shape (n_records,): the birth date of each record as a positive number, 0 for unknown.

    Returns
    -------
    Shape (n_records,): the group of each record, as `connected_groups` numbers them; and a count of groups.

    Examples
    --------
    The second record shares a value with the first and one with the third, who are different people:

    >>> groups, n_divided = guarded_groups(3, np.array([0, 1]), np.array([1, 2]), np.array([1991, 0, 1964]))
    >>> groups.tolist(), n_divided
    ([0, 1, 2], 1)
    """
    groups = connected_groups(n_records, left, right)
    mixed = _dates_per(groups, born, n_records) > 1
    if not mixed.any():
        return groups, 0
    unnamed = (born[left] == UNKNOWN) & (born[right] == UNKNOWN)
    bridges = connected_groups(n_records, left[unnamed], right[unnamed])
    unknown_end = np.where(born[left] == UNKNOWN, left, right)
    known_end = np.where(born[left] == UNKNOWN, right, left)
    half = (born[left] == UNKNOWN) != (born[right] == UNKNOWN)
    touched = _dates_per(bridges[unknown_end[half]], born[known_end[half]], n_records)
    kept = unnamed | (half & (touched[bridges[unknown_end]] == 1)) | (~half & (born[left] == born[right]))
    kept |= ~mixed[groups[left]]
    return connected_groups(n_records, left[kept], right[kept]), int(np.count_nonzero(mixed))


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


def _dates_per(labels: Integers, born: Integers, n_labels: int) -> Integers:
    """Count the different known birth dates per label; shape (n_labels,)."""
    known = born != UNKNOWN
    pairs = np.unique(np.stack([labels[known], born[known]]), axis=1)
    return np.bincount(pairs[0], minlength=n_labels)
