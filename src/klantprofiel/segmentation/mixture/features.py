"""From columns of customers to what the mixture reads: normal scores with ties as intervals, and categories.

    numbers     a value is an interval of ranks, and its score the mean of a standard normal over it; the
                variance within the interval is kept beside it (`cell_variance`). A scale of five answers has
                five wide intervals, a sum in euro many narrow ones: a segment cannot close in on one answer
                and call it certainty. Scores are interpolated between at most 65 values
    spikes      a number that a quarter of the customers share (no purchases: 0) is a category "is it", plus
                a number that is missing there
    words       one category each; beyond the 20 most frequent the rest is one category
    two values  one category each, whatever their type
    missing     stays missing: nothing is filled in

The scores of ties are those of a grouped normal variable (Pearson 1913, Biometrika 9, 116-139).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from klantprofiel.segmentation.columns import MISSING, Numbers, Words
from klantprofiel.segmentation.encoding import MOST_CATEGORIES
from klantprofiel.segmentation.mixture.design import Design, spread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from klantprofiel.segmentation.columns import Column

KNOTS: Final = 65  # of a score: between them it is a straight line, which SQL can say too
MOST_RANKED: Final = 100_000  # customers whose numbers are ranked: ranks are then right to a thousandth
SPIKE_SHARE: Final = 0.25  # a value shared by more customers than this is a category of its own
SPIKE_LEAST_VALUES: Final = 10  # with this few values a column is a scale: its first answer is no spike
STEPS_OF_A_SCORE: Final = 4096.0  # per unit: sums of products of scores are then exact, in any order


@dataclass(frozen=True)
class NumberFeature:
    """How one column becomes scores: a line through (`values`, `scores`), missing at the `spike`.

    Attributes
    ----------
    name, basis, column
        The column: its name, its segmentation basis, and its place in the table.
    values, scores
        The knots, rising; at most 65. Scores are in standard deviations of all customers.
    cell_variance
        The mean variance, 0 to 1, of a standard normal within the interval of one value.
    spike
        The value that is a category by itself, and missing here; None when there is none.
    """

    name: str
    basis: str
    column: int
    values: NDArray[np.float64]
    scores: NDArray[np.float64]
    cell_variance: float
    spike: float | None

    def apply(self, column: Column) -> NDArray[np.float32]:
        """Return scores of shape (n_customers,), NaN where missing."""
        values = _numbers(self.name, column)
        scores = np.interp(values, self.values, self.scores)
        if self.spike is not None:
            scores[values == self.spike] = np.nan
        return (np.round(scores * STEPS_OF_A_SCORE) / STEPS_OF_A_SCORE).astype(np.float32)


@dataclass(frozen=True)
class CategoryFeature:
    """How one column becomes categories.

    Attributes
    ----------
    name, basis, column
        The column: its name, its segmentation basis, and its place in the table.
    groups
        The category number of a word; for numbers `spike` is category 1 and every other value category 0.
    shares
        The share of each category, 0 to 1, among the customers who have a value.
    spike
        The number that is category 1; None for words.
    """

    name: str
    basis: str
    column: int
    groups: Mapping[str, int]
    shares: NDArray[np.float64]
    spike: float | None

    def apply(self, column: Column) -> NDArray[np.int16]:
        """Return category numbers of shape (n_customers,), -1 where missing or never seen."""
        if self.spike is not None:
            values = _numbers(self.name, column)
            return np.where(np.isnan(values), MISSING, values == self.spike).astype(np.int16)
        if not isinstance(column, Words):
            raise TypeError(f"column {self.name!r} should be text, as in fit, got numbers instead")
        of_code = np.array([self.groups.get(word, MISSING) for word in column.categories] + [MISSING])
        return np.asarray(of_code[column.codes], dtype=np.int16)


@dataclass(frozen=True)
class Features:
    """How a table of customers becomes a design; `bases` in the order in which the columns name them."""

    numbers: tuple[NumberFeature, ...]
    categories: tuple[CategoryFeature, ...]
    bases: tuple[str, ...]

    def apply(self, columns: Sequence[Column]) -> Design:
        """Return the customers of these columns as the mixture reads them."""
        n = columns[0].is_known.size
        scores = [feature.apply(columns[feature.column]) for feature in self.numbers]
        codes = [feature.apply(columns[feature.column]) for feature in self.categories]
        place = {basis: number for number, basis in enumerate(self.bases)}
        return Design(
            np.stack(scores) if scores else np.zeros((0, n), dtype=np.float32),
            np.stack(codes) if codes else np.zeros((0, n), dtype=np.int16),
            tuple(feature.shares.size for feature in self.categories),
            np.array([feature.cell_variance for feature in self.numbers]),
            np.array([place[feature.basis] for feature in self.numbers], dtype=np.int64),
            np.array([place[feature.basis] for feature in self.categories], dtype=np.int64),
            len(self.bases),
        )


def learn_features(
    columns: Sequence[Column], bases: Sequence[str], sample_weight: NDArray[np.float64] | None = None
) -> Features:
    """Learn from the columns how each becomes scores or categories.

    A column with one value, or none, gives no feature: it says nothing about segments. Of more than 100,000
    customers the numbers of as many, at even steps of weight, are ranked.

    Parameters
    ----------
    columns
        The columns of the customers to learn from.
    bases
        The basis of each column.
    sample_weight
        How many customers each row stands for, shape (n_customers,); None is one each.

    Examples
    --------
    >>> answers = Numbers("price1", np.array([1.0, 2.0, 2.0, 3.0, np.nan]))
    >>> features = learn_features([answers], ["psychological"])
    >>> features.numbers[0].scores.round(2), round(features.numbers[0].cell_variance, 2)
    (array([-1.27,  0.  ,  1.27]), 0.19)
    """
    n = columns[0].is_known.size if columns else 0
    weights = np.ones(n) if sample_weight is None else sample_weight
    rows = np.arange(n) if n <= MOST_RANKED else spread(weights, MOST_RANKED)
    ranked = weights if n <= MOST_RANKED else np.ones(MOST_RANKED)
    numbers: list[NumberFeature] = []
    categories: list[CategoryFeature] = []
    for place, (column, basis) in enumerate(zip(columns, bases, strict=True)):
        if isinstance(column, Words):
            found = _words(column, basis, place, weights)
            categories += [found] if found else []
            continue
        values = column.values if n <= MOST_RANKED else column.values[rows]
        number, category = _number(Numbers(column.name, values), basis, place, ranked)
        numbers += [number] if number else []
        categories += [category] if category else []
    return Features(tuple(numbers), tuple(categories), tuple(dict.fromkeys(bases)))


def _numbers(name: str, column: Column) -> NDArray[np.float64]:
    if not isinstance(column, Numbers):
        raise TypeError(f"column {name!r} should be numbers, as in fit, got text instead")
    return column.values


def _number(
    column: Numbers, basis: str, place: int, weights: NDArray[np.float64]
) -> tuple[NumberFeature | None, CategoryFeature | None]:
    levels, mass = _levels(column.values, weights)
    if levels.size <= 1:
        return None, None
    share = mass / mass.sum()
    is_flag = levels.size == 2  # noqa: PLR2004  two values: is it the higher one
    top = 1 if is_flag else int(share.argmax())
    has_spike = levels.size > SPIKE_LEAST_VALUES and share[top] > SPIKE_SHARE
    spike = float(levels[top]) if is_flag or has_spike else None
    category = None
    if spike is not None:
        shares = np.array([1 - share[top], share[top]])
        category = CategoryFeature(column.name, basis, place, {}, shares, spike)
        levels, mass = np.delete(levels, top), np.delete(mass, top)
    if is_flag:
        return None, category
    scores, variance = _grouped_normal(mass)
    knots = _knots(mass)
    return NumberFeature(column.name, basis, place, levels[knots], scores[knots], variance, spike), category


def _levels(
    values: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the different known values, rising, and the weight of the customers who have each."""
    is_known = ~np.isnan(values)
    known, weight = values[is_known], weights[is_known]
    if (weight == 1.0).all():
        levels, counts = np.unique(known, return_counts=True)
        return levels, counts.astype(np.float64)
    order = np.argsort(known, kind="stable")
    levels, first = np.unique(known[order], return_index=True)
    return levels, np.add.reduceat(weight[order], first) if levels.size else np.zeros(0)


