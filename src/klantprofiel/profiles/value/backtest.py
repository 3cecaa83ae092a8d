"""A backtest: what the model would have said, beside what came and what one can say without a model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klantprofiel.display import Displayed, Share
from klantprofiel.profiles.value.bg_nbd import BgNbd, Histories, fit_bg_nbd
from klantprofiel.profiles.value.residual import expected_purchases
from klantprofiel.profiles.value.verdict import FORECASTS, Forecast, Outcome, verdict
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klantprofiel.display import Summary
    from klantprofiel.profiles.value.likelihood import Floats
    from klantprofiel.warehouse import Tables

DAYS_PER_WEEK: Final = 7
LONGEST_DAYS, SHORTEST_DAYS = 365, 28  # of what is held out
HISTORY: Final = ("n_repeats", "last_days", "age_days")
HISTORY_THEN: Final = ("n_repeats_then", "last_days_then", "age_days_then", "n_later")
N_GROUPS: Final = 10
FEWEST_REPEATERS: Final = 30
"""Customers who bought again, below which four parameters are not estimated: a rule of thumb."""
CLEAR: Final = 2.0  # standard errors between two forecasts before one is called better: about 95%


@dataclass(frozen=True)
class Group:
    """Customers of whom about as much is expected: that, what came, and what their own rate said."""

    n_customers: int
    expected_mean: float
    observed_mean: float
    naive_mean: float


@dataclass(frozen=True, repr=False)
class Backtest(Displayed):
    """What a model fitted on the purchases until a day says of those after it.

    Attributes
    ----------
    until, as_of
        The last day that the model saw, and the last day held out.
    model
        As fitted on the days until then.
    n_customers, n_observed
        Customers who bought by `until`, and their days with a purchase after it.
    forecasts
        The model, one's own rate and the mean rate; empty when there is no verdict.
    groups
        Up to ten groups of customers, from whom least is expected to whom most is.
    outcome
        `better`, `worse` or `alike`: the model against one's own rate, by squared errors per customer, with
        two standard errors between them; or why there is none: `short`, `few`, `unfitted`.
    """

    until: date
    as_of: date
    model: BgNbd | None
    n_customers: int
    n_observed: int
    forecasts: tuple[Forecast, ...]
    groups: tuple[Group, ...]
    outcome: Outcome

    @property
    def verdict(self) -> str:
        """What it comes to, in Dutch sentences."""
        return verdict(
            self.outcome,
            self.forecasts,
            n_days=(self.as_of - self.until).days,
            n_customers=self.n_customers,
            n_observed=self.n_observed,
        )

    def summary(self) -> Summary:
        """Return the figures and the verdict in Dutch."""
        return {
            "title": "Terugtoets van de verwachte aankopen",
            "facts": {
                "Geleerd tot en met": self.until,
                "Getoetst tot en met": self.as_of,
                "Klanten": self.n_customers,
                "Aankopen in de toetsperiode": self.n_observed,
            },
            "tables": [
                {
                    "title": "Hoe ver ernaast",
                    "columns": ("Voorspelling", "Aankopen", "MAE", "RMSE", "Te veel of te weinig"),
                    "rows": [
                        (
                            FORECASTS[each.name],
                            round(each.total),
                            each.mean_absolute_error,
                            each.root_mean_squared_error,
                            None if each.bias_share is None else Share(each.bias_share),
                        )
                        for each in self.forecasts
                    ],
                },
                {
                    "title": "Per groep, van weinig naar veel verwacht",
                    "columns": ("Klanten", "Verwacht per klant", "Gebleken per klant", "Eigen tempo"),
                    "rows": [
                        (each.n_customers, each.expected_mean, each.observed_mean, each.naive_mean)
                        for each in self.groups
                    ],
                },
            ],
            "notes": [self.verdict],
        }


def backtest(tables: Tables, *, until: date | None = None) -> Backtest:
    """Fit BG/NBD on the days with a purchase until a day, and compare what it expects with what came after.

    Parameters
    ----------
    tables
        A run or a release with the table `purchase_days`; its date is the last day held out.
    until
        The last day the model sees. By default a third of the time since the first purchase is held out, and
        a year at most.

    Returns
    -------
    Backtest
        Errors per customer, bias in all, calibration by group, and a verdict in Dutch.
    """
    until = until or split(tables)
    return backtest_of(histories(tables, until=until), until, tables.as_of)


def backtest_of(rows: Mapping[str, Floats], until: date, as_of: date) -> Backtest:
    """Return the backtest of distinct histories as `histories` gives them."""
    n_days, seen = (as_of - until).days, in_weeks(rows)
    x, n, later, age = seen.x, rows["n"], rows["n_later"], rows["age_days_then"]
    counts = (int(n.sum()), int((n * later).sum()))
    if n_days < SHORTEST_DAYS:
        return Backtest(until, as_of, None, *counts, (), (), "short")
    if n[x > 0].sum() < FEWEST_REPEATERS:
        return Backtest(until, as_of, None, *counts, (), (), "few")
    model = fit_bg_nbd(*seen, n)
    if model.fault:
        return Backtest(until, as_of, model, *counts, (), (), "unfitted")
    said = {
        "model": expected_purchases(model, seen, t=n_days / DAYS_PER_WEEK),
        "naive": n_days * np.divide(x, age, out=np.zeros_like(x), where=age > 0),
        "mean": np.full_like(x, n_days * (n * x).sum() / max(float((n * age).sum()), 1)),
    }
    return Backtest(
        until,
        as_of,
        model,
        *counts,
        tuple(_forecast(name, said[name], later, n) for name in FORECASTS),
        _groups(said["model"], later, said["naive"], n),
        _outcome(said["model"] - later, said["naive"] - later, n),
    )


def purchase_histories(tables: Tables, *, until: date) -> Any:  # noqa: ANN401  a lazy relation of DuckDB
    """Return the purchase histories of customers as of the tables' date, and as of an earlier day."""
    return tables.sql(load_sql(__package__, "purchase_histories").sql(), until=until, as_of=tables.as_of)


