"""Why customers turn to the contact centre, along which channel, and how that went."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from klantprofiel.demo.company import N_DAYS
from klantprofiel.demo.draws import chance, choose, choose_by_group, stream
from klantprofiel.demo.experiences import make_experiences

if TYPE_CHECKING:
    from klantprofiel.demo.draws import Flags, Floats, Ints
    from klantprofiel.demo.experiences import Experiences
    from klantprofiel.demo.world import World


@dataclass(frozen=True)
class Subject:
    """What a contact is about: the share (0 to 1) that is a complaint, and after how many days it comes."""

    name: str
    complaint: float
    after: tuple[int, int]


SUBJECTS: Final = (
    Subject("levering", 0.55, (2, 7)),
    Subject("retour", 0.22, (0, 6)),
    Subject("productadvies", 0.02, (0, 11)),
    Subject("kwaliteit of defect", 0.7, (5, 61)),
    Subject("factuur of betaling", 0.12, (1, 15)),
    Subject("klantenkaart", 0.05, (0, 1)),
    Subject("openingstijden", 0.01, (0, 1)),
)
OF_LATE, OF_BACK = 0.35, 0.14  # share of late orders, and of orders brought back, that lead to a contact
OF_ORDERS: Final = (0.025, 0.012, 0.006)  # of all orders: advice, defects and bills
OF_PERSONS: Final = (0.07, 0.04)  # of persons in the three years: the card and the opening hours
CHANNELS: Final = ("telefoon", "e-mail", "chat", "whatsapp", "winkelbalie")
USED: Final = np.array(  # weights of CHANNELS; kinds in the order of company.KINDS
    [
        [46, 20, 5, 4, 25],
        [14, 20, 38, 26, 2],
        [24, 24, 26, 20, 6],
        [42, 18, 10, 8, 22],
        [34, 28, 18, 12, 8],
    ],
    float,
)
RESOLVED: Final = np.array([0.66, 0.45, 0.6, 0.55, 0.8])
"""Share resolved at once. By telephone 66% of consumers got their answer directly (SAMR and Stichting ITO,
survey of 800 consumers, 2019); the other channels are set around that."""
WAITING: Final = np.array([22, 18_000, 40, 900, 90.0])
"""Median seconds before an answer; by telephone the mean then is the half minute that mystery callers waited
(KCM Group, 10,000 calls, 2021); the others are set."""
WAITING_SPREAD: Final = np.array([0.8, 0.9, 0.7, 0.9, 0.8])  # of its log
HANDLING: Final = np.array([340, 220, 480, 300, 200.0])  # median seconds of work
COMPLAINT_COSTS: Final = 0.18  # share resolved, less for a complaint
AGAIN: Final = 0.4  # share of unresolved contacts after which the customer comes back
ASKED: Final = 0.18  # share that answers the questions afterwards; nobody is asked at the counter


@dataclass(frozen=True)
class Reasons:
    """Why who gets in touch, and on which day; `order` is -1 where it is about none."""

    person: Ints
    subject: Ints
    order: Ints
    day: Ints


@dataclass(frozen=True)
class Conversations:
    """One row per contact, in the order of time; `order` is -1 where it is about none."""

    person: Ints
    subject: Ints
    order: Ints
    day: Ints
    second: Ints
    channel: Ints
    complaint: Flags
    resolved: Flags
    waiting: Ints
    handling: Ints
    effort: Ints  # 1 (much) to 7 (none); 0 where not answered
    satisfied: Ints  # 1 to 5; 0 where not answered

    def __len__(self) -> int:
        """Return how many contacts there are."""
        return len(self.person)


def make_conversations(world: World) -> Conversations:
    """Make every contact of the history; part of those that were not resolved come back."""
    rng = stream(world.seed, "conversations")
    experiences = make_experiences(world)
    first = _held(rng, world, experiences, _reasons(rng, world, experiences))
    again = np.flatnonzero(~first.resolved & chance(rng, AGAIN, len(first)))
    later = first.day[again] + rng.integers(1, 5, len(again))
    again, later = again[later < N_DAYS], later[later < N_DAYS]
    same = Reasons(first.person[again], first.subject[again], first.order[again], later)
    second = _held(rng, world, experiences, same)
    both = {
        field.name: np.concatenate([getattr(first, field.name), getattr(second, field.name)])
        for field in fields(Conversations)
    }
    order_of_time = np.lexsort((both["person"], both["second"], both["day"]))
    return Conversations(**{name: values[order_of_time] for name, values in both.items()})


def _reasons(rng: np.random.Generator, world: World, experiences: Experiences) -> Reasons:
    """Draw what makes people get in touch."""
    n_orders, n_persons = len(world.orders.person), len(world.people)
    shares: list[tuple[Flags | None, float]] = [(experiences.late, OF_LATE), (experiences.back, OF_BACK)]
    shares += [(None, share) for share in OF_ORDERS]
    orders = [
        np.flatnonzero(chance(rng, share, n_orders) & (True if among is None else among))
        for among, share in shares
    ]
    persons = [np.flatnonzero(chance(rng, share, n_persons)) for share in OF_PERSONS]
    order = np.concatenate([*orders, *(np.full(len(some), -1) for some in persons)])
    subject = np.repeat(np.arange(len(SUBJECTS)), [len(some) for some in (*orders, *persons)])
    person = np.concatenate([*(world.orders.person[some] for some in orders), *persons]).astype(np.int64)
    low, high = (np.array([subject.after[end] for subject in SUBJECTS])[subject] for end in (0, 1))
    ordered = np.append(world.orders.day, 0)[order]  # order -1 is none
    from_day = np.where(order >= 0, ordered, rng.integers(0, N_DAYS, len(order)))
    day = from_day + low + np.floor((high - low) * rng.random(len(order))).astype(np.int64)
    in_time = day < N_DAYS
    return Reasons(person[in_time], subject[in_time], order[in_time], day[in_time])


def _held(
    rng: np.random.Generator, world: World, experiences: Experiences, reasons: Reasons
) -> Conversations:
    """Draw channel, moment and outcome of contacts; who is hard to please complains more often."""
    n = len(reasons.person)
    contentment = experiences.contentment[reasons.person]
    channel = choose_by_group(rng, USED, world.people.kind[reasons.person])
    share = np.array([each.complaint for each in SUBJECTS])[reasons.subject]
    complaint = chance(rng, share / (share + (1 - share) * np.exp(0.6 * contentment)), n)
    resolved = chance(rng, RESOLVED[channel] - COMPLAINT_COSTS * complaint, n)
    waiting = WAITING[channel] * rng.lognormal(0, WAITING_SPREAD[channel])
    patience = np.log(waiting / WAITING[channel])
    mood = 0.55 * contentment + 1.1 * resolved - 0.9 * complaint - 0.4 * patience
    asked = chance(rng, ASKED, n) & (channel != CHANNELS.index("winkelbalie"))
    effort = np.clip(np.rint(4.6 + mood + rng.normal(0, 0.9, n)), 1, 7)
    satisfied = np.clip(np.rint(3.3 + 0.7 * mood + rng.normal(0, 0.6, n)), 1, 5)
    handling = HANDLING[channel] * rng.lognormal(0, 0.5, n) * np.where(complaint, 1.4, 1)
    return Conversations(
        person=reasons.person,
        subject=reasons.subject,
        order=reasons.order,
        day=reasons.day,
        second=_seconds(rng, n),
        channel=channel,
        complaint=complaint,
        resolved=resolved,
        waiting=waiting.astype(np.int64),
        handling=handling.astype(np.int64),
        effort=np.where(asked, effort, 0).astype(np.int64),
        satisfied=np.where(asked & chance(rng, 0.95, n), satisfied, 0).astype(np.int64),
    )


def _seconds(rng: np.random.Generator, n: int) -> Ints:
    """Draw moments of the working day in seconds (UTC): mornings and evenings are the busiest."""
    peak = choose(rng, np.array([0.55, 0.45]), n)
    spot: Floats = np.where(peak == 0, rng.beta(2, 4, n), rng.beta(5, 2, n))
    return (28_800 + spot * 39_000).astype(np.int64)
