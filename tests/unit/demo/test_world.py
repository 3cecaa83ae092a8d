"""What is planted in the fictional company, held against what it delivers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from klantprofiel.demo.company import KINDS
from klantprofiel.demo.deliveries import STAINS

if TYPE_CHECKING:
    from tests.unit.demo.conftest import Company

DAYS = ("2026-09-01", "2026-09-02", "2026-09-03")
CLEAN_NUMBER = re.compile(r"[0-9]{7}|W[0-9]{7}")


def day(text: str) -> date:
    return datetime.strptime(text[:10], "%d-%m-%Y").date()  # noqa: DTZ007 - a day has no zone


def dirty_records(company: Company) -> set[tuple[str, int]]:
    return {(row["file"], row["record"]) for row in company.truth("vuil")}


def clean_rows(company: Company, name: str, delivered: str) -> list[dict[str, Any]]:
    dirty = dirty_records(company)
    rows = enumerate(company.rows(name, delivered), start=1)
    return [row for record, row in rows if (f"leveringen/{delivered}/{name}", record) not in dirty]


def test_every_customer_number_has_one_person_behind_it(company: Company) -> None:
    registered = company.truth("registraties")
    persons = {row["person_id"] for row in company.truth("personen")}
    assert len({(row["source"], row["customer_number"]) for row in registered}) == len(registered)
    assert {row["person_id"] for row in registered} == persons
    assert len(persons) == company.generated.customers


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("klanten.csv", "klantnr"),
        ("webaccounts.parquet", "accountnr"),
        ("kassabonnen.csv", "klantnr"),
        ("webbestellingen.parquet", "accountnr"),
        ("toestemmingen.csv", "klantnr"),
    ],
)
def test_no_file_holds_a_number_without_a_person(company: Company, name: str, header: str) -> None:
    known = {row["customer_number"] for row in company.truth("registraties")}
    assert {row[header] for row in company.rows(name)} - {None} <= known


def test_about_one_person_in_twenty_has_two_numbers_in_one_source(company: Company) -> None:
    numbers = Counter((row["source"], row["person_id"]) for row in company.truth("registraties"))
    twice = sum(n > 1 for n in numbers.values()) / len(numbers)
    assert 0.025 < twice < 0.06


def test_part_of_the_persons_stand_in_both_sources(company: Company) -> None:
    sources: dict[str, set[str]] = defaultdict(set)
    for row in company.truth("registraties"):
        sources[row["person_id"]].add(row["source"])
    assert 0.2 < sum(len(of_one) == 2 for of_one in sources.values()) / len(sources) < 0.5


def test_households_share_an_address_and_often_a_surname(company: Company) -> None:
    homes: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for person in company.truth("personen"):
        homes[person["household_id"]].append(person)
    together = [members for members in homes.values() if len(members) > 1]
    assert 0.1 < len(together) / len(homes) < 0.3
    assert all(len({(p["postal_code"], p["house_number"]) for p in members}) == 1 for members in together)
    assert 0.5 < sum(len({p["surname"] for p in members}) == 1 for members in together) / len(together) < 0.9


def test_an_email_address_is_shared_at_home_only(company: Company) -> None:
    homes: dict[str, set[str]] = defaultdict(set)
    for person in company.truth("personen"):
        homes[person["email"]].add(person["household_id"])
        homes[person["second_email"]].add(person["household_id"])
    assert {len(households) for households in homes.values()} == {1}
    assert len({p["mobile"] for p in company.truth("personen")}) == company.generated.customers


def test_nobody_can_be_mailed_or_rung(company: Company) -> None:
    for person in company.truth("personen"):
        assert person["email"].endswith(".example")
        assert person["second_email"].endswith(".example")
        assert re.fullmatch(r"066[0-9]{7}", person["mobile"])
        assert person["landline"] is None or re.fullmatch(r"0[0-9]{2,3}0[0-9]{5,6}", person["landline"])


def test_no_delivered_number_could_be_a_citizen_service_number(company: Company) -> None:
    for row in company.truth("registraties"):
        assert CLEAN_NUMBER.fullmatch(row["customer_number"])
    for row in company.rows("klanten.csv"):
        assert row["klantenkaart"] is None or row["klantenkaart"].startswith("HT")


def test_the_truth_stands_in_no_delivery(company: Company) -> None:
    for file in (company.generated.directory / "leveringen").rglob("*.csv"):
        text = file.read_text(encoding="utf-8")
        assert not any(kind.name in text for kind in KINDS)
    for name in ("webaccounts.parquet", "webbestellingen.parquet"):
        assert not {"kind", "person_id", "household_id"} & set(company.rows(name)[0])


def test_one_row_in_a_hundred_is_dirt_of_every_kind(company: Company) -> None:
    for file in company.generated.files:
        assert file.n_dirty <= 0.01 * file.n_records
    dirty = Counter(row["file"].rpartition("/")[2] for row in company.truth("vuil"))
    assert set(dirty) == set(STAINS)
    kinds = {row["kind"] for row in company.truth("vuil")}
    assert kinds == {stain.kind for stains in STAINS.values() for stain in stains}


def test_the_dirt_lies_where_the_truth_says(company: Company) -> None:
    values = {
        (name, stain.kind, stain.column): stain.value for name, stains in STAINS.items() for stain in stains
    }
    for dirt in company.truth("vuil"):
        _, delivered, name = dirt["file"].split("/")
        row = company.rows(name, delivered)[dirt["record"] - 1]
        assert row[dirt["column"]] == values[name, dirt["kind"], dirt["column"]]


def test_placeholders_stand_among_the_customers(company: Company) -> None:
    rows = company.rows("klanten.csv")
    for header, value in {
        "telefoon": "0600000000",
        "geboortedatum": "01-01-1900",
        "voornaam": "onbekend",
        "e-mail": "info@hoefblad.example",
    }.items():
        assert 0 < sum(row[header] == value for row in rows) < 0.03 * len(rows)


def test_tussenvoegsels_are_typed_in_more_than_one_way(company: Company) -> None:
    rows = company.rows("klanten.csv") + company.rows("webaccounts.parquet")
    prefixes = {row["tussenvoegsel"] for row in rows}
    assert {"de", "van der", "v.d.", None} <= prefixes
    assert any((row["achternaam"] or "").startswith("van der ") for row in rows)


def test_the_later_deliveries_hold_changes_new_customers_and_late_orders(company: Company) -> None:
    for delivered in DAYS[1:]:
        before = {
            row["klantnr"]
            for earlier in DAYS
            if earlier < delivered
            for row in company.rows("klanten.csv", earlier)
        }
        now = {row["klantnr"] for row in clean_rows(company, "klanten.csv", delivered)}
        assert now & before
        bought_on = {day(row["tijdstip"]) for row in clean_rows(company, "kassabonnen.csv", delivered)}
        assert bought_on
        assert max(bought_on) < date.fromisoformat(delivered)
    late = [
        row
        for delivered in DAYS[1:]
        for row in clean_rows(company, "kassabonnen.csv", delivered)
        if day(row["tijdstip"]) < date(2026, 8, 31)
    ]
    assert late


def test_what_is_delivered_lies_before_the_day_of_delivery(company: Company) -> None:
    for delivered in DAYS:
        until = date.fromisoformat(delivered)
        for row in clean_rows(company, "kassabonnen.csv", delivered):
            assert day(row["tijdstip"]) < until
        for row in clean_rows(company, "webbestellingen.parquet", delivered):
            assert row["besteld_op"].date() < until
        for row in clean_rows(company, "klanten.csv", delivered):
            assert day(row["ingeschreven_op"]) < until
            assert day(row["gewijzigd_op"]) < until


def test_nobody_buys_under_a_number_before_it_was_given_out(company: Company) -> None:
    given_out = {
        row["klantnr"]: day(row["ingeschreven_op"])
        for delivered in DAYS
        for row in clean_rows(company, "klanten.csv", delivered)
    }
    for delivered in DAYS:
        for row in clean_rows(company, "kassabonnen.csv", delivered):
            if row["klantnr"] in given_out:
                assert day(row["tijdstip"]) >= given_out[row["klantnr"]]


def test_a_return_gives_back_what_was_paid_for_the_same_product(company: Company) -> None:
    bought: dict[tuple[str, str], set[str]] = defaultdict(set)
    returns = []
    for delivered in DAYS:
        for row in clean_rows(company, "webbestellingen.parquet", delivered):
            if row["retour"] == "ja":
                returns.append(row)
            else:
                bought[row["bestelnr"], row["artikelnr"]].add(str(row["bedrag"]))
    assert returns
    assert all(row["bedrag"] < 0 for row in returns)
    found = [row for row in returns if str(-row["bedrag"]) in bought[row["bestelnr"], row["artikelnr"]]]
    assert len(found) >= 0.97 * len(returns)  # the others return a line that is dirt


def test_the_planted_kinds_behave_as_planted(company: Company) -> None:
    person_of = {row["customer_number"]: row["person_id"] for row in company.truth("registraties")}
    kind_of = {row["person_id"]: row["kind"] for row in company.truth("personen")}
    lines: dict[str, Counter[str]] = defaultdict(Counter)
    for row in company.rows("kassabonnen.csv"):
        if row["klantnr"]:
            lines[kind_of[person_of[row["klantnr"]]]]["store"] += 1
    for row in company.rows("webbestellingen.parquet"):
        count = lines[kind_of[person_of[row["accountnr"]]]]
        count["online"] += 1
        count["discount"] += row["korting"] > 0
    online = {kind: count["online"] / count.total() for kind, count in lines.items()}
    discount = {kind: count["discount"] / count["online"] for kind, count in lines.items()}
    assert online["Jonge stedelingen"] > 0.5 > online["Klussers"] > online["Tuinliefhebbers"]
    assert max(discount, key=lambda kind: discount[kind]) == "Koopjesjagers"
