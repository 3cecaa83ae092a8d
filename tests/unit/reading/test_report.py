"""The report tells of groups: everything that was planted in it and that is of one person stays out."""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from klantprofiel.errors import ConfigurationError
from klantprofiel.reading import open_release, write_report
from klantprofiel.segmentation.store import MEMBERS, PROFILES, SEGMENTS, arrow_table
from klantprofiel.targeting import score
from klantprofiel.warehouse import Warehouse
from tests.unit.display.html import Page, check
from tests.unit.targeting.village import files, segmentation

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.project import Project
    from klantprofiel.segmentation import Segmentation
    from klantprofiel.warehouse import Run

AS_OF = date(2026, 10, 1)
IDENTIFYING = (
    "person_id", "given_name", "surname", "email", "second_email", "mobile", "landline", "loyalty_number",
    "street", "postal_code", "place",
)  # fmt: skip
HOSTILE = "<script>alert('x')</script>"
N = 100
RICHEST = Decimal("98765.43")


def customers() -> dict[str, list[Any]]:
    """Return a hundred customers: three in Zeeland, nine of whom the region is not known, one very rich."""
    regions = ["Utrecht"] * 60 + ["Drenthe"] * 28 + ["Zeeland"] * 3 + [None] * 9
    return {
        "customer_id": [f"K-{number:06d}" for number in range(1, N + 1)],
        "region": regions,
        "monetary_eur": [Decimal(0)] * 30 + [Decimal(10 + number) for number in range(69)] + [RICHEST],
        "age_years": [30 + number for number in range(4)] + [None] * 96,
        "spend_recent_eur": [Decimal("1.00")] * 98 + [None] * 2,
        "spend_before_eur": [Decimal("1.00")] * N,
    }


VARIABLES: dict[str, list[Any]] = {
    "name": ["region", "monetary_eur", "age_years", "spend_recent_eur", "spend_before_eur"],
    "label": ["Provincie", f"Besteding {HOSTILE}", "Leeftijd", "Recent besteed", "Eerder besteed"],
    "facet": ["leefwereld", "gegevens", "gegevens", "ervaring", "ervaring"],
    "basis": ["geographic", "behavioural", "demographic", "behavioural", "behavioural"],
    "kind": ["category", "amount", "count", "amount", "amount"],
    "unit": ["", "EUR", "jaar", "EUR", "EUR"],
    "missing": ["geen postcode bekend", "komt niet voor", "geen geboortedatum", "nog nooit besteld", "-"],
    "purpose": ["segmentatie"] * 5,
    "protected": [False, False, True, False, False],
    "special": [False] * 5,
}
TABLES: dict[str, dict[str, list[Any]]] = {
    "batches": {
        "batch_id": ["a", "b", "c", "d"],
        "table_name": ["crm", "crm", "crm", "web"],
        "source": [HOSTILE, HOSTILE, HOSTILE, "web"],
        "file_name": ["1/klanten.csv", "2/klanten.csv.gz", "4/klanten.csv", "orders.parquet"],
        "n_records": [5000, 10, 30, 7],
        "delivered_on": [date(2026, 9, day) for day in (1, 2, 4, 5)],
        "extra_columns": [["klantsoort"], ["jan@voorbeeld.nl", "0612345678"], [], []],
    },
    "batch_accounts": {
        "batch_id": ["a", "b", "c", "d"],
        "table_name": ["crm", "crm", "crm", "web"],
        "file_name": ["1/klanten.csv", "2/klanten.csv.gz", "4/klanten.csv", "orders.parquet"],
        "n_records": [5000, 10, 30, 7],
        "n_loaded": [4990, 10, 29, 7],
        "n_quarantined": [10, 0, 1, 0],
    },
    "orders_account": {
        "source": [HOSTILE],
        "n_lines": [7],
        "n_in_profiles": [3],
        "n_after": [1],
        "n_without_customer": [1],
        "n_before_birth": [2],
        "net_eur": [99.5],
    },
    "quarantine_counts": {
        "batch_id": ["a", "c"],
        "table_name": ["crm", "crm"],
        "rule": ["x", "y"],
        "reason": ["Klantnummer ontbreekt", HOSTILE],
        "n_rows": [10, 1],
    },
    "customers": {
        "customer_id": customers()["customer_id"],
        "n_records": [1] * 97 + [2] * 3,
        "n_sources": [1] * 97 + [2] * 3,
    },
    "variables": VARIABLES,
}


