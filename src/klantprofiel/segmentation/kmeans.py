"""k-means on rank-normal scores with balanced bases, as a scikit-learn clusterer.

Lloyd, S. P. (1982), Least squares quantization in PCM, IEEE Transactions on Information Theory 28(2), with
the starts of Arthur & Vassilvitskii (2007), k-means++; the scores are those of `segmentation.encoding`.

The same customers give the same segments, whatever their order and the number of threads: the scores are
sorted before they are clustered, k-means itself runs on one thread (with more, scikit-learn adds up in the
order in which threads finish), and every customer is assigned by a sum of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import KMeans
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from klantprofiel.segmentation.columns import columns_of, columns_of_matrix
from klantprofiel.segmentation.encoding import known_columns, learn_encoding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from klantprofiel.segmentation.columns import Column
    from klantprofiel.segmentation.encoding import Encoding

UNASSIGNED: Final = -1  # the label of a customer without any known value
START_SAMPLE: Final = 4_000  # customers on which the starts compete; the winner goes on with all customers
STARTS: Final = 20


class KMeansSegmenter(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Divide customers into segments of similar scores, with k-means.

    Parameters
    ----------
    n_segments : int, default=5
        The number of segments, at least 1.
    bases : mapping or sequence of str, default=None
        The segmentation basis of each column, by column name or in the order of the columns. Every basis
        weighs the same, whatever its number of columns. None means that all columns are one basis.
    random_state : int, RandomState instance or None, default=0
        The seed of the starts.

    Attributes
    ----------
    labels_ : ndarray of shape (n_customers,)
        The segment of each customer, 0 for the largest; ties in size by the segments' mean scores. A customer
        without any known value gets -1.
    sizes_ : ndarray of shape (n_segments,)
        The number of customers per segment.
    centers_ : ndarray of shape (n_segments, n_scores)
        The mean scores of each segment.
    inertia_ : float
        The sum of squared distances of the customers to the mean scores of their segment.
    explained_share_ : float
        The share, 0 to 1, of the variance of the scores that lies between segments.
    encoding_ : Encoding
        The scales learned from the columns.
    n_incomplete_ : int
        The number of customers with a value missing, who were given the mean score of that column.

    Notes
    -----
    A frame (Arrow, pandas, polars) may hold numbers, text and flags, with values missing; a matrix holds
    numbers, NaN where missing. A category that `fit` did not see counts as missing in `predict`.

    Examples
    --------
    >>> import numpy as np
    >>> spend = np.array([[1.0], [2.0], [1.5], [90.0], [99.0], [95.0]])
    >>> KMeansSegmenter(n_segments=2).fit_predict(spend)
    array([0, 0, 0, 1, 1, 1])
    """

    labels_: NDArray[np.int64]
    sizes_: NDArray[np.int64]
    centers_: NDArray[np.float64]
    inertia_: float
    explained_share_: float
    encoding_: Encoding
    n_incomplete_: int

    def __init__(
        self,
        n_segments: int = 5,
        *,
        bases: Mapping[str, str] | Sequence[str] | None = None,
        random_state: int | np.random.RandomState | None = 0,
    ) -> None:
        self.n_segments = n_segments
        self.bases = bases
        self.random_state = random_state

    def fit(self, X: Any, y: object = None) -> Self:  # noqa: ANN401, ARG002, N803  scikit-learn's signature
        """Find the segments of the customers in `X`.

        Parameters
        ----------
        X : frame or array-like of shape (n_customers, n_columns)
            The customers.
        y : None
            Not used; there by scikit-learn's convention.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            When there are more segments than customers who differ.
        """
        if not isinstance(self.n_segments, Integral) or isinstance(self.n_segments, bool):
            raise TypeError(f"n_segments should be a whole number, got {self.n_segments!r} instead")
        if self.n_segments < 1:
            raise ValueError(f"n_segments should be >= 1, got {self.n_segments} instead")
        columns = self._columns(X, reset=True)
        self.encoding_ = learn_encoding(columns, self._basis_of(columns))
        scores = self.encoding_.apply(columns)
        n_known = known_columns(columns)
        rows = _sorted_rows(scores[n_known > 0])
        self.centers_ = _canonical(self._search(rows), rows)
        self.labels_ = np.where(n_known > 0, _nearest(scores, self.centers_), UNASSIGNED)
        self.sizes_ = np.bincount(self.labels_[n_known > 0], minlength=self.n_segments)
        self.inertia_ = float(_squared_distances(rows, self.centers_).min(axis=1).sum())
        total = float(((rows - rows.mean(axis=0)) ** 2).sum())
        self.explained_share_ = 1.0 - self.inertia_ / total if total > 0 else 0.0
        self.n_incomplete_ = int(((n_known > 0) & (n_known < len(columns))).sum())
        return self

    def predict(self, X: Any) -> NDArray[np.int64]:  # noqa: ANN401, N803  scikit-learn's signature
        """Return the segment of each customer in `X`, of shape (n_customers,); -1 if nothing is known."""
        check_is_fitted(self)
        columns = self._columns(X, reset=False)
        labels = _nearest(self.encoding_.apply(columns), self.centers_)
        return np.where(known_columns(columns) > 0, labels, UNASSIGNED)

    def _columns(self, X: Any, *, reset: bool) -> list[Column]:  # noqa: ANN401, N803  scikit-learn's signature
        if hasattr(X, "__arrow_c_stream__"):
            import pyarrow as pa  # noqa: PLC0415  a matrix does without

            is_pandas = hasattr(X, "iloc")  # its own Arrow stream would carry the index along
            table = pa.Table.from_pandas(X, preserve_index=False) if is_pandas else pa.table(X)
            validate_data(self, X if is_pandas else table, reset=reset, skip_check_array=True)
            return columns_of(table)
        matrix = validate_data(
            self,
            X,
            reset=reset,
            dtype=np.float64,
            ensure_all_finite="allow-nan",
            ensure_min_samples=1 + reset,
        )
        return columns_of_matrix(matrix)

    def _basis_of(self, columns: list[Column]) -> list[str]:
        if self.bases is None:
            return [""] * len(columns)
        if isinstance(self.bases, Mapping):
            missing = [column.name for column in columns if column.name not in self.bases]
            if missing:
                raise ValueError(f"bases should name the basis of every column, {missing[0]!r} is not there")
            return [self.bases[column.name] for column in columns]
        if len(self.bases) != len(columns):
            raise ValueError(f"bases should name {len(columns)} columns, got {len(self.bases)} instead")
        return list(self.bases)

    def _search(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the best centers found for sorted rows: many starts on a sample, then all rows."""
        n_distinct = _n_distinct(rows)
        if n_distinct < self.n_segments:
            raise ValueError(
                f"n_segments should be <= {n_distinct}, the number of customers who differ (of n_samples = "
                f"{len(rows)}), got {self.n_segments} instead"
            )
        random = check_random_state(self.random_state)
        seed = random.randint(np.iinfo(np.int32).max)
        chosen = np.sort(random.permutation(len(rows))[:START_SAMPLE])
        sample = rows[chosen] if _n_distinct(rows[chosen]) >= self.n_segments else rows
        with threadpool_limits(limits=1):
            found = KMeans(self.n_segments, n_init=STARTS, random_state=seed).fit(sample)
            if len(sample) < len(rows):
                found = KMeans(self.n_segments, init=found.cluster_centers_, n_init=1).fit(rows)
        return np.asarray(found.cluster_centers_)

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401  scikit-learn ships no types
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _canonical(centers: NDArray[np.float64], rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Put the centers in order: most rows first, ties by the centers themselves."""
    sizes = np.bincount(_nearest(rows, centers), minlength=len(centers))
    return centers[np.lexsort((*centers.T[::-1], -sizes))]


def _nearest(rows: NDArray[np.float64], centers: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.asarray(_squared_distances(rows, centers).argmin(axis=1), dtype=np.int64)


def _squared_distances(rows: NDArray[np.float64], centers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return distances of shape (n_rows, n_centers), each a sum over one row: no threads, no neighbours."""
    return np.stack([((rows - center) ** 2).sum(axis=1) for center in centers], axis=1)


def _sorted_rows(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return rows[np.lexsort(rows.T[::-1])]


def _n_distinct(rows: NDArray[np.float64]) -> int:
    """Return the number of different rows among sorted ones."""
    return int((rows[1:] != rows[:-1]).any(axis=1).sum()) + 1 if len(rows) else 0
