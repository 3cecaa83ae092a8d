"""What other rooms read from a declared table."""

from __future__ import annotations

import inspect
import subprocess
import sys
from datetime import date

import pytest

from klantprofiel import schema as s
from klantprofiel.schema import names
from tests.unit.schema.engine import connection


class CrmCustomers(s.CustomerTable, maps_to=s.canonical.Customers):
    """Klanten uit het CRM: one row per customer, delivered daily.

    The second line is for who reads on.
    """

    source = "crm"
    rank = 1
    dialect = s.Csv(date_format="%Y%m%d")
    purpose = "uitvoering overeenkomst"
    retention = s.years(7)
    quarantine = s.at_most(share=0.02)

    customer_id = s.Text(label="Klantnummer", source="klantnr", key=True)
    surname = s.Surname(label="Achternaam", retention=s.months(6))
    country = s.Choice(label="Land", values=("NL", "BE"), nullable=True)
    household_size = s.Text(label="Gezin", nullable=True)
    note = s.Text(label="Notitie", purpose="klantenservice", personal=True, nullable=True)
    registered_on = s.Date(label="Ingeschreven op")

    not_in_future = s.rule("registered_on <= $as_of", because="de toekomst kent niemand")


class ShopOrders(s.EventTable, maps_to=s.canonical.Orders):
    """Bestellingen uit de webshop: one row per order line, delivered daily."""

    name = "orders_of_the_shop"
    customers_of = "crm"
    dialect = s.Parquet()
    purpose = "uitvoering overeenkomst"
    retention = s.years(7)

    order_id = s.Text(label="Bestelnummer", key=True)
    line_id = s.Text(label="Regel", key=True)
    ordered_at = s.Timestamp(label="Besteld op")


class ShopProducts(s.ReferenceTable):
    """Artikelen: one row per product."""

    product_id = s.Text(label="Artikel", key=True)


class ShopReviews(s.EventTable, maps_to=s.canonical.Reviews):
    """Reviews: one row per review."""

    purpose = "dienstverlening verbeteren"
    retention = s.days(90)
    review_id = s.Text(label="Review", key=True)
    review_text = s.Text(label="Tekst", nullable=True)


class ShopConsents(s.EventTable, maps_to=s.canonical.Consents):
    """Toestemmingen uit de webshop: one row per statement."""

    purpose = "wettelijke plicht"
    retention = s.years(7)
    customer_id = s.Text(label="Klantnummer", key=True)
    about = s.Text(label="Doel", name="purpose", source="doel", key=True)
    channel = s.Text(label="Kanaal", key=True)
    stated_at = s.Timestamp(label="Op", key=True)
    status = s.Choice(key=True, label="Status", values={"ja": "given", "nee": "withdrawn"})


def test_a_table_tells_what_it_is() -> None:
    assert CrmCustomers.name == "crm_customers"
    assert CrmCustomers.description == "Klanten uit het CRM: one row per customer, delivered daily."
    assert (CrmCustomers.source, CrmCustomers.customers_of, CrmCustomers.rank) == ("crm", "crm", 1)
    assert CrmCustomers.maps_to is s.canonical.Customers
    assert CrmCustomers.dialect == s.Csv(date_format="%Y%m%d")
    assert CrmCustomers.quarantine.share == 0.02
    assert (CrmCustomers.purpose, str(CrmCustomers.retention)) == ("uitvoering overeenkomst", "7 jaar")
    assert repr(CrmCustomers).startswith("<CrmCustomers: customer_id, surname")


def test_what_a_table_does_not_say_has_a_default() -> None:
    assert (ShopOrders.name, ShopOrders.source, ShopOrders.customers_of) == (
        "orders_of_the_shop",
        "orders_of_the_shop",
        "crm",
    )
    assert (ShopOrders.rank, ShopOrders.quarantine.share) == (100, 0.05)
    assert ShopProducts.dialect == s.Csv()
    assert (ShopProducts.maps_to, ShopProducts.purpose, ShopProducts.retention) == (None, "", None)


def test_columns_and_keys_keep_their_order() -> None:
    assert list(CrmCustomers.columns)[:2] == ["customer_id", "surname"]
    assert ShopOrders.keys == ("order_id", "line_id")


def test_a_column_knows_its_name_its_header_and_how_it_is_written() -> None:
    column = CrmCustomers.columns["customer_id"]
    assert (column.name, column.header, column.label) == ("customer_id", "klantnr", "Klantnummer")
    assert CrmCustomers.columns["surname"].header == "surname"
    assert CrmCustomers.columns["registered_on"].readable_as == "datum als jjjjmmdd"
    assert CrmCustomers.customer_id is column


def test_a_column_has_the_purpose_and_retention_of_its_table_unless_it_says_otherwise() -> None:
    columns = CrmCustomers.columns
    assert (columns["surname"].purpose, str(columns["surname"].retention)) == (
        "uitvoering overeenkomst",
        "6 maanden",
    )
    assert (columns["note"].purpose, str(columns["note"].retention)) == ("klantenservice", "7 jaar")


def test_what_is_personal_to_all_sources_is_personal_in_one_that_forgot_to_say_so() -> None:
    assert ShopReviews.columns["review_text"].personal
    assert not CrmCustomers.columns["household_size"].personal


def test_a_column_may_be_named_after_a_setting() -> None:
    column = ShopConsents.columns["purpose"]
    assert (column.name, column.header, ShopConsents.purpose) == ("purpose", "doel", "wettelijke plicht")


def test_the_same_column_serves_two_tables_and_stays_what_it_was() -> None:
    shared = s.Text(label="Nummer", key=True)

    class OneThings(s.ReferenceTable):
        """Dingen: one row per thing."""

        thing_id = shared

    class OtherThings(s.ReferenceTable):
        """Andere dingen: one row per thing."""

        other_id = shared

    assert (shared.name, list(OneThings.columns), list(OtherThings.columns)) == (
        "",
        ["thing_id"],
        ["other_id"],
    )


def test_a_rule_of_a_table_is_ready_to_run() -> None:
    (rule,) = CrmCustomers.rules.values()
    assert (rule.name, rule.because) == ("not_in_future", "de toekomst kent niemand")
    assert rule.predicate.sql("duckdb") == "registered_on <= $as_of"


def test_a_retention_counts_in_one_unit() -> None:
    retention = s.months(18)
    assert (retention.count, retention.unit, str(retention)) == (18, "months", "18 maanden")


def test_reserved_words_are_those_of_the_engine() -> None:
    query = "select keyword_name from duckdb_keywords() where keyword_category = 'reserved'"
    assert {word for (word,) in connection().execute(query).fetchall()} == names.BY_SQL


def test_importing_declarations_loads_no_engine() -> None:
    script = "import sys, klantprofiel.schema; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"duckdb", "pandas", "numpy", "pyarrow"} & set(done.stdout.split())


@pytest.mark.parametrize("name", sorted(set(s.__all__) - {"Dialect", "canonical"}))
def test_every_public_name_has_an_example_that_runs(name: str) -> None:
    assert ">>> " in (inspect.getdoc(getattr(s, name)) or "")


@pytest.mark.parametrize("known", [date(2026, 10, 1), None])
def test_a_column_cannot_be_changed_afterwards(known: object) -> None:
    with pytest.raises(AttributeError):
        CrmCustomers.columns["surname"].label = known  # type: ignore[misc, assignment]
