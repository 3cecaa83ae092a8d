"""Subscriptions as delivered: when they begin and, once they end, again; and what one can subscribe to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from klantprofiel.demo.company import BRANDS, N_DAYS, day_of
from klantprofiel.demo.dated import Dated
from klantprofiel.demo.dirt import ROW_BEFORE, Stain
from klantprofiel.demo.draws import chance, date_text, digits, euro_text, join, pick, stream, texts, unknown
from klantprofiel.demo.source_rows import with_later_change

if TYPE_CHECKING:
    from klantprofiel.demo.world import World

CATEGORY: Final = "Abonnementen"


@dataclass(frozen=True)
class Plan:
    """Something one can subscribe to: cents a month, how long people stay, and the share of each kind."""

    number: str
    name: str
    price: int
    cost: int
    months: float  # average
    takers: tuple[float, ...]  # kinds in the order of company.KINDS


PLANS: Final = (
    Plan("B90001", "Plantenabonnement", 1495, 840, 16, (0.035, 0.04, 0.008, 0.002, 0.006)),
    Plan("B90002", "Onderhoudsservice tuin", 3900, 2750, 30, (0.05, 0.001, 0.02, 0.002, 0.003)),
    Plan("B90003", "Gereedschapsservice", 695, 260, 26, (0.01, 0.002, 0.006, 0.06, 0.005)),
    Plan("B90004", "Schoonmaakpakket", 1250, 730, 12, (0.004, 0.012, 0.045, 0.001, 0.01)),
)
OFFERED: Final = 0.3  # share that begins at a fifth below the price
DAYS_PER_MONTH: Final = 30.4
STAINS: Final = (
    Stain("duplicate key", "abonnementsnr", ROW_BEFORE),
    Stain("missing", "abonnementsnr", None),
    Stain("unreadable date", "begonnen_op", "begin maart"),
    Stain("before it began", "beeindigd_op", "01-01-1999"),
    Stain("negative", "maandbedrag", "-14,95"),
    Stain("future", "begonnen_op", "14-03-2062"),
)


def make_subscriptions(world: World) -> Dated:
    """Return the subscriptions of customers in the CRM, each when it begins and when it has ended."""
    rng = stream(world.seed, "subscriptions")
    kind = world.people.kind[world.crm.person]
    taken = [chance(rng, np.array(plan.takers)[kind], len(kind)) for plan in PLANS]
    plan = np.repeat(np.arange(len(PLANS)), [int(each.sum()) for each in taken])
    row = np.concatenate([np.flatnonzero(each) for each in taken])
    n = len(row)
    begun = np.maximum(world.crm.start[row], 0).astype(np.int64)
    start = begun + np.floor((N_DAYS - begun) * rng.random(n)).astype(np.int64)
    months = np.array([each.months for each in PLANS])[plan]
    stay = np.ceil(rng.exponential(months) + 1) * DAYS_PER_MONTH
    end = start + stay.astype(np.int64)
    price = np.array([each.price for each in PLANS])[plan]
    order = np.lexsort((row, start))
    row, plan, start, end = row[order], plan[order], start[order], end[order]
    amount = np.where(chance(rng, OFFERED, n), price * 4 // 5, price)[order]
    rows = pa.table(
        {
            "abonnementsnr": join("AB", digits(1 + np.arange(n), 7)),
            "klantnr": pick(world.crm.number, row),
            "artikelnr": pick(texts(tuple(each.number for each in PLANS)), plan),
            "begonnen_op": date_text(day_of(start)),
            "beeindigd_op": unknown(date_text(day_of(end)), end >= N_DAYS),
            "maandbedrag": euro_text(amount),
        }
    )
    return with_later_change(
        rows, stated=start, settled=end, unsettled=("beeindigd_op",), calendar=world.calendar
    )


def make_plans(world: World) -> Dated:  # noqa: ARG001 - as every source; this list is always the same
    """Return what one can subscribe to, one row each, as text."""
    rows = pa.table(
        {
            "artikelnr": texts(tuple(plan.number for plan in PLANS)),
            "omschrijving": texts(tuple(plan.name for plan in PLANS)),
            "categorie": texts((CATEGORY,) * len(PLANS)),
            "merk": texts((BRANDS[0],) * len(PLANS)),
            "maandprijs": euro_text(np.array([plan.price for plan in PLANS])),
            "maandkosten": euro_text(np.array([plan.cost for plan in PLANS])),
        }
    )
    return Dated(rows, np.zeros(len(PLANS), np.int64))