def _grouped_normal(mass: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return the mean of a standard normal within each interval of ranks, and the mean variance within."""
    from scipy.special import ndtri  # noqa: PLC0415  only who fits needs it

    edges = np.concatenate([[0.0], np.cumsum(mass)])
    edges /= edges[-1]
    places = ndtri(edges)
    density = np.exp(-(places**2) / 2) / np.sqrt(2 * np.pi)
    means = -np.diff(density) / np.diff(edges) + 0.0  # no minus zero
    return means, float(np.clip(1 - (means**2 * np.diff(edges)).sum(), 0.0, 1.0))


def _knots(mass: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the places of at most 65 levels, evenly over the normal scale, the ends among them."""
    from scipy.special import ndtr, ndtri  # noqa: PLC0415  as above

    if mass.size <= KNOTS:
        return np.arange(mass.size)
    upto = np.cumsum(mass)
    middle = (upto - mass / 2) / upto[-1]
    first, last = float(ndtri(middle[0])), float(ndtri(middle[-1]))
    inner = np.searchsorted(middle, ndtr(np.linspace(first, last, KNOTS)[1:-1]))
    ends = np.array([0, mass.size - 1])
    return np.unique(np.concatenate([ends, np.minimum(inner, mass.size - 1)])).astype(np.int64)


def _words(column: Words, basis: str, place: int, weights: NDArray[np.float64]) -> CategoryFeature | None:
    is_known = column.is_known
    mass = np.bincount(column.codes[is_known], weights[is_known], minlength=len(column.categories))
    present = sorted((-float(n), word) for n, word in zip(mass, column.categories, strict=True) if n > 0)
    if len(present) <= 1:
        return None
    groups = {word: min(number, MOST_CATEGORIES) for number, (_, word) in enumerate(present)}
    sizes = np.zeros(min(len(present), MOST_CATEGORIES + 1))
    for n, word in present:
        sizes[groups[word]] -= n
    return CategoryFeature(column.name, basis, place, groups, sizes / sizes.sum(), None)
