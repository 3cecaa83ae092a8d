"""Facts of those who changed, beside those of all: whatever comes in, nothing is missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from klantprofiel import schema as s
from klantprofiel.ingestion import Delivery, ingest
from klantprofiel.profiles import build_profiles, changed
from klantprofiel.profiles.purchases import PURCHASE_DAYS
from klantprofiel.unification import unify
from klantprofiel.validation import validate
from klantprofiel.warehouse import Warehouse
from tests.unit.profiles.company import contents
from tests.unit.profiles.test_history import Receipts

START = date(2026, 9, 1)
LINES = st.lists(
    st.tuples(
        st.integers(1, 12),  # few numbers, so that many are delivered again
        st.sampled_from(["anna", "bert", "carla", "dirk"]),
        st.integers(0, 60),
        st.integers(1, 9),
    ),
    unique_by=lambda line: line[0],
    min_size=1,
    max_size=5,
)
NIGHTS = st.lists(LINES, min_size=2, max_size=3)


def csv(lines: list[tuple[int, str, int, int]]) -> str:
    """Return the lines as a delivery: order, customer, day and euros."""
    rows = [
        f"{order};{customer};{START - timedelta(days=days):%d-%m-%Y} 10:00:00;{euros},00"
        for order, customer, days, euros in lines
    ]
    return "\n".join(["order_id;customer_id;ordered_at;amount_eur", *rows, ""])


@settings(max_examples=3)
@given(NIGHTS)
def test_facts_of_the_changed_are_those_of_all(nights: list[list[tuple[int, str, int, int]]]) -> None:
    with TemporaryDirectory() as directory, patch.object(changed, "MOST_CHANGED", 1):
        for number, lines in enumerate(nights):
            day = START + timedelta(days=number)
            file = Path(directory, f"{number}.csv")
            file.write_text(csv(lines), encoding="utf-8")
            moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
            with Warehouse(Path(directory, "klanten")).run("nightly", day, recorded_at=moment) as run:
                ingest(run, [Delivery(table=Receipts, path=file)])
                validate(run)
                unify(run)
                build_profiles(run)
                kept = run.rows("from purchase_days order by all")
                anew = f"from ({PURCHASE_DAYS.statement().sql(PURCHASE_DAYS.types)}) order by all"
                assert kept == run.rows(anew)


class Members(s.CustomerTable, maps_to=s.canonical.Customers):
    """Leden: one row per member; the source does not tell when anything changed."""

    purpose = "uitvoering overeenkomst"
    retention = s.years(7)

    customer_id = s.Text(label="Lidnummer", key=True)
    surname = s.Surname(label="Achternaam")
    email = s.Email(label="E-mailadres")
    birth_date = s.BirthDate(label="Geboortedatum")
    postal_code = s.PostalCode(label="Postcode")
    house_number = s.HouseNumber(label="Huisnummer")


class Bills(s.EventTable, maps_to=s.canonical.Orders):
    """Rekeningen van leden: one row per bill."""

    customers_of = "members"
    purpose = "uitvoering overeenkomst"
    retention = s.years(7)

    order_id = s.Text(label="Rekeningnummer", key=True)
    customer_id = s.Text(label="Lidnummer")
    ordered_at = s.Timestamp(label="Tijdstip")
    amount_eur = s.Amount(label="Bedrag", unit="EUR")


MEMBERS = {
    "anna": "Bos;anna@hof.nl;01-05-1980;3511AB;1",
    "bert": "Bos;bert@hof.nl;01-06-1982;3511AB;1",
    "carla": "Dik;carla@hof.nl;01-07-1984;1012CD;2",
    "dirk": "Eik;dirk@hof.nl;01-08-1986;1012CD;3",
}
MOVED = {"bert": "Bos;bert@hof.nl;01-06-1982;1012CD;9", "dirk": "Dik;carla@hof.nl;01-07-1984;1012CD;2"}
PEOPLE = [
    (0, MEMBERS),
    (1, MOVED),  # one leaves his household, and one turns out to be another customer
    (1, MEMBERS | MOVED | {"anna": "Bos;anna@hof.nl;01-05-2019;3511AB;1"}),  # all again, one born later
    (182, {"dirk": MEMBERS["dirk"]}),
    (1, {}),
]


def test_states_of_the_changed_are_those_of_all(tmp_path: Path) -> None:
    day = START
    for number, (passed, members) in enumerate(PEOPLE):
        day += timedelta(days=passed)
        bills, people = tmp_path / f"bills {number}.csv", tmp_path / f"people {number}.csv"
        bills.write_text(csv([(number, "anna", 500 if number else 1000, 5)]), encoding="utf-8")
        header = "customer_id;surname;email;birth_date;postal_code;house_number"
        lines = [f"{name};{line}" for name, line in members.items()]
        people.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
        moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        deliveries = [
            Delivery(table=Bills, path=bills),
            *[Delivery(table=Members, path=people)][: len(lines)],
        ]
        with Warehouse(tmp_path / "klanten").run("nightly", day, recorded_at=moment) as run:
            ingest(run, deliveries)
            validate(run)
            unify(run)
            with patch.object(changed, "MOST_CHANGED", 0.6):
                build_profiles(run)
            renewed = contents(run)
            with patch.object(changed, "MOST_CHANGED", -1):
                build_profiles(run)
            anew = contents(run)
            for table in anew:
                assert renewed[table] == anew[table], table
