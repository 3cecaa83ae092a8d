"""What is planted in the fictional company, held against what it delivers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from klantprofiel.demo.company import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.demo.conftest import Company

CLEAN_NUMBER = re.compile(r"[0-9]{7}|W[0-9]{7}")


def day(text: str) -> date:
    return datetime.strptime(text[:10], "%d-%m-%Y").date()  # noqa: DTZ007 - a day has no zone


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
    listed = {home["household_id"]: home["n_customers"] for home in company.truth("huishoudens")}
    assert listed == {home: len(members) for home, members in homes.items()}
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
    for pattern in ("*.csv", "*.jsonl"):
        for file in (company.generated.directory / "leveringen").rglob(pattern):
            content = file.read_bytes()
            assert not any(kind.name.encode() in content for kind in KINDS)
    for name in ("webaccounts.parquet", "webbestellingen.parquet"):
        assert not {"kind", "person_id", "household_id"} & set(company.rows(name)[0])


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


def test_names_of_partners_stand_before_the_own_name_or_behind_it(company: Company) -> None:
    own = {row["person_id"]: row["surname"] for row in company.truth("personen")}
    person_of = {row["customer_number"]: row["person_id"] for row in company.truth("registraties")}
    rows = [row for file in company.files("klanten.csv") for row in company.clean(file)]
    double = [(row["achternaam"], own[person_of[row["klantnr"]]]) for row in rows if "-" in row["achternaam"]]
    own_first = sum(written.startswith(surname) for written, surname in double)
    own_last = sum(written.endswith(surname) for written, surname in double)
    assert own_last > own_first > 0


def test_some_households_have_one_mailbox_for_all(company: Company) -> None:
    members: dict[str, set[str]] = defaultdict(set)
    for person in company.truth("personen"):
        members[person["email"]].add(person["person_id"])
    assert any(len(persons) > 1 for email, persons in members.items() if email.startswith("familie."))
    assert any(len(persons) > 1 for email, persons in members.items() if not email.startswith("familie."))


def test_customers_move_and_change_their_email_phone_and_name(company: Company) -> None:
    first, *later = company.files("klanten.csv")
    before = {row["klantnr"]: row for row in company.clean(first)}
    changed: Counter[str] = Counter()
    for file in later:
        for row in company.clean(file):
            if row["klantnr"] in before:
                changed.update(header for header in row if row[header] != before[row["klantnr"]][header])
                assert day(row["gewijzigd_op"]) == file.of_day - timedelta(days=1)
                before[row["klantnr"]] = row
    assert min(changed[header] for header in ("straat", "e-mail", "telefoon", "achternaam")) > 0
    assert changed["straat"] > changed["telefoon"]
    assert changed["klantnr"] == changed["ingeschreven_op"] == changed["geboortedatum"] == 0


def test_each_night_tells_of_the_day_before(company: Company) -> None:
    moments: dict[str, Callable[[dict[str, Any]], date]] = {
        "kassabonnen.csv": lambda row: day(row["tijdstip"]),
        "webbestellingen.parquet": lambda row: row["besteld_op"].date(),
        "webaccounts.parquet": lambda row: row["aangemaakt_op"],
        "toestemmingen.csv": lambda row: day(row["vastgelegd_op"]),
    }
    for source, moment in moments.items():
        first, *later = company.files(source)
        assert max(moment(row) for row in company.clean(first)) < first.of_day
        for file in later:
            assert {moment(row) for row in company.clean(file)} <= {file.of_day - timedelta(days=1)}


def test_nobody_buys_under_a_number_before_it_was_given_out(company: Company) -> None:
    given_out = {
        row["klantnr"]: day(row["ingeschreven_op"])
        for file in company.files("klanten.csv")
        for row in company.clean(file)
    }
    for file in company.files("kassabonnen.csv"):
        for row in company.clean(file):
            if row["klantnr"] in given_out:
                assert day(row["tijdstip"]) >= given_out[row["klantnr"]]


def test_purchases_follow_the_week_and_the_seasons(company: Company) -> None:
    bought = [
        day(row["tijdstip"]) for file in company.files("kassabonnen.csv") for row in company.clean(file)
    ]
    by_weekday = Counter(moment.weekday() for moment in bought)
    by_month = Counter(moment.month for moment in bought)
    assert by_weekday.most_common(1)[0][0] == 5  # Saturday
    assert by_month[5] > 1.3 * by_month[1]
    plants = {
        row["artikelnr"]
        for row in company.rows("producten.parquet")
        if row["categorie"] == "Planten en bollen"
    }
    in_month = Counter(
        day(row["tijdstip"]).month
        for file in company.files("kassabonnen.csv")
        for row in company.clean(file)
        if row["artikelnr"] in plants
    )
    assert in_month[5] / by_month[5] > 1.4 * in_month[12] / by_month[12]


def test_nothing_is_sold_before_it_is_listed_or_where_no_store_is_open(company: Company) -> None:
    listed = {
        row["artikelnr"]: file.of_day
        for file in reversed(company.files("producten.parquet"))
        for row in company.records(file)
    }
    first = company.generated.days[0]
    stores = {row["winkelnr"]: row for row in company.rows("winkels.csv")}
    for file in company.files("kassabonnen.csv"):
        for row in company.clean(file):
            moment, store = day(row["tijdstip"]), stores[row["winkelnr"]]
            assert listed[row["artikelnr"]] == first or listed[row["artikelnr"]] <= file.of_day
            assert day(store["geopend_op"]) <= moment
            assert store["gesloten_op"] is None or moment < day(store["gesloten_op"])


def test_a_return_gives_back_what_was_paid_for_the_same_product(company: Company) -> None:
    bought: dict[tuple[str, str], set[str]] = defaultdict(set)
    returns = []
    for file in company.files("webbestellingen.parquet"):
        for row in company.clean(file):
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
