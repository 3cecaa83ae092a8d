"""Customers without segments, who are otherwise like the customers: what a method finds in them is nothing.

They are drawn from a t copula (Demarta, S. & McNeil, A. J. (2005), The t copula and related copulas,
International Statistical Review 73) with of the customers

    margins        the values of each column and their shares, ties and spikes included
    dependence     the correlation of normal scores over customers who have both, corrected for ties: a
                   score within a tie is known to its mean only, so correlations of means are too small, by
                   the standard deviations of the means (first order of Mehler's series). Categories stand
                   in the order of the first principal component
    tails          the degrees of freedom at which the spread of the customers' mean squared score is as wide
    missing        the very cells that are missing, row by row

One component describes them, whatever the dependence: so a gain by more segments is a gain by bending a
component around one cloud, and is to be taken off what is found in the customers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from klantprofiel.segmentation.columns import Numbers, Words
from klantprofiel.segmentation.patterns import taken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from klantprofiel.segmentation.columns import Column

    Floats = NDArray[np.float64]

FREEDOMS: Final = (3.0, 4.0, 6.0, 9.0, 15.0, np.inf)  # tried; above 15 the tails are those of a normal
MOST_CORRELATED: Final = 0.98  # two columns that say the same stay two columns
LEAST_VARIANCE: Final = 0.01  # of a group's scores: a group with one value still is a group
ROUNDS: Final = 3  # in which categories find their order


@dataclass(frozen=True)
class Null:
    """What customers without (further) segments are drawn from; made by `learn_null`."""

    columns: tuple[Column, ...]
    groups: tuple[NDArray[np.int64], ...]
    orders: tuple[tuple[NDArray[np.int64], ...], ...]
    roots: tuple[Floats, ...]
    levels: tuple[tuple[Floats, Floats], ...]
    freedom: float

    def draw(self, random: np.random.Generator) -> list[Column]:
        """Return the columns of as many customers without segments, with the same cells missing."""
        n = sum(len(group) for group in self.groups)
        places = _copula(self.groups, self.roots, self.freedom, random)
        among_all = _leveled(places, self.groups, self.levels)
        found = []
        for number, column in enumerate(self.columns):
            rows = np.arange(n)
            for group, orders in zip(self.groups, self.orders, strict=True):
                known = group[column.is_known[group]]
                order = orders[number]
                place = (among_all if isinstance(column, Numbers) else places)[known, number]
                rows[known] = order[_rows_at(place, len(order))]
            found.append(taken(column, rows))
        return found


def learn_null(
    columns: Sequence[Column],
    random: np.random.Generator,
    labels: NDArray[np.int64] | None = None,
) -> Null:
    """Learn margins, dependence and tails of customers, one row per customer.

    With `labels`, shape (n_customers,), each segment keeps the margins and the dependence of its own: then
    there are those segments, and no segments within them.

    >>> ages = Numbers("age_years", np.array([20.0, 30.0, np.nan, 40.0]))
    >>> drawn = learn_null([ages], np.random.default_rng(0)).draw(np.random.default_rng(1))
    >>> np.isnan(drawn[0].values).tolist()
    [False, False, True, False]
    """
    known = np.stack([column.is_known for column in columns], axis=1)
    given = np.zeros(len(known), dtype=np.int64) if labels is None else labels
    groups = tuple(np.flatnonzero(given == label) for label in np.unique(given))
    ranks = [_first_ranks(column) for column in columns]
    for _ in range(ROUNDS):
        component = _component(_scores(ranks), known)
        ranks = [_reordered(c, r, component) for c, r in zip(columns, ranks, strict=True)]
    scores = _scores(ranks)
    of = np.array([isinstance(column, Numbers) for column in columns])
    levels = tuple(_level(scores[group], known[group], scores) for group in groups)
    apart = np.zeros_like(scores)
    for group, (mean, spread) in zip(groups, levels, strict=True):
        apart[group] = known[group] * (scores[group] - mean) / spread
    roots = _roots(apart, known, groups)
    parts = tuple(root[of] for root in roots)
    freedom = _freedom(apart[:, of], known[:, of], groups, parts, random) if of.sum() > 1 else np.inf
    everyone = np.arange(len(known))
    orders = tuple(
        tuple(_ordered(everyone if is_number else group, r) for is_number, r in zip(of, ranks, strict=True))
        for group in groups
    )
    return Null(tuple(columns), groups, orders, roots, levels, freedom)


def _component(scores: Floats, known: NDArray[np.bool_]) -> Floats:
    """Return the first principal component of each row."""
    return np.asarray(scores @ np.linalg.eigh(_correlation(scores, known))[1][:, -1])


def _level(scores: Floats, known: NDArray[np.bool_], everyone: Floats) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of a group's scores."""
    n = np.maximum(known.sum(axis=0), 1)
    mean = scores.sum(axis=0) / n
    within_ties = 1.0 - (everyone**2).sum(axis=0) / np.maximum((everyone != 0).sum(axis=0), 1)
    variance = (known * (scores - mean) ** 2).sum(axis=0) / n + np.maximum(within_ties, 0.0)
    return mean, np.sqrt(np.maximum(variance, LEAST_VARIANCE))


