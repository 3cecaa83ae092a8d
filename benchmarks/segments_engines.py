"""How scikit-learn divides customers into a given number of segments; arrays for peers that live elsewhere.

| engine | what it is |
| --- | --- |
| k-means, one-hot | on standardised numbers and an indicator per category; missing is the mean |
| k-means, rank-normal | the same on normal scores of ranks, every column of variance 1 |
| GMM | a mixture of normals on those scores, with diagonal covariances |
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
from scipy.special import ndtri
from scipy.stats import rankdata
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from benchmarks.segments_data import Customers
    from numpy.typing import NDArray

STARTS: Final = 10


def k_means_one_hot(customers: Customers) -> NDArray[np.int64]:
    """Return the labels of k-means on standardised numbers and indicators."""
    numbers, codes = split(customers.table)
    rows = np.hstack([np.nan_to_num(numbers), *(_indicators(code) for code in codes.T)])
    return np.asarray(KMeans(customers.n_segments, n_init=STARTS, random_state=0).fit_predict(rows))


def k_means_rank_normal(customers: Customers) -> NDArray[np.int64]:
    """Return the labels of k-means on normal scores of ranks."""
    rows = rank_normal(customers.table)
    return np.asarray(KMeans(customers.n_segments, n_init=STARTS, random_state=0).fit_predict(rows))


def gaussian_mixture(customers: Customers) -> NDArray[np.int64]:
    """Return the labels of a mixture of normals on normal scores of ranks."""
    rows = rank_normal(customers.table)
    model = GaussianMixture(
        customers.n_segments, covariance_type="diag", reg_covar=0.01, n_init=STARTS, random_state=0
    )
    return np.asarray(model.fit_predict(rows))


THEIRS: Final[dict[str, Callable[[Customers], NDArray[np.int64]]]] = {
    "k-means, one-hot": k_means_one_hot,
    "k-means, rank-normal": k_means_rank_normal,
    "GMM": gaussian_mixture,
}


def write_arrays(customers: Customers, file: Path) -> None:
    """Write customers as arrays, for an engine that lives elsewhere."""
    numbers, codes = split(customers.table)
    np.savez(file, numbers=numbers, codes=codes, n_segments=customers.n_segments)


def split(table: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # noqa: ANN401  pyarrow ships no types
    """Return standardised numbers with NaN for missing, and codes of categories with -1 for missing."""
    numbers, codes = np.empty((table.num_rows, 0)), np.empty((table.num_rows, 0))
    for column in table.columns:
        if _is_number(column.type):
            values = _floats(column)
            scores = (values - np.nanmean(values)) / max(float(np.nanstd(values)), 1e-12)
            numbers = np.column_stack([numbers, scores])
        else:
            encoded = column.combine_chunks().dictionary_encode()
            codes = np.column_stack([codes, encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)])
    return numbers, codes


def rank_normal(table: Any) -> NDArray[np.float64]:  # noqa: ANN401  pyarrow ships no types
    """Return normal scores of ranks, and indicators that have variance 1 per column; missing is 0."""
    _, codes = split(table)
    numbers = [_normal_scores(_floats(column)) for column in table.columns if _is_number(column.type)]
    blocks = [scores[:, None] for scores in numbers]
    for code in codes.T:
        indicators = _indicators(code)
        shown = np.where(code[:, None] < 0, 0.0, indicators - indicators[code >= 0].mean(axis=0))
        blocks.append(shown / np.sqrt(max(float(shown.var(axis=0).sum()), 1e-12)))
    return np.hstack(blocks)


def _normal_scores(values: NDArray[np.float64]) -> NDArray[np.float64]:
    known = ~np.isnan(values)
    scores = np.zeros_like(values)
    scores[known] = ndtri((rankdata(values[known]) - 0.5) / known.sum())
    return scores / max(float(scores.std()), 1e-12)


def _indicators(code: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(code[:, None] == np.arange(code.max() + 1), dtype=np.float64)


def _floats(column: Any) -> NDArray[np.float64]:  # noqa: ANN401  pyarrow ships no types
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)


def _is_number(kind: Any) -> bool:  # noqa: ANN401  pyarrow ships no types
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))
