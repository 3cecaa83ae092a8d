"""How each person behaves: a draw around the averages of the planted kind, heavy-tailed in how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from klantprofiel.demo.company import KINDS
from klantprofiel.demo.draws import Floats, Ints, stream

CONCENTRATION: Final = 6.0  # how closely a person keeps to the kind's average share
TAIL: Final = (
    0.85  # spread of the log of the number of orders: the best tenth buys about four times the average
)
BREADTH: Final = 0.35  # how much of the kind's taste a person shares; lower is pickier


@dataclass(frozen=True)
class Habits:
    """One row per person; shares are 0 to 1, `orders` is expected per year."""

    orders: Floats
    lines: Floats
    online: Floats
    growth: Floats
    discount: Floats
    returned: Floats
    newsletter: Floats
    taste: Floats  # persons x categories, each row adding up to 1


def make_habits(kind: Ints, seed: int) -> Habits:
    """Draw the habits of each person of a planted kind."""
    rng = stream(seed, "habits")
    n = len(kind)

    def average(name: str) -> Floats:
        return np.array([getattr(k, name) for k in KINDS], float)[kind]

    def share(name: str) -> Floats:
        mean = average(name)
        return rng.beta(mean * CONCENTRATION, (1 - mean) * CONCENTRATION)

    alphas = np.array([k.categories for k in KINDS], float)[kind] * BREADTH
    taste = rng.standard_gamma(alphas) + 1e-9
    return Habits(
        orders=average("orders") * rng.lognormal(-(TAIL**2) / 2, TAIL, n),
        lines=average("lines"),
        online=share("online"),
        growth=np.clip(average("growth") + rng.normal(0, 0.25, n), -0.95, 0.95),
        discount=share("discount"),
        returned=share("returned"),
        newsletter=average("newsletter"),
        taste=taste / taste.sum(axis=1, keepdims=True),
    )