def _ordered(group: NDArray[np.int64], rank: Floats) -> NDArray[np.int64]:
    """Return the rows of a group with a known rank, lowest first."""
    known = group[~np.isnan(rank[group])]
    return np.asarray(known[np.argsort(rank[known], kind="stable")])


def _first_ranks(column: Column) -> Floats:
    """Return what rows are ordered by, NaN where missing: values, or for words how rare they are."""
    if isinstance(column, Numbers):
        return column.values
    counts = np.bincount(column.codes[column.is_known], minlength=len(column.categories))
    place = np.empty(len(counts))
    place[np.lexsort((np.array(column.categories, dtype=object), -counts))] = np.arange(len(counts))
    return _of_codes(column, place)


def _of_codes(column: Words, numbers: Floats) -> Floats:
    return np.where(column.is_known, np.append(numbers, np.nan)[column.codes], np.nan)


def _reordered(column: Column, ranks: Floats, component: Floats) -> Floats:
    """Put categories in the order of the mean component of their customers; numbers keep theirs."""
    if isinstance(column, Numbers):
        return ranks
    known = column.is_known
    counts = np.bincount(column.codes[known], minlength=len(column.categories))
    sums = np.bincount(column.codes[known], weights=component[known], minlength=len(counts))
    return _of_codes(column, sums / np.maximum(counts, 1))


def _scores(ranks: Sequence[Floats]) -> Floats:
    """Return normal scores of shape (n, columns), 0 where missing."""
    return np.stack([_normal_means(rank) for rank in ranks], axis=1)


def _normal_means(rank: Floats) -> Floats:
    """Return the mean of a standard normal within the tie of each value; 0 where missing."""
    from scipy.special import ndtri  # noqa: PLC0415  only who chooses a number of segments needs it

    known = ~np.isnan(rank)
    _, tie, sizes = np.unique(rank[known], return_inverse=True, return_counts=True)
    edges = ndtri(np.concatenate([[0.0], np.cumsum(sizes)]) / max(1, known.sum()))
    density = np.exp(-0.5 * edges**2) / np.sqrt(2 * np.pi)
    scores = np.zeros(len(rank))
    scores[known] = (-np.diff(density) * known.sum() / sizes)[tie]
    return scores


