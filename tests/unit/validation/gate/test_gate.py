from __future__ import annotations

import contextlib
import os
import stat
from contextvars import Context
from typing import TYPE_CHECKING, Any

import pytest

from klantprofiel.errors import ConfigurationError, GateError, KlantprofielError, NotFoundError
from klantprofiel.ingestion import Delivery, ingest
from klantprofiel.validation import accept, one_judge, validate
from klantprofiel.validation.gate.gate import ExpectationGate
from klantprofiel.validation.gate.process import Judge
from tests.unit.validation.gate.conftest import ROWS, JudgedShop, no_row, rows_of, that
from tests.unit.validation.shop import DAY, MOMENT, NEXT_DAY, THIRD_DAY, ShopCustomers

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.gate

KEPT = that("table_row_count_to_be_between", min_value=1, max_value=10)
BROKEN = that("column_mean_to_be_between", column="credit_eur", max_value=1.5)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def process_of(gate: object) -> int:
    assert isinstance(gate, ExpectationGate)
    return gate._judge.process_id  # noqa: SLF001  nobody else may ask


def is_gone(process: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, 0)
        return False
    return True


def test_a_night_that_keeps_its_expectations_is_published_with_what_was_found(shop: JudgedShop) -> None:
    shop.expect(KEPT)
    shop.night()

    files = shop.warehouse.store.files("000001-nightly")
    assert shop.results["success"] is True
    assert shop.results["meta"]["as_of"] == "2026-10-01"
    (result,) = (
        each
        for suite in shop.results["suites"]
        for each in suite["results"]
        if each["expectation_config"]["meta"].get("by") == "hand"
    )
    assert result["result"] == {"observed_value": 2}
    assert result["exception_info"]["raised_exception"] is False
    assert files.read_manifest()["gate"]["kept"] >= 1
    assert {mode(files.judged.results), mode(files.judged.page)} == {0o640}
    page = files.judged.page.read_text(encoding="utf-8")
    assert "<script" not in page
    assert "http://" not in page
    assert "https://" not in page
    assert "voldoet" in page


def test_a_night_that_does_not_is_refused_and_the_last_release_stays(shop: JudgedShop) -> None:
    shop.night()
    shop.expect(KEPT, BROKEN)

    with pytest.raises(GateError, match=r"customers, range of credit_eur: 2\b.*\n.*at most 1.5") as caught:
        shop.night(NEXT_DAY)

    store = shop.warehouse.store
    page = store.refused_files("000002-nightly").page
    assert caught.value.exit_code == 3
    assert str(page) in str(caught.value)
    assert "klantprofiel accept 000002-nightly" in str(caught.value)
    assert shop.warehouse.current() == "000001-nightly"
    assert [entry.outcome for entry in shop.warehouse.ledger.runs()] == ["published", "failed"]
    assert not store.files("000002-nightly").judged.results.exists()
    assert (mode(store.refused), mode(page)) == (0o750, 0o640)
    assert "geweigerd" in page.read_text(encoding="utf-8")
    assert store.strangers() == []


def test_what_was_accepted_is_reported_and_published_and_nothing_else_is_loosened(shop: JudgedShop) -> None:
    shop.expect(BROKEN)
    with pytest.raises(GateError):
        shop.night()

    assert accept(shop.warehouse, "000001-nightly", by="Els", because="het was een feestdag") == 1
    shop.night()

    assert shop.states == {"expect_column_mean_to_be_between": "accepted"}
    page = shop.warehouse.store.files("000002-nightly").judged.page.read_text(encoding="utf-8")
    assert "geaccepteerd door Els omdat het was een feestdag" in page

    shop.expect(BROKEN, that("table_row_count_to_be_between", min_value=3))
    with pytest.raises(GateError, match="1 of"):
        shop.night()
    shop.expect(BROKEN)
    with pytest.raises(GateError, match="range of credit_eur: 40"):
        shop.night(NEXT_DAY, "1;;;40,00", "2;;;40,00")


def test_only_a_refused_run_can_be_accepted_and_only_with_a_name_and_a_reason(shop: JudgedShop) -> None:
    shop.night()

    for run_id in ("000001-nightly", "../000001-nightly"):
        with pytest.raises(NotFoundError, match="was refused"):
            accept(shop.warehouse, run_id, by="Els", because="omdat")
    with pytest.raises(ConfigurationError, match="without a name"):
        accept(shop.warehouse, "000001-nightly", by=" ", because="omdat")


