"""k-means on rank-normal scores with balanced bases, as a scikit-learn clusterer.

Lloyd, S. P. (1982), Least squares quantization in PCM, IEEE Transactions on Information Theory 28(2), with
the starts of Arthur & Vassilvitskii (2007), k-means++; the scores are those of `segmentation.encoding`. Where
all columns are categories different customers are few, and `segmentation.starts` tries thousands of starts.

The same customers give the same segments, whatever their order and the number of threads: patterns come in an
order of their own, k-means itself runs on one thread (with more, scikit-learn adds up in the order in which
threads finish), and every customer is assigned by a sum of its own, column by column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from sklearn.cluster import KMeans
from sklearn.utils import check_random_state
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from klantprofiel.segmentation.encoding import (
    are_categorical,
    are_flags,
    explained_share,
    learn_encoding,
    learn_flags,
)
from klantprofiel.segmentation.estimator import Segmenter, canonical_order, weights_of
from klantprofiel.segmentation.patterns import chunks
from klantprofiel.segmentation.starts import best_of_many

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from sqlglot import exp

    from klantprofiel.segmentation.columns import Column
    from klantprofiel.segmentation.encoding import Encoding
    from klantprofiel.segmentation.patterns import Patterns

START_SAMPLE: Final = 4_000  # patterns on which the starts compete; the winner goes on with all
STARTS: Final = 20
MANY_STARTS: Final = 2_000  # where all columns are categories
FEW_PATTERNS: Final = 2_000  # at most, for many starts to be cheap


class KMeansSegmenter(Segmenter):
    """Divide customers into segments of similar scores, with k-means.

    Parameters
    ----------
    n_segments : int or "auto", default="auto"
        The number of segments, at least 1; "auto" finds it, and `structure_` says why.
    bases : mapping or sequence of str, default=None
        The segmentation basis of each column, by column name or in the order of the columns. None means that
        all columns are one basis.
    basis_weights : {"auto", "equal"} or mapping of str to float, default="equal"
        How bases are balanced. "equal": the scores of every basis have the same variance in all, whatever its
        number of columns. "auto": every basis has the same variance in its strongest direction, so that
        columns that repeat each other count once. A mapping multiplies the variance of "equal". Columns of
        two values in one basis are taken as 0 and 1, unscaled.
    random_state : int, RandomState instance or None, default=0
        The seed of the starts.

    Attributes
    ----------
    labels_ : ndarray of shape (n_customers,)
        The segment of each customer, 0 for the largest; ties in size by the segments' mean scores. A customer
        without any known value gets -1.
    n_segments_ : int
        The number of segments.
    sizes_ : ndarray of shape (n_segments,)
        The weight of the customers per segment; without weights their number.
    shares_ : ndarray of shape (n_segments,)
        The same as shares, 0 to 1.
    centers_ : ndarray of shape (n_segments, n_scores)
        The mean scores of each segment.
    inertia_ : float
        The weighted sum of squared distances of the customers to the mean scores of their segment.
    explained_share_ : float
        The share, 0 to 1, of the variance of the scores that lies between segments.
    encoding_ : Encoding
        The scales learned from the columns.
    n_incomplete_ : int
        The number of customers with a value missing, who were given the mean score of that column.
    n_new_categories_ : dict of str to int
        Per column, how many customers of the last `predict` had a category that `fit` did not see.

    Notes
    -----
    A frame (Arrow, pandas, polars) may hold numbers, text, flags and ordered categories, with values missing;
    a matrix holds numbers, NaN where missing. A category that `fit` did not see counts as missing later.

    `predict_proba` reads k-means as normal segments of equal size, with the variance within segments in every
    direction; k-means is a limit of these (Celeux & Govaert 1992, Computational Statistics & Data Analysis
    14(3)). So it says how close a customer is to a border, not how often such customers are elsewhere.

    Examples
    --------
    >>> import numpy as np
    >>> spend = np.array([[1.0], [2.0], [1.5], [90.0], [99.0], [95.0]])
    >>> KMeansSegmenter(n_segments=2).fit_predict(spend)
    array([0, 0, 0, 1, 1, 1])
    """

    centers_: NDArray[np.float64]
    inertia_: float
    explained_share_: float
    encoding_: Encoding
    _counted: NDArray[np.float64]

    def __init__(
        self,
        n_segments: int | str = "auto",
        *,
        bases: Mapping[str, str] | Sequence[str] | None = None,
        basis_weights: str | Mapping[str, float] = "equal",
        random_state: int | np.random.RandomState | None = 0,
    ) -> None:
        self.n_segments = n_segments
        self.bases = bases
        self.basis_weights = basis_weights
        self.random_state = random_state

    def assign(self, columns: Sequence[Column]) -> NDArray[np.int64]:
        """Return the nearest segment of each customer, of shape (n_customers,), for columns read before."""
        parts = [self._distances(part).argmin(axis=1) for part in chunks(columns)]
        return np.concatenate(parts).astype(np.int64)

    def probabilities(self, columns: Sequence[Column]) -> NDArray[np.float64]:
        """Return the probabilities, of shape (n_customers, n_segments), for columns that were read before."""
        return np.vstack([self._closeness(self._distances(part)) for part in chunks(columns)])

    def scoring_sql(self, table: str = "profiles", key: str = "customer_id") -> exp.Select:
        """Return the select that gives each row of `table` its `key` and `segment`, as `predict` does.

        >>> segmenter = KMeansSegmenter(2).fit([[1.0], [2.0], [9.0]])
        >>> segmenter.scoring_sql("customers").sql("spark")[:45]
        'SELECT customer_id, CASE WHEN n_known = 0 THE'
        """
        from klantprofiel.segmentation.scoring import nearest_segment  # noqa: PLC0415  only who exports needs it

        return nearest_segment(self, table, key)

    def _closeness(self, distances: NDArray[np.float64]) -> NDArray[np.float64]:
        further = distances - distances.min(axis=1, keepdims=True)
        n_directions = sum(min(1, scale.width) for scale in self.encoding_.scales if not scale.is_constant)
        variance = self.inertia_ / max(1.0, float(self.sizes_.sum()) * n_directions)
        if variance <= 0:
            return np.asarray((further == 0) / (further == 0).sum(axis=1, keepdims=True))
        density = np.exp(-further / (2 * variance))
        return np.asarray(density / density.sum(axis=1, keepdims=True))

    def _distances(self, columns: Sequence[Column]) -> NDArray[np.float64]:
        return squared_distances(self.encoding_.apply(columns), self.centers_)

    def _learn(self, patterns: Patterns, bases: list[str], n_segments: int) -> None:
        self.encoding_ = self._encoding(patterns, bases)
        rows, weights = self.encoding_.apply(patterns.columns), patterns.weights
        seed = int(check_random_state(self.random_state).randint(np.iinfo(np.int32).max))
        with threadpool_limits(limits=1):
            if len(patterns) <= FEW_PATTERNS and are_categorical(patterns.columns):
                n_starts = max(1, round(MANY_STARTS * self.effort**3))
                centers = best_of_many(rows, weights, n_segments, n_starts=n_starts, seed=seed)
            else:
                centers = self._search(rows, weights, n_segments, seed)
        distances = squared_distances(rows, centers)
        sizes = weights_of(distances.argmin(axis=1), weights, n_segments)
        order = canonical_order(sizes, centers)
        self.centers_, self._counted = centers[order], sizes[order]
        self.inertia_ = float((distances.min(axis=1) * weights).sum())
        self.explained_share_ = explained_share(rows, weights, distances.argmin(axis=1))

    def _sizes(self, patterns: Patterns) -> NDArray[np.float64]:  # noqa: ARG002  counted in `_learn`
        return self._counted

    def _encoding(self, patterns: Patterns, bases: list[str]) -> Encoding:
        if are_flags(patterns.columns, bases):
            return learn_flags(patterns.columns, patterns.weights)
        return learn_encoding(patterns.columns, bases, patterns.weights, self.basis_weights)

    def _search(
        self, rows: NDArray[np.float64], weights: NDArray[np.float64], n_segments: int, seed: int
    ) -> NDArray[np.float64]:
        """Return the best centers found: many starts on the first patterns, then one run on all."""
        n_first = START_SAMPLE if len(rows) > 2 * START_SAMPLE else len(rows)
        n_starts = max(2, round(STARTS * self.effort))
        found = KMeans(n_segments, n_init=n_starts, random_state=seed)
        found.fit(rows[:n_first], sample_weight=weights[:n_first])
        if n_first < len(rows):
            found = KMeans(n_segments, init=found.cluster_centers_, n_init=1).fit(rows, sample_weight=weights)
        return np.asarray(found.cluster_centers_, dtype=np.float64)


def squared_distances(rows: NDArray[np.float64], centers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return distances of shape (n_rows, n_centers), each summed in the order of the columns, as in SQL."""
    total = np.zeros((len(centers), len(rows)))
    for score, places in zip(rows.T, centers.T, strict=True):
        apart = score - places[:, None]
        total += apart * apart
    return np.ascontiguousarray(total.T)
