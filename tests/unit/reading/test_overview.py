from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from klantprofiel.reading import open_release
from klantprofiel.warehouse import Warehouse
from tests.unit.reading.conftest import AS_OF

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.reading import Release


def table(release: Release, title: str) -> list[tuple[Any, ...]]:
    [rows] = [t["rows"] for t in release.summary()["tables"] if t["title"].startswith(title)]
    return [tuple(row) for row in rows]


def test_the_facts_lead_from_deliveries_to_customers(release: Release) -> None:
    facts = release.summary()["facts"]
    assert facts["Peildatum"] == AS_OF
    assert [facts[name] for name in ("Leveringen", "Records", "In quarantaine", "Klanten")] == [2, 14, 1, 12]
    assert facts["Klanten uit meer bronnen"] == 1
    assert "Klanten 12" in repr(release)


def test_deliveries_and_quarantine_are_counted_exactly(release: Release) -> None:
    assert table(release, "Leveringen") == [("crm_customers", 2, 14, 13, 1)]
    assert table(release, "Vaakste redenen") == [("crm_customers", "ligt in de toekomst", 1)]


def test_order_lines_that_do_not_count_are_told_with_the_reason(release: Release) -> None:
    assert table(release, "Bestelregels") == [("kassa", 20, 13, 4, 1, 2)]


def test_a_release_from_before_births_were_told_has_no_table_of_order_lines(warehouse: Warehouse) -> None:
    with warehouse.run("nightly", as_of=AS_OF) as run:
        run.execute("alter table orders_account drop column n_before_birth")
    with open_release(warehouse.store.root) as release:
        assert not [t for t in release.summary()["tables"] if t["title"].startswith("Bestelregels")]


def test_a_group_smaller_than_ten_is_not_shown_nor_its_share(release: Release) -> None:
    assert table(release, "Segmenten van behoeften") == [
        ("S1", "Trouw", "afgeschermd", "afgeschermd"),
        ("S2", "Nieuw", "afgeschermd", "afgeschermd"),
    ]
    assert table(release, "Toestemmingen") == [("nieuwsbrief", "e-mail", 11, "<10", 0, 0)]


def test_two_small_groups_hide_each_other_and_the_others_are_shown(warehouse: Warehouse) -> None:
    names = pa.array(["behoeften"] * 4)
    rows = {"segment_id": ["S1", "S2", "S3", "S4"], "label": ["a", "b", "c", "d"], "size": [60, 23, 9, 8]}
    with warehouse.run("nightly", as_of=AS_OF) as run:
        run.write("segments", pa.table({"segmentation": names, **rows}), describes="s.", grain="One each.")
    with open_release(warehouse.store.root) as release:
        assert [(n, share) for *_, n, share in table(release, "Segmenten van")] == [
            (60, 0.6),
            (23, 0.23),
            ("<10", "<10"),
            ("<10", "<10"),
        ]


def test_a_statement_that_cannot_be_read_and_a_later_refusal_are_counted(warehouse: Warehouse) -> None:
    later = "timestamp '2026-12-01 12:00:00'"
    with warehouse.run("nightly", as_of=AS_OF) as run:
        run.execute("delete from consents")
        for number in range(10, 40):
            status, purpose = ("unclear", "all") if number < 20 else ("withdrawn", "nieuwsbrief")
            run.execute(
                "insert into consents (customer_id, purpose, channel, status, stated_at, source) "
                f"values ('K-{number}', '{purpose}', 'all', '{status}', {later}, 'crm')"
            )
    with open_release(warehouse.store.root) as release:
        assert table(release, "Toestemmingen") == [
            ("alle", "alle", 0, 0, 0, 10),
            ("nieuwsbrief", "alle", 0, 20, 0, 0),
        ]


def test_a_scorecard_is_shown_by_rank(release: Release) -> None:
    assert table(release, "Scorekaart kansen") == [
        (1, "S1", "Trouw", "62,5", 1.0),
        (2, "S2", "Nieuw", "25,0", 0.5),
    ]


def test_coverage_tells_of_how_many_customers_a_variable_is_known(release: Release) -> None:
    assert table(release, "Variabelen") == [
        ("Dagen sinds laatste aankoop", "Gedrag", "<10"),
        ("Besteding", "Gedrag", 1.0),
        ("Aandeel online", "Gedrag", 1.0),
    ]


def test_what_may_not_segment_has_no_basis_and_that_is_not_unknown(tmp_path: Path) -> None:
    with Warehouse(tmp_path).run("nightly", as_of=AS_OF) as run:
        for name, rows in {
            "profiles": {"customer_id": ["K-000001"], "grade": [7.0]},
            "variables": {"name": ["grade"], "label": ["Cijfer"], "basis": pa.array([None], pa.string())},
        }.items():
            run.write(name, pa.table(rows), describes=f"{name}.", grain="One row per line.")
    with open_release(tmp_path) as release:
        assert table(release, "Variabelen") == [("Cijfer", "geen", "<10")]


def test_what_no_run_made_is_left_out(tmp_path: Path) -> None:
    with Warehouse(tmp_path).run("empty", as_of=AS_OF):
        pass
    with open_release(tmp_path) as release:
        summary = release.summary()
    assert (summary["facts"], summary["tables"]) == ({"Peildatum": AS_OF}, [])
