"""What is to be expected of each customer: models fitted on distinct histories, joined back to customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klantprofiel.profiles.value.account import model_rows
from klantprofiel.profiles.value.backtest import (
    DAYS_PER_WEEK,
    FEWEST_REPEATERS,
    HISTORY,
    HISTORY_THEN,
    backtest_of,
    distinct,
    in_weeks,
    purchase_histories,
    split,
)
from klantprofiel.profiles.value.bg_nbd import BgNbd, fit_bg_nbd
from klantprofiel.profiles.value.gamma_gamma import GammaGamma, fit_gamma_gamma
from klantprofiel.profiles.value.residual import (
    DAYS_PER_MONTH,
    Horizon,
    expected_purchases,
    residual_months,
    residual_purchases,
)
from klantprofiel.profiles.value.retention import Retention, fit_retention
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from klantprofiel.profiles.theme import Makes
    from klantprofiel.profiles.value.likelihood import Floats
    from klantprofiel.warehouse import Tables

HORIZON: Final = Horizon(months=36, annual_rate=0.1)
YEAR_DAYS: Final = 365
FEWEST_ENDED: Final = 10
"""Subscriptions that ended, below which no rate of leaving is estimated: a rule of thumb."""
UNKNOWN: Final = float("nan")
_DECIMALS: Final = 6  # of what is stored: doubles of different processors agree that far


@dataclass(frozen=True)
class Models:
    """What was fitted on the facts up to a date; a model with a `fault` says nothing of customers.

    Attributes
    ----------
    purchases, spend, contracts
        The models, in weeks, euro and months.
    amount_correlation
        Pearson's, between how often customers buy and for how much a time: gamma-gamma takes it to be 0.
    kept_share
        What customers paid after returns, per euro bought; 0 where more came back than was bought.
    """

    purchases: BgNbd
    spend: GammaGamma
    contracts: Retention
    amount_correlation: float | None
    kept_share: float | None


def write_value(tables: Makes, types: Mapping[str, str]) -> None:
    """Fit the models and write `value`, `value_model` and `value_backtest`."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that builds needs it

    until = split(tables)
    customers = of_customers(tables, until=until)
    rows = distinct(tables, customers["purchase_histories"], HISTORY)
    models = fit_models(tables, customers, rows)
    tested = backtest_of(distinct(tables, customers["purchase_histories"], HISTORY_THEN), until, tables.as_of)
    made_from = ("purchase_days", "subscription_periods")
    statement = load_sql(__package__, "value")
    tables.write(
        "value",
        tables.arrow(statement.sql(types), **customers, **_futures(tables, models, customers, rows)),
        describes=statement.describes,
        grain=statement.grain,
        made_from=made_from,
    )
    tables.write(
        "value_model",
        pa.Table.from_pylist(model_rows(models, HORIZON, tested)),
        describes="the models behind `value`: parameters, likelihoods, dates, and how they did.",
        grain="One row per model and figure; a model that could not be fitted says why, without parameters.",
        made_from=made_from,
    )
    tables.write(
        "value_backtest",
        pa.table(
            {
                "group_number": pa.array(range(1, len(tested.groups) + 1), pa.int64()),
                "n_customers": pa.array([each.n_customers for each in tested.groups], pa.int64()),
                **{
                    name: pa.array([_rounded(getattr(each, name)) for each in tested.groups], pa.float64())
                    for name in ("expected_mean", "observed_mean", "naive_mean")
                },
            }
        ),
        describes="purchases per customer on days held out: expected, observed, and by their own rate.",
        grain="One row per group of customers of whom about as much was expected, from least to most.",
        made_from=("purchase_days",),
    )


def fit_models(tables: Tables, customers: Mapping[str, Any], rows: Mapping[str, Floats]) -> Models:
    """Fit the models; `customers` is what `of_customers` gave, `rows` their distinct purchase histories."""
    spent = distinct(tables, customers["purchase_histories"], ("n_paid", "paid_eur"))
    spent = {name: values[spent["n_paid"] > 0] for name, values in spent.items()}
    courses = distinct(
        tables, customers["contract_courses"], ("n_months", "is_ended"), weight="sum(n_subscriptions)"
    )
    return Models(
        _fit_purchases(rows),
        _fit_spend(spent),
        _fit_contracts(courses),
        amount_correlation=_correlation(spent["n_paid"], spent["paid_eur"], spent["n"]),
        kept_share=_kept_share(tables),
    )


