"""A wholesaler that does not exist: other names, kinds and habits than the demo company has.

It delivers on working days only, grows slowly, has one day of three times as much, and one file that comes a
day late; a sale moves its discounts.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pyarrow as pa

from klantprofiel import schema as s

if TYPE_CHECKING:
    from collections.abc import Sequence

Array: TypeAlias = Any  # of numpy, of any kind
Frame: TypeAlias = Any  # pyarrow ships no types

FIRST: Final = date(2025, 3, 3)
GIVEN: Final = tuple(
    f"{a}{b}" for a in ("Jo", "An", "Pe", "Mar", "El") for b in ("ke", "na", "tra", "ris", "sa", "lot")
)
SURNAMES: Final = tuple(
    f"{a}{b}{c}"
    for a in ("van ", "de ", "")
    for b in ("Berg", "Veld", "Water", "Boom", "Hoog", "Nieuw")
    for c in ("huis", "stra", "man", "ink", "wijk", "meer", "hof")
)
PLACES: Final = tuple(
    f"{a}{b}" for a in ("Ooster", "Wester", "Zuid", "Noord", "Mid") for b in ("dam", "kerk", "lo")
)
STREETS: Final = tuple(
    f"{a} {b}"
    for a in ("Lange", "Korte", "Oude", "Nieuwe")
    for b in ("Kade", "Dreef", "Markt", "Laan", "Weg", "Singel")
)
GROUPS: Final = ("droog", "vers", "diepvries", "dranken")


class Afnemers(s.CustomerTable, maps_to=s.canonical.Customers):
    """Afnemers van de groothandel: one row per debtor."""

    source = "debiteuren"
    purpose = "proef"
    retention = s.years(1)
    customer_id = s.Text(label="Debiteur", key=True)
    given_name = s.GivenName(label="Voornaam contactpersoon", nullable=True)
    surname = s.Surname(label="Naam contactpersoon")
    street = s.Street(label="Straat")
    place = s.Place(label="Plaats")
    soort = s.Text(label="Soort zaak")
    limiet = s.Amount(label="Kredietlimiet", unit="EUR", minimum=0, nullable=True)
    registered_on = s.Date(label="Klant sinds")


class Orderregels(s.EventTable, maps_to=s.canonical.Orders):
    """Orderregels: one row per line of an order."""

    source = "orders"
    customers_of = "debiteuren"
    purpose = "proef"
    retention = s.years(1)
    order_id = s.Text(label="Order", key=True)
    line_id = s.Text(label="Regel", key=True)
    customer_id = s.Text(label="Debiteur")
    store_id = s.Text(label="Vestiging")
    product_id = s.Text(label="Artikel")
    ordered_at = s.Timestamp(label="Besteld op")
    quantity = s.Integer(label="Colli", minimum=1)
    gewicht = s.Integer(label="Gewicht per collo", unit="gram", minimum=1)
    bedrag = s.Amount(label="Regelbedrag", unit="EUR")
    korting = s.Amount(label="Korting", unit="EUR", minimum=0)
    valuta = s.Text(label="Valuta")
    levering = s.Choice(label="Levering", values=("bezorgen", "afhalen", "spoed"))
    emballage = s.Flag(label="Emballage")
    opmerking = s.Text(label="Opmerking", nullable=True, personal=True)


class Artikelen(s.ReferenceTable, maps_to=s.canonical.Products):
    """Artikelen: one row per article."""

    source = "artikelen"
    product_id = s.Text(label="Artikel", key=True)
    product_name = s.Text(label="Omschrijving")
    category = s.Text(label="Groep")
    price_eur = s.Amount(label="Prijs", unit="EUR", minimum=0)


TABLES: Final = (Afnemers, Orderregels, Artikelen)


def days_of(n: int) -> list[date]:
    """Return the first n nights with a delivery: after a working day."""
    days: list[date] = []
    day = FIRST
    while len(days) < n:
        if day.weekday() < 5:
            days.append(day + timedelta(days=1))
        day += timedelta(days=1)
    return days


def world(n_days: int, per_night: int, seed: int) -> tuple[list[date], dict[str, Frame]]:
    """Return the delivery days and, per table, all rows with their day of delivery."""
    rng = np.random.default_rng(seed)
    days = days_of(n_days)
    n_old = max(400, 4 * per_night)
    fresh = rng.poisson(max(2.0, per_night / 12), n_days)
    fresh[0] = n_old
    joined = np.repeat(np.arange(n_days), fresh)
    customers = _customers(rng, joined, days)
    changed = _changed(rng, customers, per_night, days)
    orders = _orders(rng, joined, per_night, days)
    articles = _articles(rng, days)
    return days, {
        "afnemers": pa.concat_tables([customers, changed]),
        "orderregels": orders,
        "artikelen": articles,
    }


def _customers(rng: np.random.Generator, joined: Array, days: Sequence[date]) -> Frame:
    n = len(joined)
    lag = np.where(joined == 0, rng.integers(1, 900, n), 1)
    delivered = np.array(days, dtype="datetime64[D]")[joined]
    given = _zipf(rng, GIVEN, n).astype(object)
    given[rng.random(n) < 0.3] = None
    limit = np.round(rng.lognormal(8, 0.6, n), 2).astype(object)
    limit[rng.random(n) < 0.2] = None
    return _table(
        customer_id=[f"D{number:06}" for number in range(n)],
        given_name=given,
        surname=_zipf(rng, SURNAMES, n),
        street=_zipf(rng, STREETS, n),
        place=_zipf(rng, PLACES, n),
        soort=rng.choice(["horeca", "winkel", "zorg"], n, p=[0.6, 0.3, 0.1]),
        limiet=limit,
        registered_on=delivered - lag.astype("timedelta64[D]"),
        delivered_on=delivered,
    )


def _changed(rng: np.random.Generator, customers: Frame, per_night: int, days: Sequence[date]) -> Frame:
    """Return customers of the first delivery who come again later, with another street."""
    n = rng.poisson(max(1.0, per_night / 20), len(days))
    n[0] = 0
    night = np.repeat(np.arange(len(days)), n)
    taken = rng.permutation(400)[: len(night)] if len(night) <= 400 else rng.integers(0, 400, len(night))
    _, first = np.unique(night * 1000 + taken, return_index=True)
    night, taken = night[first], taken[first]
    rows = customers.take(pa.array(taken))
    columns = {name: rows[name] for name in rows.column_names}
    columns["street"] = pa.array(_zipf(rng, STREETS, len(taken)))
    columns["delivered_on"] = pa.array(np.array(days, dtype="datetime64[D]")[night])
    return pa.table(columns)


def _orders(rng: np.random.Generator, joined: Array, per_night: int, days: Sequence[date]) -> Frame:
    weekday = np.array([1.15, 0.9, 0.95, 1.0, 1.3])[[(day - timedelta(days=1)).weekday() for day in days]]
    level = per_night / 2.5 * weekday * 1.003 ** np.arange(len(days)) * rng.lognormal(0, 0.05, len(days))
    level[0] *= 60
    level[len(days) // 2] *= 3
    n_orders = rng.poisson(level)
    night = np.repeat(np.arange(len(days)), n_orders)
    sale = rng.random(len(night)) < np.where(night % 60 > 55, 0.5, 0.15)
    back = np.where(night == 0, rng.integers(1, 700, len(night)), 1)
    back = np.where(rng.random(len(night)) < 0.03, back + 1, back)
    known = np.searchsorted(joined, night, side="right")
    customer = np.minimum((rng.beta(0.7, 1.4, len(night)) * known).astype(int), known - 1)
    lines = 1 + rng.poisson(1.5, len(night))
    of = np.repeat(np.arange(len(night)), lines)
    n = len(of)
    quantity = 1 + rng.poisson(2.0, n)
    price = np.round(rng.lognormal(2.5, 0.8, n), 2)
    amount = np.round(price * quantity, 2)
    discount = np.where(sale[of], np.round(amount * 0.2, 2), 0.0)
    late = len(days) // 3  # this file comes a night later, with the next one
    delivered = np.array(days, dtype="datetime64[D]")[np.where(night[of] == late, late + 1, night[of])]
    bought = np.array(days, dtype="datetime64[D]")[night[of]] - back[of].astype("timedelta64[D]")
    clock = rng.integers(6 * 3600, 19 * 3600, len(night))[of].astype("timedelta64[s]")
    remark = np.char.add("zie order ", of.astype(str)).astype(object)
    remark[rng.random(n) < 0.9] = None
    return _table(
        order_id=np.char.add("O", of.astype(str)),
        line_id=(np.arange(n) - np.repeat(np.cumsum(lines) - lines, lines) + 1).astype(str),
        customer_id=[f"D{number:06}" for number in customer[of]],
        store_id=rng.choice(["A", "B", "C"], len(night), p=[0.5, 0.3, 0.2])[of],
        product_id=np.char.add("P", (rng.beta(0.6, 2, n) * 300).astype(int).astype(str)),
        ordered_at=bought.astype("datetime64[s]") + clock,
        quantity=quantity,
        gewicht=rng.integers(200, 6000, n),
        bedrag=amount - discount,
        korting=discount,
        valuta=np.repeat("EUR", n),
        levering=rng.choice(["bezorgen", "afhalen", "spoed"], len(night), p=[0.55, 0.3, 0.15])[of],
        emballage=rng.random(n) < 0.25,
        opmerking=remark,
        delivered_on=delivered,
    )


def _articles(rng: np.random.Generator, days: Sequence[date]) -> Frame:
    return _table(
        product_id=[f"P{number}" for number in range(300)],
        product_name=[f"artikel {number}" for number in range(300)],
        category=rng.choice(GROUPS, 300),
        price_eur=np.round(rng.lognormal(2.5, 0.8, 300), 2),
        delivered_on=np.repeat(np.datetime64(days[0], "D"), 300),
    )


def _zipf(rng: np.random.Generator, words: Sequence[str], n: int) -> Array:
    weights = 1 / np.arange(1, len(words) + 1) ** 0.8
    return rng.choice(np.array(words), n, p=weights / weights.sum())


def _table(**columns: Array) -> Frame:
    return pa.table({name: pa.array(values) for name, values in columns.items()})
