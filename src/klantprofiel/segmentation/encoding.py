"""From columns of customers to scores that k-means can measure distances in.

    numbers     rank-normal scores: the normal score of the mid-rank, so that a few very large customers do
                not decide the segments; then mean 0 and variance 1 over the customers who have a value
    words       one indicator per category; the indicators of a column together have variance 1. Beyond the
                20 most frequent categories the rest is one category
    missing     the mean of the column, 0 in each of its scores: it pulls to no segment. How many customers
                that concerns is counted, and told with the result
    bases       the columns of a basis together have variance 1, whatever their number: every basis weighs the
                same. A column with one value has no variance and no weight

Rank-normal scores are the ones measured as the stronger in the project's comparison with standardised values.
Their normal quantiles are those of Hazen's plotting position (i - 1/2) / n.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from klantprofiel.segmentation.columns import MISSING, Numbers, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from klantprofiel.segmentation.columns import Column

GRID: Final = 513  # quantiles kept of a column: errors in a rank stay below a thousandth
MOST_CATEGORIES: Final = 20  # indicators per column; rarer categories say little about a segment


@dataclass(frozen=True)
class NumberScale:
    """How one numeric column becomes one score: interpolated between `values` with normal `scores`."""

    name: str
    values: NDArray[np.float64]
    scores: NDArray[np.float64]

    @property
    def width(self) -> int:
        """The number of scores."""
        return 1

    @property
    def is_constant(self) -> bool:
        """Whether the column has at most one value."""
        return self.values.size <= 1

    def apply(self, column: Column) -> NDArray[np.float64]:
        """Return scores of shape (n_customers, 1); 0 where missing."""
        if not isinstance(column, Numbers):
            raise TypeError(f"column {self.name!r} should be numbers, as in fit, got text instead")
        scores = np.zeros((column.values.size, 1))
        if not self.is_constant:
            known = column.is_known
            scores[known, 0] = np.interp(column.values[known], self.values, self.scores)
        return scores


@dataclass(frozen=True)
class WordScale:
    """How one categorical column becomes indicators: `groups` maps a category to its score column."""

    name: str
    groups: Mapping[str, int]
    shares: NDArray[np.float64]
    scale: float

    @property
    def width(self) -> int:
        """The number of scores."""
        return int(self.shares.size)

    @property
    def is_constant(self) -> bool:
        """Whether the column has at most one value."""
        return self.scale == 0.0

    def apply(self, column: Column) -> NDArray[np.float64]:
        """Return scores of shape (n_customers, width); 0 where missing or never seen in fit."""
        if not isinstance(column, Words):
            raise TypeError(f"column {self.name!r} should be text, as in fit, got numbers instead")
        group_of_code = np.array([self.groups.get(word, MISSING) for word in column.categories] + [MISSING])
        group = group_of_code[column.codes]
        scores = (group[:, None] == np.arange(self.width)) - self.shares
        return np.asarray(np.where(group[:, None] == MISSING, 0.0, scores * self.scale))


Scale = NumberScale | WordScale


@dataclass(frozen=True)
class Encoding:
    """The scales of all columns, and the weight of each."""

    scales: tuple[Scale, ...]
    weights: tuple[float, ...]

    def apply(self, columns: Sequence[Column]) -> NDArray[np.float64]:
        """Return the weighted scores, of shape (n_customers, total width)."""
        blocks = [
            scale.apply(column) * weight
            for scale, weight, column in zip(self.scales, self.weights, columns, strict=True)
        ]
        return np.ascontiguousarray(np.hstack(blocks))


def learn_encoding(columns: Sequence[Column], bases: Sequence[str]) -> Encoding:
    """Learn scales from the columns, and weigh them so that every basis counts the same.

    Parameters
    ----------
    columns
        The columns of the customers to learn from.
    bases
        The basis of each column.

    Examples
    --------
    >>> ages = Numbers("age_years", np.array([20.0, 30.0, 40.0, np.nan]))
    >>> learn_encoding([ages], ["demographic"]).apply([ages]).round(2).ravel()
    array([-1.22,  0.  ,  1.22,  0.  ])
    """
    scales = tuple(_number_scale(c) if isinstance(c, Numbers) else _word_scale(c) for c in columns)
    informative = [basis for scale, basis in zip(scales, bases, strict=True) if not scale.is_constant]
    weights = tuple(1.0 / np.sqrt(max(1, informative.count(basis))) for basis in bases)
    return Encoding(scales, weights)


def known_columns(columns: Sequence[Column]) -> NDArray[np.int64]:
    """Return per customer how many columns have a value."""
    return np.asarray(sum(column.is_known.astype(np.int64) for column in columns))


def _number_scale(column: Numbers) -> NumberScale:
    from scipy.special import ndtri  # noqa: PLC0415  only who fits needs it

    known = np.sort(column.values[column.is_known])
    if known.size == 0 or known[0] == known[-1]:
        return NumberScale(column.name, known[:1], np.zeros(min(1, known.size)))
    n_grid = min(known.size, GRID)
    places = (np.arange(n_grid) + 0.5) / n_grid
    grid = known[np.floor(places * known.size).astype(np.int64)]
    if grid[0] == grid[-1]:  # one value holds all quantiles: keep the ends, or the column would look constant
        grid[0], grid[-1] = known[0], known[-1]
    values, first, n_tied = np.unique(grid, return_index=True, return_counts=True)
    scores = ndtri((first + n_tied / 2) / n_grid)  # ties share their middle place
    spread = np.interp(known, values, scores)
    return NumberScale(column.name, values, (scores - spread.mean()) / spread.std())


def _word_scale(column: Words) -> WordScale:
    counts = np.bincount(column.codes[column.is_known], minlength=len(column.categories))
    present = sorted((-int(n), word) for n, word in zip(counts, column.categories, strict=True) if n > 0)
    groups = {word: min(place, MOST_CATEGORIES) for place, (_, word) in enumerate(present)}
    sizes = np.zeros(min(len(present), MOST_CATEGORIES + 1))
    for n, word in present:
        sizes[groups[word]] -= n
    shares = sizes / max(1.0, sizes.sum())
    variance = float((shares * (1 - shares)).sum())
    return WordScale(column.name, groups, shares, 1 / np.sqrt(variance) if variance > 0 else 0.0)
