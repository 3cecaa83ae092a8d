"""What customers were promised and what they prefer; a promise comes again once it was kept or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from klantprofiel.demo.company import N_DAYS, day_of
from klantprofiel.demo.conversations import SUBJECTS, make_conversations
from klantprofiel.demo.dirt import ROW_BEFORE, Stain
from klantprofiel.demo.draws import (
    chance,
    choose,
    choose_by_group,
    date_text,
    digits,
    join,
    moment_text,
    pick,
    stream,
    texts,
    unknown,
)
from klantprofiel.demo.source_rows import held_on, with_later_change

if TYPE_CHECKING:
    from klantprofiel.demo.dated import Dated, Frame
    from klantprofiel.demo.draws import Floats, Ints
    from klantprofiel.demo.world import World

PROMISED: Final = {  # what is promised, and what then stands in the file
    "terugbellen": "Wij bellen terug over uw vraag",
    "levering": "De bestelling komt voor de genoemde datum",
    "terugbetaling": "Het bedrag wordt teruggestort",
    "vervanging": "Er komt een vervangend product",
}
KEPT: Final = np.array([0.55, 0.8, 0.93, 0.88])
"""Share kept in time. Of the promises to ring back nearly half is broken (KCM Group, 10,000 calls, 2021); the
others are set."""
TERM: Final = np.array([2, 5, 8, 10])  # most days until it is due
PROMISES_BY_SUBJECT: Final = np.array(  # weights of PROMISED; subjects in the order of conversations.SUBJECTS
    [[3, 6, 1, 0], [2, 0, 7, 1], [1, 0, 0, 0], [2, 0, 3, 5], [4, 0, 2, 0], [1, 0, 0, 0], [1, 0, 0, 0]], float
)
TO_UNRESOLVED, TO_COMPLAINT = 0.5, 0.25  # share of contacts that lead to a promise
PREFERRED: Final = {  # what is preferred, as text and as the word that the CRM keeps beside it
    "contactkanaal": {
        "Liefst per e-mail": "e-mail",
        "Liefst telefonisch": "telefoon",
        "Liefst via WhatsApp": "whatsapp",
        "Liefst per post": "post",
    },
    "bezorgmoment": {
        "Bezorgen na 17 uur": "avond",
        "Bezorgen op zaterdag": "zaterdag",
        "Bezorgen in de ochtend": "ochtend",
        "Afhalen in de winkel": "afhalen",
    },
    "belangstelling": {
        "Tips over de moestuin": "moestuin",
        "Nieuws over wonen": "wonen",
        "Klusworkshops": "klussen",
        "Alleen aanbiedingen": "aanbiedingen",
    },
}
WISHES: Final = (
    np.array(  # weights of what stands in PREFERRED, in that order; kinds in the order of company.KINDS
        [
            [3, 5, 1, 4, 1, 2, 5, 4, 9, 1, 1, 1],
            [5, 0.5, 6, 0.2, 8, 4, 0.5, 2, 2, 8, 1, 2],
            [5, 1, 4, 0.5, 9, 6, 1, 3, 1, 2, 1, 3],
            [3, 4, 3, 1, 2, 5, 4, 7, 1, 1, 8, 1],
            [5, 2, 3, 2, 2, 2, 2, 3, 1, 1, 1, 9],
        ]
    )
)
STATED_ONE: Final = 0.07  # share of the customers in the CRM
STAINS: Final = (
    Stain("unknown choice", "soort", "gerucht"),
    Stain("duplicate key", "nummer", ROW_BEFORE),
    Stain("missing", "nummer", None),
    Stain("missing", "klantnr", None),
    Stain("unreadable date", "vastgelegd_op", "32-01-2026 10:00:00"),
    Stain("unreadable date", "toegezegd_voor", "binnenkort"),
    Stain("unknown choice", "nagekomen", "half"),
)


def make_promises(world: World) -> Dated:
    """Return promises and preferences; a promise comes when it is made, and when it has turned out."""
    rng = stream(world.seed, "promises")
    promises, promised_on, turned_out = _promises(rng, world)
    preferences, preferred_on = _preferences(rng, world)
    rows = pa.concat_tables([promises, preferences]).combine_chunks()
    stated = np.concatenate([promised_on, preferred_on])
    return with_later_change(
        rows,
        stated=stated,
        settled=np.concatenate([turned_out, preferred_on]),
        unsettled=("nagekomen",),
        calendar=world.calendar,
    )


def _promises(rng: np.random.Generator, world: World) -> tuple[Frame, Ints, Ints]:
    """Return promises, the day each was made, and the day on which it was kept or proved broken."""
    held = make_conversations(world)
    row = held_on(world.crm, len(world.people), held.person, held.day)
    share: Floats = TO_UNRESOLVED * ~held.resolved + TO_COMPLAINT * (held.complaint & held.resolved)
    at = np.flatnonzero(chance(rng, share, len(held)) & (row >= 0))
    what = choose_by_group(rng, PROMISES_BY_SUBJECT, held.subject[at])
    day = held.day[at]
    due = day + 1 + np.floor(TERM[what] * rng.random(len(at))).astype(np.int64)
    kept = chance(rng, KEPT[what], len(at))
    subject = tuple(each.name for each in SUBJECTS)
    number = pick(world.crm.number, row[at])
    table = pa.table(
        {
            "nummer": join("T", digits(1 + np.arange(len(at)), 8)),
            "klantnr": number,
            "soort": pick(texts(("toezegging",)), np.zeros(len(at), np.int64)),
            "onderwerp": pick(texts(tuple(PROMISED)), what),
            "inhoud": join(
                pick(texts(tuple(PROMISED.values())), what), pick(texts(subject), held.subject[at]), by=": "
            ),
            "voorkeur": unknown(number, np.ones(len(at), bool)),
            "vastgelegd_op": moment_text(day_of(day), held.second[at]),
            "toegezegd_voor": date_text(day_of(due)),
            "nagekomen": pick(texts(("nee", "ja")), kept.astype(np.int64)),
        }
    )
    return table, day, due + np.where(kept, 0, 1)


def _preferences(rng: np.random.Generator, world: World) -> tuple[Frame, Ints]:
    """Return preferences and the day each was stated: one per customer number of those who have any."""
    row = np.flatnonzero(chance(rng, STATED_ONE, len(world.crm)))
    wish = choose_by_group(rng, WISHES, world.people.kind[world.crm.person[row]])
    start = np.maximum(world.crm.start[row], 0).astype(np.int64)
    day = start + np.floor((N_DAYS - start) * rng.random(len(row))).astype(np.int64)
    subjects = tuple(subject for subject, wishes in PREFERRED.items() for _ in wishes)
    contents = tuple(wish for wishes in PREFERRED.values() for wish in wishes)
    words = tuple(word for wishes in PREFERRED.values() for word in wishes.values())
    nothing = unknown(world.crm.number.take(pa.array(row)), np.ones(len(row), bool))
    hour = 8 + choose(rng, np.ones(10), len(row))
    table = pa.table(
        {
            "nummer": join("V", digits(1 + np.arange(len(row)), 8)),
            "klantnr": pick(world.crm.number, row),
            "soort": pick(texts(("voorkeur",)), np.zeros(len(row), np.int64)),
            "onderwerp": pick(texts(subjects), wish),
            "inhoud": pick(texts(contents), wish),
            "voorkeur": pick(texts(words), wish),
            "vastgelegd_op": moment_text(day_of(day), hour * 3600 + rng.integers(0, 3600, len(row))),
            "toegezegd_voor": nothing,
            "nagekomen": nothing,
        }
    )
    return table, day
