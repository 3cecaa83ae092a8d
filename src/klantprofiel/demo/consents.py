"""What customers said about the use of their data: opt-ins, withdrawals and objections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from klantprofiel.demo.company import N_DAYS, day_of
from klantprofiel.demo.dated import Dated
from klantprofiel.demo.draws import Floats, Ints, chance, moment_text, pick, stream, texts

if TYPE_CHECKING:
    from klantprofiel.demo.registrations import Registrations
    from klantprofiel.demo.world import World

GIVEN, WITHDRAWN, OBJECTED = "gegeven", "ingetrokken", "bezwaar"
STATUSES: Final = (GIVEN, WITHDRAWN, OBJECTED)
AT_ONCE: Final = 0.7  # share of the opt-ins given at registration


@dataclass(frozen=True)
class Topic:
    """Something that customers can have a say about, and the share (0 to 1) that says it."""

    purpose: str
    channel: str
    status: str
    share: float | None  # None: what the habits say
    withdrawn: float = 0.0  # of those


TOPICS: Final = (
    Topic("nieuwsbrief", "e-mail", GIVEN, None, withdrawn=0.12),
    Topic("belactie", "telefoon", GIVEN, 0.07, withdrawn=0.25),
    Topic("catalogus", "post", OBJECTED, 0.04),
    Topic("segmentatie", "analyse", OBJECTED, 0.015),
    Topic("direct marketing", "alle", OBJECTED, 0.012),
)


def make_consents(world: World) -> Dated:
    """Return all statements in the order of time, as text."""
    crm, rng = world.crm, stream(world.seed, "consents")
    newsletter = world.habits.newsletter[crm.person]
    parts = [_statements(rng, topic, crm, newsletter) for topic in TOPICS]
    row, status, day = (np.concatenate([part[column] for part in parts]) for column in range(3))
    second = 32_400 + rng.integers(0, 30_000, len(row))
    order = np.lexsort((row, second, day))
    topic = np.repeat(np.arange(len(TOPICS)), [len(part[0]) for part in parts])[order]
    table = pa.table(
        {
            "klantnr": pick(crm.number, row[order]),
            "doel": pick(texts(tuple(t.purpose for t in TOPICS)), topic),
            "kanaal": pick(texts(tuple(t.channel for t in TOPICS)), topic),
            "verklaring": pick(texts(STATUSES), status[order]),
            "vastgelegd_op": moment_text(day_of(day[order]), second[order]),
        }
    )
    return Dated(table, world.calendar.delivery_of(day[order]))


def _statements(
    rng: np.random.Generator, topic: Topic, crm: Registrations, newsletter: Floats
) -> tuple[Ints, Ints, Ints]:
    """Return registration, status and day of each statement about one topic."""
    share = newsletter if topic.share is None else topic.share
    row = np.flatnonzero(chance(rng, share, len(crm)))
    start = crm.start[row]
    at_once = (topic.status == GIVEN) & chance(rng, AT_ONCE, len(row))
    wait = np.where(at_once, 0.0, rng.random(len(row)))
    day = start + np.floor((N_DAYS - start) * wait).astype(np.int64)
    back = np.flatnonzero(chance(rng, topic.withdrawn, len(row)) & (day < N_DAYS - 1))
    gone = day[back] + 1 + np.floor((N_DAYS - 1 - day[back]) * rng.random(len(back))).astype(np.int64)
    said = np.full(len(row), STATUSES.index(topic.status))
    status = np.r_[said, np.full(len(back), STATUSES.index(WITHDRAWN))]
    return np.r_[row, row[back]], status, np.r_[day, gone]
