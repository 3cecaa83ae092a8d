"""CDNOW, 2,357 buyers of music over 78 weeks: what Fader and Hardie published, from the raw log."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from klantprofiel.profiles.value.backtest import HISTORY, backtest, distinct, histories, in_weeks
from klantprofiel.profiles.value.bg_nbd import BgNbd, fit_bg_nbd
from klantprofiel.profiles.value.futures import fit_models, of_customers
from klantprofiel.profiles.value.themes import SUBSCRIPTION_PERIODS, make_value
from tests.spec.ascii import given

if TYPE_CHECKING:
    from klantprofiel.profiles.value.backtest import Backtest
    from klantprofiel.profiles.value.futures import Models
    from klantprofiel.warehouse import Run

DATA = Path(__file__).parents[3] / "shared" / "data"
LOG = DATA / "cdnow" / "CDNOW_sample.txt"
ANSWERS = DATA / "known_answers" / "btyd_cdnow.json"
CALIBRATED, ENDED = date(1997, 9, 30), date(1998, 6, 30)

pytestmark = pytest.mark.skipif(not LOG.exists(), reason=f"the CDNOW sample is not in {LOG.parent}")

PURCHASE_DAYS = r"""
select
    part[2] as customer_id,
    cast(strptime(part[3], '%Y%m%d') as date) as booked_on,
    count(*) as n_orders,
    cast(sum(cast(part[5] as decimal(18, 2))) as decimal(18, 2)) as net_eur,
    cast(sum(cast(part[5] as decimal(18, 2))) as decimal(18, 2)) as bought_eur
