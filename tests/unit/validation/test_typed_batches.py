"""A frame lands as typed text beside the CSV files of its table: each batch is read as it landed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa

from klantprofiel.ingestion import Delivery, ingest
from klantprofiel.validation import validate
from tests.unit.validation.shop import CREDITS, DAY, MOMENT, ShopCustomers

if TYPE_CHECKING:
    from tests.unit.validation.shop import Company

FRAME = pa.table(
    {
        "klantnr": ["2", "3", "4", "4", "5"],
        "email": ["b@example.nl", None, "geen adres", None, None],
        "sinds": [date(2020, 2, 1), None, None, None, date(2030, 1, 1)],
        "tegoed": [Decimal("12.50"), Decimal("3.00"), Decimal("4.00"), Decimal("4.50"), Decimal("5.00")],
    }
)


def deliver(company: Company, *deliveries: Delivery) -> None:
    with company.warehouse.run("nightly", as_of=DAY, recorded_at=MOMENT) as run:
        ingest(run, deliveries)
        validate(run)


def test_files_and_frames_of_one_table_are_each_read_in_their_own_form(company: Company) -> None:
    path = company.file("a.csv", "1;a@example.nl;01-02-2020;1,00", "2;;;2,00", "3;;;3.00")
    deliver(
        company, Delivery(ShopCustomers, path), Delivery.of_frame(ShopCustomers, FRAME, name="b: uit het CRM")
    )
    assert company.rows(CREDITS) == [
        ("1", Decimal("1.00")),
        ("2", Decimal("12.50")),
        ("3", Decimal("3.00")),
        ("4", Decimal("4.50")),
    ]
    assert company.rows("select registered_on from identity.shop_customers order by customer_id") == [
        (date(2020, 2, 1),),
        (date(2020, 2, 1),),
        (None,),
        (None,),
    ]
    assert company.rows("select file_name, n_loaded, n_quarantined from batch_accounts order by 1") == [
        ("a.csv", 2, 1),
        ("b: uit het CRM", 3, 2),
    ]
    assert company.rows("select file_name, line_number, rules from identity.quarantine order by 1, 2") == [
        ("a.csv", 4, ["credit_eur.unreadable"]),
        ("b: uit het CRM", 3, ["email.form"]),
        ("b: uit het CRM", 5, ["not_in_future"]),
    ]


def test_the_order_of_batches_does_not_depend_on_their_form(company: Company) -> None:
    frame = Delivery.of_frame(ShopCustomers, FRAME.slice(0, 1), name="a")
    deliver(company, Delivery(ShopCustomers, company.file("b.csv", "2;;;2,00")), frame)
    assert company.rows(CREDITS) == [("2", Decimal("2.00"))]


def test_columns_that_nobody_declared_are_named_with_their_batch(company: Company) -> None:
    extra = company.file("a.csv", "1;;;1,00;x;y", header="klantnr;email;sinds;tegoed;kleur;maat")
    company.deliver(DAY, extra, company.file("b.csv", "2;;;2,00"))
    assert company.rows("select file_name, extra_columns from batches order by 1") == [
        ("a.csv", ["kleur", "maat"]),
        ("b.csv", []),
    ]
