"""The encoded customers: scores and categories, in chunks expanded to what matrix products take."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self, TypeVar

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from klantprofiel.segmentation.columns import MISSING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

CHUNK: Final = 4_096  # customers expanded at once: 3 MB for 100 rows, which caches hold
MOST_THREADS: Final = 4  # beyond these memory is what is waited for

Result = TypeVar("Result")


@dataclass(frozen=True)
class Design:
    """Customers as the mixture reads them.

    Attributes
    ----------
    scores
        float32 of shape (n_numbers, n_customers), NaN where missing.
    codes
        int16 of shape (n_categorical_columns, n_customers), -1 where missing.
    sizes
        The number of categories of each categorical column.
    cell_variances
        The variance within the interval of one value, shape (n_numbers,).
    number_bases, category_bases
        The number of the basis of each number and of each categorical column.
    n_bases
        The number of bases.
    """

    scores: NDArray[np.float32]
    codes: NDArray[np.int16]
    sizes: tuple[int, ...]
    cell_variances: NDArray[np.float64]
    number_bases: NDArray[np.int64]
    category_bases: NDArray[np.int64]
    n_bases: int

    def __len__(self) -> int:
        """Return the number of customers."""
        return int(self.scores.shape[1])

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """The first indicator of each categorical column."""
        return np.concatenate([[0], np.cumsum(self.sizes)[:-1]]).astype(np.int64)[: len(self.sizes)]

    @cached_property
    def indicator_bases(self) -> NDArray[np.int64]:
        """The number of the basis of each indicator."""
        return np.repeat(self.category_bases, self.sizes)

    @cached_property
    def factor_columns(self) -> tuple[NDArray[np.int64], ...]:
        """The numbers of each basis."""
        return tuple(np.flatnonzero(self.number_bases == basis) for basis in range(self.n_bases))

    def take(self, rows: NDArray[np.int64]) -> Self:
        """Return only these customers."""
        return replace(self, scores=self.scores[:, rows], codes=self.codes[:, rows])

    def rows(self, weights: NDArray[np.float64], start: int = 0, stop: int | None = None) -> Rows:
        """Return a range of customers, expanded."""
        scores, codes = self.scores[:, start:stop], self.codes[:, start:stop]
        n_numbers, n = scores.shape
        dense = np.empty((2 * n_numbers + sum(self.sizes), n))
        is_known = ~np.isnan(scores)
        dense[:n_numbers] = np.where(is_known, scores, np.float32(0))
        dense[n_numbers : 2 * n_numbers] = is_known
        for code, size, first in zip(codes, self.sizes, self.starts + 2 * n_numbers, strict=True):
            np.equal(code, np.arange(size, dtype=np.int16)[:, None], out=dense[first : first + size])
        return Rows(dense, n_numbers, weights[start:stop])

    def over_chunks(self, weights: NDArray[np.float64], what: Callable[[Rows], Result]) -> Iterator[Result]:
        """Return what a function says of each chunk of customers, in their order, on as many threads as help.

        Chunks do not depend on the number of threads, so neither does what is made of the results.
        """

        def one(start: int) -> Result:
            return what(self.rows(weights, start, start + CHUNK))

        starts = range(0, len(self), CHUNK)
        with threadpool_limits(limits=1):
            if len(starts) <= 1:
                yield from map(one, starts)
                return
            with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as pool:
                yield from pool.map(one, starts)

    def n_known(self) -> NDArray[np.int64]:
        """Return per customer how many scores and categories are known."""
        known = np.count_nonzero(~np.isnan(self.scores), axis=0)
        return np.asarray(known + np.count_nonzero(self.codes != MISSING, axis=0), dtype=np.int64)


@dataclass(frozen=True)
class Rows:
    """Customers expanded: `dense` has a row per score, per "is known", and per indicator of a category.

    Shape (2 n_numbers + n_indicators, n_customers); a missing score is 0, a missing category all zeros.
    """

    dense: NDArray[np.float64]
    n_numbers: int
    weights: NDArray[np.float64]

    @property
    def scores(self) -> NDArray[np.float64]:
        """Scores, 0 where missing."""
        return self.dense[: self.n_numbers]

    @property
    def known(self) -> NDArray[np.float64]:
        """1 where a score is known."""
        return self.dense[self.n_numbers : 2 * self.n_numbers]

    @property
    def indicators(self) -> NDArray[np.float64]:
        """1 where a customer has the category."""
        return self.dense[2 * self.n_numbers :]

    @cached_property
    def squares(self) -> NDArray[np.float64]:
        """Squared scores on top of `known`: what a constant per customer is made of."""
        return np.concatenate([self.scores**2, self.known])


def spread(weights: NDArray[np.float64], n_rows: int) -> NDArray[np.int64]:
    """Return `n_rows` places at even steps of weight: rows by their weight, in the order that they have.

    >>> spread(np.array([1.0, 2.0, 1.0]), 4)
    array([0, 1, 1, 2])
    """
    upto = np.cumsum(weights)
    steps = (np.arange(n_rows) + 0.5) * (upto[-1] / n_rows)
    return np.asarray(np.minimum(np.searchsorted(upto, steps, side="right"), weights.size - 1))
