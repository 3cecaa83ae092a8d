"""Customers with and without segments, for the tests of structure."""

from __future__ import annotations

import numpy as np

from klantprofiel.segmentation.columns import Numbers, Words
from klantprofiel.segmentation.patterns import Patterns, patterns_of

BASES = ["a", "a", "a", "b", "b", "b"]


def grouped(n: int = 300, n_groups: int = 3, seed: int = 0) -> Patterns:
    """Return customers in groups far apart, of five numbers and a word."""
    random = np.random.default_rng(seed)
    group = np.arange(n) % n_groups
    scores = random.normal(size=(n, 5)) + 4 * random.normal(size=(n_groups, 5))[group]
    scores[random.random(scores.shape) < 0.1] = np.nan
    words = np.where(random.random(n) < 0.8, group, random.integers(0, n_groups, n))
    return _patterns(scores, words, n_groups)


def one_cloud(n: int = 300, seed: int = 0, freedom: float = np.inf) -> Patterns:
    """Return customers in one cloud whose columns are correlated, with tails as those of a t distribution."""
    random = np.random.default_rng(seed)
    common = random.normal(size=(n, 1))
    scores = 0.7 * common + 0.7 * random.normal(size=(n, 6))
    if np.isfinite(freedom):
        scores /= np.sqrt(random.chisquare(freedom, (n, 1)) / freedom)
    return _patterns(scores[:, :5], np.digitize(scores[:, 5], (-0.5, 0.5)), 3)


def _patterns(scores: np.ndarray[tuple[int, int], np.dtype[np.float64]], words: object, n: int) -> Patterns:
    columns = [Numbers(f"x{number}", column.copy()) for number, column in enumerate(scores.T)]
    categories = tuple("abcdefgh"[:n])
    return patterns_of(
        [*columns, Words("word", np.asarray(words, dtype=np.int64), categories)], np.ones(len(scores))
    )
