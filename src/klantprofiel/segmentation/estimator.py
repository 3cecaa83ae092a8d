"""What segmenters that learn from customers share: reading them, refusals, labels, scikit-learn's rules."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from numbers import Integral
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import check_array, check_is_fitted, validate_data

from klantprofiel.segmentation.columns import columns_of, columns_of_matrix, says_nothing
from klantprofiel.segmentation.patterns import known_columns, patterns_of
from klantprofiel.segmentation.vocabulary import learn_vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sqlglot import exp

    from klantprofiel.segmentation.columns import Column
    from klantprofiel.segmentation.patterns import Patterns
    from klantprofiel.segmentation.structure import SegmentCount
    from klantprofiel.segmentation.vocabulary import Vocabulary

UNASSIGNED: Final = -1  # the label of a customer without any known value
REFUSALS: Final = {
    "empty": "has no value for any customer",
    "constant": "has the same value for every customer",
    "id_like": "differs between nearly all customers, as an identifier does",
}
WEIGHTINGS: Final = ("auto", "equal")


class Segmenter(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """The part that segmenters share; an engine adds `_learn`, `assign` and `probabilities`.

    The engine sees patterns: each different customer once, with a weight, in an order that depends on the
    values alone. So a weight of two is exactly two such customers, and the order of rows changes nothing.

    Attributes
    ----------
    labels_ : ndarray of shape (n_customers,)
        The segment of each customer, 0 for the largest. A customer without any known value gets -1.
    n_segments_ : int
        The number of segments.
    structure_ : SegmentCount
        Why "auto" found so many; only there when it was asked.
    sizes_ : ndarray of shape (n_segments,)
        The weight of the customers per segment; without weights their number.
    shares_ : ndarray of shape (n_segments,)
        The shares of the segments, 0 to 1: what `predict_proba` says of a customer of whom nothing is known.
    n_incomplete_ : int
        The number of customers in a segment with a value missing.
    n_new_categories_ : dict of str to int
        Per column, how many customers of the last `predict` or `predict_proba` had a category that `fit` did
        not see; it counted as missing.
    vocabulary_ : Vocabulary
        The categories that `fit` saw.
    """

    effort: float = 1.0  # of the search, as a share of its starts; less where many fits are compared

    n_segments: int | str
    bases: Mapping[str, str] | Sequence[str] | None
    basis_weights: str | Mapping[str, float]
    random_state: int | np.random.RandomState | None
    n_segments_: int
    structure_: SegmentCount
    labels_: NDArray[np.int64]
    sizes_: NDArray[np.float64]
    shares_: NDArray[np.float64]
    n_incomplete_: int
    n_new_categories_: dict[str, int]
    vocabulary_: Vocabulary

    @abstractmethod
    def _learn(self, patterns: Patterns, bases: list[str], n_segments: int) -> None:
        """Find the segments of the patterns, in canonical order, and keep them on the engine."""

    @abstractmethod
    def assign(self, columns: Sequence[Column]) -> NDArray[np.int64]:
        """Return the segment of each customer, of shape (n_customers,), for columns that were read before."""

    @abstractmethod
    def probabilities(self, columns: Sequence[Column]) -> NDArray[np.float64]:
        """Return the probabilities, of shape (n_customers, n_segments), for columns that were read before."""

    @abstractmethod
    def scoring_sql(self, table: str = "profiles", key: str = "customer_id") -> exp.Select:
        """Return the select that gives each row of `table` its `key` and `segment`, as `predict` does."""

    def _sizes(self, patterns: Patterns) -> NDArray[np.float64]:
        """Return the weight of the patterns per segment; an engine that counted them says so itself."""
        return weights_of(self.assign(patterns.columns), patterns.weights, self.n_segments_)

    def fit(self, X: Any, y: object = None, sample_weight: Any = None) -> Self:  # noqa: ANN401, ARG002, N803
        """Find the segments of the customers in `X`.

        Parameters
        ----------
        X : frame or array-like of shape (n_customers, n_columns)
            The customers. A frame (Arrow, pandas, polars) may hold numbers, text, flags and ordered
            categories, with values missing; a matrix holds numbers, NaN where missing.
        y : None
            Not used; there by scikit-learn's convention.
        sample_weight : array-like of shape (n_customers,), default=None
            How many customers each row stands for, 0 or more. None means one each.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            When a column has no value, one value, or identifies customers; when the weights are wrong; when
            there are more segments than customers who differ.
        """
        columns, weights, patterns, bases = self._taken_in(X, sample_weight)
        self.fit_patterns(patterns, bases)
        self.n_new_categories_ = {}
        known = known_columns(columns)
        self.labels_ = np.where(known > 0, self.assign(columns), UNASSIGNED)
        self.n_incomplete_ = int(((known > 0) & (known < len(columns)) & (weights > 0)).sum())
        return self

    def fit_patterns(self, patterns: Patterns, bases: list[str]) -> Self:
        """Find the segments of patterns that were read before, such as a bootstrap sample of them.

        Nothing is refused for having one value only: in a sample a column may. `predict` needs a `fit`.

        Parameters
        ----------
        patterns
            The customers.
        bases
            The basis of each column.

        Raises
        ------
        ValueError
            When there are more segments than patterns.
        """
        if self.n_segments == "auto":
            from klantprofiel.segmentation.structure import choose_k  # noqa: PLC0415  it fits segmenters itself

            self.structure_ = choose_k(self, patterns, bases)
            self.n_segments_ = int(self.structure_.n_segments)
        else:
            _refuse_too_many(self.n_segments, patterns, len(patterns))
            self.n_segments_ = int(self.n_segments)
        self._learn(patterns, bases, self.n_segments_)
        self.sizes_ = self._sizes(patterns)
        self.shares_ = self.sizes_ / self.sizes_.sum()
        return self

    def patterns_from(
        self,
        X: Any,  # noqa: ANN401, N803  scikit-learn's signature
        sample_weight: Any = None,  # noqa: ANN401  array-like
    ) -> tuple[Patterns, list[str]]:
        """Return the different customers in `X` and the basis of each column; refuse what `fit` refuses."""
        _, _, patterns, bases = self._taken_in(X, sample_weight)
        return patterns, bases

    def predict(self, X: Any) -> NDArray[np.int64]:  # noqa: ANN401, N803  scikit-learn's signature
        """Return the segment of each customer in `X`, of shape (n_customers,); -1 if nothing is known."""
        columns = self._read(X)
        return np.where(known_columns(columns) > 0, self.assign(columns), UNASSIGNED)

    def predict_proba(self, X: Any) -> NDArray[np.float64]:  # noqa: ANN401, N803  scikit-learn's signature
        """Return the probability of each segment, of shape (n_customers, n_segments); rows add up to 1.

        A customer of whom nothing is known gets the shares of the segments.
        """
        columns = self._read(X)
        is_known = known_columns(columns) > 0
        return np.where(is_known[:, None], self.probabilities(columns), self.shares_)

    def bases_of(self, columns: Sequence[Column]) -> list[str]:
        """Return the basis of each column, as `bases` says; without it all are one basis."""
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

    def _taken_in(
        self,
        X: Any,  # noqa: ANN401, N803  scikit-learn's signature
        sample_weight: Any,  # noqa: ANN401  array-like
    ) -> tuple[list[Column], NDArray[np.float64], Patterns, list[str]]:
        self._check_settings()
        raw = self._columns(X, reset=True)
        weights = _weights(sample_weight, raw[0].is_known.size)
        self.vocabulary_ = learn_vocabulary(raw, weights)
        columns, _ = self.vocabulary_.read(raw)
        bases = self.bases_of(columns)
        patterns = patterns_of(columns, weights)
        self._refuse(patterns, n_customers=int((weights > 0).sum()))
        return columns, weights, patterns, bases

    def _check_settings(self) -> None:
        """Refuse settings that are wrong whatever the customers."""
        is_whole = isinstance(self.n_segments, Integral) and not isinstance(self.n_segments, bool)
        if not is_whole and self.n_segments != "auto":
            raise TypeError(f"n_segments should be 'auto' or a whole number, got {self.n_segments!r} instead")
        if isinstance(self.n_segments, Integral) and self.n_segments < 1:
            raise ValueError(f"n_segments should be >= 1, got {self.n_segments} instead")
        given = self.basis_weights
        if isinstance(given, Mapping):
            wrong = next((basis for basis, weight in given.items() if not 0 <= weight < np.inf), None)
            if wrong is not None:
                raise ValueError(f"basis_weights should be >= 0, got {given[wrong]!r} for {wrong!r} instead")
        elif given not in WEIGHTINGS:
            expected = " or ".join(map(repr, WEIGHTINGS))
            raise ValueError(f"basis_weights should be {expected} or a mapping, got {given!r} instead")

    def _read(self, X: Any) -> list[Column]:  # noqa: ANN401, N803  scikit-learn's signature
        check_is_fitted(self)
        columns, self.n_new_categories_ = self.vocabulary_.read(self._columns(X, reset=False))
        return columns

    def _columns(self, X: Any, *, reset: bool) -> list[Column]:  # noqa: ANN401, N803  scikit-learn's signature
        if hasattr(X, "__arrow_c_stream__"):
            import pyarrow as pa  # noqa: PLC0415  a matrix does without

            is_pandas = hasattr(X, "iloc")  # its own Arrow stream would carry the index along
            table = pa.Table.from_pandas(X, preserve_index=False) if is_pandas else pa.table(X)
            validate_data(self, X if is_pandas else table, reset=reset, skip_check_array=True)
            if table.num_columns == 0 or table.num_rows < 1:
                raise ValueError(f"there should be customers and columns, got shape {table.shape} instead")
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

    def _refuse(self, patterns: Patterns, n_customers: int) -> None:
        """Refuse columns that cannot tell customers apart, and more segments than customers who differ."""
        _refuse_too_many(self.n_segments, patterns, n_customers)
        for column in patterns.columns:
            reason = says_nothing(column, patterns.weights)
            if reason:
                raise ValueError(
                    f"column {column.name!r} {REFUSALS[reason]} ({reason}): leave it out, it says nothing of "
                    f"segments (n_samples = {n_customers})"
                )

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401  scikit-learn ships no types
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def canonical_order(sizes: NDArray[np.float64], parameters: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the order of segments: the largest first, ties by their parameters, one row per segment.

    >>> canonical_order(np.array([1.0, 5.0, 1.0]), np.array([[0.3], [0.2], [0.1]]))
    array([1, 2, 0])
    """
    return np.asarray(np.lexsort((*parameters.T[::-1], -sizes)), dtype=np.int64)


