"""Columns of customers as segmenters read them: numbers with NaN for missing, or words as codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MISSING = -1  # the code of a missing word
ID_LIKE_SHARE: Final = 0.5  # a text that differs between more than half of the customers names them
ID_LIKE_LEAST: Final = 20  # with fewer customers than this, many different texts mean little
NUMBERED_LEAST: Final = 100  # as many whole numbers, all different and almost without a gap, were handed out
NUMBERED_RANGE: Final = 1.1
NUMBERED_FROM: Final = 1_000_000  # so were different whole numbers above this: no days, counts or euros


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
    """A categorical column: `codes` of shape (n_customers,) point into `categories`; -1 where missing.

    Categories stand in the order of the alphabet, or, in an ordinal column, in the order that it declares.
    """

    name: str
    codes: NDArray[np.int64]
    categories: tuple[str, ...]
    is_ordinal: bool = False

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


def says_nothing(column: Column, weights: NDArray[np.float64] | None = None) -> str:
    """Return why a column cannot tell groups of customers apart, or an empty text.

    `empty` when nobody has a value, `constant` when all have the same, `id_like` when a text names customers
    or whole numbers were handed out to them: each once, almost without a gap or of seven digits and more.

    >>> says_nothing(Numbers("visits", np.array([3.0, 3.0, np.nan])))
    'constant'
    """
    is_known = column.is_known if weights is None else column.is_known & (weights > 0)
    known = (column.codes if isinstance(column, Words) else column.values)[is_known]
    n_known = float(known.size if weights is None else weights[is_known].sum())
    different = np.unique(known)
    if different.size == 0:
        return "empty"
    if different.size == 1:
        return "constant"
    if isinstance(column, Words):
        names_customers = n_known >= ID_LIKE_LEAST and different.size > ID_LIKE_SHARE * n_known
        return "id_like" if names_customers and not column.is_ordinal else ""
    return "id_like" if different.size >= n_known >= NUMBERED_LEAST and _is_numbering(different) else ""


def _is_numbering(different: NDArray[np.number[Any]]) -> bool:
    is_whole = bool((different == np.floor(different)).all())
    is_dense = float(different[-1] - different[0]) < NUMBERED_RANGE * different.size
    return is_whole and (is_dense or float(different[0]) >= NUMBERED_FROM)


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
    if _is_ordinal(kind):
        ranked = column.unify_dictionaries().combine_chunks()
        ranks = ranked.indices.fill_null(MISSING).to_numpy(zero_copy_only=False).astype(np.int64)
        return Words(name, ranks, tuple(map(str, ranked.dictionary.to_pylist())), is_ordinal=True)
    words = column.cast(pa.string()).combine_chunks()
    encoded = words.dictionary_encode()
    codes = encoded.indices.fill_null(MISSING).to_numpy(zero_copy_only=False).astype(np.int64)
    seen = np.array(encoded.dictionary.to_pylist(), dtype=object)
    order = np.argsort(seen, kind="stable")
    place = np.append(np.argsort(order), MISSING)
    return Words(name, place[codes], tuple(seen[order].tolist()))


def _is_ordinal(kind: Any) -> bool:  # noqa: ANN401  pyarrow ships no types
    import pyarrow.types as pt  # noqa: PLC0415  as above

    return bool(pt.is_dictionary(kind) and kind.ordered)


def _is_numeric(kind: Any) -> bool:  # noqa: ANN401  pyarrow ships no types
    import pyarrow.types as pt  # noqa: PLC0415  as above

    is_number = pt.is_integer(kind) or pt.is_floating(kind) or pt.is_decimal(kind)
    return bool(is_number or pt.is_null(kind))  # a column of nothing but nulls has no type of its own


def _is_wordy(kind: Any) -> bool:  # noqa: ANN401  pyarrow ships no types
    import pyarrow.types as pt  # noqa: PLC0415  as above

    is_text = pt.is_string(kind) or pt.is_large_string(kind) or pt.is_string_view(kind)
    return bool(is_text or pt.is_boolean(kind) or (pt.is_dictionary(kind) and _is_wordy(kind.value_type)))
