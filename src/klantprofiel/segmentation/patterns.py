"""The different customers among all: each pattern of values once, with the weight of those who have it.

A customer with weight two is the same as two such customers, a customer with weight zero as none, and the
order in which customers come is forgotten: patterns stand in the order of a hash of their values, which looks
random.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from klantprofiel.segmentation.columns import Numbers, Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from klantprofiel.segmentation.columns import Column

CHUNK: Final = 16_384
_SEED: Final = 20_261_122  # of the hash; any number does, one number is repeatable


@dataclass(frozen=True)
class Patterns:
    """Different customers of whom something is known.

    Attributes
    ----------
    columns
        Their columns, each of length n_patterns.
    weights
        float64 of shape (n_patterns,), above 0: how many customers each one stands for.
    """

    columns: tuple[Column, ...]
    weights: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of patterns."""
        return int(self.weights.size)

    def resampled(self, random: np.random.Generator) -> Self:
        """Return a bootstrap sample: as many customers, drawn with replacement.

        Fractional weights are drawn as the nearest whole number of customers in all.
        """
        n_customers = max(1, round(float(self.weights.sum())))
        counts = random.multinomial(n_customers, self.weights / self.weights.sum()).astype(np.float64)
        drawn = np.flatnonzero(counts)
        return replace(
            self, columns=tuple(taken(column, drawn) for column in self.columns), weights=counts[drawn]
        )


def patterns_of(columns: Sequence[Column], weights: NDArray[np.float64]) -> Patterns:
    """Return the different customers with a weight above 0 of whom something is known.

    Parameters
    ----------
    columns
        The columns, each of length n_customers.
    weights
        The weights, of shape (n_customers,), 0 or more.

    Examples
    --------
    >>> found = patterns_of([Numbers("age_years", np.array([30.0, np.nan, 41.0, 30.0]))], np.ones(4))
    >>> sorted(zip(found.columns[0].values.tolist(), found.weights.tolist(), strict=True))
    [(30.0, 2.0), (41.0, 1.0)]
    """
    is_used = (known_columns(columns) > 0) & (weights > 0)
    used = columns if is_used.all() else [taken(column, is_used) for column in columns]
    order = np.argsort(_hashes(used), kind="stable")
    ordered = [taken(column, order) for column in used]
    first = _is_first(ordered)
    starts = np.flatnonzero(first)
    summed = np.add.reduceat(weights[is_used][order], starts) if starts.size else np.zeros(0)
    if starts.size < first.size:
        ordered = [taken(column, starts) for column in ordered]
    return Patterns(tuple(ordered), np.asarray(summed, dtype=np.float64))


def known_columns(columns: Sequence[Column]) -> NDArray[np.int64]:
    """Return per customer how many columns have a value."""
    known = np.zeros(_length(columns), dtype=np.int64)
    for column in columns:
        known += column.is_known
    return known


def taken(column: Column, rows: NDArray[np.int64] | NDArray[np.bool_] | slice) -> Column:
    """Return a column of only these customers."""
    if isinstance(column, Words):
        return replace(column, codes=column.codes[rows])
    return replace(column, values=column.values[rows])


def chunks(columns: Sequence[Column]) -> Iterator[list[Column]]:
    """Yield the columns of so many customers at a time that their scores stay in the processor's cache."""
    for first in range(0, max(1, _length(columns)), CHUNK):
        yield [taken(column, slice(first, first + CHUNK)) for column in columns]


def _length(columns: Sequence[Column]) -> int:
    return columns[0].is_known.size if columns else 0


def _hashes(columns: Sequence[Column]) -> NDArray[np.uint64]:
    """Return a 64-bit hash of the values of each customer: equal for equal values."""
    multipliers = np.random.default_rng(_SEED).integers(1, 2**63, size=len(columns), dtype=np.uint64) * 2 + 1
    total = np.zeros(_length(columns), dtype=np.uint64)
    for column, multiplier in zip(columns, multipliers, strict=True):
        total = _mixed((total ^ _bits(column)) * multiplier)
    return total


def _bits(column: Column) -> NDArray[np.uint64]:
    if isinstance(column, Words):
        return column.codes.view(np.uint64)
    values = column.values + 0.0  # minus zero is zero
    values[np.isnan(values)] = np.nan  # one missing is as another
    return values.view(np.uint64)


def _mixed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return bits ^ (bits >> np.uint64(29))


def _is_first(columns: Sequence[Column]) -> NDArray[np.bool_]:
    """Return which rows differ from the one before; equal rows stand together."""
    first = np.zeros(_length(columns), dtype=np.bool_)
    first[:1] = True
    for column in columns:
        if isinstance(column, Numbers):
            one, other = column.values[1:], column.values[:-1]
            first[1:] |= (one != other) & ~(np.isnan(one) & np.isnan(other))
        else:
            first[1:] |= column.codes[1:] != column.codes[:-1]
    return first