def weights_of(
    labels: NDArray[np.int64], weights: NDArray[np.float64], n_segments: int
) -> NDArray[np.float64]:
    """Return the weight of the customers in each segment, of shape (n_segments,)."""
    return np.bincount(labels, weights, minlength=n_segments).astype(np.float64)


def _refuse_too_many(n_segments: int | str, patterns: Patterns, n_customers: int) -> None:
    least = 1 if isinstance(n_segments, str) else n_segments
    if len(patterns) < least:
        raise ValueError(
            f"n_segments should be <= {len(patterns)}, the number of customers who differ "
            f"(of n_samples = {n_customers}), got {n_segments} instead"
        )


def _weights(sample_weight: Any, n_customers: int) -> NDArray[np.float64]:  # noqa: ANN401  array-like
    if sample_weight is None:
        return np.ones(n_customers)
    weights = check_array(sample_weight, ensure_2d=False, dtype=np.float64, input_name="sample_weight")
    if weights.shape != (n_customers,):
        raise ValueError(f"sample_weight should have shape ({n_customers},), got {weights.shape} instead")
    if (weights < 0).any():
        raise ValueError(f"sample_weight should be >= 0, got {weights.min()} instead")
    if not (weights > 0).any():
        raise ValueError("sample_weight should be above zero for some customer, got only zero weights")
    return np.asarray(weights, dtype=np.float64)
