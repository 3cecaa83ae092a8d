"""What `fit` saw in each column of words, so that `predict` reads the same columns in the same way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from klantprofiel.segmentation.columns import MISSING, Numbers, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from klantprofiel.segmentation.columns import Column


@dataclass(frozen=True)
class Vocabulary:
    """The words of each column: `seen` for a category, `ranks` for an ordinal one, in its order.

    Attributes
    ----------
    names
        The columns, in order.
    seen
        Per column of categories the categories that customers had.
    ranks
        Per ordinal column its levels, lowest first; the rank is read as a number.
    """

    names: tuple[str, ...]
    seen: Mapping[str, tuple[str, ...]]
    ranks: Mapping[str, tuple[str, ...]]

    def read(self, columns: Sequence[Column]) -> tuple[list[Column], dict[str, int]]:
        """Return the columns as `fit` read them, and per column how many customers have a new category.

        A new category counts as missing.

        Raises
        ------
        TypeError
            When a column was numbers in `fit` and is text now, or the other way round.
        """
        read = [self._read(column) for column in columns]
        new = {
            before.name: int(before.is_known.sum() - after.is_known.sum())
            for before, after in zip(columns, read, strict=True)
        }
        return read, {name: n for name, n in new.items() if n}

    def _read(self, column: Column) -> Column:
        is_words = column.name in self.seen or column.name in self.ranks
        if isinstance(column, Numbers):
            if is_words:
                raise TypeError(f"column {column.name!r} should be text, as in fit, got numbers instead")
            return column
        if not is_words:
            if not column.is_known.any():  # a column that nobody has a value in has no type of its own
                return Numbers(column.name, np.full(column.codes.size, np.nan))
            raise TypeError(f"column {column.name!r} should be numbers, as in fit, got text instead")
        known = self.ranks.get(column.name) or self.seen[column.name]
        place = {word: number for number, word in enumerate(known)}
        moved = np.array([place.get(word, MISSING) for word in column.categories] + [MISSING], dtype=np.int64)
        codes = moved[column.codes]
        if column.name in self.ranks:
            return Numbers(column.name, np.where(codes == MISSING, np.nan, codes.astype(np.float64)))
        return replace(column, codes=codes, categories=known, is_ordinal=False)


def learn_vocabulary(columns: Sequence[Column], weights: NDArray[np.float64]) -> Vocabulary:
    """Learn the words of the customers with a weight above 0.

    >>> region = Words("region", np.array([1, 0, 1]), ("Drenthe", "Utrecht"))
    >>> vocabulary = learn_vocabulary([region], np.ones(3))
    >>> (read,), new = vocabulary.read([Words("region", np.array([0, 1]), ("Mars", "Utrecht"))])
    >>> read.codes, new
    (array([-1,  1]), {'region': 1})
    """
    words = [column for column in columns if isinstance(column, Words)]
    seen = {column.name: _seen(column, weights) for column in words if not column.is_ordinal}
    ranks = {column.name: column.categories for column in words if column.is_ordinal}
    return Vocabulary(tuple(column.name for column in columns), seen, ranks)


def _seen(column: Words, weights: NDArray[np.float64]) -> tuple[str, ...]:
    n_categories = len(column.categories)
    counts = np.bincount(column.codes[column.is_known & (weights > 0)], minlength=n_categories)
    return tuple(word for word, count in zip(column.categories, counts, strict=True) if count)
