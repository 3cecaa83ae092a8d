"""Business customers as delivered: companies that do not exist, and what they order on account.

Their numbers are made so that none can be a citizen service number, alone or inside a VAT number: each fails
the eleven test. Their e-mail addresses end in `.example`, and their telephone numbers have no subscriber.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantprofiel.demo.company import CATEGORIES, N_DAYS, day_of
from klantprofiel.demo.dated import Dated
from klantprofiel.demo.dirt import Stain
from klantprofiel.demo.draws import (
    chance,
    choose,
    choose_by_group,
    date_text,
    digits,
    euro_text,
    join,
    pick,
    read_list,
    scatter,
    stream,
    texts,
)
from klantprofiel.demo.people import make_addresses
from klantprofiel.demo.purchase_files import product_numbers

if TYPE_CHECKING:
    from klantprofiel.demo.draws import Ints, Texts
    from klantprofiel.demo.people import Addresses
    from klantprofiel.demo.world import World

SHARE: Final = 0.012  # companies per person
LEGAL_FORMS: Final = ("", "B.V.", "V.O.F.")
KIND_OF_PLACE: Final = 3  # companies stand where the planted kind of Klussers lives
VAT_RATE: Final = 21  # per cent, the general rate, taken for all products
BULK: Final = 0.3  # share of the lines of ten pieces or more
TERMS: Final = ("14", "30", "60")  # days to pay
WEIGHTS: Final = np.array([[3, 2, 1, 3, 3, 1, 2, 1.0]])  # of company.CATEGORIES in what companies order
STAINS: Final = (
    Stain("missing", "klantnr", None),
    Stain("missing", "bedrijfsnaam", None),
    Stain("wrong form", "kvk_nummer", "1234567"),
    Stain("wrong form", "btw_nummer", "BE0123456789"),
    Stain("unreadable date", "klant_sinds", "voorjaar 2025"),
)
ORDER_STAINS: Final = (
    Stain("missing", "bestelnr", None),
    Stain("negative", "aantal", "-10"),
    Stain("unreadable number", "bedrag_excl_btw", "n.n.b."),
    Stain("unreadable date", "besteld_op", "31-06-2026"),
    Stain("unknown choice", "betaaltermijn", "99"),
)


@dataclass(frozen=True)
class Companies:
    """One row per company, in the order in which they became customers; `since` is a day of the history."""

    trade: Ints  # row in lists/trades.csv
    since: Ints
    number: Texts

    def __len__(self) -> int:
        """Return how many companies there are."""
        return len(self.trade)


def make_companies(world: World) -> Dated:
    """Return the business customers, one row each, as text."""
    rng = stream(world.seed, "companies")
    companies = _companies(world)
    n, trades, names = len(companies), read_list("trades"), read_list("surnames")
    owner = rng.integers(0, len(names["surname"]), n)
    prefix, surname = (pick(texts(names[part]), owner) for part in ("prefix", "surname"))
    name = join(pick(texts(trades["trade"]), companies.trade), pc.utf8_capitalize(prefix), surname, by=" ")
    address = make_addresses(rng, np.full(n, KIND_OF_PLACE))
    form = choose(rng, np.array([0.55, 0.33, 0.12]), n)
    given = _given_names(rng, n)
    mailbox = join("inkoop", digits(1 + np.arange(n)), "@zakelijk.example")
    rows = pa.table(
        {
            "klantnr": companies.number,
            "bedrijfsnaam": join(name, pick(texts(LEGAL_FORMS), form), by=" "),
            "kvk_nummer": _kvk_numbers(n),
            "btw_nummer": _vat_numbers(n),
            "branche": pick(texts(trades["sector"]), companies.trade),
            "contactpersoon": join(given, pick(texts(names["prefix"]), owner), surname, by=" "),
            "e_mail": mailbox,
            "telefoon": _telephones(address),
            "straat": address.street,
            "huisnummer": address.number,
            "postcode": address.postal_code,
            "plaats": pick(texts(read_list("municipalities")["place"]), address.place),
            "klant_sinds": date_text(day_of(companies.since)),
        }
    )
    return Dated(rows, world.calendar.delivery_of(companies.since))


def make_company_orders(world: World) -> Dated:
    """Return the order lines of the business customers, as text; amounts without VAT."""
    rng = stream(world.seed, "company orders")
    companies = _companies(world)
    expected = np.array(read_list("trades")["orders"], float)[companies.trade]
    begun = np.maximum(companies.since, 0)
    number = rng.poisson(expected * (N_DAYS - begun) / N_DAYS)
    of_order = np.repeat(np.arange(len(companies)), number)
    day = begun[of_order] + np.floor((N_DAYS - begun[of_order]) * rng.random(len(of_order))).astype(np.int64)
    in_time = np.argsort(day, kind="stable")
    of_order, day = of_order[in_time], day[in_time]
    n_lines = 1 + rng.poisson(1.4, len(of_order))
    order = np.repeat(np.arange(len(of_order)), n_lines)
    line = np.arange(len(order)) - np.repeat(np.cumsum(n_lines) - n_lines, n_lines) + 1
    product = _products(rng, world, len(order))
    quantity = np.where(
        chance(rng, BULK, len(order)), rng.integers(10, 61, len(order)), 1 + rng.poisson(2, len(order))
    )
    net = world.assortment.price[product].astype(np.int64) * 100 // (100 + VAT_RATE)
    term = choose(rng, np.array([0.3, 0.6, 0.1]), len(of_order))
    rows = pa.table(
        {
            "bestelnr": join("ZB", digits(1 + order, 7)),
            "regelnr": digits(line),
            "klantnr": pick(companies.number, of_order[order]),
            "besteld_op": date_text(day_of(day[order])),
            "artikelnr": pick(product_numbers(world.assortment), product),
            "aantal": digits(quantity),
            "bedrag_excl_btw": euro_text(net * quantity),
            "betaaltermijn": pick(texts(TERMS), term[order]),
        }
    )
    return Dated(rows, world.calendar.delivery_of(day[order]))


def _companies(world: World) -> Companies:
    rng = stream(world.seed, "business")
    n = max(1, round(len(world.people) * SHARE))
    since = np.sort(np.floor(N_DAYS - rng.beta(1, 1.5, n) * 3000).astype(np.int64))
    trade = choose(rng, np.array(read_list("trades")["weight"], float), n)
    return Companies(trade, np.minimum(since, N_DAYS - 1), join("Z", digits(10_000 + 7 * np.arange(n), 6)))


def _given_names(rng: np.random.Generator, n: int) -> Texts:
    names = tuple(name for line in read_list("given_names")["names"] for name in line.split())
    return pick(texts(names), rng.integers(0, len(names), n))


def _products(rng: np.random.Generator, world: World, n: int) -> Ints:
    """Draw products: a category by WEIGHTS, and any product of it."""
    category = choose_by_group(rng, WEIGHTS, np.zeros(n, np.int64))
    each = len(world.assortment) // len(CATEGORIES)
    return category * each + rng.integers(0, each, n)


def _kvk_numbers(n: int) -> Texts:
    """Return eight digits, the first two zeros; not one passes the eleven test."""
    start = scatter(np.arange(n), size=100_000, offset=27_182)
    return join("00", digits(start, 5), digits(_failing_digit(start, 7)))


def _vat_numbers(n: int) -> Texts:
    """Return VAT numbers of which the nine digits do not pass the eleven test."""
    start = 80_000_000 + scatter(np.arange(n), size=10_000_000, offset=1_414_213)
    return join("NL", digits(start), digits(_failing_digit(start, 8)), "B01")


def _failing_digit(start: Ints, n_digits: int) -> Ints:
    """Return a last digit behind `start` (as `n_digits` digits) with which the eleven test fails.

    The test weighs the digits of a number of nine by 9, 8 and so on to 2, takes the last one off, and asks
    for a multiple of eleven; a shorter number has zeros in front.
    """
    total = np.zeros(len(start), np.int64)
    for place in range(n_digits):  # counted from the right
        total += (start // 10**place % 10) * (place + 2)
    return (total % 11 + 1) % 10


def _telephones(address: Addresses) -> Texts:
    """Return numbers that no subscriber has, with a zero after the area code."""
    codes = read_list("municipalities")["area_code"]
    width = np.array([9 - len(code) for code in codes])[address.place]
    tail = scatter(np.arange(len(address.place)), size=100_000, offset=16_180)
    filled = pc.if_else(
        pa.array(width == width.max()), digits(tail, int(width.max())), digits(tail, int(width.min()))
    )
    return join(pick(texts(codes), address.place), "0", filled)
