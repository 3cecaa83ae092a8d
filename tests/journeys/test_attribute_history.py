"""What becomes of an address that changes, is corrected, goes away, or is heard of late."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from klantprofiel import schema as s
from klantprofiel.errors import NotFoundError
from klantprofiel.ingestion import Delivery, ingest
from klantprofiel.profiles.attributes import keep_attributes
from klantprofiel.reading import open_release
from klantprofiel.unification import unify
from klantprofiel.validation import validate
from klantprofiel.warehouse import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from klantprofiel.reading.history import Version
    from klantprofiel.reading.release import Release

HEADER = "klant;achternaam;email;plaats;gewijzigd\n"
NIGHTS = {
    date(2026, 9, 1): "1;Vries;anna@oud.nl;Utrecht;20-08-2026\n2;Bakker;bert@winkel.nl;Zwolle;20-08-2026\n",
    # Anna moves. Bert's town is corrected for the same day.
    date(2026, 9, 3): "1;Vries;anna@oud.nl;Leiden;02-09-2026\n2;Bakker;bert@winkel.nl;Zutphen;20-08-2026\n",
    # Nothing happened; the file is another one.
    date(2026, 9, 4): "2;Bakker;bert@winkel.nl;Zutphen;20-08-2026\n1;Vries;anna@oud.nl;Leiden;02-09-2026\n",
    # Anna's e-mail address is gone. Of Bert it is heard late that he has had another since the fifth.
    date(2026, 9, 20): "1;Vries;;Leiden;19-09-2026\n2;Bakker;albert@huis.nl;Zutphen;05-09-2026\n",
}


class Persons(s.CustomerTable, maps_to=s.canonical.Customers):
    """Klanten: one row per customer."""

    purpose = "uitvoering overeenkomst"
    retention = s.years(7)

    customer_id = s.Text(label="Klantnummer", source="klant", key=True)
    surname = s.Surname(label="Achternaam", source="achternaam")
    email = s.Email(label="E-mailadres", source="email", nullable=True)
    place = s.Place(label="Woonplaats", source="plaats")
    updated_on = s.Date(label="Gewijzigd op", source="gewijzigd")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """Return the release after all nights, each recorded at three in the morning."""
    folder = tmp_path_factory.mktemp("nights")
    warehouse = Warehouse(folder / "klanten")
    for day, lines in NIGHTS.items():
        night(warehouse, folder, day, lines)
    with open_release(folder / "klanten") as release:
        yield release


def night(warehouse: Warehouse, folder: Path, day: date, lines: str) -> None:
    file = folder / f"klanten-{day}.csv"
    file.write_text(HEADER + lines, encoding="utf-8")
    recorded_at = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    with warehouse.run("nightly", as_of=day, recorded_at=recorded_at) as run:
        ingest(run, [Delivery(table=Persons, path=file, delivered_on=day)])
        validate(run)
        unify(run)
        keep_attributes(run)


def versions(release: Release, customer_id: str, attribute: str) -> tuple[Version, ...]:
    return release.customer(customer_id).history(attribute).versions


def test_an_address_that_changes_holds_until_the_day_of_the_change(release: Release) -> None:
    before, after = versions(release, "K-000001", "place")
    assert (before.masked, before.valid_from, before.valid_to) == (
        "U***",
        date(2026, 8, 20),
        date(2026, 9, 2),
    )
    assert (after.masked, after.valid_from, after.valid_to) == ("L***", date(2026, 9, 2), None)
    assert after.days_late == 1
    assert after.replaced_at is None


def test_a_correction_for_the_same_day_replaces_and_is_still_known_as_what_was_thought(
    release: Release,
) -> None:
    thought, stands = versions(release, "K-000002", "place")
    assert thought.valid_from == stands.valid_from == date(2026, 8, 20)
    assert thought.replaced_at == stands.recorded_at == datetime(2026, 9, 3, 3)  # noqa: DTZ001  stored moments are UTC
    assert stands.replaced_at is None


def test_a_value_that_goes_away_is_unknown_from_that_day(release: Release) -> None:
    there, gone = versions(release, "K-000001", "email")
    assert (there.masked, there.valid_to) == ("a***@***.nl", date(2026, 9, 19))
    assert (gone.masked, gone.valid_from, gone.valid_to) == (None, date(2026, 9, 19), None)


def test_what_is_delivered_late_is_seen_as_late(release: Release) -> None:
    _, late = versions(release, "K-000002", "email")
    assert late.valid_from == date(2026, 9, 5)
    assert late.days_late == 15
    assert "15" in str(release.customer("K-000002").history("email"))


def test_what_did_not_change_has_no_history_and_a_wrong_name_is_no_attribute(release: Release) -> None:
    assert versions(release, "K-000001", "surname") == ()
    changed = {version.attribute for version in release.customer("K-000001").history().versions}
    assert changed == {"place", "email"}
    with pytest.raises(NotFoundError, match="did you mean 'place'"):
        release.customer("K-000001").history("plaace")


def test_no_value_of_a_person_stands_in_what_analysts_read(release: Release) -> None:
    told = str(release.rows("select * from attribute_changes"))
    for value in ("anna", "albert", "Utrecht", "Leiden", "Zutphen"):
        assert value not in told
