"""Campaign contacts as delivered: who was reached along which channel, and what came of it in two weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantprofiel.demo.company import FIRST_DAY, N_DAYS, day_of
from klantprofiel.demo.consents import GIVEN, OBJECTED, WITHDRAWN, make_consents
from klantprofiel.demo.dated import Dated
from klantprofiel.demo.dirt import Stain
from klantprofiel.demo.draws import chance, moment_text, pick, stream, texts

if TYPE_CHECKING:
    from klantprofiel.demo.dated import Frame
    from klantprofiel.demo.draws import Flags, Ints
    from klantprofiel.demo.world import World

EMAIL, POST, PHONE = "e-mail", "post", "telefoon"
PURPOSES: Final = {EMAIL: "nieuwsbrief", POST: "catalogus", PHONE: "belactie"}
REPORTED_AFTER: Final = 14  # days; what follows later is not counted
OPENED: Final = {EMAIL: 0.33, POST: 0.0, PHONE: 0.45}
"""Share that opens, or takes the call. Of Dutch marketing e-mail 33% was opened and 8% clicked in 2012 (DDMA,
Nationale E-mail Benchmark 2013); the telephone is set, and nobody sees a catalogue being opened."""
CLICKED: Final = {EMAIL: 0.24, POST: 0.0, PHONE: 0.2}  # of those who opened
RESPONSES: Final = ("geen", "geopend", "geklikt", "verzilverd")
STAINS: Final = (
    Stain("missing", "campagne", None),
    Stain("missing", "klantnr", None),
    Stain("unknown choice", "reactie", "misschien"),
    Stain("unknown choice", "kanaal", "duif"),
    Stain("unreadable date", "benaderd_op", "30-02-2026 10:00:00"),
)


@dataclass(frozen=True)
class Campaign:
    """One campaign: its day, its channel, the share of the reachable that it picks, and for whose taste."""

    name: str
    starts: date
    channel: str
    share: float
    category: int  # index into company.CATEGORIES: who likes it is picked sooner

    @property
    def day(self) -> int:
        """The day of the history on which it starts."""
        return (self.starts - FIRST_DAY).days


CAMPAIGNS: Final = (
    Campaign("2023-NAJAAR-BOLLEN", date(2023, 10, 2), EMAIL, 0.3, 0),
    Campaign("2023-DECEMBER-WONEN", date(2023, 11, 27), EMAIL, 0.3, 7),
    Campaign("2024-VOORJAAR-GIDS", date(2024, 3, 11), POST, 0.12, 0),
    Campaign("2024-ZOMER-OPRUIMING", date(2024, 7, 8), EMAIL, 0.35, 2),
    Campaign("2024-NAJAAR-BOLLEN", date(2024, 9, 30), EMAIL, 0.3, 0),
    Campaign("2024-KLUSWEKEN", date(2024, 10, 28), POST, 0.1, 4),
    Campaign("2024-DECEMBER-WONEN", date(2024, 11, 25), EMAIL, 0.3, 7),
    Campaign("2025-VOORJAAR-GIDS", date(2025, 3, 10), POST, 0.12, 0),
    Campaign("2025-TUINONDERHOUD", date(2025, 4, 14), PHONE, 0.5, 1),
    Campaign("2025-ZOMER-OPRUIMING", date(2025, 7, 7), EMAIL, 0.35, 2),
    Campaign("2025-NAJAAR-BOLLEN", date(2025, 9, 29), EMAIL, 0.3, 0),
    Campaign("2025-DECEMBER-WONEN", date(2025, 11, 24), EMAIL, 0.3, 7),
    Campaign("2026-SCHOONMAAK", date(2026, 1, 19), EMAIL, 0.25, 6),
    Campaign("2026-VOORJAAR-GIDS", date(2026, 3, 9), POST, 0.12, 0),
    Campaign("2026-TUINONDERHOUD", date(2026, 4, 13), PHONE, 0.5, 1),
    Campaign("2026-ZOMER-OPRUIMING", date(2026, 7, 6), EMAIL, 0.35, 2),
)


@dataclass(frozen=True)
class Say:
    """What each CRM number said about one purpose: the days of consent, withdrawal and objection, if ever."""

    given: Ints
    withdrawn: Ints
    objected: Ints

    def allows(self, day: int, *, asks_consent: bool) -> Flags:
        """Return who may be reached on a day: with consent, or without objection where none is asked."""
        if not asks_consent:
            return self.objected > day
        return (self.given < day) & (self.withdrawn > day)


def make_campaign_contacts(world: World) -> Dated:
    """Return all campaign contacts; nobody is reached without consent, or against an objection."""
    rng = stream(world.seed, "campaigns")
    says = _says(world)
    parts = [_reached(rng, world, campaign, says) for campaign in CAMPAIGNS]
    reported = np.concatenate(
        [np.full(part.num_rows, campaign.day) for part, campaign in zip(parts, CAMPAIGNS, strict=True)]
    )
    rows = pa.concat_tables(parts).combine_chunks()
    return Dated(rows, world.calendar.delivery_of(reported + REPORTED_AFTER))


def _says(world: World) -> dict[str, Say]:
    """Return by purpose what each CRM number said; `direct marketing` is about all of them."""
    consents = make_consents(world).rows
    row = pc.index_in(consents["klantnr"], value_set=world.crm.number).to_numpy()
    dates = pc.strptime(pc.utf8_slice_codeunits(consents["vastgelegd_op"], 0, 10), "%d-%m-%Y", "s")
    day = (dates.to_numpy().astype("datetime64[D]") - day_of(np.zeros(1, np.int64))).astype(np.int64)
    never = np.full(len(world.crm), N_DAYS)

    def days_of(purpose: str, status: str) -> Ints:
        said = pc.and_(pc.equal(consents["doel"], purpose), pc.equal(consents["verklaring"], status))
        at = np.flatnonzero(said.to_numpy())
        days = never.copy()
        days[row[at]] = day[at]
        return days

    return {
        purpose: Say(*(days_of(purpose, status) for status in (GIVEN, WITHDRAWN, OBJECTED)))
        for purpose in (*PURPOSES.values(), "direct marketing")
    }


def _reached(rng: np.random.Generator, world: World, campaign: Campaign, says: dict[str, Say]) -> Frame:
    """Return whom one campaign reaches, those who like such things sooner, and how each responds."""
    crm, n_numbers = world.crm, len(world.crm)
    say, every = says[PURPOSES[campaign.channel]], says["direct marketing"]
    allowed = say.allows(campaign.day, asks_consent=campaign.channel != POST)
    allowed &= (every.objected > campaign.day) & (crm.start < campaign.day) & (crm.copy == 0)
    liking = world.habits.taste[crm.person, campaign.category]
    picked = chance(rng, np.clip(campaign.share * (0.5 + 4 * liking), 0, 1), n_numbers)
    row = np.flatnonzero(allowed & picked)
    n = len(row)
    every_row = np.zeros(n, np.int64)
    return pa.table(
        {
            "campagne": pick(texts((campaign.name,)), every_row),
            "klantnr": pick(crm.number, row),
            "kanaal": pick(texts((campaign.channel,)), every_row),
            "benaderd_op": moment_text(day_of(campaign.day + every_row), 28_800 + rng.integers(0, 7_200, n)),
            "reactie": pick(texts(RESPONSES), _responses(rng, world, campaign, crm.person[row])),
        }
    )


def _responses(rng: np.random.Generator, world: World, campaign: Campaign, person: Ints) -> Ints:
    """Return how far each person goes, an index into RESPONSES; only who orders within two weeks redeems."""
    orders, n = world.orders, len(person)
    soon = (orders.day >= campaign.day) & (orders.day < campaign.day + REPORTED_AFTER)
    buys = np.isin(person, orders.person[soon])
    keen, thrifty = 0.6 + 0.8 * world.habits.newsletter[person], world.habits.discount[person]
    opened = chance(rng, OPENED[campaign.channel] * keen, n)
    clicked = opened & chance(rng, CLICKED[campaign.channel] * (0.5 + thrifty), n)
    redeemed = buys & (opened | (campaign.channel == POST)) & chance(rng, 0.15 + 0.7 * thrifty, n)
    return np.where(redeemed, 3, np.where(clicked, 2, opened.astype(np.int64)))
