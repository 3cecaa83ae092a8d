"""What was so, and what was known then: facts of several nights, read as of any date and any moment."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from klantprofiel import schema as s
from klantprofiel.errors import ConfigurationError
from klantprofiel.ingestion import Delivery, ingest
from klantprofiel.profiles import build_profiles
from klantprofiel.reading import open_release
from klantprofiel.unification import unify
from klantprofiel.validation import validate
from klantprofiel.warehouse import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from klantprofiel.reading.release import Release

FIRST, SECOND, THIRD = date(2026, 9, 1), date(2026, 9, 11), date(2026, 9, 21)
NIGHTS = {
    FIRST: "1;anna;01-08-2026 10:00:00;10,00\n2;bert;02-08-2026 10:00:00;5,00\n",
    SECOND: "3;anna;10-09-2026 10:00:00;20,00\n",
    THIRD: "4;anna;05-08-2026 10:00:00;40,00\n2;bert;02-08-2026 10:00:00;6,00\n",  # late, and corrected
}


class Receipts(s.EventTable, maps_to=s.canonical.Orders):
    """Kassabonnen: one row per receipt."""

    purpose = "uitvoering overeenkomst"
    retention = s.years(7)

    order_id = s.Text(label="Bonnummer", key=True)
    customer_id = s.Text(label="Klantnummer")
    ordered_at = s.Timestamp(label="Tijdstip")
    amount_eur = s.Amount(label="Bedrag", unit="EUR")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """Return the release after three nights."""
    folder = tmp_path_factory.mktemp("nights")
    for day, lines in NIGHTS.items():
        run_night(folder, day, lines)
    with open_release(folder / "klanten") as release:
        yield release


def run_night(folder: Path, day: date, lines: str) -> None:
    """Publish a release with what came that night, recorded at three in the morning."""
    file = folder / f"bonnen-{day}.csv"
    file.write_text(f"order_id;customer_id;ordered_at;amount_eur\n{lines}", encoding="utf-8")
    recorded_at = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    with Warehouse(folder / "klanten").run("nightly", as_of=day, recorded_at=recorded_at) as run:
        ingest(run, [Delivery(table=Receipts, path=file)])
        validate(run)
        unify(run)
        build_profiles(run)


def spent(release: Release, as_of: date, known_at: date | datetime | None = None) -> dict[str, float]:
    """Return what each customer had spent."""
    profiles = release.profiles(as_of=as_of, known_at=known_at).to_arrow(["customer_id", "monetary_eur"])
    return {row["customer_id"]: float(row["monetary_eur"]) for row in profiles.to_pylist()}


def test_as_of_an_earlier_date_later_orders_do_not_count(release: Release) -> None:
    assert spent(release, THIRD) == {"K-000001": 70, "K-000002": 6}
    assert spent(release, date(2026, 9, 9)) == {"K-000001": 50, "K-000002": 6}


def test_what_came_late_or_was_corrected_was_not_known_before(release: Release) -> None:
    assert spent(release, FIRST, known_at=FIRST) == {"K-000001": 10, "K-000002": 5}
    assert spent(release, date(2026, 9, 9), known_at=SECOND) == {"K-000001": 10, "K-000002": 5}
    assert spent(release, SECOND, known_at=SECOND) == {"K-000001": 30, "K-000002": 5}
    assert spent(release, SECOND, known_at=THIRD) == {"K-000001": 70, "K-000002": 6}


def test_a_moment_counts_to_the_second(release: Release) -> None:
    before, at = datetime(2026, 9, 11, 2, 59, 59), datetime(2026, 9, 11, 5, tzinfo=UTC)  # noqa: DTZ001
    assert spent(release, THIRD, known_at=before)["K-000001"] == 10
    assert spent(release, THIRD, known_at=at)["K-000001"] == 30


def test_who_was_no_customer_yet_has_no_row(release: Release) -> None:
    assert set(spent(release, date(2026, 8, 1))) == {"K-000001"}
    assert spent(release, date(2026, 7, 1)) == {}


def test_what_a_release_says_of_its_own_date_is_what_is_computed_again(release: Release) -> None:
    again = release.profiles(as_of=THIRD, known_at=date(2027, 1, 1))
    assert again.to_arrow().to_pylist() == release.profiles().to_arrow().to_pylist()


def test_a_release_knows_nothing_of_a_later_date(release: Release) -> None:
    with pytest.raises(ConfigurationError, match="2026-09-22"):
        release.profiles(as_of=date(2026, 9, 22))


def test_an_earlier_reading_leaves_the_release_as_it_is(release: Release) -> None:
    earlier = release.profiles(as_of=FIRST, known_at=FIRST)
    assert len(earlier.describe("behavioural")) == len(release.profiles().describe("behavioural"))
    assert release.rows("select sum(monetary_eur) from profiles") == [(76,)]
