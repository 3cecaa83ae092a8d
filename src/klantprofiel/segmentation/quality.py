"""How good segments are: what they explain, and whether they come back in other samples of the customers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klantprofiel.display import Displayed, Share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from klantprofiel.display import Summary
    from klantprofiel.segmentation.kmeans import KMeansSegmenter

SAMPLE: Final = 2_000  # customers per bootstrap sample: beyond this the index hardly changes
SAMPLES: Final = 6  # every pair is compared: 15 pairs
_SEED: Final = 20_261_001  # of the bootstrap samples; any number does, one number is repeatable


@dataclass(frozen=True, repr=False)
class Quality(Displayed):
    """Diagnostics of a segmentation; none of them proves that the segments exist outside the method.

    Attributes
    ----------
    explained_share
        The share, 0 to 1, of the variance of the scores that lies between segments.
    stability
        The adjusted Rand index (Hubert & Arabie 1985) of every pair of segmentations of bootstrap samples
        (Dolnicar & Leisch 2010): 1 is the same segments each time, 0 is chance. Empty for one segment.
    """

    explained_share: float
    stability: tuple[float, ...]

    @property
    def stability_mean(self) -> float | None:
        """The mean adjusted Rand index over the pairs; None for one segment."""
        return sum(self.stability) / len(self.stability) if self.stability else None

    @property
    def stability_low(self) -> float | None:
        """The lowest adjusted Rand index of the pairs; None for one segment."""
        return min(self.stability, default=None)

    def summary(self) -> Summary:
        """Return the diagnostics in Dutch."""
        return {
            "title": "Kwaliteit van de segmentatie",
            "facts": {
                "Verklaarde spreiding": Share(self.explained_share),
                "Stabiliteit (ARI, gemiddeld)": self.stability_mean,
                "Stabiliteit (ARI, laagste)": self.stability_low,
                "Vergeleken paren": len(self.stability),
            },
            "tables": [],
            "notes": ["Stabiliteit 1 = elke steekproef geeft dezelfde segmenten; 0 = toeval."],
        }


def measure_quality(segmenter: KMeansSegmenter, table: Any) -> Quality:  # noqa: ANN401  pyarrow ships no types
    """Measure a fitted segmenter on the Arrow table it was fitted on, by refitting it on bootstrap samples.

    The samples are seeded, and drawn from at most 2,000 customers, on whom the labels are compared.
    """
    if segmenter.n_segments == 1:
        return Quality(segmenter.explained_share_, ())
    random = np.random.default_rng(_SEED)
    customers = np.sort(random.permutation(table.num_rows)[:SAMPLE])
    sample = table.take(customers)
    labels = [_labels_of_resample(segmenter, sample, random) for _ in range(SAMPLES)]
    found = [one for one in labels if one is not None]
    return Quality(segmenter.explained_share_, tuple(_rand(a, b) for a, b in combinations(found, 2)))


def _labels_of_resample(
    segmenter: KMeansSegmenter,
    sample: Any,  # noqa: ANN401  pyarrow ships no types
    random: np.random.Generator,
) -> NDArray[np.int64] | None:
    """Fit on a bootstrap sample and label the whole sample; None when too few customers in it differ."""
    from sklearn.base import clone  # noqa: PLC0415  costly, and only who measures needs it

    resample = sample.take(np.sort(random.integers(0, sample.num_rows, sample.num_rows)))
    try:
        fitted: KMeansSegmenter = clone(segmenter).fit(resample)
        return fitted.predict(sample)
    except ValueError:
        return None


def _rand(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    from sklearn.metrics import adjusted_rand_score  # noqa: PLC0415  the same

    return float(adjusted_rand_score(one, other))
