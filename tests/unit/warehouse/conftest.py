"""A warehouse of two tables, small enough to read: orders (identity) and what each customer spent."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from klantprofiel.warehouse import Statement, Warehouse, parse

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.warehouse import Run

AS_OF = date(2026, 10, 1)
SPENDING = Statement.of(
    table="spending",
    describes="what each customer spent until $as_of.",
    grain="One row per customer with an order.",
    select=parse(
        "select customer_id, max(ordered_on) as last_on, sum(amount_eur) as monetary_eur "
        "from identity.orders where ordered_on <= $as_of group by customer_id"
    ),
)


def order(run: Run, customer_id: str, amount_eur: int, day: str = "2026-09-01") -> None:
    run.create(
        "identity.orders",
        {"customer_id": "VARCHAR", "amount_eur": "DECIMAL(18,2)", "ordered_on": "DATE"},
        describes="orders as delivered.",
        grain="One row per order.",
    )
    run.execute(
        "insert into identity.orders values ($customer_id, $amount_eur, $day)",
        customer_id=customer_id,
        amount_eur=amount_eur,
        day=day,
    )


def publish(warehouse: Warehouse, customer_id: str, amount_eur: int) -> None:
    with warehouse.run("nightly", as_of=AS_OF) as run:
        order(run, customer_id, amount_eur)
        run.make(SPENDING)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "klanten")
