"""What was bought, at the till and in the web shop: one row per order line, returns included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from klantprofiel.demo.company import BRAND_PRICE, CATEGORIES, DELIVERY_DAYS, FIRST_DAY, N_DAYS, delivery_of
from klantprofiel.demo.draws import Flags, Floats, Ints, chance, read_list, stream

if TYPE_CHECKING:
    from klantprofiel.demo.habits import Habits
    from klantprofiel.demo.registrations import Registrations

SPRING: Final = 0.35  # how much busier spring is than the average, and autumn quieter
WITHOUT_CARD: Final = 0.03  # share of till receipts without a customer number
DISCOUNTS: Final = np.array([0.1, 0.15, 0.2, 0.25, 0.4])
CHEAP: Final = 2_500  # cents; what costs less is bought by the handful
FLAT: Final = 1e-6  # a growth below which the formula for the days would divide by zero
POPULARITY: Final = 0.7  # exponent of the product's rank within its category
DAYS_LATE: Final = 10  # days before the first delivery from which an order may come in late


@dataclass(frozen=True)
class Assortment:
    """One row per product; prices in cents."""

    category: Ints
    name: Ints  # row in lists/products.csv
    brand: Ints
    price: Ints
    cost: Ints
    popularity: Floats  # categories x products of that category

    def __len__(self) -> int:
        """Return how many products there are."""
        return len(self.category)


@dataclass(frozen=True)
class Orders:
    """One row per order, in the order of time; `row` points at a registration, -1 for nobody known."""

    online: Flags
    person: Ints
    row: Ints
    day: Ints
    second: Ints
    delivery: Ints


@dataclass(frozen=True)
class Lines:
    """One row per order line, returns after what they return; money in cents."""

    order: Ints
    line: Ints
    product: Ints
    quantity: Ints
    amount: Ints
    discount: Ints
    is_return: Flags
    day: Ints
    second: Ints
    delivery: Ints


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
    return Assortment(category, name, brand, price, cost, popularity)


def make_orders(habits: Habits, crm: Registrations, webshop: Registrations, seed: int) -> Orders:
    """Make the orders of the two years, each by a number that existed then."""
    rng = stream(seed, "orders")
    n = len(habits.orders)
    starts = [registered.start_of(registered.first_of(n)) for registered in (crm, webshop)]
    open_from = np.clip(np.minimum(*starts) / N_DAYS, 0, 1)
    number = rng.poisson(habits.orders * (0.15 + 0.85 * (1 - open_from)))
    person = np.repeat(np.arange(n), number)
    day = _days(rng, habits.growth[person], open_from[person])
    can_go, can_click = (start[person] <= day for start in starts)
    online = np.where(can_go & can_click, chance(rng, habits.online[person], len(person)), can_click)
    row = np.where(
        online,
        _number_used(rng, webshop, n, person, day),
        _number_used(rng, crm, n, person, day),
    )
    row[(chance(rng, WITHOUT_CARD, len(person))) & ~online] = -1
    second = _seconds(rng, online)
    order = np.lexsort((person, second, day))
    return Orders(
        online=online[order],
        person=person[order],
        row=row[order],
        day=day[order],
        second=second[order],
        delivery=_deliveries(rng, day[order]),
    )


def make_lines(orders: Orders, habits: Habits, assortment: Assortment, seed: int) -> Lines:
    """Make the lines of the orders, and the lines that bring some of them back."""
    rng = stream(seed, "lines")
    number = 1 + rng.poisson(habits.lines[orders.person])
    order = np.repeat(np.arange(len(number)), number)
    line = np.arange(len(order)) - np.repeat(np.cumsum(number) - number, number) + 1
    person = orders.person[order]
    product = _products(rng, habits.taste[person], assortment)
    price = assortment.price[product]
    quantity = 1 + rng.binomial(4, np.where(price < CHEAP, 0.18, 0.02))
    in_sale = chance(rng, habits.discount[orders.person], len(number))[order]
    share = np.where(in_sale, DISCOUNTS[rng.integers(0, len(DISCOUNTS), len(order))], 0)
    discount = np.floor(price * quantity * share).astype(np.int64)
    bought = Lines(
        order=order,
        line=line,
        product=product,
        quantity=quantity,
        amount=price * quantity - discount,
        discount=discount,
        is_return=np.zeros(len(order), bool),
        day=orders.day[order],
        second=orders.second[order],
        delivery=orders.delivery[order],
    )
    back = np.flatnonzero(chance(rng, habits.returned[person], len(order)))
    return _with_returns(rng, bought, back, number)


def _with_returns(rng: np.random.Generator, bought: Lines, back: Ints, number: Ints) -> Lines:
    """Add a line for each row of `back`, 2 to 20 days later, as far as that lies in the history."""
    day = bought.day[back] + rng.integers(2, 21, len(back))
    back, day = back[day < N_DAYS], day[day < N_DAYS]
    added = {
        "order": bought.order[back],
        "line": bought.line[back] + number[bought.order[back]],
        "product": bought.product[back],
        "quantity": bought.quantity[back],
        "amount": -bought.amount[back],
        "discount": np.zeros(len(back), np.int64),
        "is_return": np.ones(len(back), bool),
        "day": day,
        "second": 36_000 + rng.integers(0, 25_000, len(back)),
        "delivery": delivery_of(day),
    }
    both = {name: np.concatenate([getattr(bought, name), values]) for name, values in added.items()}
    order = np.lexsort((both["line"], both["order"], both["second"], both["day"]))
    return Lines(**{name: values[order] for name, values in both.items()})


def _days(rng: np.random.Generator, growth: Floats, open_from: Floats) -> Ints:
    """Draw days with a density that rises or falls in a straight line, and is highest in spring."""
    u = rng.random(len(growth))
    tilt = np.where(np.abs(growth) < FLAT, FLAT, growth)
    at = (tilt - 1 + np.sqrt((1 - tilt) ** 2 + 4 * tilt * u)) / (2 * tilt)  # inverse of (1 - g) t + g t^2
    moment = open_from + (1 - open_from) * np.clip(at, 0, 1)
    moment = moment + SPRING / (4 * np.pi) * np.sin(4 * np.pi * moment)
    first_day = np.ceil(open_from * N_DAYS)
    day: Ints = np.clip(np.floor(moment * N_DAYS), np.minimum(first_day, N_DAYS - 1), N_DAYS - 1).astype(
        np.int64
    )
    return day


def _number_used(
    rng: np.random.Generator, registered: Registrations, n: int, person: Ints, day: Ints
) -> Ints:
    """Return the registration that a person used: mostly the last one that existed, else the first."""
    first, last = registered.first_of(n)[person], registered.last_of(n)[person]
    newer = (registered.start_of(last) <= day) & (chance(rng, 0.7, len(person)))
    return np.where(newer, last, first)


def _seconds(rng: np.random.Generator, online: Flags) -> Ints:
    """Draw moments of the day in seconds: shops from 9 to 18 hours, the web shop from 6 to 22 (UTC)."""
    spot = rng.beta(2, 2, len(online))
    late = rng.beta(3, 1.6, len(online))
    return np.where(online, 21_600 + late * 57_000, 32_400 + spot * 32_000).astype(np.int64)


def _deliveries(rng: np.random.Generator, day: Ints) -> Ints:
    """Return the delivery that holds each order: some of the last days before the first come in late."""
    first = (DELIVERY_DAYS[0] - FIRST_DAY).days
    late = (day >= first - DAYS_LATE) & (day < first) & (chance(rng, 0.06, len(day)))
    return np.where(late, rng.integers(1, len(DELIVERY_DAYS), len(day)), delivery_of(day))


def _products(rng: np.random.Generator, taste: Floats, assortment: Assortment) -> Ints:
    each = len(assortment) // len(CATEGORIES)
    category = (np.cumsum(taste, axis=1)[:, :-1] < rng.random(len(taste))[:, None]).sum(axis=1)
    cumulative = np.cumsum(assortment.popularity, axis=1)
    ladder = (cumulative / cumulative[:, -1:] + np.arange(len(CATEGORIES))[:, None]).ravel()
    rung = np.searchsorted(ladder, category + rng.random(len(category)), side="right")
    product: Ints = np.minimum(rung, category * each + each - 1).astype(np.int64)
    return product
