"""Every record is loaded or in quarantine with all its reasons; the later one never depends on luck."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantprofiel import schema as s
from klantprofiel.errors import GateError, KlantprofielError
from klantprofiel.ingestion import Delivery, ingest
from klantprofiel.validation import validate
from tests.unit.validation.shop import (
    CREDITS,
    DAY,
    MOMENT,
    NEXT_DAY,
    ORDERS,
    Company,
    ShopConsents,
    ShopCustomers,
    ShopOrders,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_clean_records_are_loaded_as_typed_with_where_they_came_from(company: Company) -> None:
    validated = company.deliver(DAY, company.file("k.csv", "1;a@example.nl;01-02-2020;12,50"))
    assert (validated.n_records, validated.n_loaded, validated.n_quarantined) == (1, 1, 0)
    assert company.rows("select * exclude batch_id from identity.shop_customers") == [
        (2, DAY, MOMENT, "1", "a@example.nl", date(2020, 2, 1), Decimal("12.50"))
    ]
    assert company.rows("select table_name, source, file_name, n_records, delivered_on from batches") == [
        ("shop_customers", "shop", "k.csv", 1, DAY)
    ]


def test_a_broken_record_is_in_quarantine_with_every_rule_it_breaks(company: Company) -> None:
    path = company.file(
        "k.csv", ";geen adres;31-02-2020;", "2;;02-10-2026;-1,00", "3;;;1,00", "4;;x", "3;;;2,00"
    )
    validated = company.deliver(DAY, path)
    assert (validated.n_records, validated.n_loaded, validated.n_quarantined) == (5, 1, 4)
    found = company.rows("select line_number, rules from identity.quarantine order by 1")
    assert found == [
        (
            2,
            ["customer_id.required", "email.form", "registered_on.unreadable", "credit_eur.required"],
        ),
        (3, ["credit_eur.minimum", "not_in_future"]),
        (5, ["record.too_few_fields"]),
        (6, ["key.unique"]),
    ]
    assert company.rows(CREDITS) == [("3", Decimal("1.00"))]


def test_quarantine_tells_why_in_dutch_and_keeps_the_record(company: Company) -> None:
    company.deliver(DAY, company.file("k.csv", '1;;;"1.000,00"', '2;"zei ""hoi""', ';"é\n""";;1,00'))
    found = company.rows("select reasons, record, file_name from identity.quarantine order by line_number")
    assert [(reasons, json.loads(record)) for reasons, record, _ in found] == [
        (
            ["Tegoed is niet te lezen als bedrag in EUR met hoogstens 2 decimalen na een komma"],
            {"customer_id": "1", "email": None, "registered_on": None, "credit_eur": "1.000,00"},
        ),
        (["Een aanhalingsteken wordt niet gesloten"], {"raw_text": '2;"zei ""hoi""'}),
        (
            ["Klantnummer ontbreekt", "E-mailadres heeft niet de vorm van naam@domein.nl"],
            {"customer_id": None, "email": 'é\n"', "registered_on": None, "credit_eur": "1,00"},
        ),
    ]


def test_the_account_of_each_batch_adds_up(company: Company) -> None:
    company.deliver(
        DAY, company.file("a.csv", "1;;;1,00", "2;;;x"), company.file("b.csv", "3;;;;", "1;;;2,00")
    )
    assert company.rows(
        "select file_name, n_records, n_loaded, n_quarantined from batch_accounts order by file_name"
    ) == [("a.csv", 2, 1, 1), ("b.csv", 2, 1, 1)]
    assert company.rows("select rule, n_rows from quarantine_counts order by 1") == [
        ("credit_eur.unreadable", 1),
        ("record.too_many_fields", 1),
    ]


def test_a_delivery_without_records_is_accounted_for(company: Company) -> None:
    validated = company.deliver(DAY, company.file("k.csv"))
    assert [(each.batch.n_records, each.share) for each in validated.accounts] == [(0, 0.0)]


