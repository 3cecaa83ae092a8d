"""Encoded customers for tests of the mixture: numbers of two bases, a category, and cells missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from klantprofiel.segmentation.columns import Numbers, Words
from klantprofiel.segmentation.mixture.features import learn_features
from klantprofiel.segmentation.mixture.model import Parameters

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from klantprofiel.segmentation.columns import Column
    from klantprofiel.segmentation.mixture.design import Design

BASES = ["behavioural"] * 5 + ["psychological"] * 3 + ["geographic"]


def columns(n: int = 400, seed: int = 0, missing: float = 0.2) -> tuple[list[Column], NDArray[np.int64]]:
    """Return the columns of customers in three segments, and the segment of each."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, 3, n)
    habit, style = random.normal(size=(2, n))
    found: list[Column] = []
    for place in range(8):
        profile = np.roll([2.0, 0.0, -2.0], place)[truth]
        values = profile + (habit if place < 5 else style) + random.normal(size=n)
        if place >= 5:
            values = np.clip(np.round(values + 3), 1, 5)
        values[random.random(n) < missing] = np.nan
        found.append(Numbers(f"x{place}", values))
    codes = np.where(random.random(n) < 0.7, truth, random.integers(0, 3, n))
    codes[random.random(n) < missing] = -1
    found.append(Words("province", codes, ("Drenthe", "Utrecht", "Zeeland")))
    return found, truth


def design(n: int = 400, seed: int = 0, missing: float = 0.2) -> tuple[Design, NDArray[np.int64]]:
    """Return the same customers, encoded."""
    found, truth = columns(n, seed, missing)
    return learn_features(found, BASES).apply(found), truth


def parameters(of: Design, n_segments: int = 3, n_candidates: int = 1, seed: int = 0) -> Parameters:
    """Return parameters that fit nothing in particular, with two factors in the largest basis."""
    random = np.random.default_rng(seed)
    p = of.scores.shape[0]
    loadings = random.normal(size=(n_candidates, 2, p)) * 0.5
    loadings[:, 1, of.number_bases != 0] = 0.0
    shares = random.dirichlet(np.ones(n_segments), n_candidates)
    chances = [random.dirichlet(np.ones(size), (n_candidates, n_segments)) for size in of.sizes]
    return Parameters(
        shares,
        random.normal(size=(n_candidates, n_segments, p)),
        loadings,
        random.uniform(0.3, 1.0, (n_candidates, p)),
        np.concatenate(chances, axis=2),
    )
