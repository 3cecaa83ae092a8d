"""What was bought, at the till and in the web shop: one row per order line, returns included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klantprofiel.demo.company import CATEGORIES, N_DAYS
from klantprofiel.demo.draws import SECONDS_PER_DAY, Flags, Floats, Ints, chance, stream
from klantprofiel.demo.seasons import CATEGORY_IN_MONTH, MONTH, TRADE_BEFORE

if TYPE_CHECKING:
    from klantprofiel.demo.assortment import Assortment
    from klantprofiel.demo.habits import Habits
    from klantprofiel.demo.registrations import Registrations

THOUGHTS: Final = 3  # times that a wish out of season gives way to another
LAST_USED: Final = 0.7  # of the orders by who has a second number, those under it
YEARS: Final = N_DAYS / 365.25
WITHOUT_CARD: Final = 0.03  # share of till receipts without a customer number
DISCOUNTS: Final = np.array([10, 15, 20, 25, 40], np.int32)  # per cent
CHEAP: Final = 2_500  # cents; what costs less is bought by the handful
SEVERAL: Final = np.array(
    [[0.08, 0.002, 0], [0.55, 0.16, 0.025]], np.float32
)  # chance of 2, 3, 4; dear, cheap
FLAT: Final = 1e-6  # a growth below which the formula for the days would divide by zero


@dataclass(frozen=True)
class Orders:
    """One row per order, in the order of time; `row` points at a registration, -1 for nobody known."""

    online: Flags
    person: Ints
    row: Ints
    day: Ints
    second: Ints


@dataclass(frozen=True)
class Lines:
    """One row per order line in the order of time, returns as lines of their own; money in cents."""

    order: Ints
    line: Ints
    product: Ints
    quantity: Ints
    amount: Ints
    discount: Ints
    is_return: Flags
    day: Ints
    second: Ints


def make_orders(habits: Habits, crm: Registrations, webshop: Registrations, seed: int) -> Orders:
    """Make the orders of the whole history, each by a number that existed then."""
    rng = stream(seed, "orders")
    n = len(habits.orders)
    starts = [registered.start_of(registered.first_of(n)) for registered in (crm, webshop)]
    gone_by = TRADE_BEFORE[np.clip(np.minimum(*starts), 0, N_DAYS)]
    number = rng.poisson(habits.orders * YEARS * (0.15 + 0.85 * (1 - gone_by)))
    person = np.repeat(np.arange(n, dtype=np.int32), number)
    day = _days(rng, habits.growth[person], gone_by[person])
    can_go, can_click = (start[person] <= day for start in starts)
    online = np.where(can_go & can_click, chance(rng, habits.online[person], len(person)), can_click)
    row = np.where(
        online,
        _number_used(rng, webshop, n, person, day),
        _number_used(rng, crm, n, person, day),
    )
    row[chance(rng, WITHOUT_CARD, len(person)) & ~online] = -1
    second = _seconds(rng, online)
    order = _by_moment(day, second)
    return Orders(
        online=online[order], person=person[order], row=row[order], day=day[order], second=second[order]
    )


def make_lines(orders: Orders, habits: Habits, assortment: Assortment, seed: int) -> Lines:
    """Make the lines of the orders, and the lines that bring some of them back."""
    rng = stream(seed, "lines")
    number = 1 + rng.poisson(habits.lines[orders.person])
    order = np.repeat(np.arange(len(number), dtype=np.int32), number)
    first = np.cumsum(number) - number
    line = (np.arange(1, len(order) + 1) - np.repeat(first, number)).astype(np.int32)
    person, day = orders.person[order], orders.day[order]
    product = assortment.available(_products(rng, habits, person, MONTH[day], assortment), day)
    price = assortment.price_on(product, day)
    quantity = _quantities(rng, price)
    in_sale = chance(rng, habits.discount[orders.person], len(number))[order]
    share = np.where(in_sale, DISCOUNTS[rng.integers(0, len(DISCOUNTS), len(order), np.int8)], np.int32(0))
    discount = price * quantity * share // 100
    bought = Lines(
        order=order,
        line=line,
        product=product,
        quantity=quantity,
        amount=price * quantity - discount,
        discount=discount,
        is_return=np.zeros(len(order), bool),
        day=day,
        second=orders.second[order],
    )
    back = np.flatnonzero(rng.random(len(order), np.float32) < habits.returned[person])
    return _with_returns(rng, bought, back, number)


def _with_returns(rng: np.random.Generator, bought: Lines, back: Ints, number: Ints) -> Lines:
    """Add a line for each row of `back`, 2 to 20 days later, as far as that lies in the history."""
    day = bought.day[back] + rng.integers(2, 21, len(back), np.int32)
    back, day = back[day < N_DAYS], day[day < N_DAYS]
    added = {
        "order": bought.order[back],
        "line": bought.line[back] + number[bought.order[back]].astype(np.int32),
        "product": bought.product[back],
        "quantity": bought.quantity[back],
        "amount": -bought.amount[back],
        "discount": np.zeros(len(back), np.int32),
        "is_return": np.ones(len(back), bool),
        "day": day,
        "second": rng.integers(36_000, 61_000, len(back), np.int32),
    }
    both = {name: np.concatenate([getattr(bought, name), values]) for name, values in added.items()}
    order = _by_moment(both["day"], both["second"])
    return Lines(**{name: values[order] for name, values in both.items()})


def _by_moment(day: Ints, second: Ints) -> Ints:
    """Return the rows in the order of time; at the same moment, in the order that they have."""
    return np.argsort(day * np.int32(SECONDS_PER_DAY) + second, kind="stable")


def _days(rng: np.random.Generator, growth: Floats, gone_by: Floats) -> Ints:
    """Draw days: a person's trade rises or falls in a straight line, the shop's has seasons and weekdays."""
    u = rng.random(len(growth))
    tilt = np.where(np.abs(growth) < FLAT, FLAT, growth)
    at = (tilt - 1 + np.sqrt((1 - tilt) ** 2 + 4 * tilt * u)) / (2 * tilt)  # inverse of (1 - g) t + g t^2
    moment = gone_by + (1 - gone_by) * np.clip(at, 0, 1)
    last_begun = np.searchsorted(TRADE_BEFORE, moment, side="right") - 1
    day: Ints = np.minimum(last_begun, N_DAYS - 1).astype(np.int32)
    return day


def _number_used(
    rng: np.random.Generator, registered: Registrations, n: int, person: Ints, day: Ints
) -> Ints:
    """Return the registration that a person used: mostly the last one that existed, else the first."""
    first, last = registered.first_of(n), registered.last_of(n)
    last_start = registered.start_of(last)
    newer = (last_start[person] <= day) & (rng.random(len(person), np.float32) < LAST_USED)
    return np.where(newer, last[person], first[person]).astype(np.int32)


def _seconds(rng: np.random.Generator, online: Flags) -> Ints:
    """Draw moments of the day in seconds: shops from 9 to 18 hours, the web shop from 6 to 22 (UTC)."""
    one, two = (rng.random(len(online), np.float32) for _ in range(2))
    return np.where(online, 21_600 + np.maximum(one, two) * 57_000, 32_400 + (one + two) * 16_000).astype(
        np.int32
    )


def _quantities(rng: np.random.Generator, price: Ints) -> Ints:
    spot, is_cheap = rng.random(len(price), np.float32), (price < CHEAP).astype(np.int8)
    several = (spot < SEVERAL[is_cheap, number] for number in range(SEVERAL.shape[1]))
    quantity = np.ones(len(price), np.int32)
    for more in several:
        quantity += more
    return quantity


def _products(
    rng: np.random.Generator,
    habits: Habits,
    person: Ints,
    month: Any,  # noqa: ANN401 - narrower numbers
    assortment: Assortment,
) -> Ints:
    """Draw a product of a category after each person's taste; what is out of season is thought over."""
    ladder = np.cumsum(habits.taste, axis=1, dtype=np.float32)[:, :-1].T.copy()
    category = _categories(rng, ladder, person)
    out = np.arange(len(person))
    for _ in range(THOUGHTS):
        fits = CATEGORY_IN_MONTH[category[out], month[out]]
        out = out[rng.random(len(out), np.float32) > fits]
        category[out] = _categories(rng, ladder, person[out])
    each = len(assortment) // len(CATEGORIES)
    cumulative = np.cumsum(assortment.popularity, axis=1)
    rungs = (cumulative / cumulative[:, -1:] + np.arange(len(CATEGORIES))[:, None]).ravel()
    rung = np.searchsorted(rungs, category + rng.random(len(category)), side="right")
    product: Ints = np.minimum(rung, category * np.int32(each) + np.int32(each - 1)).astype(np.int32)
    return product


def _categories(rng: np.random.Generator, ladder: Any, person: Ints) -> Any:  # noqa: ANN401 - narrower numbers
    spot = rng.random(len(person), np.float32)
    category = np.zeros(len(person), np.int8)
    for rung in ladder:
        category += rung[person] < spot
    return category