def _correlation(scores: Floats, known: NDArray[np.bool_]) -> Floats:
    """Return the correlations behind the scores, as a matrix with positive eigenvalues."""
    told = known.astype(np.float64)
    together = np.maximum(told.T @ told, 1.0)
    variance = np.maximum((scores**2).sum(axis=0) / np.maximum(told.sum(axis=0), 1.0), 1e-9)
    found = np.clip(
        (scores.T @ scores) / together / np.outer(variance, variance), -MOST_CORRELATED, MOST_CORRELATED
    )
    np.fill_diagonal(found, 1.0)
    values, vectors = np.linalg.eigh(found)
    found = (vectors * np.maximum(values, 1e-3)) @ vectors.T
    scale = np.sqrt(np.diag(found))
    return np.asarray(found / np.outer(scale, scale))


def _roots(
    scores: Floats, known: NDArray[np.bool_], groups: Sequence[NDArray[np.int64]]
) -> tuple[Floats, ...]:
    """Return per group the root of its correlations, which lean on those of all groups as it is smaller."""
    pooled = _correlation(scores, known)
    if len(groups) == 1:
        return (np.asarray(np.linalg.cholesky(pooled), dtype=np.float64),)
    lean = scores.shape[1]
    shares = [lean / (lean + len(group)) for group in groups]
    return tuple(
        np.linalg.cholesky(share * pooled + (1 - share) * _correlation(scores[group], known[group]))
        for group, share in zip(groups, shares, strict=True)
    )


def _copula(
    groups: Sequence[NDArray[np.int64]],
    roots: Sequence[Floats],
    freedom: float,
    random: np.random.Generator,
) -> Floats:
    """Return places from 0 to 1 of shape (n, columns)."""
    from scipy.special import ndtr, stdtr  # noqa: PLC0415  as above

    n = sum(len(group) for group in groups)
    normal = np.empty((n, len(roots[0])))
    for group, root in zip(groups, roots, strict=True):
        normal[group] = random.standard_normal((len(group), root.shape[1])) @ root.T
    if np.isinf(freedom):
        return np.asarray(ndtr(normal))
    scale = random.chisquare(freedom, n) / freedom
    return np.asarray(stdtr(freedom, normal / np.sqrt(scale)[:, None]))


def _leveled(
    places: Floats, groups: Sequence[NDArray[np.int64]], levels: Sequence[tuple[Floats, Floats]]
) -> Floats:
    """Move places among the customers of a group to places among all customers."""
    from scipy.special import ndtr, ndtri  # noqa: PLC0415  as above

    if len(groups) == 1:
        return places
    found = np.empty_like(places)
    for group, (mean, spread) in zip(groups, levels, strict=True):
        found[group] = ndtr(mean + spread * ndtri(np.clip(places[group], 1e-12, 1 - 1e-12)))
    return found


def _freedom(
    scores: Floats,
    known: NDArray[np.bool_],
    groups: Sequence[NDArray[np.int64]],
    roots: Sequence[Floats],
    random: np.random.Generator,
) -> float:
    """Return the degrees of freedom that give the customers' mean squared score its spread."""
    wanted = _radius_spread(scores, known)
    margins = [np.sort(scores[is_known, number]) for number, is_known in enumerate(known.T)]
    seed = int(random.integers(2**32))
    misses = []
    for freedom in FREEDOMS:
        places = _copula(groups, roots, freedom, np.random.default_rng(seed))
        drawn = np.zeros_like(scores)
        for number, margin in enumerate(margins):
            is_known = known[:, number]
            drawn[is_known, number] = margin[_rows_at(places[is_known, number], len(margin))]
        misses.append(abs(_radius_spread(drawn, known) - wanted))
    return FREEDOMS[int(np.argmin(misses))]


def _radius_spread(scores: Floats, known: NDArray[np.bool_]) -> float:
    n_known = known.sum(axis=1)
    told = n_known > 0
    return float(np.std((scores[told] ** 2).sum(axis=1) / n_known[told]))


def _rows_at(places: Floats, n: int) -> NDArray[np.int64]:
    """Return the ranks, 0 to n - 1, at places from 0 to 1."""
    return np.minimum((places * n).astype(np.int64), n - 1)
