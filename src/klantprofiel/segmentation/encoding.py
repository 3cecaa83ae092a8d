"""From columns of customers to scores that k-means can measure distances in.

    numbers     rank-normal scores: the normal score of the mid-rank, so that a few very large customers do
                not decide the segments; then mean 0 and variance 1 over the customers who have a value
    words       one indicator per category; the indicators of a column together have variance 1. Beyond the
                20 most frequent categories the rest is one category. Two categories need one indicator
    missing     the mean of the column, 0 in each of its scores: it pulls to no segment. How many customers
                that concerns is counted, and told with the result
    bases       each basis is balanced against the others, see `learn_encoding`. A column with one value has
                no variance and no weight
    flags       columns of two values in one basis are taken as 0 and 1, unscaled

A score is a piecewise linear function of at most 65 knots, or a table of categories: SQL can compute it too
(`segmentation.scoring`). Sums run in the order of the columns, there as here, so that both give one number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from klantprofiel.segmentation.columns import MISSING, Numbers, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from klantprofiel.segmentation.columns import Column

KNOTS: Final = 65  # at equal distances in the normal score: between two of them a score is off by < .005
TAIL: Final = 1 / 1026  # the mid-rank of the outermost knots: half of the first of 513 places
MOST_CATEGORIES: Final = 20  # indicators per column; rarer categories say little about a segment
SAMPLE: Final = 4_000  # patterns on which the largest eigenvalue of a basis is computed


@dataclass(frozen=True)
class NumberScale:
    """How one numeric column becomes one score: interpolated between `values` with `scores`."""

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

    @property
    def slopes(self) -> NDArray[np.float64]:
        """The rise from each knot to the next; 0 after the last, and where it is too steep for a number."""
        with np.errstate(over="ignore", divide="ignore"):
            rise = np.append(np.diff(self.scores) / np.diff(self.values), 0.0)
        return np.where(np.isfinite(rise), rise, 0.0)

    def weighted(self, weight: float) -> Self:
        """Return the scale with its scores multiplied."""
        return replace(self, scores=self.scores * weight)

    def apply(self, column: Column) -> NDArray[np.float64]:
        """Return scores of shape (n_customers, 1); 0 where missing."""
        if not isinstance(column, Numbers):
            raise TypeError(f"column {self.name!r} should be numbers, as in fit, got text instead")
        scores = np.zeros((column.values.size, 1))
        if not self.is_constant:
            known = column.is_known
            inside = np.clip(column.values[known], self.values[0], self.values[-1])
            knot = np.searchsorted(self.values, inside, side="right") - 1
            scores[known, 0] = self.slopes[knot] * (inside - self.values[knot]) + self.scores[knot]
        return scores


@dataclass(frozen=True)
class WordScale:
    """How one categorical column becomes scores: `groups` maps a category to a row of `points`."""

    name: str
    groups: Mapping[str, int]
    points: NDArray[np.float64]

    @property
    def width(self) -> int:
        """The number of scores."""
        return int(self.points.shape[1])

    @property
    def is_constant(self) -> bool:
        """Whether the column has at most one value."""
        return len(self.points) <= 1

    def weighted(self, weight: float) -> Self:
        """Return the scale with its scores multiplied."""
        return replace(self, points=self.points * weight)

    def apply(self, column: Column) -> NDArray[np.float64]:
        """Return scores of shape (n_customers, width); 0 where missing or never seen in fit."""
        if not isinstance(column, Words):
            raise TypeError(f"column {self.name!r} should be text, as in fit, got numbers instead")
        group_of_code = np.array([self.groups.get(word, MISSING) for word in column.categories] + [MISSING])
        points = np.vstack([self.points, np.zeros((1, self.width))])  # the last, of MISSING, is the mean
        return np.asarray(points[group_of_code[column.codes]])


Scale = NumberScale | WordScale


@dataclass(frozen=True)
class Encoding:
    """The scales of all columns, with the weights of their bases in them."""

    scales: tuple[Scale, ...]

    def apply(self, columns: Sequence[Column]) -> NDArray[np.float64]:
        """Return the scores, of shape (n_customers, total width)."""
        blocks = [scale.apply(column) for scale, column in zip(self.scales, columns, strict=True)]
        return np.ascontiguousarray(np.hstack(blocks))


def learn_encoding(
    columns: Sequence[Column],
    bases: Sequence[str],
    weights: NDArray[np.float64] | None = None,
    basis_weights: str | Mapping[str, float] = "equal",
) -> Encoding:
    """Learn scales from the columns, and balance the bases.

    Parameters
    ----------
    columns
        The columns of the customers to learn from.
    bases
        The basis of each column.
    weights
        How many customers each row stands for; None means one each.
    basis_weights
        `equal`: the columns of a basis together have variance 1, whatever their number. `auto`: the variance
        in the strongest direction of each basis is 1, as in multiple factor analysis (Escofier & Pagès 1994,
        Computational Statistics & Data Analysis 18(1)), so that a basis in which columns repeat each other
        counts as one. A mapping multiplies the variance of `equal` per basis; a basis not named has 1.

    Examples
    --------
    >>> ages = Numbers("age_years", np.array([20.0, 30.0, 40.0, np.nan]))
    >>> learn_encoding([ages], ["demographic"]).apply([ages]).round(2).ravel()
    array([-1.22,  0.  ,  1.22,  0.  ])
    """
    counted = np.ones(columns[0].is_known.size) if weights is None else weights
    scales = [_scale(column, counted) for column in columns]
    informative = [basis for scale, basis in zip(scales, bases, strict=True) if not scale.is_constant]
    variances = {basis: 1.0 / informative.count(basis) for basis in dict.fromkeys(informative)}
    if isinstance(basis_weights, str) and basis_weights == "auto":
        for basis in variances:
            chosen = [place for place, found in enumerate(bases) if found == basis]
            variances[basis] = 1.0 / _largest_eigenvalue(scales, columns, counted, chosen)
    elif not isinstance(basis_weights, str):
        variances = {basis: share * basis_weights.get(basis, 1.0) for basis, share in variances.items()}
    return Encoding(
        tuple(
            scale.weighted(float(np.sqrt(variances.get(basis, 0.0))))
            for scale, basis in zip(scales, bases, strict=True)
        )
    )


def explained_share(
    scores: NDArray[np.float64], weights: NDArray[np.float64], labels: NDArray[np.int64]
) -> float:
    """Return the share, 0 to 1, of the variance of scores that lies between segments; 0 without variance.

    >>> scores = np.array([[0.0], [2.0], [8.0], [10.0]])
    >>> round(explained_share(scores, np.ones(4), np.array([0, 0, 1, 1])), 3)
    0.941
    """
    sizes = np.maximum(np.bincount(labels, weights), np.finfo(float).tiny)
    sums = np.stack([np.bincount(labels, weights * score) for score in scores.T], axis=1)
    within = float((weights[:, None] * (scores - (sums / sizes[:, None])[labels]) ** 2).sum())
    mean = (scores * weights[:, None]).sum(axis=0) / weights.sum()
    total = float((weights[:, None] * (scores - mean) ** 2).sum())
    return 1.0 - within / total if total > 0 else 0.0


def are_flags(columns: Sequence[Column], bases: Sequence[str]) -> bool:
    """Whether all columns have two values at most and are of one basis."""
    return len(set(bases)) == 1 and all(_n_different(column, at_most=2) <= 2 for column in columns)  # noqa: PLR2004


def are_categorical(columns: Sequence[Column]) -> bool:
    """Whether all columns are categories, or have two values at most."""
    return all(isinstance(column, Words) or _n_different(column, at_most=2) <= 2 for column in columns)  # noqa: PLR2004


def learn_flags(columns: Sequence[Column], weights: NDArray[np.float64]) -> Encoding:
    """Return the encoding that takes each column of two values as 0 and 1, less their mean."""
    return Encoding(tuple(_flag(column, weights) for column in columns))


def _n_different(column: Column, *, at_most: int) -> int:
    if isinstance(column, Words):
        return int(np.unique(column.codes[column.is_known]).size)
    known = column.values[column.is_known]
    head = int(np.unique(known[:SAMPLE]).size)
    return head if head > at_most else int(np.unique(known).size)


def _scale(column: Column, weights: NDArray[np.float64]) -> Scale:
    return _number_scale(column, weights) if isinstance(column, Numbers) else _word_scale(column, weights)


def _flag(column: Column, weights: NDArray[np.float64]) -> Scale:
    if isinstance(column, Words):
        groups, shares = _groups(column, weights)
        places = {
            word: place for place, word in enumerate(sorted(groups))
        }  # no before yes, false before true
        mean = sum(shares[groups[word]] * place for word, place in places.items())
        return WordScale(column.name, places, np.arange(len(places))[:, None] - mean)
    known = column.is_known
    values = np.unique(column.values[known])
    flags = column.values[known] == values[-1:]
    mean = float(np.average(flags, weights=weights[known])) if values.size > 1 else 0.0
    return NumberScale(column.name, values, np.asarray(np.arange(values.size) - mean, dtype=np.float64))


def _number_scale(column: Numbers, weights: NDArray[np.float64]) -> NumberScale:
    from scipy.special import ndtr, ndtri  # noqa: PLC0415  only who fits needs it

    known = column.is_known
    order = np.argsort(column.values[known], kind="stable")
    values, first = np.unique(column.values[known][order], return_index=True)
    if values.size <= 1:
        return NumberScale(column.name, values, np.zeros(values.size))
    size = np.add.reduceat(weights[known][order], first)
    middle = (np.cumsum(size) - size / 2) / size.sum()  # the mid-rank of each value, 0 to 1
    knots = np.arange(values.size)
    if values.size > KNOTS:
        reach = ndtri(1 - TAIL)
        knots = np.unique(np.searchsorted(middle, ndtr(np.linspace(-reach, reach, KNOTS))))
        knots = np.unique(np.clip(knots, 0, values.size - 1))
    scale = NumberScale(column.name, values[knots], ndtri(middle[knots]))
    found = scale.apply(Numbers(column.name, values))[:, 0]
    mean = float(np.average(found, weights=size))
    spread = float(np.sqrt(np.average((found - mean) ** 2, weights=size)))
    return replace(scale, scores=(scale.scores - mean) / spread)


def _groups(column: Words, weights: NDArray[np.float64]) -> tuple[dict[str, int], NDArray[np.float64]]:
    """Return the group of each category, the most frequent first, and the share of each group."""
    known = column.is_known
    sizes = np.bincount(column.codes[known], weights[known], minlength=len(column.categories))
    present = sorted((-float(n), word) for n, word in zip(sizes, column.categories, strict=True) if n > 0)
    groups = {word: min(place, MOST_CATEGORIES) for place, (_, word) in enumerate(present)}
    shares = np.zeros(min(len(present), MOST_CATEGORIES + 1))
    for n, word in present:
        shares[groups[word]] -= n
    return groups, shares / max(shares.sum(), np.finfo(float).tiny)


def _word_scale(column: Words, weights: NDArray[np.float64]) -> WordScale:
    groups, shares = _groups(column, weights)
    points = np.eye(shares.size) - shares
    variance = float((shares * (1 - shares)).sum())
    if shares.size == 2:  # noqa: PLR2004  the second indicator mirrors the first
        points, variance = points[:, :1], variance / 2
    return WordScale(column.name, groups, points / np.sqrt(variance) if variance > 0 else points)


def _largest_eigenvalue(
    scales: Sequence[Scale], columns: Sequence[Column], weights: NDArray[np.float64], chosen: Sequence[int]
) -> float:
    """Return the variance of the scores of some columns in their strongest direction, on a sample of rows."""
    from klantprofiel.segmentation.patterns import taken  # noqa: PLC0415  who scores needs it not

    rows = np.arange(min(SAMPLE, weights.size))
    scores = np.hstack([scales[place].apply(taken(columns[place], rows)) for place in chosen])
    counted = weights[rows][:, None]
    centred = scores - (scores * counted).sum(axis=0) / counted.sum()
    covariance = np.einsum("ij,ik->jk", centred * counted, centred) / counted.sum()  # on one thread, in order
    return max(float(np.linalg.eigvalsh(covariance)[-1]), np.finfo(float).tiny)
