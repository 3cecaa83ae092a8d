"""The fictional company through the whole house, held against the truth that no pipeline reads."""

from __future__ import annotations

import csv
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from klantprofiel.demo import run_demo
from klantprofiel.demo.run import summarise
from klantprofiel.reading import open_release
from klantprofiel.warehouse import open_owner

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.project import Project
    from klantprofiel.reading import Release

FIRST_LINE = {"csv": 2, "parquet": 1}  # where the first record of a file stands


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


def test_every_delivered_record_is_loaded_or_quarantined(demo_project: Project, release: Release) -> None:
    files = sorted(demo_project.path("leveringen").rglob("*.*"))
    delivered = {
        file.relative_to(demo_project.root).as_posix(): n_records(file) for file in files if file.is_file()
    }
    accounts = release.rows("select file_name, n_records, n_loaded + n_quarantined from batch_accounts")
    assert {name: n for name, n, _ in accounts} == delivered
    assert all(n == n_accounted for _, n, n_accounted in accounts)


def n_records(file: Path) -> int:
    if file.suffix == ".parquet":
        return int(pq.ParquetFile(file).metadata.num_rows)
    with file.open(encoding="utf-8", newline="") as text:
        return sum(1 for _ in csv.reader(text, delimiter=";")) - 1


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
        "Segmenten van koopgedrag",
        "Scorekaart najaar",
        "Export voor de nieuwsbrief, van bruto naar netto",
        "Waar alles ligt",
    ]
    n_segments = len(release.segmentation("koopgedrag").segment_ids)
    assert len(summary["tables"][0]["rows"]) == len(summary["tables"][1]["rows"]) == n_segments
    assert {"Records", "In quarantaine", "Klanten daarachter"} <= set(summary["facts"])


def test_running_it_again_prints_the_same_and_publishes_an_equal_digest(
    demo_project: Project, copied_project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    text = run_demo(copied_project, customers=400, seed=1)
    assert capsys.readouterr().out == text + "\n"
    with (
        open_release(demo_project.warehouse_path) as before,
        open_release(copied_project.warehouse_path) as after,
    ):
        assert before.digest() == after.digest()
