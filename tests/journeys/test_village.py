"""What happens to the people of the village on the way from delivery to export."""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING

import pytest

import klantprofiel as kp
from klantprofiel.warehouse import Run, open_owner
from tests.village import FIRST_DAY, PURPOSES, SECOND_DAY, deliveries

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@pytest.fixture
def hamlet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the village before its first night."""
    monkeypatch.chdir(founded(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the village after its first night, to read and to copy."""
    root = founded(tmp_path_factory.mktemp("first_night"))
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(root)
        night(root)
    return root


@pytest.fixture
def village(first_night: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a village of its own after its first night."""
    root = shutil.copytree(first_night, tmp_path / "dorp")
    monkeypatch.chdir(root)
    return root


def founded(root: Path) -> Path:
    (root / "klantprofiel.toml").write_text('[project]\nname = "dorp"\n')
    (root / "schemas").mkdir()
    (root / "schemas" / "purposes.yaml").write_text(PURPOSES)
    return root


def night(root: Path, day: date = FIRST_DAY) -> str:
    """Run the whole night of `day` and return the digest of what it published."""
    warehouse = kp.Warehouse(root / "klanten")
    with warehouse.run("nightly", as_of=day) as run:
        kp.ingest(run, deliveries(root / "inbox", day))
        kp.validate(run)
        kp.unify(run)
        profiles = kp.build_profiles(run)
        segmentation = kp.segment(
            profiles,
            bases=["behavioural"],
            purpose="segmentatie",
            using=kp.KMeansSegmenter(n_segments=2, random_state=0),
        )
        run.save(segmentation, name="koopgedrag")
    return digest_of(root)


def digest_of(root: Path) -> str:
    with kp.open_release(root / "klanten") as release:
        return release.digest()


def customer_of(root: Path) -> dict[str, str]:
    with open_owner(root / "klanten") as owner:
        return dict(owner.rows("select record_id, customer_id from identity.customer_records"))


def emails_of_everyone(root: Path) -> set[str]:
    """Export the newsletter for all segments and return the addresses in the file."""
    with kp.open_release(root / "klanten") as release:
        segmentation = release.segmentation("koopgedrag")
        found = kp.audience(
            (segmentation, segmentation.segment_ids), purpose="nieuwsbrief", channel="email", release=release
        )
        members = set(found.members["customer_id"].to_pylist())
    return {record for record, customer in customer_of(root).items() if customer in members}


def test_a_customer_found_twice_is_one(village: Path) -> None:
    ids = customer_of(village)

    assert ids["crm/2"] == ids["webshop/a2"], "the same e-mail address, in capitals"
    assert ids["crm/3"] == ids["webshop/a3"], "the same phone and surname, written otherwise"
    assert ids["crm/4"] == ids["webshop/a4"], "the same loyalty number"


def test_people_who_only_share_something_stay_two(village: Path) -> None:
    ids = customer_of(village)

    assert ids["crm/5"] != ids["crm/6"], "man and wife on one phone"
    assert ids["crm/7"] != ids["crm/8"], "a shared mailbox"


def test_a_customer_known_from_orders_only_has_a_profile(village: Path) -> None:
    ids = customer_of(village)

    with kp.open_release(village / "klanten") as release:
        spent = dict(release.rows("select customer_id, monetary_eur from profiles"))
    assert float(spent[ids["crm/99"]]) == 30
    assert float(spent[ids["crm/12"]]) == 8, "her own row is in quarantine, her order counts"


def test_a_quarantined_row_is_kept_with_its_reason(village: Path) -> None:
    with kp.open_release(village / "klanten") as release:
        ((n_records, n_loaded, n_quarantined),) = release.rows(
            "select sum(n_records), sum(n_loaded), sum(n_quarantined) from batch_accounts"
        )
        rules = release.rows("select table_name, rule, n_rows from quarantine_counts")
    assert n_records == n_loaded + n_quarantined
    assert [(table, n) for table, _, n in rules] == [("village_customers", 1)]
    assert rules[0][1].startswith("birth_date")


def test_the_same_deliveries_again_add_nothing(village: Path) -> None:
    first = digest_of(village)
    assert night(village) == first


def test_two_warehouses_with_the_same_deliveries_are_equal(hamlet: Path, first_night: Path) -> None:
    with kp.open_release(first_night / "klanten") as release:
        before = release.digests()
    assert night(hamlet) == digest_of(first_night), before


def test_a_run_that_dies_halfway_gives_the_same_after_all(hamlet: Path, first_night: Path) -> None:
    warehouse = kp.Warehouse(hamlet / "klanten")

    def die_halfway(run: Run) -> None:
        kp.ingest(run, deliveries(hamlet / "inbox")[:2])
        kp.validate(run)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), warehouse.run("nightly", as_of=FIRST_DAY) as run:
        die_halfway(run)
    assert warehouse.current() is None

    assert night(hamlet) == digest_of(first_night)


def test_who_withdraws_consent_is_not_in_the_next_newsletter(village: Path) -> None:
    assert {"crm/1", "crm/2", "crm/9"} <= emails_of_everyone(village)

    night(village, SECOND_DAY)

    reached = emails_of_everyone(village)
    assert {"crm/1", "crm/2"} <= reached
    assert "crm/9" not in reached


def test_who_objects_to_segmentation_is_in_no_segment(village: Path) -> None:
    jan = customer_of(village)["crm/10"]

    with kp.open_release(village / "klanten") as release:
        members = {customer for (customer,) in release.rows("select customer_id from segment_members")}
        assert release.segmentation("koopgedrag").n_excluded == 1
    assert jan not in members


def test_ids_stay_the_same_when_the_village_changes(village: Path) -> None:
    before = customer_of(village)

    night(village, SECOND_DAY)

    assert customer_of(village) == before


def test_an_export_holds_only_who_may_be_written_to(village: Path) -> None:
    warehouse = kp.Warehouse(village / "klanten")
    with warehouse.run("targeting", as_of=FIRST_DAY) as run:
        segmentation = kp.Segmentation.read(run, "koopgedrag")
        run.save(kp.score(segmentation, criteria=criteria(village), judgements=None), name="najaar")
    with kp.open_release(village / "klanten") as release:
        choice = release.scorecard("najaar").select(
            *segmentation.segment_ids, by="dorpshoofd", because="allen"
        )
        exported = kp.export(
            kp.audience(choice, purpose="nieuwsbrief", channel="email", release=release), "nieuwsbrief.csv"
        )

    with (village / "nieuwsbrief.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert {row["e-mailadres"] for row in rows} == {"anna@example.nl", "bert@example.nl", "ilse@example.nl"}
    assert len(rows) == exported.n == 3


def criteria(root: Path) -> Path:
    path = root / "schemas" / "targeting.yaml"
    path.write_text(
        "dated: 2026-08-15\n"
        "decided_by: dorpshoofd\n"
        "criteria:\n"
        "  volume:\n"
        "    question: volume\n"
        "    axis: attractiveness\n"
        "    label: Omvang\n"
        "    unit: klanten\n"
        "    source: measured\n"
        "    direction: more\n"
        "    low: 0\n"
        "    high: 10\n"
        "    weight: 1\n"
    )
    return path
