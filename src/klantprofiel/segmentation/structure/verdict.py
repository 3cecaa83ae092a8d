"""Are the segments real? In the words of Dolnicar, Grün & Leisch (2018), Market Segmentation Analysis.

natural          natuurlijk: more than one cloud of customers, and samples give the same segments
reproducible     reproduceerbaar: one cloud, but it is divided in the same way each time
constructed      geconstrueerd: each sample gives other segments, and the analyst chooses the useful ones
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klantprofiel.segmentation.structure.choosing import SegmentCount
    from klantprofiel.segmentation.structure.stability import Stability

STABLE: Final = (
    0.75  # Hennig, C. (2007), Computational Statistics & Data Analysis 52: a valid, stable cluster
)
LEAST: Final = 2  # segments that can be compared


class Kind(StrEnum):
    """What kind of segmentation the customers allow."""

    NATURAL = "natural"
    REPRODUCIBLE = "reproducible"
    CONSTRUCTED = "constructed"


WORDS: Final = {
    Kind.NATURAL: "natuurlijk",
    Kind.REPRODUCIBLE: "reproduceerbaar",
    Kind.CONSTRUCTED: "geconstrueerd",
}
SENTENCES: Final = {
    Kind.NATURAL: "Natuurlijke segmenten: {n} groepen die los van de methode bestaan en steeds terugkomen.",
    Kind.REPRODUCIBLE: (
        "Reproduceerbare segmenten: geen gescheiden groepen, maar een indeling in {best} komt in elke "
        "steekproef terug."
    ),
    Kind.CONSTRUCTED: (
        "Geconstrueerde segmenten: elke steekproef geeft een andere indeling; kies de indeling die het meest "
        "bruikbaar is."
    ),
}


@dataclass(frozen=True)
class Verdict:
    """The answer: what kind of segmentation, and how many segments.

    Attributes
    ----------
    kind
        Natural, reproducible or constructed.
    n_segments
        The number of segments that the customers show; 1 when they are one cloud.
    n_most_stable
        The number of segments, at least two, that comes back best in samples; None when none was compared.
    is_clear
        False when the largest number tried won: then there is no clear structure.
    """

    kind: Kind
    n_segments: int
    n_most_stable: int | None
    is_clear: bool

    @property
    def words(self) -> str:
        """The kind in Dutch."""
        return WORDS[self.kind]

    @property
    def sentence(self) -> str:
        """The verdict in a Dutch sentence."""
        return SENTENCES[self.kind].format(n=self.n_segments, best=self.n_most_stable)


def judge(count: SegmentCount, stabilities: Sequence[Stability]) -> Verdict:
    """Return the verdict on a number of segments and on how stable each number is.

    Segments are stable when the median adjusted Rand index of pairs of samples is at least 0.75.
    """
    medians = {
        one.n_segments: float(np.median(one.adjusted_rands))
        for one in stabilities
        if one.n_segments >= LEAST and one.pairs
    }
    best = max(medians, key=lambda k: (medians[k], -k)) if medians else None
    if count.n_segments >= LEAST and not count.is_open and medians.get(count.n_segments, 0.0) >= STABLE:
        kind = Kind.NATURAL
    elif best is not None and medians[best] >= STABLE:
        kind = Kind.REPRODUCIBLE
    else:
        kind = Kind.CONSTRUCTED
    return Verdict(kind, count.n_segments, best, not count.is_open)
