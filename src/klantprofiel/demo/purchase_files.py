"""Purchases, products and stores as delivered: the web shop in Parquet (UTC), tills and stores in CSV."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantprofiel.demo.assortment import ALWAYS, NEVER, PERIOD, make_stores
from klantprofiel.demo.company import BRANDS, CATEGORIES, day_of
from klantprofiel.demo.dated import Dated, latest
from klantprofiel.demo.draws import (
    chance,
    digits,
    euro_text,
    join,
    moment_text,
    pick,
    read_list,
    stream,
    texts,
    where,
)

if TYPE_CHECKING:
    from klantprofiel.demo.assortment import Assortment
    from klantprofiel.demo.draws import Ints, Texts
    from klantprofiel.demo.world import World

ELSEWHERE: Final = 0.1  # share of the till receipts from another store than the nearest
IN_APP: Final = 0.3  # share of the online orders placed in the app
AHEAD: Final = 14  # days before it opens that a store is on the list, and a product before it is for sale
MONEY: Final = pa.decimal128(12, 2)


def web_orders(world: World) -> Dated:
    """Return the order lines of the web shop."""
    rng = stream(world.seed, "web orders")
    at = np.flatnonzero(world.is_online)
    lines, order = world.lines, world.lines.order[at]
    in_app = chance(rng, IN_APP, len(world.orders.row))
    day = lines.day[at]
    moment = day_of(day).astype("datetime64[s]") + lines.second[at]
    rows = pa.table(
        {
            "bestelnr": join("WB", digits(order, 8)),
            "regelnr": pa.array(lines.line[at], pa.int32()),
            "accountnr": pick(world.webshop.number, world.orders.row[order]),
            "besteld_op": pa.array(moment).cast(pa.timestamp("us")),
            "kanaal": pick(texts(("webshop", "app")), in_app[order].astype(np.int8)),
            "artikelnr": pick(product_numbers(world.assortment), lines.product[at]),
            "aantal": pa.array(lines.quantity[at], pa.int32()),
            "bedrag": money(lines.amount[at]),
            "korting": money(lines.discount[at]),
            "retour": pick(texts(("nee", "ja")), lines.is_return[at].astype(np.int8)),
        }
    )
    return Dated(rows, world.calendar.delivery_of(day))


def receipts(world: World) -> Dated:
    """Return the lines of the till receipts, as text; without a card they have no customer number."""
    rng = stream(world.seed, "receipts")
    at = np.flatnonzero(~world.is_online)
    lines, order = world.lines, world.lines.order[at]
    row = world.orders.row[order]
    day = lines.day[at]
    rows = pa.table(
        {
            "bonnr": join("K", digits(order, 8)),
            "regel": digits(lines.line[at]),
            "klantnr": world.crm.number.take(pa.array(row, mask=row < 0)),
            "winkelnr": pick(texts(read_list("stores")["store_id"]), _stores(rng, world)[order]),
            "tijdstip": moment_text(day_of(day), lines.second[at]),
            "kanaal": pick(texts(("winkel",)), np.zeros(len(at), np.int8)),
            "artikelnr": pick(product_numbers(world.assortment), lines.product[at]),
            "aantal": digits(lines.quantity[at]),
            "bedrag": euro_text(lines.amount[at]),
            "korting": euro_text(lines.discount[at]),
            "retour": pick(texts(("N", "J")), lines.is_return[at].astype(np.int8)),
        }
    )
    return Dated(rows, world.calendar.delivery_of(day))


def products(world: World) -> Dated:
    """Return the assortment, one row per product and price that it had."""
    assortment, brands = world.assortment, texts(BRANDS)
    round_, product = np.nonzero(np.diff(assortment.prices, axis=0))
    changed = (round_ + 1) * PERIOD > assortment.since[product]
    row = np.concatenate([np.arange(len(assortment)), product[changed]])
    day = np.concatenate([np.maximum(assortment.since - AHEAD, ALWAYS), (round_[changed] + 1) * PERIOD])
    order = np.lexsort((day, row))
    delivery = world.calendar.delivery_of(day[order])
    kept = order[latest(row[order], delivery)]
    price = assortment.price_on(row[kept], np.maximum(day[kept], assortment.since[row[kept]]).clip(0))
    rows = pa.table(
        {
            "artikelnr": pick(product_numbers(assortment), row[kept]),
            "omschrijving": join(
                pick(texts(read_list("products")["product"]), assortment.name[row[kept]]),
                pick(brands, assortment.brand[row[kept]]),
                by=" ",
            ),
            "categorie": pick(texts(CATEGORIES), assortment.category[row[kept]]),
            "merk": pick(brands, assortment.brand[row[kept]]),
            "verkoopprijs": money(price),
            "kostprijs": money(assortment.cost[row[kept]]),
        }
    )
    return Dated(rows, world.calendar.delivery_of(day[kept]))


def stores(world: World) -> Dated:
    """Return the stores as text, one row each, and another when one closes."""
    listed, stores = read_list("stores"), make_stores()
    closing = np.flatnonzero(stores.closed < NEVER)
    row = np.concatenate([np.arange(len(stores.opened)), closing])
    day = np.concatenate([np.maximum(stores.opened - AHEAD, ALWAYS), stores.closed[closing]])
    order = np.lexsort((day, row))
    kept = order[latest(row[order], world.calendar.delivery_of(day[order]))]
    headers = {
        "winkelnr": "store_id",
        "winkelnaam": "name",
        "postcode": "postal_code",
        "plaats": "place",
        "geopend_op": "opened_on",
    }
    rows = {header: pick(texts(listed[column]), row[kept]) for header, column in headers.items()}
    shut = where(stores.closed[row[kept]] <= day[kept], pick(texts(listed["closed_on"]), row[kept]), None)
    return Dated(pa.table({**rows, "gesloten_op": shut}), world.calendar.delivery_of(day[kept]))


def product_numbers(assortment: Assortment) -> Texts:
    """Return the number of each product."""
    return join("A", digits(10_000 + np.arange(len(assortment)) * 7))


def money(cents: Ints) -> Texts:
    """Return amounts in cents as euro, exact."""
    return pc.multiply(pa.array(cents).cast(pa.decimal128(19, 0)), pa.scalar(Decimal("0.01"))).cast(MONEY)


def _stores(rng: np.random.Generator, world: World) -> Ints:
    """Return the store of each order: mostly the one nearest to the customer's home, if it is open."""
    listed = read_list("stores")["store_id"]
    nearest = np.array([listed.index(store) for store in read_list("municipalities")["store"]], np.int8)
    home = nearest[world.people.addresses.place[world.people.household]][world.orders.person]
    other = rng.integers(0, len(listed), len(home), np.int8)
    store = np.where(rng.random(len(home), np.float32) < ELSEWHERE, other, home)
    return make_stores().open_on(store, world.orders.day)
