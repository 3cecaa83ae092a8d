"""A delivery lands once and whole, or not at all; what stands in the way is said, without anybody's data."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from klantprofiel import schema as s
from klantprofiel.errors import ConfigurationError, DeclarationError, DeliveryError
from klantprofiel.ingestion import Delivery, Land, ingest
from klantprofiel.warehouse import Warehouse
from tests.unit.ingestion.visits import DAY, MOMENT, Visits, csv, landed, take_in

if TYPE_CHECKING:
    from klantprofiel.ingestion import Ingested


def land(warehouse: Warehouse, path: Path, table: type[s.Table] = Visits, day: date = DAY) -> Ingested:
    return take_in(warehouse, Delivery(table, path), day=day)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "klanten")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "bezoeken.csv"
    path.write_text(csv("a;10;01-09-2026", "b;;02-09-2026", "c;3;x;y"), encoding="utf-8")
    return path


def test_a_delivery_lands_as_the_text_that_it_holds(warehouse: Warehouse, file: Path) -> None:
    ingested = land(warehouse, file)
    (batch,) = Land(warehouse.store.land, "visits").batches()
    assert (batch.n_records, batch.n_rejected, batch.delivered_on, batch.recorded_at) == (3, 1, DAY, MOMENT)
    assert batch.columns == ("visit_id", "seconds", "visited_on")
    assert ingested.n_records == 3
    with warehouse.run("nightly", as_of=DAY) as run:
        lands = Land(run.land, "visits")
        assert run.rows("select * from read_parquet($path)", path=str(lands.path(batch.sha256))) == [
            ("a", "10", "01-09-2026", 2),
            ("b", None, "02-09-2026", 3),
        ]
        assert run.rows("select * from read_parquet($path)", path=str(lands.rejects_path(batch.sha256))) == [
            (4, "record.too_many_fields", "c;3;x;y")
        ]


def test_what_lands_is_for_the_owner_alone(warehouse: Warehouse, file: Path) -> None:
    land(warehouse, file)
    directory = warehouse.store.land / "visits"
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()} == {0o600}


def test_the_same_file_again_adds_nothing_under_whatever_name(
    warehouse: Warehouse, file: Path, tmp_path: Path
) -> None:
    land(warehouse, file)
    before = landed(warehouse)
    again = land(warehouse, file.rename(tmp_path / "andere_naam.csv"), day=date(2026, 10, 2))
    assert landed(warehouse) == before
    assert [(taken.is_new, taken.n_records) for taken in again.taken_in] == [(False, 3)]
    assert again.taken_in[0].known_as == "bezoeken.csv"
    assert "Al bekend 1" in repr(again)
    assert again.summary()["tables"][0]["rows"][0][2] == "al bekend als bezoeken.csv"


def test_a_file_delivered_twice_in_one_call_lands_once(warehouse: Warehouse, file: Path) -> None:
    with warehouse.run("nightly", as_of=DAY) as run:
        ingested = ingest(run, [Delivery(Visits, file), Delivery(Visits, file)])
    assert [taken.is_new for taken in ingested.taken_in] == [True, False]


def test_one_file_for_two_tables_lands_for_each(warehouse: Warehouse, file: Path) -> None:
    class Days(s.ReferenceTable):
        """Dagen: one row per visit."""

        day_id = s.Text(label="Dag", source="bezoek", key=True)

    ingested = take_in(warehouse, Delivery(Visits, file), Delivery(Days, file))
    assert [taken.is_new for taken in ingested.taken_in] == [True, True]
    assert len(Land(warehouse.store.land, "days").batches()) == 1


def test_the_files_of_a_folder_land_in_order_and_each_under_its_own_name(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    for at in range(20):
        text = csv(*(f"{at}-{row};1;01-09-2026" for row in range(at)))
        (tmp_path / "in" / f"b_{at}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "in" / "b_20.csv").write_text(csv("0-0;1;01-09-2026"), encoding="utf-8")
    (tmp_path / "in" / "b_21.csv").write_text(csv("0-0;1;01-09-2026"), encoding="utf-8")
    ingested = take_in(warehouse, Delivery(Visits, tmp_path / "in"))
    assert [taken.file_name for taken in ingested.taken_in] == [f"in/b_{at}.csv" for at in range(22)]
    assert [taken.n_records for taken in ingested.taken_in] == [*range(20), 1, 1]
    assert (ingested.n_new, ingested.taken_in[-1].known_as) == (21, "in/b_20.csv")
    names = [batch.file_name for batch in Land(warehouse.store.land, "visits").batches()]
    assert names == [f"in/b_{at}.csv" for at in range(21)]


def test_what_came_before_a_refused_file_has_landed_and_nothing_else(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    for at in range(20):
        text = csv(f"{at};1;01-09-2026") if at != 10 else "kapot"
        (tmp_path / f"b_{at}.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DeliveryError, match=r"b_10\.csv lacks"):
        take_in(warehouse, Delivery(Visits, f"{tmp_path}/b_*.csv"))
    assert len(landed(warehouse)) == 10
    assert list(warehouse.store.work.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (csv("a;01-09-2026", header="bezoek;dag"), "lacks 'duur'"),
        (csv(*(f"{at};lang;01-09-2026" for at in range(20))), "of 20 values in the column 'duur', 20 cannot"),
        (csv(*(f"{at};1;2026-09-01" for at in range(30))), "column 'dag', 30 cannot be read.*dd-mm-jjjj"),
        ("", "is empty"),
        ("PAR1", "its first line has 1 field"),
    ],
)
def test_a_file_that_breaks_its_contract_leaves_nothing_behind(
    warehouse: Warehouse, file: Path, text: str, message: str
) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DeliveryError, match=f"(?s){message}"):
        land(warehouse, file)
    assert landed(warehouse) == []
    assert list(warehouse.store.work.iterdir()) == []


def test_a_change_of_kind_is_seen_in_a_large_file_too(warehouse: Warehouse, file: Path) -> None:
    rows = (f"{at};{at if at < 100 else 'lang'};01-09-2026" for at in range(50_000))
    file.write_text(csv(*rows), encoding="utf-8")
    with pytest.raises(DeliveryError, match="of 50000 values in the column 'duur', 49900 cannot be read"):
        land(warehouse, file)


def test_a_sparse_column_of_a_large_file_is_looked_at_in_full(warehouse: Warehouse, file: Path) -> None:
    rows = (f"{at};{'' if at % 1000 else 'lang'};01-09-2026" for at in range(50_000))
    file.write_text(csv(*rows), encoding="utf-8")
    with pytest.raises(DeliveryError, match="of 50 values in the column 'duur', 50 cannot be read"):
        land(warehouse, file)


def test_some_unreadable_values_are_left_to_quarantine(warehouse: Warehouse, file: Path) -> None:
    file.write_text(
        csv(*(f"{at};{'lang' if at % 2 else at};01-09-2026" for at in range(40))), encoding="utf-8"
    )
    assert land(warehouse, file).n_records == 40


def test_what_is_no_file_is_refused_before_anything_lands(
    warehouse: Warehouse, file: Path, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pijp")
    for path, message in (
        (tmp_path / "weg.csv", r"no file weg\.csv"),
        (tmp_path / "pijp", "no ordinary file"),
    ):
        with warehouse.run("nightly", as_of=DAY) as run, pytest.raises(DeliveryError, match=message):
            ingest(run, [Delivery(Visits, file), Delivery(Visits, path)])
    assert landed(warehouse) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(warehouse: Warehouse, file: Path) -> None:
    file.chmod(0)
    with pytest.raises(DeliveryError, match="cannot be opened: Permission denied"):
        land(warehouse, file)


@pytest.mark.parametrize("change", ["grows", "vanishes"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    warehouse: Warehouse, file: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    def act(*_: object, **__: object) -> None:
        if change == "vanishes":
            file.unlink()
            return
        with file.open("a") as growing:
            growing.write("d;1;03-09-2026\n")

    monkeypatch.setattr(sys.modules[ingest.__module__], "check_kinds", act)
    with pytest.raises(DeliveryError, match="changed while it was read"):
        land(warehouse, file)
    assert landed(warehouse) == []


def test_two_declarations_of_one_table_are_refused(warehouse: Warehouse, file: Path) -> None:
    class Other(s.ReferenceTable):
        """Andere bezoeken: one row per visit."""

        name = "visits"
        visit_id = s.Text(label="Bezoek", source="bezoek", key=True)

    with warehouse.run("nightly", as_of=DAY) as run, pytest.raises(DeclarationError, match="both declare"):
        ingest(run, [Delivery(Visits, file), Delivery(Other, file)])


def test_a_delivery_of_something_undeclared_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="a declared table"):
        Delivery(dict, "x.csv")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="the path of a file or a folder"):
        Delivery(Visits, 3)  # type: ignore[arg-type]


def test_columns_that_nobody_declared_are_kept_aside_and_told(warehouse: Warehouse, file: Path) -> None:
    header = "bezoek;kleur;duur;Kleur;dag;;_LINE"
    file.write_text(csv("a;rood;1;groen;01-09-2026;x;y", header=header), encoding="utf-8")
    ingested = land(warehouse, file)
    names = ("kleur", "Kleur_4", "column_6", "_LINE_7")
    assert ingested.taken_in[0].extra_columns == names
    assert ingested.summary()["notes"] == ["Kolommen die niemand heeft gedeclareerd, zijn apart gezet."]
    lands = Land(warehouse.store.land, "visits")
    (batch,) = lands.batches()
    assert batch.extra_columns == names
    with warehouse.run("nightly", as_of=DAY) as run:
        aside = run.rows("select * from read_parquet($path)", path=str(lands.extra_path(batch.sha256)))
    assert aside == [("rood", "groen", "x", "y", 2)]


def test_what_a_crash_left_of_another_reading_is_cleared(warehouse: Warehouse, file: Path) -> None:
    file.write_text(csv("a;1;01-09-2026"), encoding="utf-8")
    land(warehouse, file)
    (batch,) = Land(warehouse.store.land, "visits").batches()
    lands = Land(warehouse.store.land, "visits")
    lands.rejects_path(batch.sha256).write_bytes(b"half")
    lands.extra_path(batch.sha256).write_bytes(b"half")
    lands.path(batch.sha256).unlink()
    assert land(warehouse, file).n_records == 1
    assert landed(warehouse) == [f"{batch.sha256}.parquet"]


def test_a_refused_delivery_is_kept_aside_until_it_lands_again(warehouse: Warehouse, file: Path) -> None:
    file.write_text(csv("a;1;01-09-2026;x", "b", header="bezoek;duur;dag;kleur"), encoding="utf-8")
    land(warehouse, file)
    lands = Land(warehouse.store.land, "visits")
    (batch,) = lands.batches()
    lands.set_aside(batch.sha256)
    assert lands.batches() == []
    assert len(list((lands.directory / "refused").iterdir())) == 3
    assert len(landed(warehouse)) == 3
    assert land(warehouse, file).taken_in[0].is_new
    assert list((lands.directory / "refused").iterdir()) == []
    assert len(landed(warehouse)) == 3


SCRIPT = """
import datetime, sys
from klantprofiel.ingestion import Delivery, ingest
from klantprofiel.warehouse import Warehouse
from tests.unit.ingestion.visits import Visits