def test_a_warning_is_told_and_stops_nothing(shop: JudgedShop) -> None:
    shop.expect({**BROKEN, "severity": "warning"})
    shop.night()

    assert shop.states == {"expect_column_mean_to_be_between": "warned"}
    assert shop.results["success"] is True


def test_own_sql_may_join_whatever_is_in_the_build(shop: JudgedShop) -> None:
    lonely = "select 1 as x from {batch} anti join identity.customers using (customer_id)"
    shop.expect(no_row(lonely), that("column_values_to_match_regex", column="email", regex="example"))
    shop.night()
    assert set(shop.states.values()) == {"kept"}

    shop.expect(no_row("select customer_id from {batch} join sources on credit_eur > 2"))
    with pytest.raises(GateError, match="1 deviations"):
        shop.night(NEXT_DAY)


def test_own_sql_reaches_no_file(shop: JudgedShop, tmp_path: Path) -> None:
    shop.expect(no_row(f"select * from read_csv('{tmp_path}/klanten-{DAY}.csv')"))

    with pytest.raises(ConfigurationError, match="cannot be judged: PermissionError"):
        shop.night()


@pytest.mark.parametrize(
    ("expectation", "told"),
    [
        (that("column_mean_to_be_between", column="leeftijd"), 'column "leeftijd"'),
        (no_row("select leeftijd from {batch}"), '"leeftijd" not found'),
        (that("table_row_count_to_be", value=1), "not found"),
        (that("column_mean_to_be_between", kolom="x"), "kolom extra fields not permitted"),
        (that("table_row_count_to_be_between", min_value=3, max_value=1), "less than or equal"),
        (that("table_row_count_to_be_between", min_value={"$PARAMETER": "laag"}), "asks for the parameter"),
        ({"type": "expect_x", "rows": "latest"}, "has 'rows'"),
    ],
)
def test_a_suite_that_cannot_be_judged_is_named_and_nothing_is_published(
    shop: JudgedShop, expectation: dict[str, Any], told: str
) -> None:
    shop.expect(KEPT, expectation)

    with pytest.raises(ConfigurationError) as caught:
        shop.night()

    assert "schemas/expectations/hand.json" in str(caught.value)
    assert expectation["type"] in str(caught.value) or "parameter" in told
    assert told in str(caught.value)
    assert caught.value.exit_code == 2
    assert shop.warehouse.current() is None


def test_a_suite_about_a_table_that_is_not_there_names_a_near_miss(shop: JudgedShop) -> None:
    shop.expect(KEPT, name="shop_custmers")

    with pytest.raises(ConfigurationError, match=r"did you mean 'identity\.shop_customers'"):
        shop.night()


def test_no_value_of_a_person_is_in_results_page_or_error(shop: JudgedShop) -> None:
    shop.expect(
        that("column_values_to_be_in_set", column="email", value_set=["x"]),
        that("column_distinct_values_to_be_in_set", column="email", value_set=["x"]),
        that("column_most_common_value_to_be_in_set", column="email", value_set=["x"]),
        that("column_max_to_be_between", column="email"),
        that("column_value_lengths_to_be_between", column="email", max_value=1),
        no_row("select * from {batch}"),
        no_row("select email as observed from {batch} limit 1"),
    )
    with pytest.raises(GateError) as caught:
        shop.night()
    files = shop.warehouse.store.refused_files("000001-nightly")
    shop.expect(no_row("select cast(email as integer) as observed from {batch}"))
    with pytest.raises(ConfigurationError, match="ConversionError") as uncaught:
        shop.night()

    for text in (str(caught.value), str(uncaught.value), files.results.read_text(), files.page.read_text()):
        assert "achterbergh" not in text
        assert "zonneveld" not in text


