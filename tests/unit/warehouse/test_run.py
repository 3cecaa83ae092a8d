from __future__ import annotations

import stat
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from klantprofiel.errors import (
    ConfigurationError,
    DeclarationError,
    KlantprofielError,
    LockedError,
)
from klantprofiel.warehouse import Statement, Warehouse, open_owner, open_stored, parse
from klantprofiel.warehouse.lineage import read_catalog
from tests.unit.warehouse.conftest import AS_OF, SPENDING, order, publish

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.warehouse import Run


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_run_publishes_all_its_tables_at_its_end(warehouse: Warehouse) -> None:
    publish(warehouse, "anna", 10)

    with open_stored(warehouse.store.root) as release:
        assert release.rows("select customer_id, monetary_eur from spending") == [("anna", Decimal(10))]
        assert release.as_of == AS_OF


def test_a_run_that_fails_publishes_nothing_and_leaves_the_last_release_in_force(
    warehouse: Warehouse,
) -> None:
    publish(warehouse, "anna", 10)

    def fail(run: Run) -> None:
        order(run, "bert", 20)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), warehouse.run("nightly", as_of=AS_OF) as run:
        fail(run)

    assert warehouse.current() == "000001-nightly"
    assert list(warehouse.store.work.iterdir()) == []
    assert [entry.outcome for entry in warehouse.ledger.runs()] == ["published", "failed"]


def test_tables_that_a_run_does_not_make_are_carried_over(warehouse: Warehouse) -> None:
    publish(warehouse, "anna", 10)

    with warehouse.run("segmentation", as_of=AS_OF) as run:
        run.write("extra", pa.table({"x": [1]}), describes="one.", grain="One row per x.")

    with open_owner(warehouse.store.root) as release:
        assert release.rows("select count(*) from identity.orders") == [(1,)]
        assert release.rows("select count(*) from spending") == [(1,)]
        made_by = {name: table["run_id"] for name, table in release.manifest["tables"].items()}
    assert made_by["spending"] == "000001-nightly"
    assert made_by["extra"] == "000002-segmentation"


def test_the_same_work_again_gives_an_equal_digest(warehouse: Warehouse) -> None:
    publish(warehouse, "anna", 10)
    first = open_stored(warehouse.store.root).digest()
    with warehouse.run("nightly", as_of=AS_OF, recorded_at=datetime(2030, 1, 1)) as run:  # noqa: DTZ001
        run.make(SPENDING)

    assert open_stored(warehouse.store.root).digest() == first

    publish(warehouse, "bert", 20)
    assert open_stored(warehouse.store.root).digest() != first


def test_a_digest_does_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    digests = []
    for place, names in enumerate((["anna", "bert"], ["bert", "anna"])):
        warehouse = Warehouse(tmp_path / str(place))
        with warehouse.run("nightly", as_of=AS_OF) as run:
            for name in names:
                order(run, name, 10)
        digests.append(open_stored(warehouse.store.root).digest())

    assert digests[0] == digests[1]


def test_files_have_the_modes_of_the_design(warehouse: Warehouse) -> None:
    publish(warehouse, "anna", 10)

    store = warehouse.store
    files = store.files("000001-nightly")
    assert {mode(store.root), mode(store.releases)} == {0o750}
    assert {mode(store.land), mode(store.work), mode(store.exports)} == {0o700}
    assert {mode(store.current), mode(files.manifest)} == {0o640}
    assert mode(files.main) == 0o440
    assert mode(files.identity) == 0o400
    assert {mode(store.ledger), mode(store.lock)} == {0o600}


def test_the_second_builder_exits_at_once_and_names_the_first(warehouse: Warehouse) -> None:
    with (
        warehouse.run("nightly", as_of=AS_OF),
        pytest.raises(LockedError, match="nightly \\(process") as caught,
        warehouse.run("other", as_of=AS_OF),
    ):
        pass
    assert caught.value.exit_code == 4
    assert warehouse.store.lock.read_bytes() == b"", "who is done is not named to the next"


def test_a_date_far_ahead_is_refused_for_a_slip(warehouse: Warehouse) -> None:
    with (
        pytest.raises(ConfigurationError, match="check the year"),
        warehouse.run("nightly", date(2062, 9, 1)),
    ):
        pass
    assert warehouse.current() is None


def test_a_value_that_does_not_fit_is_not_shown(warehouse: Warehouse) -> None:
    failing = Statement.of(
        table="numbers",
        describes="d.",
        grain="One row per customer.",
        select=parse("select cast(customer_id as integer) as number from identity.orders"),
    )
    with warehouse.run("nightly", as_of=AS_OF) as run:
        order(run, "Achterberg", 10)
        with pytest.raises(KlantprofielError, match="while making numbers") as caught:
            run.make(failing)
    assert "Achterberg" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_prune_keeps_the_newest_and_never_removes_the_one_in_force(warehouse: Warehouse) -> None:
    for amount in range(4):
        publish(warehouse, "anna", amount)
    warehouse.rollback("000001-nightly")

    removed = warehouse.prune(keep=1)

    assert removed == ["000002-nightly", "000003-nightly"]
    assert [entry.release_id for entry in warehouse.releases()] == ["000001-nightly", "000004-nightly"]


def test_runs_keep_five_releases_when_no_project_says_otherwise(warehouse: Warehouse) -> None:
    for amount in range(7):
        publish(warehouse, "anna", amount)

    assert len(warehouse.releases()) == 5