def histories(tables: Tables, *, until: date) -> dict[str, Floats]:
    """Return the distinct purchase histories until a day, and in `n` how many customers have each."""
    return distinct(tables, purchase_histories(tables, until=until), HISTORY_THEN)


def distinct(
    tables: Tables, each: object, columns: tuple[str, ...], *, weight: str = "count(*)"
) -> dict[str, Floats]:
    """Return the distinct rows of a frame, in order (sums of doubles depend on it), and how often in `n`.

    Rows that are null in the first of the columns are left out.
    """
    listed = ", ".join(columns)
    query = f"select {listed}, {weight} as n from each_row where {columns[0]} is not null group by {listed}"
    found = tables.arrow(query, each_row=each)
    rows = {name: found[name].to_numpy().astype(np.float64) for name in found.column_names}
    order = np.lexsort([rows[name] for name in reversed(columns)])
    return {name: values[order] for name, values in rows.items()}


def in_weeks(rows: Mapping[str, Floats]) -> Histories:
    """Return the histories in weeks, the unit in which the literature gives its parameters."""
    x, last, age, *_ = rows.values()
    return Histories(x, last / DAYS_PER_WEEK, age / DAYS_PER_WEEK)


def split(tables: Tables) -> date:
    """Return the last day that a model sees: a third of the time is held out, and a year at most."""
    ((first,),) = tables.rows(
        "select min(booked_on) from purchase_days where n_orders > 0 and booked_on <= $as_of",
        as_of=tables.as_of,
    )
    n_days = (tables.as_of - first).days if first is not None else 0
    return tables.as_of - timedelta(days=min(LONGEST_DAYS, n_days // 3))


def _forecast(name: str, said: Floats, later: Floats, n: Floats) -> Forecast:
    error, n_customers, n_observed = said - later, n.sum(), float((n * later).sum())
    return Forecast(
        name,
        total=float((n * said).sum()),
        mean_absolute_error=float((n * np.abs(error)).sum() / n_customers),
        root_mean_squared_error=float(np.sqrt((n * error**2).sum() / n_customers)),
        bias_share=float((n * error).sum() / n_observed) if n_observed else None,
    )


def _groups(expected: Floats, later: Floats, naive: Floats, n: Floats) -> tuple[Group, ...]:
    """Return groups of about as many customers, by what is expected; who are expected alike stay together."""
    levels, of_row = np.unique(expected, return_inverse=True)
    n_level = np.bincount(of_row, n, minlength=len(levels))
    middle = np.cumsum(n_level) - n_level / 2
    number = np.floor(N_GROUPS * middle / n.sum()).astype(np.int64)[of_row]
    return tuple(
        Group(
            int(weight.sum()),
            *(float((weight * each[here]).sum() / weight.sum()) for each in (expected, later, naive)),
        )
        for here in (number == group for group in range(N_GROUPS))
        if (weight := n[here]).sum()
    )


def _outcome(error: Floats, naive_error: Floats, n: Floats) -> Outcome:
    """Return which forecast is closer: the paired difference of squared errors, in its standard errors."""
    gain, n_customers = naive_error**2 - error**2, float(n.sum())
    mean = float((n * gain).sum()) / n_customers
    spread = float(np.sqrt((n * (gain - mean) ** 2).sum() / n_customers / n_customers))
    if abs(mean) <= CLEAR * spread:
        return "alike"
    return "better" if mean > 0 else "worse"
