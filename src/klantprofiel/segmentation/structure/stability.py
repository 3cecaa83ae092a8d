"""How stable segments are: over samples of the customers, and over numbers of segments.

Dolnicar, S. & Leisch, F. (2010), Evaluation of structure and reproducibility of cluster solutions using the
bootstrap, Marketing Letters 21: segments are found anew in bootstrap samples, all customers are assigned to
them, and the divisions are compared. Every pair of samples is compared, so that 15 samples give 105 pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from klantprofiel.segmentation.structure.agreement import adjusted_rand, best_matches, crossed, kept
from klantprofiel.segmentation.structure.fits import EFFORT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from klantprofiel.segmentation.patterns import Patterns
    from klantprofiel.segmentation.structure.fits import Asked, Fit

    Labels = NDArray[np.int64]
    Floats = NDArray[np.float64]

SAMPLES: Final = 15  # 105 pairs


@dataclass(frozen=True)
class Stability:
    """How stable one number of segments is.

    Attributes
    ----------
    n_segments
        The number of segments.
    pairs
        Per pair of samples: the number of the one, of the other, and their adjusted Rand index.
    within
        Per segment and sample the Jaccard index with its best match (SLSw), shape (n_segments, samples).
    across
        Per segment how purely it stems from one segment of the solution before (SLSa), shape (n_segments,);
        NaN without a solution of at least two segments before.
    flows
        Shares of the customers per segment of the solution before (rows) and of this one (columns); they add
        up to 1. Empty for the first solution.
    shares
        The shares of the segments.
    """

    n_segments: int
    pairs: tuple[tuple[int, int, float], ...]
    within: Floats
    across: Floats
    flows: Floats
    shares: Floats

    @property
    def adjusted_rands(self) -> Floats:
        """The adjusted Rand index of every pair of samples."""
        return np.array([index for *_, index in self.pairs])


def resolved(
    asked: Asked, customers: Patterns, ks: Sequence[int], n_samples: int, random: np.random.Generator
) -> dict[int, dict[int, Labels]]:
    """Return per number of segments and sample the segment of each pattern.

    The same samples serve every number of segments. A sample with too few customers who differ is left out.
    """
    found: dict[int, dict[int, Labels]] = {k: {} for k in ks}
    for number in range(n_samples):
        sample = customers.resampled(random)
        for k in ks:
            if k <= len(sample):
                fit = asked.fit(sample, k, EFFORT)
                found[k][number] = fit.fitted.assign(customers.columns)
    return found


def pairs_of(labels: dict[int, Labels], counts: Floats) -> tuple[tuple[int, int, float], ...]:
    """Return the adjusted Rand index of every pair of samples, with the numbers of the two.

    >>> pairs_of({0: np.array([0, 1]), 1: np.array([1, 0])}, np.array([2.0, 2.0]))
    ((0, 1, 1.0),)
    """
    return tuple(
        (one, other, adjusted_rand(labels[one], labels[other], counts))
        for one, other in combinations(sorted(labels), 2)
    )


def stabilities(fits: Sequence[Fit], samples: dict[int, dict[int, Labels]]) -> tuple[Stability, ...]:
    """Return the stability of each fit, in order of the number of segments."""
    found = []
    before: Fit | None = None
    for fit in fits:
        counts = fit.customers.weights
        within = [best_matches(fit.labels, other, counts, fit.k) for other in samples[fit.k].values()]
        found.append(
            Stability(
                n_segments=fit.k,
                pairs=pairs_of(samples[fit.k], counts),
                within=np.array(within).reshape(-1, fit.k).T,
                across=_across(before, fit),
                flows=_flows(before, fit),
                shares=fit.fitted.shares_,
            )
        )
        before = fit
    return tuple(found)


def _across(before: Fit | None, after: Fit) -> Floats:
    if before is None:
        return np.full(after.k, np.nan)
    return kept(before.labels, after.labels, after.customers.weights, before.k, after.k)


def _flows(before: Fit | None, after: Fit) -> Floats:
    if before is None:
        return np.zeros((0, after.k))
    table = crossed(before.labels, after.labels, after.customers.weights)
    found = np.zeros((before.k, after.k))
    found[: len(table), : table.shape[1]] = table
    return np.asarray(found / found.sum())
