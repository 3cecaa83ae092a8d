"""How good segments are: what they explain, and whether they come back in other samples of the customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.display import Displayed, Share

if TYPE_CHECKING:
    from klantprofiel.display import Summary
    from klantprofiel.segmentation.estimator import Segmenter
    from klantprofiel.segmentation.patterns import Patterns

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


def measure_quality(segmenter: Segmenter, table: Any) -> Quality:  # noqa: ANN401  pyarrow ships no types
    """Measure a fitted segmenter on the Arrow table it was fitted on, by refitting it on bootstrap samples.

    The samples are seeded, and drawn from at most 2,000 customers, on whom the labels are compared.
    """
    import numpy as np  # noqa: PLC0415  reading a segmentation does without
    from sklearn.base import clone  # noqa: PLC0415  costly, and only who measures needs it

    from klantprofiel.segmentation.structure.fits import Asked  # noqa: PLC0415  the same
    from klantprofiel.segmentation.structure.sample import sampled  # noqa: PLC0415  the same
    from klantprofiel.segmentation.structure.stability import pairs_of, resolved  # noqa: PLC0415  the same

    k = segmenter.n_segments_
    patterns, bases = clone(segmenter).set_params(n_segments=k).patterns_from(table)
    customers = sampled(patterns)
    explained = explained_share(segmenter, patterns, bases)
    if k == 1:
        return Quality(explained, ())
    random = np.random.default_rng(_SEED)
    labels = resolved(Asked(segmenter, bases, _SEED), customers, [k], SAMPLES, random)[k]
    return Quality(explained, tuple(index for *_, index in pairs_of(labels, customers.weights)))


def explained_share(segmenter: Segmenter, customers: Patterns, bases: list[str]) -> float:
    """Return the share, 0 to 1, of the variance of rank-normal scores that lies between segments.

    The scores are the same for every engine, and every basis weighs the same.
    """
    import numpy as np  # noqa: PLC0415  as above

    from klantprofiel.segmentation.encoding import learn_encoding  # noqa: PLC0415  as above

    scores = learn_encoding(customers.columns, bases, customers.weights).apply(customers.columns)
    weights = customers.weights[:, None]
    total = float((weights * (scores - (weights * scores).sum(axis=0) / weights.sum()) ** 2).sum())
    labels = segmenter.assign(customers.columns)
    sizes = np.maximum(np.bincount(labels, customers.weights), 1e-9)[:, None]
    sums = np.stack([np.bincount(labels, customers.weights * column) for column in scores.T], axis=1)
    within = float((weights * (scores - (sums / sizes)[labels]) ** 2).sum())
    return 1.0 - within / total if total > 0 else 0.0
