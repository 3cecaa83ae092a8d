"""Purchases, products and stores as delivered: the web shop in Parquet (UTC), tills and stores in CSV."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantprofiel.demo.company import BRANDS, CATEGORIES, day_of
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
)

if TYPE_CHECKING:
    from klantprofiel.demo.draws import Ints, Texts
    from klantprofiel.demo.purchases import Assortment
    from klantprofiel.demo.registers import Frame
    from klantprofiel.demo.world import World

ELSEWHERE: Final = 0.1  # share of the till receipts from another store than the nearest
IN_APP: Final = 0.3  # share of the online orders placed in the app
DEARER: Final = 0.06  # share of the prices that change with the last delivery
MONEY: Final = pa.decimal128(12, 2)


def web_orders(world: World) -> Frame:
    """Return the order lines of the web shop."""
    rng = stream(world.seed, "web orders")
    at = np.flatnonzero(world.is_online)
    lines, order = world.lines, world.lines.order[at]
    in_app = chance(rng, IN_APP, len(world.orders.row))
    moment = day_of(lines.day[at]).astype("datetime64[s]") + lines.second[at]
    return pa.table(
        {
            "bestelnr": join("WB", digits(order, 8)),
            "regelnr": pa.array(lines.line[at], pa.int32()),
            "accountnr": pick(world.webshop.number, world.orders.row[order]),
            "besteld_op": pa.array(moment).cast(pa.timestamp("us")),
            "kanaal": pick(texts(("webshop", "app")), in_app[order].astype(np.int64)),
            "artikelnr": pick(product_numbers(world.assortment), lines.product[at]),
            "aantal": pa.array(lines.quantity[at], pa.int32()),
            "bedrag": _money(lines.amount[at]),
            "korting": _money(lines.discount[at]),
            "retour": pick(texts(("nee", "ja")), lines.is_return[at].astype(np.int64)),
        }
    )


def receipts(world: World) -> Frame:
    """Return the lines of the till receipts, as text; without a card they have no customer number."""
    rng = stream(world.seed, "receipts")
    at = np.flatnonzero(~world.is_online)
    lines, order = world.lines, world.lines.order[at]
    row = pa.array(world.orders.row[order])
    known = pc.if_else(pc.greater_equal(row, 0), row, pa.scalar(None, row.type))
    return pa.table(
        {
            "bonnr": join("K", digits(order, 8)),
            "regel": digits(lines.line[at]),
            "klantnr": world.crm.number.take(known),
            "winkelnr": pick(texts(read_list("stores")["store_id"]), _stores(rng, world)[order]),
            "tijdstip": moment_text(day_of(lines.day[at]), lines.second[at]),
            "kanaal": pick(texts(("winkel",)), np.zeros(len(at), np.int64)),
            "artikelnr": pick(product_numbers(world.assortment), lines.product[at]),
            "aantal": digits(lines.quantity[at]),
            "bedrag": euro_text(lines.amount[at]),
            "korting": euro_text(lines.discount[at]),
            "retour": pick(texts(("N", "J")), lines.is_return[at].astype(np.int64)),
        }
    )


def products(assortment: Assortment) -> Frame:
    """Return the assortment, one row per product."""
    brands = texts(BRANDS)
    return pa.table(
        {
            "artikelnr": product_numbers(assortment),
            "omschrijving": join(
                pick(texts(read_list("products")["product"]), assortment.name),
                pick(brands, assortment.brand),
                by=" ",
            ),
            "categorie": pick(texts(CATEGORIES), assortment.category),
            "merk": pick(brands, assortment.brand),
            "verkoopprijs": _money(assortment.price),
            "kostprijs": _money(assortment.cost),
        }
    )


def repriced_products(assortment: Assortment, seed: int) -> Frame:
    """Return the products whose price changes with the last delivery, at the new price."""
    rng = stream(seed, "prices")
    rows = np.sort(rng.choice(len(assortment), int(len(assortment) * DEARER), replace=False))
    before = products(assortment).take(pa.array(rows))
    dearer = _money(assortment.price[rows] + 100 * rng.integers(1, 4, len(rows)))
    return before.set_column(before.column_names.index("verkoopprijs"), "verkoopprijs", dearer)


def stores() -> Frame:
    """Return the stores, one row each, as text."""
    listed = read_list("stores")
    headers = {
        "winkelnr": "store_id",
        "winkelnaam": "name",
        "postcode": "postal_code",
        "plaats": "place",
        "geopend_op": "opened_on",
    }
    return pa.table({header: texts(listed[column]) for header, column in headers.items()})


def product_numbers(assortment: Assortment) -> Texts:
    """Return the number of each product."""
    return join("A", digits(10_000 + np.arange(len(assortment)) * 7))


def _stores(rng: np.random.Generator, world: World) -> Ints:
    """Return the store of each order: mostly the one nearest to the customer's home."""
    listed = read_list("stores")["store_id"]
    nearest = np.array([listed.index(store) for store in read_list("municipalities")["store"]])
    home = world.people.addresses.place[world.people.household[world.orders.person]]
    other = rng.integers(0, len(listed), len(home))
    return np.where(chance(rng, ELSEWHERE, len(home)), other, nearest[home])


def _money(cents: Ints) -> Texts:
    return pc.multiply(pa.array(cents).cast(pa.decimal128(19, 0)), pa.scalar(Decimal("0.01"))).cast(MONEY)
