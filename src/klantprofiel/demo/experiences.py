"""How it went: which orders came late or back, and how satisfied that leaves each person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from klantprofiel.demo.company import N_DAYS
from klantprofiel.demo.draws import chance, digits, join, stream

if TYPE_CHECKING:
    from klantprofiel.demo.dated import Frame
    from klantprofiel.demo.draws import Flags, Floats, Ints
    from klantprofiel.demo.world import World

LATE: Final = 0.06
"""Share of online orders that come late: with some four a year, about the 23% of online shoppers who met a
late delivery within a year (CBS, survey on ICT use by households and persons, 2016)."""
CONTENTMENT: Final = np.array([0.5, 0.0, 0.1, 0.2, -0.8])  # kinds in the order of company.KINDS
SPREAD: Final = 0.75  # of persons within a kind
REMEMBERED_DAYS: Final = 180
LATE_COSTS, RETURN_COSTS = 0.7, 0.3  # satisfaction lost, for at most two of each


@dataclass(frozen=True)
class Experiences:
    """What happened per order, and how satisfied each person is by nature (spread about 1)."""

    late: Flags  # per order
    back: Flags  # per order: something of it was brought back
    contentment: Floats  # per person


def make_experiences(world: World) -> Experiences:
    """Draw which orders came late, and how easily each person is pleased."""
    rng = stream(world.seed, "experiences")
    orders, lines = world.orders, world.lines
    late = chance(rng, LATE, len(orders.online)) & orders.online
    back = np.zeros(len(orders.online), bool)
    back[lines.order[lines.is_return]] = True
    contentment = CONTENTMENT[world.people.kind] + rng.normal(0, SPREAD, len(world.people))
    return Experiences(late, back, contentment)


def satisfaction_on(world: World, experiences: Experiences, day: int) -> Floats:
    """Return how satisfied each person is at the start of a day of the history, with what is remembered."""
    orders, n = world.orders, len(world.people)
    recent = (orders.day >= day - REMEMBERED_DAYS) & (orders.day < day)

    def times(happened: Flags) -> Ints:
        return np.minimum(np.bincount(orders.person[recent & happened], minlength=n), 2)

    lost = LATE_COSTS * times(experiences.late) + RETURN_COSTS * times(experiences.back)
    satisfaction: Floats = experiences.contentment - lost
    return satisfaction


def truth(world: World) -> Frame:
    """Return one row per person: the satisfaction at the end of the history, and what went wrong before."""
    experiences, n = make_experiences(world), len(world.people)
    person = world.orders.person
    return pa.table(
        {
            "person_id": join("P-", digits(np.arange(n), 8)),
            "satisfaction": pa.array(satisfaction_on(world, experiences, N_DAYS)),
            "n_late": pa.array(np.bincount(person[experiences.late], minlength=n)),
            "n_back": pa.array(np.bincount(person[experiences.back], minlength=n)),
        }
    )