@pytest.mark.parametrize("name", ["", "Nightly", "a-b", "../x", "1x"])
def test_a_run_with_a_name_that_is_no_name_is_refused(warehouse: Warehouse, name: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot be called"), warehouse.run(name, as_of=AS_OF):
        pass


def test_a_parameter_without_a_value_is_named(warehouse: Warehouse) -> None:
    statement = Statement.of(
        table="t", describes="d.", grain="One row per t.", select=parse("select $cap as cap, $as_of as day")
    )

    with warehouse.run("nightly", as_of=AS_OF) as run:
        with pytest.raises(ConfigurationError, match=r"t needs a value for \$cap"):
            run.make(statement)
        run.make(statement, cap=3)
        assert run.rows("from t") == [(3, AS_OF)]


def test_declared_types_cast_the_last_select(warehouse: Warehouse) -> None:
    with warehouse.run("nightly", as_of=AS_OF) as run:
        order(run, "anna", 10)
        run.make(SPENDING, types={"monetary_eur": "DECIMAL(12,4)"})
        assert run.columns("spending")["monetary_eur"] == "DECIMAL(12,4)"
        assert run.columns("spending")["last_on"] == "DATE"


def test_a_table_without_a_definition_is_not_published(warehouse: Warehouse) -> None:
    with (
        pytest.raises(KlantprofielError, match="made without a definition"),
        warehouse.run("nightly", as_of=AS_OF) as run,
    ):
        run.execute("create table sneaky as select 1 as x")
    assert warehouse.current() is None


def test_a_view_on_direct_identifiers_cannot_be_pseudonymous(warehouse: Warehouse) -> None:
    leaking = Statement.of(
        table="leak",
        describes="d.",
        grain="One row.",
        select=parse("select customer_id from identity.orders"),
    )
    with warehouse.run("nightly", as_of=AS_OF) as run:
        order(run, "anna", 10)
        with pytest.raises(DeclarationError, match="reads direct identifiers"):
            run.view(leaking)


def test_a_growing_table_whose_columns_changed_is_refused(warehouse: Warehouse) -> None:
    publish(warehouse, "anna", 10)
    with (
        warehouse.run("nightly", as_of=AS_OF) as run,
        pytest.raises(ConfigurationError, match="other columns"),
    ):
        run.create("identity.orders", {"customer_id": "VARCHAR"}, describes="d.", grain="One row per order.")


def test_a_run_may_read_frames_and_scalars_by_name(warehouse: Warehouse) -> None:
    mine = pa.table({"customer_id": ["anna"]})
    with warehouse.run("nightly", as_of=AS_OF) as run:
        order(run, "anna", 10)
        order(run, "bert", 10)
        rows = run.rows(
            "select customer_id from mine join identity.orders using (customer_id) where amount_eur = $sum",
            mine=mine,
            sum=10,
        )
    assert rows == [("anna",)]


def test_rows_of_touched_keys_are_renewed_from_what_was_read_of_them(warehouse: Warehouse) -> None:
    touched = pa.table({"customer_id": ["anna"]})
    with warehouse.run("nightly", as_of=AS_OF) as run:
        order(run, "anna", 10)
        order(run, "bert", 20)
        run.make(SPENDING)
        order(run, "anna", 5)
        order(run, "bert", 5)  # of whom nobody said that he is touched
        run.write("touched", touched, describes="who is touched.", grain="One row per customer.")
        orders = run.arrow("from identity.orders semi join touched using (customer_id)")
        rows = run.read(SPENDING, reading={"identity.orders": orders})
        run.renew(SPENDING, key="customer_id", touched="touched", rows=rows)

        spent = run.rows("select customer_id, monetary_eur from spending order by 1")
        made_from = run.rows("select made_from from catalog where table_name = 'spending'")
    assert spent == [("anna", 15), ("bert", 20)]
    assert made_from == [(["identity.orders"],)]


def test_the_catalog_tells_within_a_run_of_what_was_made_and_dropped_so_far(warehouse: Warehouse) -> None:
    def known(run: Run) -> dict[str, list[str]]:
        return {table: list(entry.columns) for table, entry in read_catalog(run).items()}

    with warehouse.run("nightly", as_of=AS_OF) as run:
        order(run, "anna", 10)
        run.make(SPENDING)
        run.write("hidden", pa.table({"x": [1]}), describes="d.", grain="One row.")
        made = known(run)
        run.drop("hidden")
        dropped = known(run)
        run.write("spending", pa.table({"y": [1]}), describes="d.", grain="One row.")

    spending = {"spending": ["customer_id", "last_on", "monetary_eur"]}
    orders = {"identity.orders": ["customer_id", "amount_eur", "ordered_on"]}
    assert made == {**orders, **spending, "hidden": ["x"]}
    assert dropped == {**orders, **spending}
    with open_stored(warehouse.store.root) as release:
        assert list(read_catalog(release)["spending"].columns) == ["y"], "as it was made last"


def test_a_result_is_saved_under_a_name_that_is_a_name(warehouse: Warehouse) -> None:
    class Result:
        def save_to(self, run: Run, name: str) -> None:
            run.write(name, pa.table({"x": [1]}), describes="d.", grain="One row.")

    with warehouse.run("nightly", as_of=date(2026, 1, 1)) as run:
        run.save(Result(), name="mine")
        with pytest.raises(ConfigurationError, match="cannot be saved as"):
            run.save(Result(), name="Mine; drop table x")
        assert run.has("mine")


@pytest.mark.parametrize("character", ["?", "*", "["])
def test_a_path_that_reads_as_a_pattern_is_refused(tmp_path: Path, character: str) -> None:
    with pytest.raises(ConfigurationError, match="path of the warehouse"):
        Warehouse(tmp_path / f"klan{character}ten")


def test_a_path_may_hold_spaces_quotes_and_accents(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "Ann's \u00e9\u00e9n klanten & co")
    publish(warehouse, "anna", 10)
    with open_owner(warehouse.store.root) as release:
        assert release.rows("select count(*) from identity.orders") == [(1,)]
