"""The theme `value`: what it says of simulated customers, and what it leaves unknown and says so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from klantprofiel.profiles.value.backtest import backtest
from klantprofiel.profiles.value.themes import THEMES
from tests.spec.ascii import AS_OF, given

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run

(VALUE,) = THEMES
BEGIN = AS_OF - timedelta(days=600)
BOUGHT = pa.schema(
    {
        "customer_id": pa.string(),
        "booked_on": pa.date32(),
        "n_orders": pa.int64(),
        "net_eur": pa.decimal128(18, 2),
        "bought_eur": pa.decimal128(18, 2),
    }
)
HELD = pa.schema(
    {
        "customer_id": pa.string(),
        "started_on": pa.date32(),
        "ended_on": pa.date32(),
        "n_subscriptions": pa.int64(),
        "amount_eur": pa.decimal128(18, 2),
    }
)


def a_run(bought: list[dict[str, Any]], held: list[dict[str, Any]]) -> Run:
    run = given()
    for name, rows, schema in (("purchase_days", bought, BOUGHT), ("subscription_periods", held, HELD)):
        frame = pa.Table.from_pylist(rows, schema)
        run.write(name, frame, describes="given.", grain="One row per line.")
    return run


def a_day(customer: int, day: date, euro: int = 20) -> dict[str, Any]:
    return {
        "customer_id": f"K-{customer:06}",
        "booked_on": day,
        "n_orders": 1,
        "net_eur": euro,
        "bought_eur": euro,
    }


def simulated(n_customers: int) -> list[dict[str, Any]]:
    """Return what customers bought who behave as the model has it, and of whom some pay more a time."""
    random = np.random.default_rng(7)
    days: list[dict[str, Any]] = []
    for customer in range(n_customers):
        day, rate, leaves = float(random.integers(0, 300)), random.gamma(0.8, 1 / 30), random.beta(0.8, 2.4)
        usual, stays = 60 / random.gamma(4), True
        while day < 600 and stays:
            is_repeat = bool(days) and days[-1]["customer_id"] == f"K-{customer:06}"
            stays = not is_repeat or random.random() > leaves
            euro = 1 + int(random.gamma(3, usual / 3))
            days.append(a_day(customer, BEGIN + timedelta(days=int(day)), euro))
            day += max(random.exponential(1 / rate), 1)
    return days


def subscribed(n: int) -> list[dict[str, Any]]:
    random = np.random.default_rng(8)
    held = []
    for customer in range(n):
        begun, stay = (
            AS_OF - timedelta(days=int(random.integers(30, 900))),
            31 * int(random.geometric(random.beta(1, 6))),
        )
        end = begun + timedelta(days=stay)
        held.append(
            {
                "customer_id": f"K-{customer:06}",
                "started_on": begun,
                "ended_on": end if end <= AS_OF else None,
                "n_subscriptions": 1,
                "amount_eur": 15,
            }
        )
    return held


def said(run: Run, model: str) -> dict[str, Any]:
    return dict(
        run.rows(
            "select figure, coalesce(text, cast(day as varchar), cast(number as varchar)) from value_model "
            "where model = $model",
            model=model,
        )
    )


@pytest.fixture(scope="module")
def made() -> Run:
    run = a_run(simulated(900), subscribed(400))
    VALUE.make_in(run)
    return run


def test_every_customer_has_a_row_with_what_was_declared(made: Run) -> None:
    declared = {"customer_id": "VARCHAR"} | {each.name: each.sql_type for each in VALUE.variables}
    assert made.columns("value") == declared
    ((n, n_running, least, most),) = made.rows(
        "select count(*), count(*) filter (where customer_setting = 'abonnement'), "
        "min(p_alive), max(p_alive) from value"
    )
    assert (n, n_running > 100, least >= 0, most) == (900, True, True, 1)
    ((n_unknown,),) = made.rows("select count(*) from value where columns(*) is null")
    assert n_unknown == 0


def test_each_model_says_that_it_was_fitted_on_whom_and_until_when(made: Run) -> None:
    assert [said(made, model)["state"] for model in ("bg_nbd", "gamma_gamma")] == ["geschat", "geschat"]
    assert said(made, "retention")["state"].startswith("geschat")
    assert said(made, "bg_nbd")["observed_until"] == "2026-09-30"
    assert float(said(made, "bg_nbd")["n_customers"]) == 900
    assert float(said(made, "retention")["n_contracts"]) == 400


def test_customers_who_behave_as_the_model_has_it_are_forecast_without_bias(made: Run) -> None:
    tested = backtest(made)
    model = tested.forecasts[0]
    assert (tested.as_of - tested.until).days == 200
    assert tested.outcome == "better"
    assert model.bias_share is not None
    assert abs(model.bias_share) < 0.1
    assert "beter dan" in said(made, "backtest")["verdict"]
    ((n_groups, n_customers),) = made.rows("select count(*), sum(n_customers) from value_backtest")
    assert (n_groups, n_customers) == (10, tested.n_customers)


def test_the_order_of_the_facts_changes_nothing(made: Run) -> None:
    other = a_run(simulated(900)[::-1], subscribed(400)[::-1])
    VALUE.make_in(other)
    for table in ("value", "value_model", "value_backtest"):
        ordered = f"from {table} order by all"
        assert other.arrow(ordered) == made.arrow(ordered)


def test_a_return_lowers_what_is_still_to_come() -> None:
    days = simulated(300)
    whole, half = (
        a_run(days, []),
        a_run([each | {"net_eur": 0} if place % 2 else each for place, each in enumerate(days)], []),
    )
    worth = []
    for run in (whole, half):
        VALUE.make_in(run)
        worth += run.rows("select sum(residual_value_eur) from value")
    kept = float(said(half, "residual_value")["kept_share"])
    assert 0.3 < kept < 0.7
    assert float(worth[1][0]) == pytest.approx(float(worth[0][0]) * kept, rel=1e-3)


def test_what_is_still_to_come_is_not_less_than_nothing() -> None:
    """Given more that came back than was bought, as when the data begin after the purchases of it."""
    run = a_run([each | {"net_eur": -5} for each in simulated(300)], [])
    VALUE.make_in(run)
    assert said(run, "residual_value")["kept_share"] == "0.0"
    assert run.rows("select min(residual_value_eur), max(residual_value_eur) from value") == [(0, 0)]


def test_where_customers_do_not_differ_the_table_says_so_and_they_have_a_value() -> None:
    """Given one chance in four to leave after a purchase, and amounts that tell nothing of who spent them."""
    random = np.random.default_rng(5)
    days = []
    for customer in range(600):
        day, rate = float(random.integers(0, 500)), random.gamma(0.6, 1 / 60)
        while day < 600:
            days.append(a_day(customer, BEGIN + timedelta(days=int(day)), 1 + int(random.gamma(3, 10))))
            day += max(random.exponential(1 / rate), 1)
            if random.random() < 0.25:
                break
    run = a_run(days, [])
    VALUE.make_in(run)
    for model in ("bg_nbd", "gamma_gamma"):
        assert said(run, model)["state"].startswith("geschat"), model
    assert run.rows("select count(*) from value where residual_value_eur is null") == [(0,)]


def test_nobody_at_all_is_no_error() -> None:
    run = a_run([], [])
    VALUE.make_in(run)
    assert run.rows("from value") == []
    assert {said(run, model)["state"] for model in ("bg_nbd", "gamma_gamma", "retention")} == {
        "te weinig gegevens"
    }
    assert "te weinig tijd" in said(run, "backtest")["verdict"]


def test_too_few_customers_have_no_forecast_and_the_table_says_why() -> None:
    run = a_run([a_day(1, BEGIN), a_day(1, AS_OF), a_day(2, BEGIN)], [])
    VALUE.make_in(run)
    assert (
        run.rows("select p_alive, expected_purchases_365, residual_value_eur from value") == [(None,) * 3] * 2
    )
    assert said(run, "bg_nbd")["state"] == "te weinig gegevens"
    assert said(run, "bg_nbd")["alpha"] is None
    assert "te weinig klanten" in said(run, "backtest")["verdict"]


def test_customers_who_all_do_the_same_have_no_forecast_and_the_table_says_why() -> None:
    days = [
        a_day(customer, BEGIN + timedelta(days=30 * number)) for customer in range(60) for number in range(20)
    ]
    run = a_run(days, [])
    VALUE.make_in(run)
    assert run.rows("select count(*), count(p_alive), count(residual_value_eur) from value") == [(60, 0, 0)]
    assert said(run, "bg_nbd")["state"].startswith("niet te schatten")
    assert said(run, "bg_nbd")["log_likelihood"] is None
    assert "niet te schatten" in said(run, "backtest")["verdict"]


def test_where_nobody_leaves_everybody_is_there_and_the_table_says_so() -> None:
    random = np.random.default_rng(5)
    days = []
    for customer in range(300):
        n_days = random.poisson(random.gamma(2, 2))
        found = {0, *random.integers(1, 600, n_days).tolist()}
        days += [a_day(customer, BEGIN + timedelta(days=day)) for day in found]
    run = a_run(days, [])
    VALUE.make_in(run)
    assert "niemand lijkt te vertrekken" in said(run, "bg_nbd")["state"]
    assert run.rows("select distinct p_alive from value") == [(1.0,)]
    assert run.rows("select count(*) from value where expected_purchases_365 > 0") == [(300,)]


def test_a_forecast_that_is_worse_than_the_naive_rate_is_said_to_be() -> None:
    """Given clockwork: customers who buy every so many days for good, or stop after their third purchase."""
    days = []
    for customer in range(400):
        every = 7 + customer % 53
        until = 3 * every if customer % 10 == 0 else 600
        days += [a_day(customer, BEGIN + timedelta(days=day)) for day in range(0, until, every)]
    tested = backtest(a_run(days, []))
    assert (tested.outcome, tested.model is not None) == ("worse", True)
    assert "slechter dan wie het eigen tempo" in tested.verdict


def test_its_summary_shows_every_forecast_and_the_verdict(made: Run) -> None:
    text = str(backtest(made))
    for part in ("Model (BG/NBD)", "Eigen tempo doorgetrokken", "Gemiddeld tempo van iedereen", "RMSE"):
        assert part in text