def test_a_record_that_does_not_add_up_stops_the_run(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("klantprofiel.validation.load._Loading.quarantine", lambda _: None)
    with pytest.raises(KlantprofielError, match="1 records, of which 0 were loaded and 0 quarantined"):
        company.deliver(DAY, company.file("k.csv", ";;;1,00"))
    assert company.warehouse.current() is None


def test_a_later_delivery_of_a_key_replaces_the_earlier(company: Company) -> None:
    company.deliver(DAY, company.file("a.csv", "1;;;1,00", "2;;;1,00"))
    company.deliver(NEXT_DAY, company.file("b.csv", "2;;;2,00", "3;;;2,00", "1;;;slecht"))
    assert company.rows(CREDITS) == [("1", Decimal(1)), ("2", Decimal(2)), ("3", Decimal(2))]
    assert company.rows("select n_loaded from batch_accounts order by file_name") == [(2,), (2,)]


@settings(max_examples=5)
@given(st.permutations(range(3)), st.integers(0, 3))
def test_the_order_of_judging_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], n_crashes: int
) -> None:
    days = (DAY, NEXT_DAY, NEXT_DAY)
    texts = (["1;;;1,00", "2;;;1,00", "4;;;1,00"], ["2;;;2,00", "3;;;2,00"], ["3;;;3,00", "4;;;3,00"])
    company = Company(tmp_path_factory.mktemp("order"))
    files = [company.file(f"{at}.csv", *rows) for at, rows in enumerate(texts)]
    for place, at in enumerate(order):
        (company.land if place < n_crashes else company.deliver)(days[at], files[at])
    company.deliver(NEXT_DAY, *files)
    assert company.rows(CREDITS) == [(str(at + 1), Decimal(value)) for at, value in enumerate((1, 2, 3, 3))]
    assert company.rows("select count(*) from batches") == [(3,)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_numbers_in_the_names_of_one_day_count_by_value(company: Company, order: tuple[int, int]) -> None:
    files = [company.file("klanten_9.csv", "1;;;9,00"), company.file("klanten_10.csv", "1;;;10,00")]
    company.deliver(DAY, *(files[at] for at in order))
    assert company.rows(CREDITS) == [("1", Decimal("10.00"))]


@pytest.mark.parametrize("crashed", [0, 1])
def test_numbers_in_names_count_the_same_after_a_crash(company: Company, crashed: int) -> None:
    files = [company.file("klanten_9.csv", "1;;;9,00"), company.file("klanten_10.csv", "1;;;10,00")]
    company.land(DAY, files[crashed])
    company.deliver(DAY, files[1 - crashed])
    company.deliver(NEXT_DAY)
    assert company.rows(CREDITS) == [("1", Decimal("10.00"))]


def test_a_withdrawal_of_the_same_second_is_kept_beside_the_consent(tmp_path: Path) -> None:
    company = Company(tmp_path)
    header = "klantnr;doel;kanaal;op;status"
    rows = [f"1;nieuwsbrief;email;01-08-2026 09:00:00;{said}" for said in ("ja", "nee", "ja")]
    validated = company.deliver(DAY, company.file("t.csv", *rows, header=header), table=ShopConsents)
    assert (validated.n_loaded, validated.n_quarantined) == (2, 1)
    assert company.rows("select status from identity.consents order by 1") == [("given",), ("withdrawn",)]


def test_a_mended_file_replaces_what_it_was_on_the_same_day(company: Company) -> None:
    for minute in range(4):
        path = company.file("k.csv", f"1;;;{minute},00")
        with company.warehouse.run("nightly", DAY, recorded_at=MOMENT.replace(minute=minute)) as run:
            ingest(run, [Delivery(ShopCustomers, path)])
            validate(run)
        assert company.rows(CREDITS) == [("1", Decimal(minute))]


def test_rules_see_the_date_of_the_delivery_also_when_a_later_run_judges(company: Company) -> None:
    path = company.file("k.csv", "1;;02-10-2026;1,00")
    company.land(DAY, path)
    assert company.deliver(NEXT_DAY, path).n_quarantined == 1


def test_the_same_deliveries_again_give_the_same_release(company: Company) -> None:
    path = company.file("k.csv", "1;;;1,00", "2;;;x")
    company.deliver(DAY, path)
    before = company.digest()
    validated = company.deliver(DAY, path)
    assert validated.accounts == ()
    assert company.digest() == before


def test_a_soiled_delivery_is_refused_and_waits_aside_until_it_is_mended(company: Company) -> None:
    good = company.file("goed.csv", "o1;1;01-09-2026 10:00:00", header=ORDERS)
    rows = [f"o{at};1;01-09-2026 10:00:00" for at in range(8)]
    soiled = company.file("vuil.csv", *rows, "o8;Jansen;gisteren", ";Jansen;eergisteren", header=ORDERS)
    with pytest.raises(GateError) as caught:
        company.deliver(DAY, good, soiled, table=ShopOrders)
    message = str(caught.value)
    assert "vuil.csv has 2 of 10 records (20.0%) in quarantine" in message
    assert "ordered_at.unreadable (2, first on lines 10, 11)" in message
    assert "at most 5.0% in quarantine for shop_orders" in message
    assert "Jansen" not in message
    assert "gisteren" not in message
    assert company.warehouse.current() is None

    validated = company.deliver(NEXT_DAY, good, table=ShopOrders)
    assert [account.batch.file_name for account in validated.accounts] == ["goed.csv"]
    with pytest.raises(GateError):
        company.deliver(NEXT_DAY, soiled, table=ShopOrders)

    mended = company.file("vuil.csv", *rows, header=ORDERS)
    assert company.deliver(NEXT_DAY, mended, table=ShopOrders).n_loaded == 8


def test_a_refused_delivery_is_taken_in_again_once_the_declaration_allows_it(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    soiled = company.file("vuil.csv", "o1;1;gisteren", header=ORDERS)
    with pytest.raises(GateError):
        company.deliver(DAY, soiled, table=ShopOrders)
    monkeypatch.setattr(ShopOrders, "quarantine", s.at_most(share=1))
    assert company.deliver(DAY, soiled, table=ShopOrders).n_quarantined == 1
    assert not list((company.warehouse.store.land / "shop_orders" / "refused").iterdir())


def test_canonical_views_have_exactly_the_canonical_columns(company: Company) -> None:
    company.deliver(DAY, company.file("k.csv", "1;a@example.nl;;1,00"))
    company.deliver(
        DAY,
        company.file("o.csv", "o1;1;01-09-2026 10:00:00", "o2;;01-01-2026 10:00:00", header=ORDERS),
        table=ShopOrders,
    )
    for canonical in s.canonical.TABLES:
        expected = {"source": "VARCHAR", "record_id": "VARCHAR", "delivered_on": "DATE"}
        if "customer_id" not in canonical.columns:
            del expected["record_id"]
        expected |= {"batch_id": "VARCHAR", "line_number": "BIGINT"}
        expected |= {name: column.sql_type for name, column in canonical.columns.items()}
        view = f"identity.{canonical.name}"
        assert company.columns(view) == expected
    assert company.rows(
        "select source, record_id, delivered_on, customer_id, email from identity.customers"
    ) == [("shop", "shop/1", DAY, "1", "a@example.nl")]
    assert company.rows("select source, record_id, ordered_at from identity.orders order by order_id") == [
        ("shop_orders", "shop/1", datetime(2026, 9, 1, 8)),  # noqa: DTZ001  UTC without saying so
        ("shop_orders", None, datetime(2026, 1, 1, 9)),  # noqa: DTZ001  the same
    ]


def test_sources_without_a_delivery_today_are_still_known(company: Company) -> None:
    company.deliver(DAY, company.file("k.csv", "1;;;1,00"))
    company.deliver(
        NEXT_DAY, company.file("o.csv", "o1;1;01-09-2026 10:00:00", header=ORDERS), table=ShopOrders
    )
    assert company.rows("select customer_id from identity.customers") == [("1",)]
    assert company.rows(
        "select table_name, maps_to, source, customers_of, rank, keys from sources order by 1"
    ) == [
        ("shop_customers", "customers", "shop", "shop", 2, ["customer_id"]),
        ("shop_orders", "orders", "shop_orders", "shop", 100, ["order_id"]),
    ]


def test_a_landed_file_that_is_damaged_is_told(company: Company) -> None:
    path = company.file("a.csv", "1;;;1,00")
    company.land(DAY, path)
    (landed,) = company.warehouse.store.land.rglob("*.parquet")
    landed.write_bytes(b"half")
    with pytest.raises(KlantprofielError, match="cannot be read"):
        company.deliver(DAY, path)


def test_the_summary_counts_and_explains_without_values(company: Company) -> None:
    validated = company.deliver(DAY, company.file("k.csv", "1;geheim@example.nl;;1,00", "2;geheim;;1,00"))
    summary = validated.summary()
    assert summary["facts"] == {"Records": 2, "Geladen": 1, "Quarantaine": 1, "Aandeel in quarantaine": 0.5}
    assert summary["tables"][0]["rows"] == [("shop_customers", "k.csv", 2, 1, 1)]
    assert [row[2:] for row in summary["tables"][1]["rows"]] == [("email.form", 1)]
    assert "geheim" not in str(validated)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "1", "2", "3"]),
        st.sampled_from(["", "a@example.nl", "fout"]),
        st.sampled_from(["", "01-01-2020", "31-02-2020", "01-01-2030"]),
        st.sampled_from(["", "1,00", "-1,00", "x"]),
    ),
    max_size=60,
)


@settings(max_examples=8)
@given(ROWS)
def test_a_record_is_loaded_exactly_when_it_keeps_everything(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    seen: set[str] = set()
    kept, broken = [], 0
    for key, email, since, credit in rows:
        keeps = (
            key and email != "fout" and since in {"", "01-01-2020"} and credit == "1,00" and key not in seen
        )
        if keeps:
            seen.add(key)
            kept.append(key)
        else:
            broken += 1
    company = Company(tmp_path_factory.mktemp("kept"))
    validated = company.deliver(DAY, company.file("k.csv", *(";".join(row) for row in rows)))
    assert (validated.n_loaded, validated.n_quarantined) == (len(kept), broken)
    assert company.rows("select customer_id from identity.shop_customers order by line_number") == [
        (key,) for key in kept
    ]
