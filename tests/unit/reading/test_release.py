from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pytest

from klantprofiel.errors import NotFoundError, PermissionRefusedError, ProjectError
from klantprofiel.reading import open_release
from tests.unit.reading.conftest import AS_OF, fill

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.reading import Release
    from klantprofiel.warehouse import Warehouse


def test_the_release_in_force_is_opened_in_the_projects_own_warehouse(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = warehouse.store.root.parent
    (root / "klantprofiel.toml").write_text('[project]\nname = "dorp"\n', encoding="utf-8")
    monkeypatch.chdir(root)
    with open_release() as release:
        assert (release.release_id, release.as_of) == ("000001-nightly", AS_OF)
        assert release.root == warehouse.store.root
    with open_release("klanten") as release:
        assert release.has("customers")


def test_without_a_project_or_a_release_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ProjectError):
        open_release()
    with pytest.raises(NotFoundError, match="there is no release"):
        open_release("klanten")


def test_an_opened_release_stays_as_it_is_while_others_are_published(warehouse: Warehouse) -> None:
    with open_release(warehouse.store.root) as release:
        with warehouse.run("nightly", as_of=AS_OF) as run:
            run.execute("delete from customers")
        assert release.rows("select count(*) from customers") == [(12,)]
    with open_release(warehouse.store.root) as release:
        assert release.rows("select count(*) from customers") == [(0,)]
    with open_release(warehouse.store.root, "000001-nightly") as release:
        assert release.rows("select count(*) from customers") == [(12,)]


def test_equal_tables_give_an_equal_digest_whenever_they_were_built(warehouse: Warehouse) -> None:
    with open_release(warehouse.store.root) as release:
        first, per_table = release.digest(), release.digests()
    with warehouse.run("nightly", as_of=AS_OF) as run:
        fill(run)
    with open_release(warehouse.store.root) as release:
        assert release.digest() == first
    with warehouse.run("nightly", as_of=AS_OF) as run:
        run.execute("delete from customers where customer_id = 'K-000012'")
    with open_release(warehouse.store.root) as release:
        assert release.digest() != first
        changed = {name for name, digest in release.digests().items() if digest != per_table[name]}
        assert changed == {"customers"}


def test_the_digest_covers_direct_identifiers_and_the_digests_only_what_analysts_read(
    warehouse: Warehouse,
) -> None:
    found = []
    for address in ("a@dorp.nl", "b@dorp.nl"):
        with warehouse.run("nightly", as_of=AS_OF) as run:
            golden = pa.table({"customer_id": ["K-000001"], "email": [address]})
            run.write("identity.golden_record", golden, describes="golden.", grain="One row per customer.")
        with open_release(warehouse.store.root) as release:
            assert release.digest() == release.stored.digest()
            found.append((release.digest(), release.digests()))
    (first, first_tables), (second, second_tables) = found
    assert first != second
    assert first_tables == second_tables
    assert not any("golden" in table for table in first_tables)


def test_who_may_not_read_direct_identifiers_gets_digests_and_no_digest(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("klantprofiel.warehouse.release.os.access", lambda *_: False)
    with pytest.raises(PermissionRefusedError, match="direct identifiers"):
        release.digest()
    assert "customers" in release.digests()


def test_a_release_answers_sql_with_values_and_frames_of_ones_own(release: Release) -> None:
    mine = pa.table({"customer_id": ["K-000001"], "score": [7]})
    query = (
        "select score from profiles inner join mine on mine.customer_id = profiles.customer_id "
        "where recency_days < $days"
    )
    assert release.rows(query, mine=mine, days=30) == [(7,)]
    assert release.arrow(query, mine=mine, days=30)["score"].to_pylist() == [7]
    assert release.sql(query, mine=mine, days=30).fetchall() == [(7,)]
    assert release.columns("customers")["customer_id"] == "VARCHAR"


@pytest.mark.parametrize(
    "query",
    [
        "delete from customers",
        "attach 'x.duckdb'",
        "select * from read_csv('/etc/hosts')",
        "create table x (y int)",
    ],
)
def test_nothing_is_written_through_a_release_and_no_other_file_is_read(release: Release, query: str) -> None:
    with pytest.raises(duckdb.Error):
        release.sql(query)


def test_a_release_holds_no_direct_identifiers_and_cannot_be_changed(release: Release) -> None:
    assert not release.has("identity.golden_record")
    with pytest.raises(FrozenInstanceError):
        release.root = release.root  # type: ignore[misc]


def test_the_manifest_tells_what_was_published(release: Release) -> None:
    assert release.manifest["tables"]["customers"]["n_rows"] == 12
    assert release.manifest["name"] == "nightly"
