"""The fictional company through the whole house, held against the truth that no pipeline reads."""

from __future__ import annotations

import csv
from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from sqlglot import exp

from klantprofiel import schema as s
from klantprofiel.demo import run_demo
from klantprofiel.demo.files import AGAIN
from klantprofiel.demo.run import gross_to_net, summarise
from klantprofiel.purposes import WITHHELD, load_register, permitted
from klantprofiel.reading import open_release
from klantprofiel.schema import names
from klantprofiel.warehouse import Warehouse, open_owner
from tests.unit.schema.engine import keeps

if TYPE_CHECKING:
    from klantprofiel.project import Project
    from klantprofiel.reading import Release

DAYS = 5  # of the demo project, as conftest.py asks for
FIRST_LINE = {"csv": 2, "parquet": 1, "jsonl": 1, "xlsx": 2}  # where the first record of a file stands


@pytest.fixture
def release(demo_project: Project) -> Release:
    return open_release(demo_project.warehouse_path)


def test_the_quarantine_holds_exactly_the_planted_dirt(demo_project: Project) -> None:
    planted = pq.read_table(demo_project.path("waarheid/vuil.parquet")).to_pylist()
    expected = {
        (row["file"], row["record"] - 1 + FIRST_LINE[row["file"].rpartition(".")[2]]) for row in planted
    }
    with closing(open_owner(demo_project.warehouse_path)) as owner:
        found = set(owner.rows("select file_name, line_number from identity.quarantine"))
    assert expected
    assert found == expected


def test_what_a_night_brings_is_known_in_that_night(demo_project: Project) -> None:
    runs = Warehouse(demo_project.warehouse_path).ledger.runs()
    assert len(runs) > 1
    assert all(
        (run.recorded_at - datetime(*run.as_of.timetuple()[:3], tzinfo=UTC)) == timedelta(hours=27)
        for run in runs
        if run.as_of
    )


def test_every_delivered_record_is_loaded_or_quarantined_once(
    demo_project: Project, release: Release
) -> None:
    files = pq.read_table(demo_project.path("waarheid/bestanden.parquet")).to_pylist()
    delivered = {file["file"]: file["n_records"] for file in files if file["manner"] != AGAIN}
    accounts = release.rows(
        "select file_name, n_records, n_loaded + n_quarantined from batch_accounts "
        "where file_name like 'leveringen/%'"
    )
    assert {name: n for name, n, _ in accounts} == delivered
    assert all(n == n_accounted for _, n, n_accounted in accounts)


def test_each_batch_is_of_the_night_in_which_it_came(demo_project: Project, release: Release) -> None:
    files = pq.read_table(demo_project.path("waarheid/bestanden.parquet")).to_pylist()
    arrived = {file["file"]: file["delivered_on"] for file in files if file["manner"] != AGAIN}
    found = release.rows("select file_name, delivered_on from batches where file_name like 'leveringen/%'")
    assert dict(found) == arrived
    assert len(arrived) < len(files)  # one came once more


def test_most_customer_numbers_find_the_person_behind_them(demo_project: Project) -> None:
    rows = pq.read_table(demo_project.path("waarheid/registraties.parquet")).to_pylist()
    person_of = {f"{row['source']}/{row['customer_number']}": row["person_id"] for row in rows}
    with closing(open_owner(demo_project.warehouse_path)) as owner:
        customer_of = dict(owner.rows("select record_id, customer_id from identity.customer_records"))
    assert customer_of.keys() <= person_of.keys()
    found = n_pairs(Counter(customer_of.values()))
    true = n_pairs(Counter(person_of[record] for record in customer_of))
    both = n_pairs(Counter((customer, person_of[record]) for record, customer in customer_of.items()))
    precision, recall = both / found, both / true
    print(f"pairwise precision {precision:.3f}, recall {recall:.3f}")  # noqa: T201 - shown by pytest -rP
    assert precision > 0.9
    assert recall > 0.75


