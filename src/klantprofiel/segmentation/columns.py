"""Columns of customers as segmenters read them: numbers with NaN for missing, or words as codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MISSING = -1  # the code of a missing word


@dataclass(frozen=True)
class Numbers:
    """A numeric column: float64 of shape (n_customers,), NaN where missing."""

    name: str
    values: NDArray[np.float64]

    @property
    def is_known(self) -> NDArray[np.bool_]:
        """Which customers have a value."""
        return np.asarray(~np.isnan(self.values), dtype=np.bool_)


@dataclass(frozen=True)
class Words:
    """A categorical column: `codes` of shape (n_customers,) point into `categories`; -1 where missing."""

    name: str
    codes: NDArray[np.int64]
    categories: tuple[str, ...]

    @property
    def is_known(self) -> NDArray[np.bool_]:
        """Which customers have a value."""
        return np.asarray(self.codes != MISSING, dtype=np.bool_)


Column = Numbers | Words


def columns_of(table: Any) -> list[Column]:  # noqa: ANN401  pyarrow ships no types
    """Return the columns of an Arrow table: numbers as they are, text and flags as words.

    >>> import pyarrow as pa
    >>> age, region = columns_of(pa.table({"age_years": [30, None], "region": ["Utrecht", None]}))
    >>> age.values, region.categories, region.codes
    (array([30., nan]), ('Utrecht',), array([ 0, -1]))

    Raises
    ------
    TypeError
        For a column of another type than numbers, text and flags, such as a date.
    ValueError
        For a column with infinity.
    """
    return [_column(name, table.column(name)) for name in table.column_names]


def columns_of_matrix(matrix: NDArray[np.float64]) -> list[Column]:
    """Return the columns of a float matrix of shape (n_customers, n_columns), called x0, x1, ..."""
    return [Numbers(f"x{number}", matrix[:, number]) for number in range(matrix.shape[1])]


def is_usable_type(kind: Any) -> bool:  # noqa: ANN401  pyarrow ships no types
    """Whether segmenters can read a column of this Arrow type."""
    return _is_numeric(kind) or _is_wordy(kind)


def _column(name: str, column: Any) -> Column:  # noqa: ANN401  pyarrow ships no types
    import pyarrow as pa  # noqa: PLC0415  import costs 100 ms, and matrices do without

    kind = column.type
    if _is_numeric(kind):
        numbers = np.asarray(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)
        if np.isinf(numbers).any():
            raise ValueError(f"column {name!r} should be finite, got infinity instead")
        return Numbers(name, numbers)
    if not _is_wordy(kind):
        raise TypeError(f"column {name!r} should be numbers, text or flags, got {kind} instead")
    words = column.cast(pa.string()).combine_chunks()
    encoded = words.dictionary_encode()
    codes = encoded.indices.fill_null(MISSING).to_numpy(zero_copy_only=False).astype(np.int64)
    return Words(name, codes, tuple(encoded.dictionary.to_pylist()))


def _is_numeric(kind: Any) -> bool:  # noqa: ANN401  pyarrow ships no types
    import pyarrow.types as pt  # noqa: PLC0415  as above

    return bool(pt.is_integer(kind) or pt.is_floating(kind) or pt.is_decimal(kind))


def _is_wordy(kind: Any) -> bool:  # noqa: ANN401  pyarrow ships no types
    import pyarrow.types as pt  # noqa: PLC0415  as above

    is_text = pt.is_string(kind) or pt.is_large_string(kind) or pt.is_string_view(kind)
    return bool(is_text or pt.is_boolean(kind) or (pt.is_dictionary(kind) and _is_wordy(kind.value_type)))
