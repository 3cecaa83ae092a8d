"""What a warehouse does when something of it is lost, damaged or not its own."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from klantprofiel.errors import ConfigurationError, KlantprofielError, LockedError, NotFoundError
from klantprofiel.warehouse import Warehouse, open_stored
from klantprofiel.warehouse.store import Store
from tests.unit.warehouse.conftest import AS_OF, SPENDING, publish

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.warehouse import Run


def test_what_is_published_is_on_disk_before_it_is_in_force(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    at_the_swap: list[int] = []
    sync, swap = os.fsync, Store.swap_current

    def noted_sync(descriptor: int) -> None:
        sync(descriptor)
        synced.append(os.fstat(descriptor).st_ino)

    def noted_swap(store: Store, release_id: str) -> None:
        at_the_swap.extend(synced)
        swap(store, release_id)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Store, "swap_current", noted_swap)
    publish(warehouse, "anna", 10)

    store = warehouse.store
    for path in (*store.files("000001-nightly"), store.releases):
        assert path.stat().st_ino in at_the_swap, path.name


def test_a_deleted_work_directory_changes_nothing(warehouse: Warehouse) -> None:
    publish(warehouse, "anna", 10)
    first = open_stored(warehouse.store.root).digest()
    shutil.rmtree(warehouse.store.work)

    with warehouse.run("nightly", as_of=AS_OF) as run:
        run.make(SPENDING)

    assert open_stored(warehouse.store.root).digest() == first


def test_a_release_that_never_came_in_force_is_cleared_by_the_next_run(warehouse: Warehouse) -> None:
    publish(warehouse, "anna", 10)
    died = warehouse.ledger.begin_run("nightly", AS_OF, None, after=6)
    orphan = warehouse.store.files(died.run_id)
    for source, copy in zip(warehouse.store.files("000001-nightly"), orphan, strict=True):
        shutil.copyfile(source, copy)
    assert [entry.release_id for entry in warehouse.releases()] == ["000001-nightly"]

    publish(warehouse, "bert", 20)

    assert not orphan.main.exists()
    assert warehouse.current() == "000008-nightly"


def test_a_lost_ledger_stops_the_builder_and_costs_no_release(warehouse: Warehouse) -> None:
    publish(warehouse, "anna", 10)
    publish(warehouse, "bert", 20)
    warehouse.store.ledger.unlink()

    assert len(warehouse.releases()) == 2
    with pytest.raises(NotFoundError, match="is missing, while there are releases"):
        publish(warehouse, "cor", 30)
    with pytest.raises(NotFoundError, match="is missing, while there are releases"):
        warehouse.rollback("000001-nightly")

    warehouse.store.ledger.touch()  # what the error says when it is gone for good
    publish(warehouse, "cor", 30)
    assert [entry.release_id for entry in warehouse.releases()] == [
        "000001-nightly",
        "000002-nightly",
        "000003-nightly",
    ]


@pytest.mark.parametrize("content", [None, b"", b"nonsense", b"\xff\xfe", b"000009-nightly"])
def test_a_lost_current_stops_the_builder_until_someone_chooses(
    warehouse: Warehouse, content: bytes | None
) -> None:
    publish(warehouse, "anna", 10)
    publish(warehouse, "bert", 20)
    warehouse.store.current.unlink()
    if content is not None:
        warehouse.store.current.write_bytes(content)

    with pytest.raises(NotFoundError, match="CURRENT"):
        publish(warehouse, "cor", 30)
    assert [entry.in_force for entry in warehouse.releases()] == [False, False]

    warehouse.rollback("000002-nightly")
    publish(warehouse, "cor", 30)
    with open_stored(warehouse.store.root) as release:
        assert release.rows("select count(*) from spending") == [(3,)]


def test_a_damaged_release_can_be_left_by_rollback(warehouse: Warehouse) -> None:
    publish(warehouse, "anna", 10)
    publish(warehouse, "bert", 20)
    warehouse.store.files("000002-nightly").main.unlink()

    with pytest.raises(NotFoundError, match="does not name a release"):
        publish(warehouse, "cor", 30)
    warehouse.rollback("000001-nightly")
    publish(warehouse, "cor", 30)


def test_numbers_given_out_are_remembered_beyond_a_rollback(warehouse: Warehouse) -> None:
    publish(warehouse, "anna", 10)
    with warehouse.run("nightly", as_of=AS_OF) as run:
        run.raise_high_water("customer", 7)
    with pytest.raises(KeyboardInterrupt), warehouse.run("nightly", as_of=AS_OF) as run:
        give_out_and_die(run)
    warehouse.rollback("000001-nightly")

    with warehouse.run("nightly", as_of=AS_OF) as run:
        assert run.high_water("customer") == 7, "not 99: what died gave out nothing"


def give_out_and_die(run: Run) -> None:
    run.raise_high_water("customer", 99)
    raise KeyboardInterrupt


def test_a_directory_with_something_else_in_it_is_no_warehouse(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "scriptie.docx").touch()
    (tmp_path / "foto.jpg").touch()

    with pytest.raises(ConfigurationError, match="cannot be a warehouse: it holds foto"):
        publish(Warehouse(tmp_path), "anna", 10)

    assert (tmp_path / "work" / "scriptie.docx").exists()


def test_a_warehouse_around_its_project_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "winkel").mkdir()
    (tmp_path / "winkel" / "klantprofiel.toml").write_text('[project]\nname = "winkel"\n')
    monkeypatch.chdir(tmp_path / "winkel")

    for path in (".", ".."):
        with pytest.raises(ConfigurationError, match="cannot be a warehouse"):
            publish(Warehouse(path), "anna", 10)


def test_the_lock_cannot_be_taken_away_by_removing_its_file(warehouse: Warehouse) -> None:
    with warehouse.run("nightly", as_of=AS_OF):
        warehouse.store.lock.unlink()
        with pytest.raises(LockedError), warehouse.run("other", as_of=AS_OF):
            pass


def test_rollback_puts_an_earlier_release_in_force_and_the_next_run_starts_from_it(
    warehouse: Warehouse,
) -> None:
    publish(warehouse, "anna", 10)
    publish(warehouse, "bert", 20)

    warehouse.rollback("000001-nightly")
    publish(warehouse, "cor", 30)

    with open_stored(warehouse.store.root) as release:
        assert release.rows("select customer_id from spending order by 1") == [("anna",), ("cor",)]


def test_rollback_refuses_a_release_whose_file_was_changed(warehouse: Warehouse) -> None:
    publish(warehouse, "anna", 10)
    publish(warehouse, "bert", 20)
    damaged = warehouse.store.files("000001-nightly").main
    damaged.chmod(0o600)
    damaged.write_bytes(damaged.read_bytes() + b"x")

    with pytest.raises(KlantprofielError, match="not the file that was published"):
        warehouse.rollback("000001-nightly")


def test_rollback_names_a_near_miss(warehouse: Warehouse) -> None:
    publish(warehouse, "anna", 10)

    with pytest.raises(KlantprofielError, match="did you mean '000001-nightly'"):
        warehouse.rollback("00001-nightly")
