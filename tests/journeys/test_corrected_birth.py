"""Orders from before a birth: left out, told where they are, and back when the birth date is corrected."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from klantprofiel import schema as s
from klantprofiel.ingestion import Delivery, ingest
from klantprofiel.profiles import build_profiles, changed
from klantprofiel.reading import open_release
from klantprofiel.unification import unify
from klantprofiel.validation import validate
from klantprofiel.warehouse import Warehouse

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.reading.release import Release
    from klantprofiel.warehouse import Run

FIRST, SECOND = date(2026, 9, 1), date(2026, 9, 2)
BORN = {FIRST: "01-08-2016", SECOND: "01-08-1986"}


class Register(s.CustomerTable, maps_to=s.canonical.Customers):
    """Klanten: one row per customer."""

    source = "crm"
    purpose = "uitvoering overeenkomst"
    retention = s.years(7)

    customer_id = s.Text(label="Klantnummer", source="klant", key=True)
    surname = s.Surname(label="Achternaam", source="achternaam")
    birth_date = s.BirthDate(label="Geboren op", source="geboren")


class Slips(s.EventTable, maps_to=s.canonical.Orders):
    """Kassabonnen: one row per receipt."""

    source = "kassa"
    customers_of = "crm"
    purpose = "uitvoering overeenkomst"
    retention = s.years(7)

    order_id = s.Text(label="Bonnummer", source="bon", key=True)
    customer_id = s.Text(label="Klantnummer", source="klant")
    ordered_at = s.Timestamp(label="Tijdstip", source="tijdstip")
    amount_eur = s.Amount(label="Bedrag", unit="EUR", source="bedrag")


def night(folder: Path, day: date) -> list[tuple[object, ...]]:
    """Run a night with the register, and on the first the receipts; return the lines that are left out."""
    register = folder / f"klanten-{day}.csv"
    register.write_text(
        f"klant;achternaam;geboren\n1;Vries;{BORN[day]}\n2;Bakker;05-05-1975\n", encoding="utf-8"
    )
    deliveries = [Delivery(table=Register, path=register)]
    if day == FIRST:
        slips = folder / "bonnen.csv"
        slips.write_text(
            "bon;klant;tijdstip;bedrag\n"
            "a;1;31-07-2016 10:00:00;10,00\nb;1;01-08-2016 10:00:00;2,00\nc;2;01-08-2016 10:00:00;4,00\n",
            encoding="utf-8",
        )
        deliveries.append(Delivery(table=Slips, path=slips))
    recorded_at = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    with Warehouse(folder / "klanten").run("nightly", as_of=day, recorded_at=recorded_at) as run:
        return built(run, deliveries)


def built(run: Run, deliveries: list[Delivery]) -> list[tuple[object, ...]]:
    ingest(run, deliveries)
    validate(run)
    unify(run)
    build_profiles(run)
    return run.rows(
        "select record_id, source, booked_on, table_name, file_name, line_number "
        "from identity.orders_before_birth"
    )


def spent(release: Release, known_at: date | None = None) -> list[float]:
    """Return what each customer spent, the least first."""
    rows = release.profiles(as_of=FIRST, known_at=known_at).to_arrow(["monetary_eur"])
    return sorted(map(float, rows["monetary_eur"].to_pylist()))


@pytest.mark.parametrize("most_changed", [0, 0.5], ids=["all anew", "the changed alone"])
def test_a_corrected_birth_date_brings_the_orders_back(tmp_path: Path, most_changed: float) -> None:
    with patch.object(changed, "MOST_CHANGED", most_changed):
        assert night(tmp_path, FIRST) == [("crm/1", "kassa", date(2016, 7, 31), "slips", "bonnen.csv", 2)]
        with open_release(tmp_path / "klanten") as release:
            assert spent(release) == [2, 4]
            account = "select n_lines, n_in_profiles, n_before_birth from orders_account"
            assert release.rows(account) == [(3, 2, 1)]
        assert night(tmp_path, SECOND) == []
    with open_release(tmp_path / "klanten") as release:
        assert spent(release) == [4, 12]
        assert spent(release, known_at=FIRST) == [2, 4], "what was known then"
        assert release.rows(account) == [(3, 3, 0)]
