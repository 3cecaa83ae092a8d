"""The contact centre as delivered: one JSON line per contact, with the CRM's customer number if known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from klantprofiel.demo.conversations import CHANNELS, SUBJECTS, make_conversations
from klantprofiel.demo.dated import Dated
from klantprofiel.demo.dirt import ROW_BEFORE, Stain
from klantprofiel.demo.draws import digits, join, pick, texts, where
from klantprofiel.demo.source_rows import at_row, held_on, iso_moments, with_gaps
from klantprofiel.demo.writers import BROKEN

if TYPE_CHECKING:
    from klantprofiel.demo.draws import Ints, Texts
    from klantprofiel.demo.world import World

STAINS: Final = (
    Stain("unreadable date", "tijdstip", "gisteren"),
    Stain("unknown choice", "kanaal", "fax"),
    Stain("broken line", BROKEN, True),  # noqa: FBT003 - what stands in the column
    Stain("duplicate key", "contactnr", ROW_BEFORE),
    Stain("missing", "contactnr", None),
    Stain("missing", "onderwerp", None),
    Stain("negative", "wachttijd_sec", -1),
    Stain("outside scale", "moeite", 9),
    Stain("future", "tijdstip", "2062-03-01T10:00:00"),
)


def make_contacts(world: World) -> Dated:
    """Return every contact; of who stands in the CRM under no number, the contact centre knows none."""
    held = make_conversations(world)
    n = len(held)
    row = held_on(world.crm, len(world.people), held.person, held.day)
    rows = pa.table(
        {
            "contactnr": join("C", digits(1 + np.arange(n), 8)),
            "klantnr": at_row(world.crm.number, row),
            "tijdstip": iso_moments(held.day, held.second),
            "kanaal": pick(texts(CHANNELS), held.channel),
            "onderwerp": pick(texts(tuple(subject.name for subject in SUBJECTS)), held.subject),
            "bestelnr": order_numbers(world, held.order),
            "klacht": pa.array(held.complaint),
            "opgelost": pa.array(held.resolved),
            "wachttijd_sec": pa.array(held.waiting),
            "behandeltijd_sec": pa.array(held.handling),
            "moeite": with_gaps(held.effort, held.effort > 0),
            "tevredenheid": with_gaps(held.satisfied, held.satisfied > 0),
            BROKEN: pa.array(np.zeros(n, bool)),
        }
    )
    return Dated(rows, world.calendar.delivery_of(held.day))


def order_numbers(world: World, order: Ints) -> Texts:
    """Return the number of each order as the web shop or the till gave it, unknown for -1."""
    online = np.append(world.orders.online, False)[order]  # order -1 is none
    number = join(where(online, "WB", "K"), digits(order, 8))
    return at_row(number, np.where(order >= 0, np.arange(len(order)), -1))
