"""Where EM starts: k-means partitions under different weights of the bases, and splits with merges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from klantprofiel.segmentation.mixture.design import Design, Rows
    from klantprofiel.segmentation.mixture.model import Floats, Parameters, Posterior

KMEANS_ROUNDS: Final = 8
CERTAINTY: Final = 0.9  # of a start in its own partition
NEAR_PAIRS: Final = 3  # of segments that are tried as one
POWER_ROUNDS: Final = 12
SHARPNESS: Final = 3.0  # of a split, per standard deviation along its direction


def partitions(design: Design, rows: Rows, k: int, n_starts: int, random: np.random.Generator) -> Floats:
    """Return memberships (n_starts, k, n) around k-means partitions.

    Weights of the bases go round: one over the largest eigenvalue of a basis (what repeats itself counts
    once), one over its number of columns, and random shares of the first.
    """
    points, basis_of = _points(design, rows)
    calm = 1 / np.array(
        [_largest_eigenvalue(points[basis_of == b], rows.weights) for b in range(design.n_bases)]
    )
    even = 1 / np.sqrt(np.maximum(np.bincount(basis_of, minlength=design.n_bases), 1))
    shares = random.dirichlet(np.ones(design.n_bases), n_starts) * design.n_bases * calm
    shares[0::3], shares[1::3] = calm, even
    labels = _kmeans(points, rows.weights, shares[:, basis_of], k, random)
    chances = np.full((n_starts, k, labels.shape[1]), (1 - CERTAINTY) / k)
    chances += CERTAINTY * (labels[:, None] == np.arange(k)[:, None])
    return chances


def _points(design: Design, rows: Rows) -> tuple[Floats, NDArray[np.int64]]:
    """Return scores and scaled indicators (z, n), 0 where missing, and the basis of each."""
    shares, known = _shares(design, rows)
    spread = np.repeat(
        np.add.reduceat(shares * (1 - shares), design.starts) if design.sizes else np.zeros(0), design.sizes
    )
    indicators = (rows.indicators - shares[:, None] * known) / np.sqrt(np.maximum(spread, 1e-9))[:, None]
    return np.concatenate([rows.scores, indicators]), np.concatenate(
        [design.number_bases, design.indicator_bases]
    )


def _shares(design: Design, rows: Rows) -> tuple[Floats, Floats]:
    """Return the share of each category (q,), and whether its column is known (q, n)."""
    if not design.sizes:
        return np.zeros(0), np.zeros((0, rows.weights.size))
    sums = rows.indicators @ rows.weights
    known = np.repeat(np.add.reduceat(rows.indicators, design.starts, axis=0), design.sizes, axis=0)
    shares = sums / np.maximum(np.repeat(np.add.reduceat(sums, design.starts), design.sizes), 1e-9)
    return shares, known


def _largest_eigenvalue(points: Floats, weights: Floats) -> float:
    if not len(points):
        return 1.0
    return max(1.0, float(np.linalg.eigvalsh((points * weights) @ points.T / weights.sum())[-1]))


def _kmeans(
    points: Floats, weights: Floats, shares: Floats, k: int, random: np.random.Generator
) -> NDArray[np.int64]:
    """Return labels (a, n) of k-means in which column z counts `shares` (a, z) times."""
    a, n = len(shares), weights.size
    centers = np.empty((a, k, len(points)))
    squares = shares @ points**2
    nearest = np.ones((a, n))
    for place in range(k):
        upto = np.cumsum(nearest * weights, axis=1)
        drawn = (upto < random.random((a, 1)) * upto[:, -1:]).sum(axis=1)
        centers[:, place] = points[:, np.minimum(drawn, n - 1)].T
        away = squares - 2 * _closeness(centers[:, place : place + 1], shares, points)[:, 0]
        nearest = np.maximum(away, 0) if place == 0 else np.minimum(nearest, np.maximum(away, 0))
    for _ in range(KMEANS_ROUNDS):
        labels = _closeness(centers, shares, points).argmax(axis=1)
        members = (labels[:, None] == np.arange(k)[:, None]) * weights
        sizes = members.sum(axis=2)[:, :, None]
        means = (members.reshape(a * k, n) @ points.T).reshape(a, k, -1) / np.maximum(sizes, 1e-12)
        centers = np.where(sizes > 0, means, centers)
    return np.asarray(_closeness(centers, shares, points).argmax(axis=1), dtype=np.int64)


def _closeness(centers: Floats, shares: Floats, points: Floats) -> Floats:
    """Return (a, k, n): half the squared length of a point less half its squared distance to a center."""
    a, k, z = centers.shape
    scaled = centers * shares[:, None]
    products = (scaled.reshape(a * k, z) @ points).reshape(a, k, -1)
    return np.asarray(products - 0.5 * (scaled * centers).sum(axis=2)[:, :, None])


def swaps(
    parameters: Parameters, found: Posterior, design: Design, rows: Rows, random: np.random.Generator
) -> Floats:
    """Return memberships (n_moves, k, n): two near segments as one, and another split along its longest side.

    Of one solution; none with fewer than three segments.
    """
    chances = found.memberships()[0][0]
    k = len(chances)
    points, known = _rests(parameters, found, design, rows)
    halves = _halves(points, known, chances * rows.weights, random)
    made = []
    for one, other in _near_pairs(parameters)[:NEAR_PAIRS]:
        for split in range(k):
            if split not in (one, other):
                moved = chances.copy()
                moved[one] = chances[one] + chances[other]
                moved[other] = chances[split] * halves[split]
                moved[split] = chances[split] * (1 - halves[split])
                made.append(moved)
    return np.stack(made) if made else np.zeros((0, *chances.shape))


def _near_pairs(parameters: Parameters) -> list[tuple[int, int]]:
    means, roots = parameters.means[0], np.sqrt(parameters.chances[0])
    k = len(means)
    far = ((means[:, None] - means) ** 2 / parameters.rests[0]).sum(axis=2)
    far += 4 * ((roots[:, None] - roots) ** 2).sum(axis=2)
    pairs = [(one, other) for one in range(k) for other in range(one + 1, k)]
    return sorted(pairs, key=lambda pair: (far[pair], pair))


def _rests(parameters: Parameters, found: Posterior, design: Design, rows: Rows) -> tuple[Floats, Floats]:
    """Return what factors leave of scores, and indicators, (z, n), in their own deviations; and if known."""
    shares, is_known = _shares(design, rows)
    scores = rows.scores.copy()
    chances = found.memberships()[0][0]
    for factor in found.factors:
        common = (chances[:, None] * factor.mean[0]).sum(axis=0)
        loadings = parameters.loadings[0][: len(common), factor.columns]
        scores[factor.columns] -= rows.known[factor.columns] * (loadings.T @ common)
    scale = np.concatenate([np.sqrt(parameters.rests[0]), np.sqrt(np.maximum(shares, 1e-9))])
    return np.concatenate([scores, rows.indicators]) / scale[:, None], np.concatenate([rows.known, is_known])


def _halves(points: Floats, known: Floats, members: Floats, random: np.random.Generator) -> Floats:
    """Return (k, n): how far customers are to the one side of each segment's longest direction."""
    centers = (members @ points.T) / np.maximum(members @ known.T, 1e-9)
    direction = random.standard_normal(centers.shape)
    for _ in range(POWER_ROUNDS):
        pulled = members * (direction @ points - (direction * centers) @ known)
        direction = pulled @ points.T - (pulled @ known.T) * centers
        direction /= np.maximum(np.sqrt((direction**2).sum(axis=1, keepdims=True)), 1e-12)
    along = direction @ points - (direction * centers) @ known
    spread = (members * along**2).sum(axis=1) / np.maximum(members.sum(axis=1), 1e-9)
    return np.asarray(1 / (1 + np.exp(-SHARPNESS * along / np.sqrt(np.maximum(spread, 1e-12))[:, None])))
