"""What the company sells, and where: products that come and change in price, stores that open and close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from klantprofiel.demo.company import BRAND_PRICE, CATEGORIES, FIRST_DAY, N_DAYS
from klantprofiel.demo.draws import Floats, Ints, chance, read_list, stream

POPULARITY: Final = 0.7  # exponent of the product's rank within its category
PERIOD: Final = 30  # days between two rounds of new prices
REPRICED: Final = 0.04  # share of the products with another price in a round
NEW: Final = 0.1  # share of the products that came within the history
ALWAYS: Final = -1  # the day of what was there before the history
NEVER: Final = N_DAYS  # the day of what does not happen in it


@dataclass(frozen=True)
class Assortment:
    """One row per product; prices in cents.

    `price` is the price before the history, `prices` that of each period of it (periods x products); `since`
    is the day of the history on which a product came, -1 for before.
    """

    category: Ints
    name: Ints  # row in lists/products.csv
    brand: Ints
    price: Ints
    cost: Ints
    popularity: Floats  # categories x products of that category
    prices: Ints
    since: Ints

    def __len__(self) -> int:
        """Return how many products there are."""
        return len(self.category)

    def price_on(self, product: Ints, day: Ints) -> Ints:
        """Return the price of each product on a day of the history."""
        price: Ints = self.prices.ravel()[day // PERIOD * len(self) + product]
        return price

    def available(self, product: Ints, day: Ints) -> Ints:
        """Return each product, or the house brand's instead of one that was not there yet."""
        house_brand = (product - self.brand.astype(np.int32)[product]).astype(np.int32)
        return np.where(self.since[product] > day, house_brand, product)


@dataclass(frozen=True)
class Stores:
    """One row per store of lists/stores.csv: the days of the history on which it is open, from and before."""

    opened: Ints
    closed: Ints
    instead: Ints  # the store that its customers go to when it is not open

    def open_on(self, store: Ints, day: Ints) -> Ints:
        """Return each store, or the one that its customers go to on a day when it is not open."""
        is_open = (self.opened[store] <= day) & (day < self.closed[store])
        return np.where(is_open, store, self.instead[store])


def make_assortment(seed: int) -> Assortment:
    """Make every listed product in three brands, dearer as the brand is better."""
    rng = stream(seed, "assortment")
    listed = read_list("products")
    name = np.repeat(np.arange(len(listed["product"])), len(BRAND_PRICE))
    brand = np.tile(np.arange(len(BRAND_PRICE)), len(listed["product"]))
    low, high, cost_share = (
        np.array(listed[c], float)[name] for c in ("price_from", "price_to", "cost_share")
    )
    euro = np.floor(low * (high / low) ** rng.random(len(name)) * BRAND_PRICE[brand])
    price = (np.maximum(euro, 1) * 100 - 5).astype(np.int64)
    category = np.array([CATEGORIES.index(c) for c in listed["category"]])[name]
    cost = np.rint(price * cost_share * rng.uniform(0.9, 1.1, len(name))).astype(np.int64)
    each = len(name) // len(CATEGORIES)
    popularity = np.stack([rng.permutation(1 / np.arange(1, each + 1) ** POPULARITY) for _ in CATEGORIES])
    since = np.where(chance(rng, NEW, len(name)) & (brand > 0), rng.integers(0, N_DAYS, len(name)), ALWAYS)
    rounds = (N_DAYS - 1) // PERIOD
    steps = chance(rng, REPRICED, rounds * len(name)) * rng.choice([-100, 100, 200, 300], rounds * len(name))
    dearer = np.vstack([np.zeros((1, len(name)), np.int64), np.cumsum(steps.reshape(rounds, -1), axis=0)])
    prices = np.maximum(price + dearer, 95).astype(np.int32)
    return Assortment(category, name, brand, price, cost, popularity, prices, since)


def make_stores() -> Stores:
    """Return when each listed store was open."""
    listed = read_list("stores")
    place = {store: row for row, store in enumerate(listed["store_id"])}
    return Stores(
        opened=_day_numbers(listed["opened_on"], ALWAYS),
        closed=_day_numbers(listed["closed_on"], NEVER),
        instead=np.array(
            [place[instead or store] for store, instead in zip(place, listed["instead"], strict=True)]
        ),
    )


def _day_numbers(dates: tuple[str, ...], otherwise: int) -> Ints:
    """Return the day of the history of each dd-mm-jjjj, or `otherwise` where there is none."""
    days = [
        (datetime.strptime(text, "%d-%m-%Y").date() - FIRST_DAY).days if text else otherwise  # noqa: DTZ007
        for text in dates
    ]
    numbers: Ints = np.maximum(np.array(days), ALWAYS)
    return numbers
