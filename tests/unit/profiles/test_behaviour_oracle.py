"""What customers did, computed a second time: the same orders in pandas, customer by customer."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantprofiel.profiles.purchases import CATEGORIES as CATEGORY_THEME
from klantprofiel.profiles.purchases import (
    CATEGORY_DAYS,
    CHANNELS,
    ORDERS_BEFORE_BIRTH,
    PRODUCT_CATEGORIES,
    PURCHASE_DAYS,
    PURCHASING,
)
from tests.spec.ascii import AS_OF, given_rows

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run

NOON = datetime(2026, 9, 30, 12)  # noqa: DTZ001  stored moments are UTC without a zone
CATEGORIES = {"p1": "planten", "p2": "potten", "p3": "potten", "p4": None}
CUSTOMERS = {"crm/1": "K-000001", "crm/2": "K-000002", "web/1": "K-000003"}
BIRTHS = {"K-000001": date(1980, 2, 29), "K-000002": None, "K-000003": NOON.date() - timedelta(days=300)}

Line = dict[str, Any]
Answer = dict[str, Any]

COLUMNS = ["customer_id", "order", "day", "net", "discount", "is_back", "channel", "category"]
TEN = Decimal(10)
EDGES = st.sampled_from([-1, 0, 181, 182, 363, 364])  # the last and first days of what counts
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "record_id": st.sampled_from(sorted(CUSTOMERS)),
            "source": st.sampled_from(["kassa", "web"]),
            "order_id": st.sampled_from(["b1", "b2", "b3"]),
            "ordered_at": (EDGES | st.integers(-40, 400)).map(lambda days: NOON - timedelta(days=days)),
            "amount_eur": st.sampled_from([None, TEN, TEN]) | st.decimals(-50, 200, places=2),
            "discount_eur": st.none() | st.decimals(0, 20, places=2),
            "is_return": st.sampled_from([None, False, False, True]),
            "channel": st.sampled_from([None, "app", "winkel"]),
            "product_id": st.sampled_from([None, *CATEGORIES]),
        }
    ),
    min_size=1,
    max_size=14,
)


def cents(amount: Decimal | None) -> float:
    """Return whole cents; floats hold these exactly, and NaN is unknown."""
    return math.nan if amount is None else float(amount * 100)


def booked(lines: list[Line]) -> pd.DataFrame:
    """Return the lines from birth until the date, signed, with what a line is."""
    rows = []
    for line in lines:
        born_on = BIRTHS[CUSTOMERS[line["record_id"]]]
        if born_on is not None and line["ordered_at"].date() < born_on:
            continue
        amount = cents(line["amount_eur"])
        is_back = amount < 0 if line["is_return"] is None else line["is_return"]
        rows.append(
            {
                "customer_id": CUSTOMERS[line["record_id"]],
                "order": f"{line['source']} {line['order_id']}",
                "day": line["ordered_at"].date(),
                "net": -abs(amount) if line["is_return"] else amount,
                "discount": cents(line["discount_eur"]),
                "is_back": is_back,
                "channel": line["channel"],
                "category": CATEGORIES.get(line["product_id"]),
            }
        )
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame[frame["day"] <= AS_OF]


def total(amounts: pd.Series[float]) -> float | None:
    """Return the sum of what is known in euro; None when nothing is."""
    return float(amounts.sum()) / 100 if amounts.notna().any() else None


def answer(lines: pd.DataFrame) -> Answer:
    """Return the variables of one customer who has lines."""
    bought = lines[~lines["is_back"]]
    orders = bought.groupby("order")["day"].min()
    spent = total(lines["net"])
    recent = lines[lines["day"] > AS_OF - timedelta(days=182)]
    before = lines[
        (lines["day"] <= AS_OF - timedelta(days=182)) & (lines["day"] > AS_OF - timedelta(days=364))
    ]
    known = bought[bought["discount"].notna()]
    full_price = total(known["discount"].where(known["discount"].notna())) or 0.0
    paid = total(known["net"])
    basket = total(bought["net"])
    return {
        "recency_days": (AS_OF - orders.max()).days if len(orders) else None,
        "frequency": len(orders),
        "monetary_eur": spent,
        "spend_recent_eur": None if spent is None else total(recent["net"]) or 0.0,
        "spend_before_eur": None if spent is None else total(before["net"]) or 0.0,
        "basket_eur": None if basket is None else basket / len(orders),
        "discount_share": share(total(known["discount"]), None if paid is None else full_price + paid),
        "return_share": float(lines["is_back"].mean()),
        **channels(bought, orders),
        **categories(bought),
    }


def share(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else part / whole


def channels(bought: pd.DataFrame, orders: pd.Series[Any]) -> Answer:
    """An order has the first channel in the alphabet of those over which it was placed on its first day."""
    first = bought[bought["day"] == bought["order"].map(orders)]
    known = first[first["channel"].notna()].groupby("order")["channel"].min()
    return {"online_share": float((known == "app").mean()) if len(known) else None}


def categories(bought: pd.DataFrame) -> Answer:
    known = bought[bought["category"].notna()]
    spent = {category: total(group["net"]) for category, group in known.groupby("category")}
    n_lines = known["category"].value_counts().to_dict()
    ranked = sorted(spent, key=lambda c: (-(spent[c] or 0.0), -n_lines[c], c))
    amounts = [amount for c in ranked if (amount := spent[c]) is not None]
    whole = sum(amounts) if amounts else None
    shares = [share(amount, whole) for amount in amounts]
    return {
        "category_main": ranked[0] if ranked else None,
        "n_categories": len(ranked) or None,
        "category_main_share": share(spent[ranked[0]], whole) if ranked else None,
        "category_entropy": entropy([s for s in shares if s is not None]),
    }


def entropy(shares: list[float]) -> float | None:
    positive = [s for s in shares if s > 0]
    return -sum(s * math.log(s) for s in positive) if positive else None


def computed(run: Run) -> dict[str, Answer]:
    """Return what the facts and themes about purchases say of each customer."""
    for facts in (ORDERS_BEFORE_BIRTH, PRODUCT_CATEGORIES, PURCHASE_DAYS, CATEGORY_DAYS):
        run.make(facts.statement(), types=facts.types)
    found: dict[str, Answer] = {}
    for theme in (PURCHASING, CHANNELS, CATEGORY_THEME):
        empty = {variable.name: None for variable in theme.make_in(run)}
        rows = {row["customer_id"]: row for row in run.arrow(f"from {theme.name}").to_pylist()}
        for customer_id in CUSTOMERS.values():
            found.setdefault(customer_id, {}).update(empty | rows.get(customer_id, {}))
    return found


@settings(max_examples=50)
@given(LINES)
def test_profiles_equal_those_of_pandas(lines: list[Line]) -> None:
    tables: dict[str, list[dict[str, object]]] = {
        "identity.orders": lines,
        "identity.products": [{"product_id": p, "category": c} for p, c in CATEGORIES.items()],
        "identity.customer_records": [{"record_id": r, "customer_id": c} for r, c in CUSTOMERS.items()],
        "identity.golden_record": [{"customer_id": c, "birth_date": b} for c, b in BIRTHS.items()],
        "customers": [{"customer_id": c} for c in CUSTOMERS.values()],
    }
    found = computed(given_rows(tables, as_of=AS_OF))

    frame = booked(lines)
    for customer_id, group in frame.groupby("customer_id"):
        for name, expected in answer(group).items():
            value = found[str(customer_id)][name]
            tolerance = 0.00501 if name == "basket_eur" else 1e-9
            if isinstance(expected, float):
                assert value is not None, name
                assert float(value) == pytest.approx(expected, abs=tolerance, rel=1e-9), name
            else:
                assert value == expected, name
    for customer_id in set(CUSTOMERS.values()) - set(frame["customer_id"]):
        row = found[customer_id]
        assert (row["frequency"], row["monetary_eur"], row["recency_days"]) == (0, 0, None)