from (
    select regexp_split_to_array(trim(line), '\s+') as part
    from read_csv($log, columns = {'line': 'varchar'}, header = false, delim = '|')
)
group by all
order by all
"""


def cdnow(as_of: date) -> Run:
    """Return a run with the whole log: what came after the date is for the models to leave out."""
    run = given({"identity.customer_records": "| record_id | customer_id |\n| cdnow/1 | 1 |"}, as_of=as_of)
    run.make(SUBSCRIPTION_PERIODS.statement(), types=SUBSCRIPTION_PERIODS.types)
    days = run.arrow(PURCHASE_DAYS, log=str(LOG))
    run.write("purchase_days", days, describes="the log.", grain="One row per customer and day.")
    return run


def fitted(run: Run) -> Models:
    """Return the models of a run, fitted as the theme does it."""
    customers = of_customers(run, until=run.as_of)
    return fit_models(run, customers, distinct(run, customers["purchase_histories"], HISTORY))


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ANSWERS.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def calibrated() -> Run:
    return cdnow(CALIBRATED)


@pytest.fixture(scope="module")
def purchases(calibrated: Run) -> BgNbd:
    return fitted(calibrated).purchases


@pytest.fixture(scope="module")
def tested() -> Backtest:
    return backtest(cdnow(ENDED), until=CALIBRATED)


def test_the_parameters_and_the_likelihood_are_those_published(
    purchases: BgNbd, answers: dict[str, Any]
) -> None:
    known = answers["bgnbd"]
    found = [getattr(purchases, name) for name in ("r", "alpha", "a", "b")]
    assert np.round(found, 3).tolist() == [0.243, 4.414, 0.793, 2.426]  # as printed in the paper, table 2
    assert found == pytest.approx([known[name] for name in ("r", "alpha", "a", "b")], rel=known["rtol"])
    assert purchases.log_likelihood == pytest.approx(known["loglik"], abs=known["loglik_atol"])
    assert (purchases.fault, purchases.n_customers) == ("", answers["customers"])


def test_collapsing_equal_histories_changes_nothing(calibrated: Run, purchases: BgNbd) -> None:
    rows = histories(calibrated, until=CALIBRATED)
    each = fit_bg_nbd(*(np.repeat(column, rows["n"].astype(int)) for column in in_weeks(rows)))
    assert each.n_rows == each.n_customers == 2357
    assert purchases.n_rows == 1016
    assert (each.r, each.alpha, each.a, each.b) == pytest.approx(
        (purchases.r, purchases.alpha, purchases.a, purchases.b), rel=1e-7
    )


def test_what_is_expected_of_new_and_of_known_customers_is_as_published(
    purchases: BgNbd, answers: dict[str, Any]
) -> None:
    one, other = answers["individual"], answers["conditional_39w"]
    assert float(purchases.expected(52)) == pytest.approx(answers["expectation_new_customer_52w"], rel=1e-5)
    assert float(purchases.p_alive(one["x"], one["t_x"], one["T"])) == pytest.approx(
        one["p_alive_bgnbd"], abs=1e-5
    )
    assert float(purchases.expected_given(one["x"], one["t_x"], one["T"], 52)) == pytest.approx(
        one["expected_transactions_52w_bgnbd"], rel=1e-4
    )
    assert float(purchases.expected_given(other["x"], other["t_x"], other["T"], 39)) == pytest.approx(
        other["expected"], abs=other["atol"]
    )


def test_what_is_spent_per_purchase_is_as_published(calibrated: Run, answers: dict[str, Any]) -> None:
    known = answers["gamma_gamma"]
    found = fitted(calibrated).spend
    assert (found.p, found.q, found.gamma) == pytest.approx(
        (known["p"], known["q"], known["gamma"]), abs=known["param_atol"]
    )
    assert found.log_likelihood == pytest.approx(known["loglik"], abs=known["loglik_atol"])
    assert (found.fault, found.n_customers) == ("", known["n"])


def test_on_the_39_weeks_held_out_the_model_beats_the_naive_rate_and_says_how_biased_it_is(
    tested: Backtest,
) -> None:
    model, naive, mean = tested.forecasts
    assert (tested.n_customers, tested.n_observed, tested.outcome) == (2357, 1882, "better")
    assert model.root_mean_squared_error == pytest.approx(1.608, abs=0.001)
    assert naive.root_mean_squared_error == pytest.approx(2.212, abs=0.001)
    assert mean.root_mean_squared_error == pytest.approx(2.104, abs=0.001)
    assert model.bias_share == pytest.approx(-0.1215, abs=0.0001)
    assert naive.bias_share == pytest.approx(0.5569, abs=0.0001)
    assert tested.verdict == (
        "Het model voorspelt de aankopen per klant beter dan wie het eigen tempo van de klant doortrekt: "
        "het zit er per klant 1,61 aankopen naast (RMSE), het eigen tempo 2,21 aankopen, en iedereen "
        "hetzelfde gemiddelde geven 2,10 aankopen. Getoetst op 2.357 klanten en 273 dagen die het model "
        "niet zag. Over alle klanten samen verwacht het model 12,1% te weinig aankopen, en het eigen tempo "
        "55,7% te veel aankopen."
    )


def test_the_groups_are_all_customers_from_least_to_most_expected(tested: Backtest) -> None:
    assert sum(group.n_customers for group in tested.groups) == 2357
    assert sum(group.n_customers * group.observed_mean for group in tested.groups) == pytest.approx(1882)
    expected = [group.expected_mean for group in tested.groups]
    assert expected == sorted(expected)
    assert tested.groups[-1].observed_mean == pytest.approx(3.75, abs=0.01)


def test_what_came_after_the_date_is_not_known_yet(calibrated: Run) -> None:
    """Given the whole log as of the end of calibration, then the theme is that of a log that stops there."""
    make_value(calibrated)
    stopped = cdnow(CALIBRATED)
    stopped.execute("delete from purchase_days where booked_on > $until", until=CALIBRATED)
    make_value(stopped)
    for table in ("value", "value_model", "value_backtest"):
        assert calibrated.arrow(f"from {table} order by all") == stopped.arrow(f"from {table} order by all")
    ((n, p_alive),) = stopped.rows("select count(*), min(p_alive) from value where p_alive between 0 and 1")
    assert n == 2357
    assert p_alive < 0.05
