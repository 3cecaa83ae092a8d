"""A day that is not the latest is judged by the days before it, and by what later deliveries left of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from klantprofiel.ingestion import Delivery, ingest
from klantprofiel.validation import validate
from klantprofiel.validation.expected import parameters, parameters_of_day, suites_for
from tests.unit.validation.shop import DAY, MOMENT, Company, ShopCustomers

if TYPE_CHECKING:
    from datetime import date

    from klantprofiel.warehouse import Run

N_DAYS, N_ROWS = 8, 40
JUDGED = DAY + timedelta(days=N_DAYS)
LATER = JUDGED + timedelta(days=1)
LOW, HIGH = "shop_customers__n_rows__low", "shop_customers__n_rows__high"
MEAN = "shop_customers__credit_eur__mean__high"


def delivery(company: Company, day: date, *, times: int = 1, n_again: int = 0) -> Delivery:
    """Return so many customers of a day, of which the first are again those of the judged day."""
    rows = [
        f"{JUDGED if n < n_again else day:%d}-{n};;01-09-2026;{times * (10 + n % 5)},00"
        for n in range(N_ROWS)
    ]
    return Delivery(ShopCustomers, company.file(f"klanten-{day}.csv", *rows), day)


def take_in(run: Run, *deliveries: Delivery) -> None:
    ingest(run, deliveries)
    validate(run)


@pytest.mark.parametrize(("n_replaced", "left"), [(0, 1.0), (10, 0.75), (30, 0.25)])
def test_bounds_are_those_that_the_day_had_when_it_was_the_latest_for_what_is_left_of_it(
    company: Company, n_replaced: int, left: float
) -> None:
    suites = suites_for([ShopCustomers])
    with company.warehouse.run("nightly", as_of=LATER, recorded_at=MOMENT) as run:
        take_in(run, *(delivery(company, DAY + timedelta(days=number)) for number in range(N_DAYS + 1)))
        before: dict[str, Any] = parameters(run, suites)
        take_in(run, delivery(company, LATER, n_again=n_replaced))
        found: dict[str, Any] = parameters_of_day(run, ShopCustomers, JUDGED)

    for name in (LOW, HIGH):
        assert found[name] == pytest.approx(left * before[name], abs=1)
    assert 0 < found[LOW] < left * N_ROWS < found[HIGH]
    if n_replaced == 0:
        bounds = {name for name in before if "since" not in name}
        assert {name: found[name] for name in bounds} == {name: before[name] for name in bounds}
    assert (MEAN in found) == (left > 0.5)


def test_days_that_are_judged_by_themselves_are_no_history_for_others(company: Company) -> None:
    suites = suites_for([ShopCustomers])
    with company.warehouse.run("nightly", as_of=LATER, recorded_at=MOMENT) as run:
        days = [*(DAY + timedelta(days=number) for number in range(N_DAYS)), LATER]
        take_in(run, *(delivery(company, day) for day in days))
        before = parameters(run, suites)
        take_in(run, delivery(company, JUDGED, times=1000))

        assert is_history_of(parameters(run, suites), before) is False
        assert is_history_of(parameters(run, suites, apart={"shop_customers": [JUDGED]}), before)


def is_history_of(found: dict[str, object], before: dict[str, object]) -> bool:
    """Whether bounds are the same, but for those about the delivery just before: that is what was loaded."""
    names = {name for name in found if "standing" not in name}
    return {name: found[name] for name in names} == {name: before.get(name) for name in names}
