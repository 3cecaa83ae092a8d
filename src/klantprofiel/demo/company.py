"""Hoefblad Huis & Tuin, a shop that does not exist: its calendar, its kinds of customers and its habits.

The planted kinds of customers are what a segmentation may find back; they stand in `waarheid/` and nowhere
in a delivery. They overlap on purpose: every person gets a draw around the kind's averages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from klantprofiel.demo.draws import Days, Ints

NAME: Final = "Hoefblad Huis & Tuin"
FIRST_DAY: Final = date(2023, 9, 3)
LAST_DAY: Final = date(2026, 9, 3)  # of the last delivery, which holds what happened before it
N_DAYS: Final = (LAST_DAY - FIRST_DAY).days  # of history
MOST_DAYS: Final = 365  # of daily deliveries; the first delivery then holds two years
DIRT_SHARE: Final = 0.01  # of the rows of a delivered file

CATEGORIES: Final = (
    "Planten en bollen",
    "Tuingereedschap",
    "Tuinmeubelen",
    "Gereedschap",
    "Verf en behang",
    "Keuken en tafel",
    "Opbergen en schoonmaak",
    "Wonen en verlichting",
)
BRANDS: Final = ("Hoefblad", "Velduil", "Rietzoom")  # the house brand, the middle and the best
BRAND_PRICE: Final = np.array([0.8, 1.0, 1.45])


@dataclass(frozen=True)
class Kind:
    """One planted kind of customer; shares are 0 to 1, orders are per year, growth is -1 to 1."""

    name: str
    share: float
    age: tuple[float, float]  # mean and spread, years
    women: float
    provinces: tuple[str, ...]  # where this kind lives three times as often as elsewhere
    household: tuple[float, float, float, float, float]  # how likely 1, 2, 3, 4, 5 or more people at home
    orders: float
    lines: float  # lines in an order, besides the first
    online: float
    growth: float
    discount: float  # share of orders in a sale
    returned: float  # share of lines brought back
    categories: tuple[float, ...]  # weights, in the order of CATEGORIES
    newsletter: float


KINDS: Final = (
    Kind(
        name="Tuinliefhebbers",
        share=0.29,
        age=(63, 9),
        women=0.56,
        provinces=("Gelderland", "Drenthe", "Overijssel", "Limburg"),
        household=(0.28, 0.58, 0.08, 0.04, 0.02),
        orders=2.3,
        lines=0.9,
        online=0.12,
        growth=0.05,
        discount=0.18,
        returned=0.02,
        categories=(9, 5, 3, 0.8, 0.8, 0.6, 0.5, 0.5),
        newsletter=0.48,
    ),
    Kind(
        name="Jonge stedelingen",
        share=0.23,
        age=(30, 5),
        women=0.6,
        provinces=("Noord-Holland", "Zuid-Holland", "Utrecht"),
        household=(0.52, 0.38, 0.07, 0.02, 0.01),
        orders=1.75,
        lines=0.4,
        online=0.84,
        growth=0.65,
        discount=0.3,
        returned=0.07,
        categories=(2, 0.3, 0.5, 0.6, 1.2, 3, 1.5, 8),
        newsletter=0.66,
    ),
    Kind(
        name="Drukke gezinnen",
        share=0.22,
        age=(41, 5),
        women=0.67,
        provinces=("Utrecht", "Flevoland", "Noord-Brabant"),
        household=(0.02, 0.08, 0.25, 0.42, 0.23),
        orders=2.8,
        lines=0.7,
        online=0.5,
        growth=0.25,
        discount=0.34,
        returned=0.05,
        categories=(0.8, 0.6, 1.2, 0.5, 1, 6, 9, 2),
        newsletter=0.58,
    ),
    Kind(
        name="Klussers",
        share=0.15,
        age=(46, 11),
        women=0.2,
        provinces=("Noord-Brabant", "Friesland", "Groningen", "Zeeland"),
        household=(0.22, 0.4, 0.16, 0.15, 0.07),
        orders=1.8,
        lines=0.6,
        online=0.28,
        growth=-0.05,
        discount=0.14,
        returned=0.03,
        categories=(0.4, 2, 0.4, 9, 7, 0.2, 1, 0.6),
        newsletter=0.36,
    ),
    Kind(
        name="Koopjesjagers",
        share=0.11,
        age=(48, 15),
        women=0.55,
        provinces=("Zuid-Holland", "Limburg", "Groningen"),
        household=(0.35, 0.35, 0.13, 0.11, 0.06),
        orders=1.4,
        lines=0.3,
        online=0.62,
        growth=-0.6,
        discount=0.86,
        returned=0.14,
        categories=(1.5, 1, 1, 0.8, 1, 2.5, 2.5, 2.5),
        newsletter=0.74,
    ),
)


def day_of(numbers: Ints) -> Days:
    """Return the dates that lie `numbers` days after the first day of the history."""
    return np.datetime64(FIRST_DAY, "D") + numbers


def delivery_days(days: int) -> tuple[date, ...]:
    """Return the day of the first delivery, which holds all history, and the `days` daily ones after it.

    >>> [day.isoformat() for day in delivery_days(2)]
    ['2026-09-01', '2026-09-02', '2026-09-03']
    """
    return tuple(LAST_DAY - timedelta(days=before) for before in range(days, -1, -1))