def three_segments(run: Run, sizes: tuple[int, ...] = (60, 32, 8)) -> Segmentation:
    """Return segments of sixty, thirty-two and eight customers, with what sets them apart."""
    names = [f"S{number}" for number in range(1, len(sizes) + 1)]
    members = [name for name, size in zip(names, sizes, strict=True) for _ in range(size)]
    ids = customers()["customer_id"]
    sizes_of = [
        {"segment_id": name, "label": f"Groep {name}", "size": size, "share": size / sum(sizes)}
        for name, size in zip(names, sizes, strict=True)
    ]
    portraits = [
        {
            "segment_id": name, "variable": "monetary_eur", "label": "Besteding", "basis": "behavioural",
            "unit": "EUR", "n_known": size, "n_missing": 0, "mean": 4321.0, "median": 1000.0 + size,
            "population_mean": 50.0, "population_median": 44.0, "top_category": None, "top_share": None,
            "population_share": None, "deviation": 1.0,
        }
        for name, size in zip(names, sizes, strict=True)
    ]  # fmt: skip
    rows = [{"customer_id": c, "segment_id": s} for c, s in zip(ids, members, strict=False)]
    return replace(
        segmentation(run),
        n_excluded=100 - sum(sizes),
        n_incomplete=4,
        notes=("Onvolledig bekend: 4; voor een variabele die ontbreekt telt de gemiddelde score.", HOSTILE),
        segment_table=arrow_table(sizes_of, SEGMENTS),
        member_table=arrow_table(rows, MEMBERS),
        profile_table=arrow_table(portraits, PROFILES),
    )


def build(path: Path, *, sizes: tuple[int, ...] | None = (60, 32, 8)) -> Warehouse:
    warehouse = Warehouse(path / "klanten")
    with warehouse.run("nightly", as_of=AS_OF) as run:
        for name, columns in TABLES.items():
            run.write(name, pa.table(columns), describes=f"{name}.", grain="One row per case.")
        amount = pa.decimal128(18, 2)
        frame = pa.table(customers())
        for place, name in enumerate(frame.column_names):
            if name.endswith("_eur"):
                frame = frame.set_column(place, name, frame.column(name).cast(amount))
        run.write("profiles", frame, describes="profiles.", grain="One row per customer.")
        if sizes:
            run.save(three_segments(run, sizes), name="koopgedrag")
            definition, judgements = files(path)
            kept = run_segmentation(run)
            run.save(score(kept, criteria=definition, judgements=judgements), name="najaar")
    return warehouse


def run_segmentation(run: Run) -> Segmentation:
    from klantprofiel.segmentation import Segmentation  # noqa: PLC0415  its name is a type above

    return Segmentation.read(run, "koopgedrag")


