"""Suites follow declarations, statistics hold no value of anyone, bounds follow from what was delivered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from klantprofiel import schema as s
from klantprofiel.errors import ConfigurationError
from klantprofiel.ingestion import Delivery, ingest
from klantprofiel.validation import validate
from klantprofiel.validation.expected import (
    filled,
    keep_statistics,
    names_in,
    parameters,
    profile_suite,
    suites_for,
)
from klantprofiel.warehouse import Warehouse
from tests.unit.validation.shop import MOMENT, ShopCustomers, ShopOrders

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.warehouse import Run

FIRST = date(2026, 3, 2)
HEADER = "klantnr;email;sinds;tegoed"


class ShopVisits(s.EventTable):
    """Bezoeken: one row per visit."""

    customers_of = "shop"
    purpose = "proef"
    retention = s.years(1)

    visit_id = s.Text(label="Bezoek", key=True)
    customer_id = s.Text(label="Klantnummer")
    visited_on = s.Date(label="Bezocht op")
    paid_eur = s.Amount(label="Betaald", unit="EUR")
    rating = s.Scale(label="Waardering", lowest=1, highest=5, nullable=True)
    door = s.Choice(label="Ingang", values=("noord", "zuid"))
    is_new = s.Flag(label="Nieuw", values={"J": True, "N": False})
    advisor = s.Surname(label="Adviseur", nullable=True)


def kinds(table: type[s.Table]) -> set[tuple[str, str, str]]:
    (suite,) = suites_for([table])
    return {
        (each["meta"].get("column", ""), each["meta"]["about"], each["type"])
        for each in suite["expectations"]
    }


def customers(night: int, n: int = 30) -> list[str]:
    day = FIRST + timedelta(days=night)
    return [
        f"{night}-{number};k{night}-{number}@winkel.nl;{day:%d-%m-%Y};{10 + number},50" for number in range(n)
    ]


def deliver(run: Run, path: Path, night: int, rows: list[str]) -> None:
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    ingest(run, [Delivery(ShopCustomers, path, delivered_on=FIRST + timedelta(days=night))])


def test_every_kind_of_column_has_what_it_can_be_judged_by() -> None:
    found = kinds(ShopVisits)
    assert ("", "volume", "expect_table_row_count_to_be_between") in found
    assert ("delivered_on", "freshness", "expect_column_max_to_be_between") in found
    assert ("visit_id", "uniqueness", "expect_column_values_to_be_unique") in found
    assert ("customer_id", "relation", "unexpected_rows_expectation") in found
    assert ("visited_on", "freshness", "unexpected_rows_expectation") in found
    assert ("paid_eur", "range", "expect_column_median_to_be_between") in found
    assert ("rating", "range", "expect_column_mean_to_be_between") in found
    assert ("rating", "share", "expect_column_values_to_not_be_null") in found
    assert ("door", "category", "expect_column_distinct_values_to_contain_set") in found
    assert ("is_new", "distribution", "unexpected_rows_expectation") in found
    assert ("advisor", "distribution", "unexpected_rows_expectation") in found
    assert not {each for each in found if each[0] == "advisor" and each[1] == "category"}


def test_a_table_of_keys_alone_is_judged_by_its_keys() -> None:
    class ShopKeys(s.ReferenceTable):
        """Sleutels: one row per key."""

        one = s.Text(label="Een", key=True)
        two = s.Text(label="Twee", key=True)

    uniqueness = [each for each in kinds(ShopKeys) if each[1] == "uniqueness"]
    assert uniqueness == [("", "uniqueness", "expect_compound_columns_to_be_unique")]


def test_suites_are_the_same_every_time_and_sealed_with_what_they_were_made_from() -> None:
    first, second = suites_for([ShopOrders, ShopCustomers]), suites_for([ShopCustomers, ShopOrders])
    assert first == second
    assert [suite["name"] for suite in first] == ["shop_customers", "shop_orders"]
    assert len({suite["meta"]["contract"] for suite in first}) == 2


def test_every_expectation_tells_in_dutch_why_it_is_there() -> None:
    for each in suites_for([ShopVisits])[0]["expectations"]:
        assert each["meta"]["because"].endswith(".")
        assert each["meta"]["rows"] in {"all", "latest"}


def test_an_expectation_without_history_is_not_judged() -> None:
    (suite,) = suites_for([ShopVisits])
    waiting = [each for each in suite["expectations"] if names_in(each)]
    assert waiting
    assert all(filled(each, {}) is None for each in waiting)


def test_bounds_in_a_query_become_literals_and_others_stay_parameters() -> None:
    expectation: dict[str, Any] = {
        "type": "unexpected_rows_expectation",
        "kwargs": {"unexpected_rows_query": "select 1 from {batch} where a < $low and d = $day"},
        "meta": {},
    }
    ready = filled(expectation, {"low": 0.25, "day": "2026-03-02'; drop table x"})
    assert ready is not None
    assert ready["kwargs"]["unexpected_rows_query"] == (
        "select 1 from {batch} where a < 0.25 and d = '2026-03-02''; drop table x'"
    )
    native = {"type": "x", "kwargs": {"min_value": {"$PARAMETER": "low"}}, "meta": {}}
    assert filled(native, {"low": 1}) == native


def test_a_list_cannot_stand_in_a_query() -> None:
    expectation = {"type": "x", "kwargs": {"unexpected_rows_query": "select $low"}, "meta": {}}
    with pytest.raises(ConfigurationError, match="low cannot stand in a query"):
        filled(expectation, {"low": ["a"]})


def test_statistics_hold_no_value_of_a_person(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "klanten").run("nightly", FIRST, recorded_at=MOMENT) as run:
        deliver(run, tmp_path / "a.csv", 0, customers(0))
        validate(run)
        rows = run.rows("select column_name, metric, category from delivery_statistics")
    assert {category for _, _, category in rows} == {""}
    assert ("email", "filled_share", "") in rows


def test_a_day_that_is_delivered_in_two_files_is_one_day(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "klanten").run("nightly", FIRST, recorded_at=MOMENT) as run:
        deliver(run, tmp_path / "a.csv", 0, customers(0))
        keep_statistics(run, validate(run).accounts)
        deliver(run, tmp_path / "b.csv", 0, customers(-1, n=10))
        keep_statistics(run, validate(run).accounts)
        rows = run.rows("select n from delivery_statistics where metric = 'n_rows'")
    assert rows == [(40,)]


def test_deliveries_at_once_leave_the_history_that_nights_apart_leave(tmp_path: Path) -> None:
    def history(name: str, nights_per_run: int) -> list[tuple[Any, ...]]:
        warehouse = Warehouse(tmp_path / name)
        for start in range(0, 6, nights_per_run):
            with warehouse.run("nightly", FIRST + timedelta(days=6), recorded_at=MOMENT) as run:
                for night in range(start, start + nights_per_run):
                    deliver(run, tmp_path / f"{name}-{night}.csv", night, customers(night))
                keep_statistics(run, validate(run).accounts)
                rows = run.rows("from delivery_statistics order by all")
        return rows

    assert history("apart", 2) == history("together", 6)


def test_yesterdays_file_under_a_new_name_is_not_todays(tmp_path: Path) -> None:
    suites = suites_for([ShopCustomers])
    warehouse = Warehouse(tmp_path / "klanten")
    with warehouse.run("nightly", FIRST, recorded_at=MOMENT) as run:
        deliver(run, tmp_path / "maandag.csv", 0, customers(0))
        validate(run)
    with warehouse.run("nightly", FIRST + timedelta(days=1), recorded_at=MOMENT) as run:
        deliver(run, tmp_path / "dinsdag.csv", 1, customers(0))
        validate(run)
        since = parameters(run, suites)["shop_customers__delivered_on__since"]
        ((latest,),) = run.rows("select max(delivered_on) from identity.shop_customers")
    assert since == str(FIRST + timedelta(days=1)) > str(latest)


def test_a_night_without_a_file_asks_for_none(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "klanten").run("nightly", FIRST + timedelta(days=1), recorded_at=MOMENT) as run:
        deliver(run, tmp_path / "maandag.csv", 0, customers(0))
        validate(run)
        run.offered.clear()
        assert "shop_customers__delivered_on__since" not in parameters(run, suites_for([ShopCustomers]))


def test_a_system_that_fell_silent_is_missed_after_its_longest_pause(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "klanten").run(
        "nightly", FIRST + timedelta(days=20), recorded_at=MOMENT
    ) as run:
        for night in range(12):
            deliver(run, tmp_path / f"{night}.csv", night, customers(night, n=5))
        validate(run)
        run.offered.clear()
        since = parameters(run, suites_for([ShopCustomers]))["shop_customers__delivered_on__since"]
    assert since == str(FIRST + timedelta(days=18))


def test_before_the_first_release_nothing_is_asked_of_profiles(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "klanten").run("nightly", FIRST, recorded_at=MOMENT) as run:
        assert profile_suite(run) is None
