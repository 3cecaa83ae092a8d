"""The customer survey as delivered: four waves, one row per respondent and item; and the list of items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from klantprofiel.demo.answers import answers, make_respondents
from klantprofiel.demo.attitudes import CONSTRUCTS, make_attitudes
from klantprofiel.demo.company import FIRST_DAY, KINDS, day_of
from klantprofiel.demo.dated import Dated
from klantprofiel.demo.dirt import Stain
from klantprofiel.demo.draws import chance, digits, join, pick, read_list, stream, texts
from klantprofiel.demo.experiences import make_experiences, satisfaction_on
from klantprofiel.demo.source_rows import held_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.demo.answers import Respondents
    from klantprofiel.demo.dated import Frame
    from klantprofiel.demo.draws import Flags, Floats, Ints
    from klantprofiel.demo.experiences import Experiences
    from klantprofiel.demo.world import World

SURVEY: Final = "klantonderzoek"
FIELD_DAYS: Final = 14


@dataclass(frozen=True)
class Wave:
    """One wave of the survey, and the day on which the invitations go out."""

    name: str
    starts: date

    @property
    def day(self) -> int:
        """The day of the history on which it starts."""
        return (self.starts - FIRST_DAY).days


WAVES: Final = (
    Wave("2025-K4", date(2025, 11, 10)),
    Wave("2026-K1", date(2026, 2, 9)),
    Wave("2026-K2", date(2026, 5, 11)),
    Wave("2026-K3", date(2026, 8, 10)),
)
INVITED: Final = 0.13  # share of the customers in the CRM
MOST_INVITED: Final = 7_000  # no research agency mails more for a figure that is precise enough
RESPONSE: Final = np.array([0.11, 0.055, 0.065, 0.06, 0.09])  # kinds in the order of company.KINDS
PANEL: Final = 0.45  # response of those who answered in the wave before
DRIFT: Final = np.zeros((len(KINDS), len(CONSTRUCTS)))  # what an attitude moves from wave to wave
DRIFT[1, CONSTRUCTS.index("duurzaamheid")] = 0.08
DRIFT[2, CONSTRUCTS.index("prijsbewustzijn")] = 0.1
STAINS: Final = (
    Stain("outside scale", "antwoord", 99),
    Stain("error cell", "vraag", "#N/A"),
    Stain("unknown item", "vraag", "X99"),
    Stain("missing", "klantnr", None),
    Stain("missing", "beantwoord_op", None),
    Stain("future", "beantwoord_op", datetime(2062, 3, 1, 20, 15)),  # noqa: DTZ001 - a cell has no zone
)


def make_survey(world: World) -> Dated:
    """Return all answers; the rows of a wave are delivered together, the night after its last day."""
    parts, deliveries = [], []
    for wave, _, rows in _waves(world):
        closed = world.calendar.delivery_of(np.array([wave.day + FIELD_DAYS - 1]))
        parts.append(rows)
        deliveries.append(np.repeat(closed, rows.num_rows))
    return Dated(pa.concat_tables(parts).combine_chunks(), np.concatenate(deliveries))


def truth(world: World) -> Frame:
    """Return one row per respondent and wave: who gave one answer throughout, and who hurried."""
    parts = [
        pa.table(
            {
                "meting": pa.array([wave.name] * len(who.person), pa.string()),
                "person_id": join("P-", digits(who.person, 8)),
                "is_straight": pa.array(who.is_straight),
                "is_hurried": pa.array(who.is_hurried),
            }
        )
        for wave, who, _ in _waves(world)
    ]
    return pa.concat_tables(parts).combine_chunks()


def make_items(world: World) -> Dated:  # noqa: ARG001 - as every source; this list is always the same
    """Return the items of the survey, one row each, as text."""
    headers = {
        "vraag": "item",
        "begrip": "construct",
        "soort": "measures",
        "tekst": "text",
        "laagste": "lowest",
        "hoogste": "highest",
        "omgekeerd": "reversed",
        "merk": "brand",
    }
    items = read_list("survey_items")
    rows = pa.table({header: texts(items[column]) for header, column in headers.items()})
    return Dated(rows, np.zeros(rows.num_rows, np.int64))


def _waves(world: World) -> Iterator[tuple[Wave, Respondents, Frame]]:
    """Return for each wave who answers, and the rows of the answers."""
    rng = stream(world.seed, "survey")
    attitudes, experiences = make_attitudes(world), make_experiences(world)
    before = np.array([], np.int64)
    for number, wave in enumerate(WAVES):
        who = _who_answers(rng, world, experiences, wave, before)
        yield wave, who, _rows(rng, world, wave, who, answers(rng, who, attitudes, DRIFT * number))
        before = who.person


def _who_answers(
    rng: np.random.Generator, world: World, experiences: Experiences, wave: Wave, before: Ints
) -> Respondents:
    """Invite part of the CRM's customers of that day, and all who answered before; return who answers."""
    n = len(world.people)
    everybody = np.arange(n)
    known = held_on(world.crm, n, everybody, np.full(n, wave.day)) >= 0
    panel: Flags = np.isin(everybody, before)
    share = min(INVITED, MOST_INVITED / max(int(known.sum()), 1))
    invited = known & (panel | chance(rng, share, n))
    answering = chance(rng, np.where(panel, PANEL, RESPONSE[world.people.kind]), n)
    person = np.flatnonzero(invited & answering)
    satisfaction: Floats = satisfaction_on(world, experiences, wave.day)[person]
    return make_respondents(rng, person, world.people.kind[person].astype(np.int64), satisfaction)


def _rows(
    rng: np.random.Generator, world: World, wave: Wave, who: Respondents, given: tuple[Ints, Flags]
) -> Frame:
    """Return the answers of a wave, respondents in the order in which they finished."""
    answer, answered = given
    n, n_items = answer.shape
    day = wave.day + np.floor(rng.beta(1, 2.2, n) * FIELD_DAYS).astype(np.int64)
    second = 27_000 + np.floor(rng.beta(2, 1.6, n) * 55_000).astype(np.int64)
    order = np.lexsort((second, day))
    row = held_on(world.crm, len(world.people), who.person, np.full(n, wave.day))
    moment = day_of(day[order]).astype("datetime64[s]") + second[order]
    each = np.repeat(np.arange(n), n_items)
    return pa.table(
        {
            "onderzoek": pick(texts((SURVEY,)), np.zeros(n * n_items, np.int64)),
            "meting": pick(texts((wave.name,)), np.zeros(n * n_items, np.int64)),
            "klantnr": pick(world.crm.number, row[order][each]),
            "vraag": pick(texts(read_list("survey_items")["item"]), np.tile(np.arange(n_items), n)),
            "antwoord": pa.array(answer[order].ravel(), mask=~answered[order].ravel()),
            "beantwoord_op": pa.array(moment[each]),
            "duur_sec": pa.array(who.seconds[order][each]),
        }
    )