def test_a_gate_that_is_killed_while_it_judges_stops_publication(
    shop: JudgedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Judge.ask

    def ask_the_dead(judge: Judge, job: dict[str, Any]) -> dict[str, Any]:
        os.kill(judge.process_id, 9)
        return ask(judge, job)

    monkeypatch.setattr(Judge, "ask", ask_the_dead)
    with one_judge(), pytest.raises(KlantprofielError, match=r"ended before it had judged \(signal 9\)"):
        shop.night()
    assert shop.warehouse.current() is None

    monkeypatch.undo()
    shop.night()
    assert shop.warehouse.current() == "000002-nightly"


def test_a_query_that_never_ends_is_ended_and_nothing_is_published(
    shop: JudgedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with one_judge():
        shop.night()  # the process has loaded what it judges with
        shop.expect(
            no_row("select 1 as x from range(1000000000) a, range(1000000000) b where a.range > b.range")
        )
        monkeypatch.setattr("klantprofiel.validation.gate.process.MOST_SECONDS", 2)
        with pytest.raises(KlantprofielError, match="was not judged within 2 seconds"):
            shop.night(NEXT_DAY)

    assert shop.warehouse.current() == "000001-nightly"


def test_two_calls_of_validate_give_one_judgement_of_everything(
    shop: JudgedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = []
    ask = Judge.ask

    def listen(judge: Judge, job: dict[str, Any]) -> dict[str, Any]:
        jobs.append(job)
        return ask(judge, job)

    monkeypatch.setattr(Judge, "ask", listen)
    shop.expect(that("table_row_count_to_be_between", min_value=3, max_value=3))
    more = shop.file("meer.csv", "3;;;1,00")
    with shop.warehouse.run("nightly", as_of=DAY, recorded_at=MOMENT) as run:
        for path in (shop.file("klanten.csv", *ROWS), more):
            ingest(run, [Delivery(ShopCustomers, path)])
            validate(run)

    assert len(jobs) == 1
    assert shop.states == {"expect_table_row_count_to_be_between": "kept"}


def test_results_go_with_their_release_and_the_newest_refusals_stay(shop: JudgedShop) -> None:
    for day in (DAY, NEXT_DAY, THIRD_DAY):
        shop.night(day)
    shop.expect(BROKEN)
    for _ in range(3):
        with pytest.raises(GateError):
            shop.night(THIRD_DAY)

    store = shop.warehouse.store
    assert store.release_ids() == ["000002-nightly", "000003-nightly"]
    assert len(list(store.releases.iterdir())) == 2 * 5
    assert store.refused_ids() == ["000005-nightly", "000006-nightly"]


def test_what_a_crash_left_of_results_is_cleared_by_the_next_run(shop: JudgedShop) -> None:
    shop.night()
    died = shop.warehouse.ledger.begin_run("nightly", DAY, None, after=1)
    left = shop.warehouse.store.files(died.run_id).judged
    left.write(b"{}", b"")
    assert [entry.release_id for entry in shop.warehouse.releases()] == ["000001-nightly"]

    shop.night(NEXT_DAY)

    assert not left.results.exists()


def test_a_run_that_judges_nothing_has_no_results(shop: JudgedShop) -> None:
    with shop.warehouse.run("segmentation", as_of=DAY, recorded_at=MOMENT):
        pass

    files = shop.warehouse.store.files("000001-segmentation")
    assert not files.judged.results.exists()
    assert "gate" not in files.read_manifest()


def processes_of_three_nights(shop: JudgedShop) -> list[int]:
    """Return the processes of two nights that are published, and of one that dies."""
    processes = []
    for day in (DAY, NEXT_DAY):
        with shop.warehouse.run("nightly", as_of=day, recorded_at=MOMENT) as run:
            ingest(run, [Delivery(ShopCustomers, shop.file(f"{day}.csv", *rows_of(day)))])
            validate(run)
            processes.append(process_of(run.gate))
    with contextlib.suppress(InterruptedError), shop.warehouse.run("nightly", as_of=NEXT_DAY) as run:
        validate(run)
        processes.append(process_of(run.gate))
        raise InterruptedError
    return processes


def test_a_run_has_a_process_of_its_own_that_ends_with_it(tmp_path: Path) -> None:
    shop = JudgedShop(tmp_path)
    shop.expect(KEPT)

    processes = Context().run(processes_of_three_nights, shop)  # in which no process is lent

    assert len(set(processes)) == 3
    assert all(map(is_gone, processes))
    assert shop.warehouse.current() == "000002-nightly"
    assert list(shop.warehouse.store.work.iterdir()) == []