def _fit_purchases(rows: Mapping[str, Floats]) -> BgNbd:
    x, n = rows["n_repeats"], rows["n"]
    if n[x > 0].sum() < FEWEST_REPEATERS:
        return BgNbd(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, n_customers=int(n.sum()), n_rows=len(n), fault="few")
    return fit_bg_nbd(*in_weeks(rows), n)


def _fit_spend(rows: Mapping[str, Floats]) -> GammaGamma:
    n_customers = int(rows["n"].sum())
    if n_customers < FEWEST_REPEATERS:
        return GammaGamma(UNKNOWN, UNKNOWN, UNKNOWN, n_customers=n_customers, fault="few")
    return fit_gamma_gamma(rows["n_paid"], rows["paid_eur"], rows["n"])


def _fit_contracts(rows: Mapping[str, Floats]) -> Retention:
    n, ended = rows["n"], rows["is_ended"] > 0
    if n[ended].sum() < FEWEST_ENDED:
        return Retention(UNKNOWN, UNKNOWN, n_contracts=int(n.sum()), fault="few")
    return fit_retention(rows["n_months"], ended, n)


def of_customers(tables: Tables, *, until: date) -> dict[str, Any]:
    """Return what happened up to the tables' date, per customer, as Arrow tables: `value.sql` reads them.

    Of purchases also what had happened by `until`.
    """
    courses = load_sql(__package__, "contract_courses")
    return {
        "purchase_histories": purchase_histories(tables, until=until).to_arrow_table(),
        courses.table: tables.arrow(courses.sql(), as_of=tables.as_of, horizon_months=HORIZON.months),
    }


def _futures(
    tables: Tables, models: Models, customers: Mapping[str, Any], rows: Mapping[str, Floats]
) -> dict[str, Any]:
    """Return what the models say of each distinct history, and the figures that `value.sql` needs besides."""
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that builds needs it

    columns = {name: pa.array(rows[name].astype(np.int64)) for name in ("n_repeats", "last_days", "age_days")}
    said = dict.fromkeys(
        ("p_alive", "expected_purchases_365", "residual_purchases"), np.full(len(rows["n"]), UNKNOWN)
    )
    if not models.purchases.fault:
        model, seen, month = models.purchases, in_weeks(rows), DAYS_PER_MONTH / DAYS_PER_WEEK
        said = {
            "p_alive": model.p_alive(*seen),
            "expected_purchases_365": expected_purchases(model, seen, t=YEAR_DAYS / DAYS_PER_WEEK),
            "residual_purchases": residual_purchases(model, seen, horizon=HORIZON, month=month),
        }
    running = distinct(tables, customers["contract_courses"], ("n_months", "n_months_left"))
    stayed, left = running["n_months"], running["n_months_left"]
    months = np.full(len(stayed), UNKNOWN)
    if not models.contracts.fault:
        months = residual_months(models.contracts, stayed, left, horizon=HORIZON)
    is_known = not models.spend.fault
    return {
        "purchase_futures": pa.table(columns | {name: _stored(each) for name, each in said.items()}),
        "contract_futures": pa.table(
            {
                "n_months": pa.array(stayed.astype(np.int64)),
                "n_months_left": pa.array(left.astype(np.int64)),
                "residual_months": _stored(months),
            }
        ),
        "p": models.spend.p if is_known else None,
        "q": models.spend.q if is_known else None,
        "gamma": models.spend.gamma if is_known else None,
        "kept_share": models.kept_share,
    }


def _kept_share(tables: Tables) -> float | None:
    ((net, bought),) = tables.rows(
        "select sum(net_eur), sum(bought_eur) from purchase_days where booked_on <= $as_of",
        as_of=tables.as_of,
    )
    return max(float(net / bought), 0.0) if bought and net is not None else None


def _correlation(x: Floats, spent: Floats, n: Floats) -> float | None:
    if not len(x):
        return None
    mean = spent / x
    (xx, xm), (_, mm) = np.cov(x, mean, fweights=n.astype(np.int64), ddof=0)
    return float(xm / np.sqrt(xx * mm)) if xx * mm > 0 else None


def _stored(values: Floats) -> Any:  # noqa: ANN401  pyarrow ships no types
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that builds needs it

    return pa.array(np.where(np.isfinite(values), np.round(values, _DECIMALS), UNKNOWN), from_pandas=True)


def _rounded(value: float) -> float:
    return round(value, _DECIMALS)
