"""The tables that every source maps onto."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import klantprofiel
from klantprofiel import schema as s
from klantprofiel.schema import canonical, names

SOURCE = Path(klantprofiel.__file__).parent
NAMES = [table.name for table in canonical.TABLES]


def test_there_are_fifteen() -> None:
    assert NAMES == [
        "customers",
        "orders",
        "products",
        "stores",
        "areas",
        "companies",
        "business_orders",
        "contacts",
        "reviews",
        "survey_answers",
        "survey_items",
        "consents",
        "promises",
        "subscriptions",
        "campaign_contacts",
    ]


def test_only_keys_and_what_rooms_cannot_do_without_are_never_empty() -> None:
    needed = {
        table.name: [name for name, column in table.columns.items() if not column.nullable]
        for table in canonical.TABLES
    }
    assert needed == {
        "customers": ["customer_id"],
        "orders": ["order_id", "ordered_at"],
        "products": ["product_id"],
        "stores": ["store_id"],
        "areas": ["pc4"],
        "companies": ["company_id"],
        "business_orders": ["order_id", "line_id", "company_id", "ordered_on"],
        "contacts": ["contact_id"],
        "reviews": ["review_id"],
        "survey_answers": ["survey_id", "wave", "customer_id", "item_id"],
        "survey_items": ["item_id", "construct", "measures", "lowest", "highest"],
        "consents": ["customer_id", "purpose", "channel", "stated_at", "status"],
        "promises": ["promise_id"],
        "subscriptions": ["subscription_id"],
        "campaign_contacts": ["campaign_id", "customer_id"],
    }


def test_what_points_out_a_person_is_personal() -> None:
    personal = [name for name, column in canonical.Customers.columns.items() if column.personal]
    assert personal == [
        "given_name",
        "initials",
        "surname_prefix",
        "surname",
        "birth_date",
        "email",
        "phone",
        "loyalty_number",
        "iban",
        "street",
        "house_number",
        "house_number_addition",
        "postal_code",
        "place",
    ]
    others = {
        f"{table.name}.{name}"
        for table in canonical.TABLES[1:]
        for name, column in table.columns.items()
        if column.personal
    }
    of_companies = {f"companies.{name}" for name in ("company_name", "kvk_number", "postal_code", "place")}
    assert others == {"reviews.review_text", "promises.content"} | of_companies


def test_what_nobody_may_be_chosen_by_is_protected() -> None:
    protected = [name for name, column in canonical.Customers.columns.items() if column.protected]
    assert protected == ["sex", "birth_date", "age_band"]


@pytest.mark.parametrize("table", canonical.TABLES, ids=NAMES)
def test_units_stand_in_names(table: type[s.CanonicalTable]) -> None:
    endings = {"DATE": "_on", "TIMESTAMP": "_at", "DECIMAL(18,2)": "_eur"}
    for name, column in table.columns.items():
        ending = endings.get(column.sql_type, "")
        assert name.endswith(ending) or name == "birth_date"
        assert name.startswith("is_") == (column.sql_type == "BOOLEAN")
        assert (column.unit == "EUR") == name.endswith("_eur")


@pytest.mark.parametrize("table", canonical.TABLES, ids=NAMES)
def test_each_has_a_label_and_tells_its_grain(table: type[s.CanonicalTable]) -> None:
    assert "one row per" in table.description
    assert all(column.label for column in table.columns.values())


def test_no_table_that_a_room_makes_can_be_declared_over() -> None:
    files = [*SOURCE.rglob("*.sql"), *SOURCE.rglob("*.py")]
    made = re.compile(r"""(?:^-- |table=")identity\.([a-z_]+)""", re.MULTILINE)
    tables = {name for file in files for name in made.findall(file.read_text(encoding="utf-8"))}
    assert tables - names.BY_ROOMS - set(NAMES) == set()