with Warehouse(sys.argv[1]).run("nightly", datetime.date(2026, 10, 1)) as run:
    print(ingest(run, [Delivery(Visits, sys.argv[2])]).n_records)
print(input())
"""


@pytest.mark.parametrize("start", ["-c", "a script"])
def test_a_script_of_a_few_lines_takes_in_files_and_keeps_its_own_input(
    warehouse: Warehouse, file: Path, tmp_path: Path, start: str
) -> None:
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    words = ["-c", SCRIPT] if start == "-c" else [str(tmp_path / "script.py")]
    done = subprocess.run(
        [sys.executable, "-W", "error", *words, str(warehouse.store.root), str(file)],
        input="van de gebruiker",
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert (done.stdout.splitlines(), done.stderr) == (["3", "van de gebruiker"], "")


def test_what_was_refused_and_comes_again_is_known_for_it_and_of_the_day_it_first_came(
    warehouse: Warehouse, file: Path
) -> None:
    file.write_text(csv("a;1;01-09-2026"), encoding="utf-8")
    land(warehouse, file)
    lands = Land(warehouse.store.land, "visits")
    (first,) = lands.batches()
    lands.set_aside(first.sha256)
    with warehouse.run("nightly", as_of=DAY + timedelta(days=1)) as run:
        ingest(run, [Delivery(Visits, file)])
    (again,) = lands.batches()
    assert (first.was_refused, again.was_refused) == (False, True)
    assert again.delivered_on == first.delivered_on == DAY


def test_a_crash_while_a_delivery_is_set_aside_leaves_no_half_a_batch(
    warehouse: Warehouse, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(csv("a;1;01-09-2026;x", "b", header="bezoek;duur;dag;kleur"), encoding="utf-8")
    land(warehouse, file)
    lands = Land(warehouse.store.land, "visits")
    (batch,) = lands.batches()
    replace = Path.replace
    moved: list[Path] = []

    def replace_one(path: Path, target: Path) -> Path:
        if moved:
            raise InterruptedError
        moved.append(path)
        return replace(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", replace_one)
        with pytest.raises(InterruptedError):
            lands.set_aside(batch.sha256)
    assert lands.batches() == []
    land(warehouse, file)
    (again,) = lands.batches()
    assert again.was_refused
    assert (again.n_records, again.n_rejected) == (batch.n_records, batch.n_rejected)
