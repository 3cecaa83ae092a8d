"""What persons think and want: five attitudes, around the averages of the planted kind, with wide overlap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from klantprofiel.demo.draws import digits, join, stream

if TYPE_CHECKING:
    from klantprofiel.demo.dated import Frame
    from klantprofiel.demo.draws import Floats
    from klantprofiel.demo.world import World

CONSTRUCTS: Final = ("prijsbewustzijn", "duurzaamheid", "doe-het-zelfplezier", "inspiratie", "gemak")
LEANINGS: Final = np.array(  # kinds in the order of company.KINDS, by CONSTRUCTS; in spreads within a kind
    [
        [-0.1, 0.5, 0.5, 0.1, -0.5],
        [0.0, 0.9, -0.8, 1.2, 0.4],
        [0.4, -0.1, -0.4, 0.0, 1.3],
        [-0.2, -0.6, 1.6, -0.7, -0.3],
        [1.7, -0.7, -0.1, -0.3, 0.1],
    ]
)
SPREAD: Final = 0.85  # of persons within a kind
YEA_SAYING: Final = 0.3  # spread between persons in agreeing whatever is asked


@dataclass(frozen=True)
class Attitudes:
    """One row per person: true scores with mean 0 and spread 1, and how readily that person agrees."""

    scores: Floats  # persons x constructs
    agreeing: Floats


def make_attitudes(world: World) -> Attitudes:
    """Draw what each person thinks."""
    rng = stream(world.seed, "attitudes")
    n = len(world.people)
    drawn = LEANINGS[world.people.kind] + rng.normal(0, SPREAD, (n, len(CONSTRUCTS)))
    spread = np.maximum(drawn.std(axis=0), SPREAD)
    return Attitudes((drawn - drawn.mean(axis=0)) / spread, rng.normal(0, YEA_SAYING, n))


def truth(world: World) -> Frame:
    """Return one row per person: the true score on each construct, and the tendency to agree."""
    attitudes = make_attitudes(world)
    scores = {name.replace("-", "_"): pa.array(attitudes.scores[:, at]) for at, name in enumerate(CONSTRUCTS)}
    ids = join("P-", digits(np.arange(len(world.people)), 8))
    return pa.table({"person_id": ids, **scores, "ja_zeggen": pa.array(attitudes.agreeing)})