def page_of(warehouse: Warehouse) -> Page:
    with open_release(warehouse.store.root) as release:
        return check(release.report())


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return build(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def page(warehouse: Warehouse) -> Page:
    return page_of(warehouse)


def cells_beside(page: Page, label: str) -> list[list[str]]:
    """Return, for every row with this heading, what stands beside it and is not empty."""
    return [[cell for cell in cells if cell] for first, *cells in page.rows if first == label]


def test_every_chapter_is_there_and_hostile_names_are_only_text(page: Page) -> None:
    chapters = [text for tag, text in page.text_by_tag if tag == "h2"]
    assert chapters == [
        "In het kort", "Bronnen", "Kwaliteit", "Profielen", "Segmenten", "Scorekaart", "Toestemming",
    ]  # fmt: skip
    assert page.text.count(HOSTILE) >= 4


def test_deliveries_are_told_per_source_with_their_form_and_days(page: Page) -> None:
    assert cells_beside(page, "crm")[0] == [
        HOSTILE, "CSV, CSV (gz)", "3", "5.040", "3", "01-09-2026", "04-09-2026",
    ]  # fmt: skip
    assert "die 5.000 records had" in page.text
    assert cells_beside(page, "03-09-2026") == [["geen levering"]]
    assert cells_beside(page, "04-09-2026") == [["30"]]
    assert cells_beside(page, "05-09-2026") == [["geen levering"]]  # on which another source delivered


def test_an_added_column_is_named_unless_its_heading_could_be_a_value(page: Page) -> None:
    assert "klantsoort" in page.text
    assert "voorbeeld.nl" not in page.text
    assert "0612345678" not in page.text


def test_quarantine_is_counted_with_its_reasons(page: Page) -> None:
    assert cells_beside(page, "crm")[-2:] == [["Klantnummer ontbreekt", "10"], [HOSTILE, "1"]]


def test_order_lines_are_counted_with_why_they_are_left_out(page: Page) -> None:
    assert "Voor de geboorte" in page.text
    assert "identity.orders_before_birth" in page.text


def test_a_small_group_shows_neither_by_itself_nor_by_subtraction(page: Page) -> None:
    assert re.search(r"Klanten uit meer bronnen\s+afgeschermd", page.text)
    assert cells_beside(page, "2 bronnen") == [["afgeschermd"]]
    assert cells_beside(page, "1 bron") == [["afgeschermd"]]
    assert cells_beside(page, "Utrecht")[0] == ["60"]
    assert cells_beside(page, "onbekend")[0] == ["<10"]
    assert cells_beside(page, "overige")[0] == ["<10"]
    assert "Zeeland" not in page.text


def test_of_whom_a_variable_is_known_is_not_told_of_a_few_or_of_all_but_a_few(page: Page) -> None:
    assert cells_beside(page, "Leeftijd")[0] == ["<10"]
    assert cells_beside(page, "Provincie")[0] == ["bijna allen"]
    assert cells_beside(page, "Eerder besteed")[0] == ["100,0%"]


def test_the_lowest_and_highest_values_do_not_show(page: Page) -> None:
    assert not re.search(r"98[.,]?765", page.text)
    assert cells_beside(page, "€ 0")[0] == ["30"]


def test_segments_whose_size_would_follow_are_withheld_and_so_is_what_is_measured_of_them(page: Page) -> None:
    assert cells_beside(page, "S1: Groep S1")[0] == ["60 (60,0%)"]
    assert [cells_beside(page, f"S{n}: Groep S{n}")[0] for n in (2, 3)] == [["afgeschermd"]] * 2
    (measured,) = [cells for cells in cells_beside(page, "Volume (klanten)") if "60" in cells]
    assert sorted(measured[1:]) == ["60", "afgeschermd", "afgeschermd"]
    assert "Onvolledig bekend: 4" not in page.text


def test_what_sets_a_small_segment_apart_has_no_value(page: Page) -> None:
    (medians,) = [cells for cells in cells_beside(page, "Besteding") if "€ 1.060" in cells]
    assert medians == ["€ 44", "€ 1.060", "€ 1.032", "afgeschermd"]


def test_the_matrix_places_every_segment_with_its_size_only_when_that_shows(page: Page) -> None:
    told = [text for tag, text in page.text_by_tag if tag == "li"]
    assert sorted(re.findall(r"^S\d|klanten .*$", line) for line in told if "klanten" in line) == [
        ["S1", "klanten 60"], ["S2", "klanten afgeschermd"], ["S3", "klanten afgeschermd"],
    ]  # fmt: skip


def test_a_scorecard_of_segments_that_were_replaced_shows_no_sizes(tmp_path: Path) -> None:
    warehouse = build(tmp_path)
    with warehouse.run("again", as_of=AS_OF) as run:
        run.save(three_segments(run, (70, 20, 10)), name="koopgedrag")
    page = page_of(warehouse)
    told = [text for tag, text in page.text_by_tag if tag == "li" and "klanten" in text]
    assert len(told) == 3
    assert all(line.endswith("klanten afgeschermd") for line in told)


def test_what_no_run_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    empty = Warehouse(tmp_path / "leeg")
    with empty.run("empty", as_of=AS_OF):
        pass
    page = page_of(empty)
    for sentence in (
        "nog geen leveringen", "nog niets gecontroleerd", "nog geen klanten", "nog geen segmentatie",
        "nog geen scorekaart", "geen verklaringen",
    ):  # fmt: skip
        assert sentence in page.text


def test_without_segments_the_rest_is_told(tmp_path: Path) -> None:
    page = page_of(build(tmp_path, sizes=None))
    assert "nog geen segmentatie" in page.text
    assert "nog geen scorekaart" in page.text
    assert cells_beside(page, "Utrecht")[0] == ["60"]


def result(state: str, because: str) -> dict[str, Any]:
    meta = {"about": "volume", "because": because}
    return {
        "success": state == "kept",
        "expectation_config": {"type": "expect_x", "kwargs": {}, "meta": meta},
        "result": {"observed_value": 98765.43},
        "meta": {"state": state},
    }


def test_the_verdict_of_the_gate_is_shown_without_what_it_observed(tmp_path: Path) -> None:
    warehouse = build(tmp_path, sizes=None)
    suites = [
        {
            "suite_name": "crm",
            "results": [result("kept", "a"), result("warned", f"minder dan anders {HOSTILE}")],
            "meta": {"table": "crm", "not_judged": [{"type": "expect_y", "kwargs": {}, "meta": {}}]},
        }
    ]
    release_id = warehouse.current() or ""
    path = warehouse.store.files(release_id).judged.results
    path.write_text(json.dumps({"success": True, "suites": suites}), encoding="utf-8")
    page = page_of(warehouse)
    assert f"minder dan anders {HOSTILE}" in page.text
    assert cells_beside(page, "crm")[-2:] == [
        ["0", "0", "1", "1", "1"],
        ["aantal", f"minder dan anders {HOSTILE}", "! waarschuwing"],
    ]
    assert not re.search(r"98[.,]?765", page.text)


def test_without_a_verdict_the_page_says_so(page: Page) -> None:
    assert "geen oordeel van de keuring" in page.text


def test_the_report_is_written_whole_for_owner_and_group(warehouse: Warehouse, tmp_path: Path) -> None:
    with open_release(warehouse.store.root) as release:
        path = write_report(release, tmp_path / "rapport.html")
        assert path.read_text(encoding="utf-8") == release.report()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [file.name for file in tmp_path.iterdir()] == ["rapport.html"]


def test_an_earlier_report_is_replaced(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "rapport.html").write_text("van gisteren", encoding="utf-8")
    with open_release(warehouse.store.root) as release:
        path = write_report(release, tmp_path / "rapport.html")
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("place", ["pijp", "naar_pijp", "map", "naar_map", "naar_niets"])
def test_what_is_no_ordinary_file_is_refused_and_stays(
    warehouse: Warehouse, tmp_path: Path, place: str
) -> None:
    os.mkfifo(tmp_path / "pijp")
    (tmp_path / "map").mkdir()
    for target in ("pijp", "map", "niets"):
        (tmp_path / f"naar_{target}").symlink_to(tmp_path / target)
    before = {file.name: file.lstat() for file in tmp_path.iterdir()}
    with (
        open_release(warehouse.store.root) as release,
        pytest.raises(ConfigurationError, match="no ordinary file") as caught,
    ):
        write_report(release, tmp_path / place)
    assert caught.value.expected
    assert caught.value.todo
    after = {file.name: file.lstat() for file in tmp_path.iterdir()}
    assert {name: (was.st_ino, was.st_mode) for name, was in before.items()} == {
        name: (now.st_ino, now.st_mode) for name, now in after.items()
    }


@pytest.mark.parametrize("folder", ["bestand", "nieuw", "nieuw/dieper", "uitvoer"])
def test_a_directory_that_is_not_there_is_refused_and_not_made(
    warehouse: Warehouse, tmp_path: Path, folder: str
) -> None:
    (tmp_path / "bestand").write_text("", encoding="utf-8")
    with (
        open_release(warehouse.store.root) as release,
        pytest.raises(ConfigurationError, match="cannot be written"),
    ):
        write_report(release, tmp_path / folder / "rapport.html")
    assert [file.name for file in tmp_path.iterdir()] == ["bestand"]


def test_the_output_directory_of_a_project_is_made(warehouse: Warehouse, project: Project) -> None:
    with open_release(warehouse.store.root) as release:
        assert write_report(release, project.path("uitvoer/rapport.html")).is_file()


def test_the_same_release_gives_the_same_bytes(warehouse: Warehouse) -> None:
    with open_release(warehouse.store.root) as release:
        assert release.report() == release.report()


def test_no_value_of_a_person_of_the_demo_stands_in_its_report(demo_project: Project) -> None:
    with open_release(demo_project.warehouse_path) as release:
        page = check(release.report())
        numbers = {number for (number,) in release.rows("select customer_id from customers")}
        towns = {town for (town,) in release.rows("select distinct municipality from areas")}
    people = pq.read_table(demo_project.path("waarheid/personen.parquet")).to_pylist()
    given = pq.read_table(demo_project.path("waarheid/registraties.parquet")).to_pylist()
    planted = {str(row[name]) for row in people for name in IDENTIFYING if row[name] is not None}
    planted |= {f"{row['born_on']:%d-%m-%Y}" for row in people} | {row["customer_number"] for row in given}
    planted -= {row["province"] for row in people} | towns  # where ten customers or more live may be told
    near = {value for value in planted | numbers if value in page.text}
    found = {value for value in near if re.search(rf"(?<!\w){re.escape(value)}(?!\w)", page.text)}
    assert found == set()
    assert not re.search(r"\S@\S|\b[1-9][0-9]{3} ?[A-Z]{2}\b|\b0[0-9]{9}\b", page.text)
