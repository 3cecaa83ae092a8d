"""Ten faults are each refused by the expectation meant for them, in two companies; good nights are not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from klantprofiel.validation import door
from klantprofiel.validation.expected import filled
from klantprofiel.validation.gate.engine import duckdb_source
from klantprofiel.warehouse import Warehouse
from tests.gate.companies import journey, wholesaler
from tests.gate.sweep import good_night, meant, plant, start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.gate.companies import Company
    from tests.gate.nights import Broken, Nights

pytestmark = [  # the library warns of its own imports
    pytest.mark.gate,
    pytest.mark.torture,
    pytest.mark.filterwarnings("ignore"),
]

N_BEFORE = 40
N_NIGHTS = 30
NOT_DETECTED = {"amounts x1.09, no currency column"}  # a mean moves as much by itself: benchmarks/gate.py


@pytest.fixture(scope="module", params=["wholesale", "journey"])
def at_work(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Nights, Company]]:
    """Give a company after its first forty nights, at some thousand rows a night."""
    directory = tmp_path_factory.mktemp(request.param)
    with (
        pytest.MonkeyPatch.context() as patched,
        Warehouse(directory / "klanten").run("nights", date(2026, 9, 3)) as run,
    ):
        patched.setattr(door, "start_gate", lambda _: None)  # these nights are judged here
        run.execute("attach ':memory:' as world")
        if request.param == "wholesale":
            company = wholesaler(run, per_night=600, n_nights=N_BEFORE + N_NIGHTS, seed=1)
        else:
            company = journey(run, one_in=3)
        yield start(run, company, N_BEFORE), company


def test_each_fault_is_refused_by_the_expectation_meant_for_it(at_work: tuple[Nights, Company]) -> None:
    nights, company = at_work
    number = N_BEFORE - 1
    missed, differing = [], []
    for fault in plant(nights, company, number):
        broken = by_great_expectations(nights, company.nights[number], only=fault.table)
        if sorted(broken) != sorted(nights.broken(company.nights[number], only=fault.table)):
            differing.append(fault.name)
        if not meant(fault, broken) and fault.name not in NOT_DETECTED:
            missed.append(f"{fault.name} in {fault.table}")
    assert missed == []
    assert differing == []


def test_thirty_good_nights_break_nothing(at_work: tuple[Nights, Company]) -> None:
    nights, company = at_work
    for number in range(N_BEFORE, N_BEFORE + N_NIGHTS):
        assert good_night(nights, company, number) == [], company.nights[number]
    assert nights.n_judged > 30
    assert by_great_expectations(nights, company.nights[N_BEFORE + N_NIGHTS - 1]) == []


def by_great_expectations(nights: Nights, as_of: date, *, only: str = "") -> list[Broken]:
    """Return what Great Expectations finds broken, in this process and on the tables as they are now."""
    bounds = nights.bounds(as_of)
    connection = nights.run._cursor()  # noqa: SLF001  the library takes a connection
    found: list[Broken] = []
    for suite in nights.suites:
        if only not in ("", suite["name"]):
            continue
        records = f"identity.{suite['name']}"
        selects = {"all": "", "latest": f" where delivered_on = (select max(delivered_on) from {records})"}
        for rows, where in selects.items():
            connection.execute(f"create or replace temp view judged_rows as select * from {records}{where}")
            source = duckdb_source(connection)
            asset = source.add_table_asset("judged_rows")
            batch = asset.add_batch_definition_whole_table("all").get_batch()
            expectations = [each for each in suite["expectations"] if each["meta"]["rows"] == rows]
            found += [
                (suite["name"], meta.get("column", ""), meta["about"], kind)
                for kind, meta in broken_of(batch, expectations, bounds)
            ]
    return found


def broken_of(
    batch: Any,  # noqa: ANN401  the library's own class
    expectations: list[dict[str, Any]],
    bounds: dict[str, object],
) -> Iterator[tuple[str, dict[str, Any]]]:
    from great_expectations import ExpectationSuite  # noqa: PLC0415  seconds
    from great_expectations.expectations.expectation_configuration import (  # noqa: PLC0415  the same
        ExpectationConfiguration,
    )

    ready = [each for expectation in expectations if (each := filled(expectation, bounds))]
    built = [ExpectationConfiguration(**each).to_domain_obj() for each in ready]
    if built:
        suite = ExpectationSuite(name="judged", expectations=built, suite_parameters=bounds)
        for result in batch.validate(suite, expectation_parameters=bounds).results:
            assert not result.exception_info.get("raised_exception", True), result.exception_info
            if not result.success:
                yield result.expectation_config.type, result.expectation_config.meta