def n_pairs(sizes: Counter[str] | Counter[tuple[str, str]]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def test_the_newsletter_goes_only_to_who_said_yes(demo_project: Project, release: Release) -> None:
    with demo_project.path("uitvoer/nieuwsbrief.csv").open(encoding="utf-8", newline="") as file:
        reached = [row["klantnummer"] for row in csv.DictReader(file, delimiter=";")]
    said_yes = release.rows(
        """
        select customer_id from consents
        where purpose = 'nieuwsbrief' and channel = 'email' and status = 'given'
        """
    )
    assert reached
    assert set(reached) <= {customer for (customer,) in said_yes}


def test_nothing_in_the_project_reads_the_truth(demo_project: Project) -> None:
    sources = [file for room in ("schemas", "pipelines") for file in demo_project.path(room).rglob("*.*")]
    assert sources
    assert not [file for file in sources if b"waarheid" in file.read_bytes()]


def test_the_summary_goes_from_deliveries_to_export(demo_project: Project, release: Release) -> None:
    summary = summarise(demo_project, release)
    titles = [table["title"] for table in summary["tables"]]
    assert titles == [
        "Bronnen",
        "Segmenten van koopgedrag",
        "Scorekaart najaar",
        "Export voor de nieuwsbrief, van bruto naar netto",
        "Waar alles ligt",
    ]
    n_segments = len(release.segmentation("koopgedrag").segment_ids)
    assert len(summary["tables"][1]["rows"]) == len(summary["tables"][2]["rows"]) == n_segments
    sources = {source for source, *_ in summary["tables"][0]["rows"]}
    assert {"crm", "webshop", "kassa", "klantenservice", "onderzoek", "reviews", "zakelijk"} <= sources
    assert {"Records", "In quarantaine", "Klanten daarachter"} <= set(summary["facts"])


def test_no_room_makes_a_table_whose_name_a_declaration_could_take(demo_project: Project) -> None:
    with closing(open_owner(demo_project.warehouse_path)) as owner:
        made = {name for (name,) in owner.rows("select table_name from information_schema.tables")}
        declared = {name for (name,) in owner.rows("select table_name from sources")}
    canonical = {table.name for table in s.canonical.TABLES}
    assert made - declared - canonical - set(demo_project.themes()) <= names.BY_ROOMS


def test_the_summary_shows_no_group_of_a_few_people(demo_project: Project, release: Release) -> None:
    segments = summarise(demo_project, release)["tables"][1]
    for *_, size, share in segments["rows"]:
        assert isinstance(share, str) == isinstance(size, str)
    counts = {"in_segments": 100, "no_ground": 40, "objected": 3, "no_address": 12, "net": 45}
    shown = {str(step): n for step, n in gross_to_net({"account": counts})["rows"]}
    assert shown["Bezwaar gemaakt"] == shown["Geen adres voor dit kanaal"] == WITHHELD
    assert (shown["In de gekozen segmenten"], shown["Netto"]) == (100, 45)
    assert shown["Geen toestemming of andere grondslag"] == -40
    few = {str(step): n for step, n in gross_to_net({"account": {"in_segments": 7, "net": 7}})["rows"]}
    assert few["In de gekozen segmenten"] == "<10"
    assert few["Netto"] != 7


def test_who_objects_to_direct_marketing_is_not_segmented(demo_project: Project, release: Release) -> None:
    register = load_register(demo_project.path("schemas/purposes.yaml"))
    assert register.purpose("segmentatie").direct_marketing
    reasons = permitted(release, register, "segmentatie", "analysis").to_pylist()
    refused = {row["customer_id"] for row in reasons if not row["is_permitted"]}
    wide = release.rows(
        "select customer_id from consents where purpose = 'direct_marketing' and status = 'objected'"
    )
    members = release.rows("select customer_id from segment_members where segmentation = 'koopgedrag'")
    assert wide
    assert {customer for (customer,) in wide} <= refused
    assert not refused & {customer for (customer,) in members}


def test_a_night_may_deliver_the_hours_after_midnight_and_no_later_day(demo_project: Project) -> None:
    tables = [
        table
        for name in ("crm", "webshop", "winkels")
        for table in vars(demo_project.schema(name)).values()
        if isinstance(table, type) and issubclass(table, s.Table)
    ]
    asked = [rule for table in tables for rule in table.rules.values() if rule.name.endswith("_by_now")]
    assert len(asked) == 5
    for rule in asked:
        (column,) = {column.name for column in rule.predicate.find_all(exp.Column)}
        for days, is_kept in ((0, True), (1, True), (2, False)):
            moment = datetime(2026, 9, 1 + days, 2, 30)  # noqa: DTZ001 - as it is loaded, in UTC
            value = moment if column.endswith("_at") else moment.date()
            assert keeps(rule, date(2026, 9, 1), **{column: value}) == is_kept


def test_running_it_again_prints_the_same_and_publishes_an_equal_digest(
    demo_project: Project, copied_project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    text = run_demo(copied_project, customers=400, seed=1, days=DAYS)
    assert capsys.readouterr().out == text + "\n"
    with (
        open_release(demo_project.warehouse_path) as before,
        open_release(copied_project.warehouse_path) as after,
    ):
        assert before.digest() == after.digest()
