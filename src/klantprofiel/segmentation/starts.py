"""k-means from thousands of starts at once, for the few different customers that categories make.

Most starts end in local optima (Steinley 2003, Local optima in k-means clustering, Psychological Methods
8(3)). So starts run side by side as one matrix product (Lloyd 1982), the worst give up early, and the best
are improved by moving one pattern at a time (Hartigan & Wong 1979).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CELLS: Final = 2_000_000  # starts x patterns x segments held at once: 16 MB
FIRST_ROUNDS: Final = 4  # after these the best FINALISTS of a batch go on
LAST_ROUNDS: Final = 100
FINALISTS: Final = 0.2
IMPROVED: Final = 25  # different local optima that are improved pattern by pattern
LEAST_GAIN: Final = 1e-10  # of the inertia, for a move to be one


def best_of_many(rows: Floats, weights: Floats, n_segments: int, *, n_starts: int, seed: int) -> Floats:
    """Return the centers of the lowest inertia found, of shape (n_segments, n_scores).

    Parameters
    ----------
    rows
        The scores of the patterns, of shape (n_patterns, n_scores), all different.
    weights
        The weight of each pattern.
    n_segments
        The number of segments, at most n_patterns.
    n_starts
        How many times to start, each from patterns drawn by weight.
    seed
        The seed of the draws.

    Examples
    --------
    >>> rows = np.array([[0.0], [1.0], [8.0], [9.0]])
    >>> np.sort(best_of_many(rows, np.array([3.0, 1.0, 1.0, 1.0]), 2, n_starts=10, seed=0), axis=0)
    array([[0.25],
           [8.5 ]])
    """
    random = np.random.default_rng(seed)
    n_batch = max(1, min(n_starts, CELLS // (len(rows) * n_segments)))
    found, inertias = [], []
    for first in range(0, n_starts, n_batch):
        centers = _drawn(rows, weights, n_segments, min(n_batch, n_starts - first), random)
        centers, inertia = _lloyd(rows, weights, centers, FIRST_ROUNDS)
        best = np.argsort(inertia, kind="stable")[: max(1, round(FINALISTS * len(centers)))]
        centers, inertia = _lloyd(rows, weights, centers[best], LAST_ROUNDS)
        found.append(centers)
        inertias.append(inertia)
    optima, inertia = np.concatenate(found), np.concatenate(inertias)
    _, different = np.unique(inertia.round(9), return_index=True)
    improved = [_improved(rows, weights, optima[start]) for start in different[:IMPROVED]]
    return min(improved, key=lambda one: one[1])[0]


def _drawn(
    rows: Floats, weights: Floats, n_segments: int, n_starts: int, random: np.random.Generator
) -> Floats:
    """Return starts of shape (n_starts, n_segments, n_scores): patterns drawn without replacement."""
    waits = random.exponential(size=(n_starts, len(rows))) / weights
    return np.asarray(rows[np.argpartition(waits, n_segments - 1, axis=1)[:, :n_segments]])


def _lloyd(rows: Floats, weights: Floats, centers: Floats, n_rounds: int) -> tuple[Floats, Floats]:
    """Run Lloyd's algorithm for all starts at once; return the centers and the inertia of each."""
    n_starts, n_segments, n_scores = centers.shape
    squares = (rows**2).sum(axis=1)[:, None]
    for _ in range(n_rounds):
        distances = _distances(rows, centers)
        is_member = distances.argmin(axis=2)[:, :, None] == np.arange(n_segments)
        shares = (is_member * weights[:, None, None]).reshape(len(rows), -1)
        sizes = shares.sum(axis=0)
        sums = shares.T @ rows
        moved = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, np.finfo(float).tiny)[:, None], 0.0)
        kept = np.where(sizes[:, None] > 0, moved, centers.reshape(-1, n_scores)).reshape(centers.shape)
        if np.array_equal(kept, centers):
            break
        centers = kept
    inertia = (weights[:, None] * (_distances(rows, centers).min(axis=2) + squares)).sum(axis=0)
    return centers, inertia.reshape(n_starts)


def _distances(rows: Floats, centers: Floats) -> Floats:
    """Return squared distances less the square of the row, of shape (n_rows, n_starts, n_segments)."""
    n_starts, n_segments, n_scores = centers.shape
    products = rows @ centers.reshape(-1, n_scores).T
    return np.asarray((centers**2).sum(axis=2) - 2 * products.reshape(len(rows), n_starts, n_segments))


def _improved(rows: Floats, weights: Floats, centers: Floats) -> tuple[Floats, float]:
    """Move the one pattern that lowers the inertia most to another segment, until none does."""
    labels = _distances(rows, centers[None])[:, 0].argmin(axis=1)
    everyone = np.arange(len(rows))
    segments = np.arange(len(centers))
    while True:
        shares = (labels[:, None] == segments) * weights[:, None]
        sizes = shares.sum(axis=0)
        centers = np.where(
            sizes[:, None] > 0, (shares.T @ rows) / np.maximum(sizes, np.finfo(float).tiny)[:, None], centers
        )
        distances = ((rows[:, None] - centers) ** 2).sum(axis=2)
        own, rest = distances[everyone, labels], sizes[labels] - weights
        is_alone = rest <= LEAST_GAIN * sizes[labels]
        saved = np.where(is_alone, 0.0, weights * sizes[labels] / np.where(is_alone, 1.0, rest) * own)
        cost = weights[:, None] * sizes / (sizes + weights[:, None]) * distances
        cost[everyone, labels] = np.inf
        gains = saved[:, None] - cost
        best = int(gains.argmax())
        inertia = float((own * weights).sum())
        if gains.flat[best] <= LEAST_GAIN * inertia:
            return centers, inertia
        labels[best // len(centers)] = best % len(centers)
