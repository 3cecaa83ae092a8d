"""The customers that a structure is measured on: at most two thousand, drawn from the patterns they have.

Patterns stand in the order of a hash of their values. Every so many-th customer of that order is as good as a
random sample, and the same customers always give the same one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from klantprofiel.segmentation.patterns import taken

if TYPE_CHECKING:
    from klantprofiel.segmentation.columns import Column
    from klantprofiel.segmentation.patterns import Patterns

MOST: Final = 2_000  # customers: beyond this the indices hardly change


def sampled(patterns: Patterns, most: int = MOST) -> Patterns:
    """Return at most `most` customers in proportion to their weights, each as often as it was drawn.

    Whole weights that add up to no more than `most` come back as they are.

    >>> from klantprofiel.segmentation.columns import Numbers
    >>> from klantprofiel.segmentation.patterns import Patterns
    >>> ages = Numbers("age_years", np.array([30.0, 40.0]))
    >>> sampled(Patterns((ages,), np.array([3000.0, 1000.0]))).weights.tolist()
    [1500.0, 500.0]
    """
    reached = np.cumsum(patterns.weights)
    n_drawn = min(most, max(len(patterns), round(float(reached[-1]))))
    places = (np.arange(n_drawn) + 0.5) * (float(reached[-1]) / n_drawn)
    counts = np.bincount(
        np.minimum(np.searchsorted(reached, places), len(patterns) - 1), minlength=len(patterns)
    )
    rows = np.flatnonzero(counts)
    columns = tuple(taken(column, rows) for column in patterns.columns)
    return replace(patterns, columns=columns, weights=counts[rows].astype(np.float64))


def one_each(patterns: Patterns) -> list[Column]:
    """Return the columns with one row per customer, of patterns whose weights are whole numbers."""
    rows = np.repeat(np.arange(len(patterns)), patterns.weights.astype(np.int64))
    return [taken(column, rows) for column in patterns.columns]
