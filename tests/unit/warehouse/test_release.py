from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pytest

from klantprofiel.errors import KlantprofielError, NotFoundError, PermissionRefusedError
from klantprofiel.warehouse import Warehouse, open_owner, open_stored
from klantprofiel.warehouse import release as room
from tests.unit.warehouse.conftest import publish

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.warehouse.store import Store

ESCAPES = [
    "attach '{path}/other.duckdb' as other",
    "copy spending to '{path}/stolen.csv'",
    "select * from read_csv('/etc/passwd')",
    "select * from read_text('{path}/lock')",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "install httpfs",
    "load httpfs",
    "export database '{path}/dump'",
    "create table spending2 as from spending",
    "delete from spending",
]


@pytest.fixture
def published(warehouse: Warehouse) -> Warehouse:
    publish(warehouse, "anna", 10)
    return warehouse


@pytest.mark.parametrize("escape", ESCAPES)
def test_a_reader_cannot_reach_out_or_write(published: Warehouse, tmp_path: Path, escape: str) -> None:
    with open_stored(published.store.root) as release, pytest.raises(duckdb.Error):
        release.rows(escape.format(path=tmp_path))


@pytest.mark.parametrize("escape", ESCAPES)
def test_the_owner_cannot_reach_out_or_write_either(
    published: Warehouse, tmp_path: Path, escape: str
) -> None:
    with open_owner(published.store.root) as release, pytest.raises(duckdb.Error):
        release.rows(escape.format(path=tmp_path))


def test_a_reader_does_not_see_direct_identifiers(published: Warehouse) -> None:
    with open_stored(published.store.root) as release:
        assert not release.has("identity.orders")
        with pytest.raises(duckdb.Error):
            release.rows("select * from identity.orders")


def test_reader_and_owner_may_have_the_same_release_open_in_one_process(published: Warehouse) -> None:
    with open_stored(published.store.root) as first, open_stored(published.store.root) as second:
        with open_owner(published.store.root) as owner:
            assert owner.rows("select count(*) from identity.orders") == [(1,)]
            assert owner.rows("select count(*) from spending") == [(1,)]
        assert first.rows("select count(*) from spending") == second.rows("select count(*) from spending")


def test_a_frame_of_the_analyst_can_be_joined(published: Warehouse) -> None:
    with open_stored(published.store.root) as release:
        rows = release.rows(
            "select note from spending join mine using (customer_id)",
            mine=pa.table({"customer_id": ["anna"], "note": ["x"]}),
        )
    assert rows == [("x",)]


def test_a_relation_outlives_the_call_that_made_it(published: Warehouse) -> None:
    release = open_stored(published.store.root)
    relation = release.sql("select customer_id from spending, mine", mine=pa.table({"y": [1]}))
    gc.collect()
    assert relation.fetchall() == [("anna",)]


def test_an_open_release_stays_readable_after_it_was_pruned(published: Warehouse) -> None:
    with open_stored(published.store.root) as release:
        publish(published, "bert", 20)
        published.prune(keep=1)
        assert release.rows("select customer_id from spending") == [("anna",)]
    with open_stored(published.store.root) as release:
        assert release.rows("select count(*) from spending") == [(2,)]


def test_no_release_yet_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="klantprofiel run nightly"):
        open_stored(tmp_path / "nothing")


def test_an_unknown_release_names_the_near_miss(published: Warehouse) -> None:
    with pytest.raises(NotFoundError, match="did you mean '000001-nightly'"):
        open_stored(published.store.root, "000001-nightl")


@pytest.mark.parametrize("line", ["", "nonsense", "000009-nightly", "../../etc/passwd"])
def test_a_current_that_names_no_release_is_a_clear_error(published: Warehouse, line: str) -> None:
    published.store.current.write_text(line)
    with pytest.raises(NotFoundError, match="does not name a release"):
        open_stored(published.store.root)


def test_who_may_not_read_the_identity_file_is_told_so(
    published: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # tests may run as root, who may read everything
    with pytest.raises(PermissionRefusedError, match="not yours to read"):
        open_owner(published.store.root)


def test_a_damaged_file_is_said_to_be_so(published: Warehouse) -> None:
    damaged = published.store.files("000001-nightly").main
    damaged.chmod(0o600)
    damaged.write_bytes(b"no database")

    with pytest.raises(KlantprofielError, match="cannot be opened"):
        open_stored(published.store.root)


def test_a_reader_finds_the_release_that_took_the_place_of_the_one_it_wanted(
    published: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = room._connect_reader  # noqa: SLF001  the moment between choosing and opening

    def too_late(store: Store, release_id: str) -> room.StoredRelease:
        if release_id == "000001-nightly":
            publish(published, "bert", 20)
            published.prune(keep=1)
        return connect(store, release_id)

    monkeypatch.setattr(room, "_connect_reader", too_late)
    with open_stored(published.store.root) as release:
        assert release.release_id == "000002-nightly"
