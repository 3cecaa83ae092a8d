"""BG/NBD on 100,000 and a million customers, beside the package lifetimes on the same histories.

Customers are drawn from the model itself, with the parameters of CDNOW, over two years. Ours begins at the
table of customers and days in DuckDB: days are counted, equal histories put together, and the model fitted.
The hardest case is measured besides: customers who all buy at one rate and never leave have the most distinct
histories, and a likelihood without a maximum, which is sought in vain.
lifetimes begins at histories that are counted already; it is timed on one row per customer, and on the
distinct rows that we fit on. The best of three counts, but for lifetimes, which is timed once.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from benchmarks import value_lifetimes
from benchmarks.report import Row, at_least, at_most, report
from benchmarks.unify_environments import NotThereError, install

import klantprofiel as kp
from klantprofiel.profiles.value.backtest import histories, in_weeks
from klantprofiel.profiles.value.bg_nbd import BgNbd, Likelihood, fit_bg_nbd
from klantprofiel.profiles.value.themes import SUBSCRIPTION_PERIODS, make_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from klantprofiel.warehouse import Run

SIZES: Final = (100_000, 1_000_000)
AS_OF: Final = date(2026, 9, 30)
N_DAYS: Final = 728
TRUE: Final = BgNbd(r=0.243, alpha=4.414 * 7, a=0.793, b=2.426)  # alpha in days


COLUMNS: Final = {
    "customer_id": "VARCHAR",
    "started_on": "DATE",
    "ended_on": "DATE",
    **SUBSCRIPTION_PERIODS.types,
}


def drawn(n_customers: int, *, alike: bool = False) -> pa.Table:
    """Return the days on which so many customers of the model bought: the same at every run.

    Those who are `alike` buy three times in the two years on average, and never leave.
    """
    random = np.random.default_rng(0)
    who, day = np.arange(n_customers), random.integers(0, N_DAYS, n_customers).astype(np.float64)
    rate, leaves = random.gamma(TRUE.r, 1 / TRUE.alpha, n_customers), random.beta(TRUE.a, TRUE.b, n_customers)
    if alike:
        rate, leaves = np.full(n_customers, 6 / N_DAYS), np.zeros(n_customers)
    whose, days = [who], [day]
    while len(who):
        day = day + random.exponential(1 / np.maximum(rate[who], 1e-9))
        who, day = who[day < N_DAYS], day[day < N_DAYS]
        whose.append(who)
        days.append(day)
        stays = random.random(len(who)) >= leaves[who]
        who, day = who[stays], day[stays]
    origin = np.datetime64(AS_OF - timedelta(days=N_DAYS - 1), "D")
    return pa.table(
        {
            "customer": np.concatenate(whose),
            "booked_on": pa.array(origin + np.floor(np.concatenate(days)).astype("timedelta64[D]")),
        }
    )


def prepare(run: Run, n_customers: int, *, alike: bool = False) -> int:
    """Write the facts of so many customers into a run; return the number of days."""
    facts = run.arrow(
        "select 'K-' || lpad(cast(customer as varchar), 7, '0') as customer_id, booked_on, "
        "cast(count(*) as bigint) as n_orders, cast(20 + hash(customer, booked_on) % 30 as decimal(18, 2)) "
        "as net_eur, net_eur as bought_eur from drawn group by all order by all",
        drawn=drawn(n_customers, alike=alike),
    )
    run.write("purchase_days", facts, describes="drawn.", grain="One row per customer and day.")
    run.create("subscription_periods", COLUMNS, describes="none.", grain="One row per period.")
    return int(facts.num_rows)


def best_of_three(action: Callable[[], object], clock: Callable[[], float] = perf_counter) -> float:
    """Return the seconds of the fastest of three."""
    seconds = []
    for _ in range(3):
        start = clock()
        action()
        seconds.append(clock() - start)
    return min(seconds)


def fit_from_days(run: Run) -> BgNbd:
    """Count the days of each customer, put equal histories together, and fit."""
    rows = histories(run, until=AS_OF)
    return fit_bg_nbd(*in_weeks(rows), rows["n"])


def measure(n_customers: int, work: Path) -> list[Row]:
    """Return the rows for so many customers."""
    with kp.Warehouse(work / f"klanten-{n_customers}").run("bench", as_of=AS_OF) as run:
        n_days = prepare(run, n_customers)
        ours = best_of_three(lambda: fit_from_days(run))
        worked = best_of_three(lambda: fit_from_days(run), process_time)
        rows = histories(run, until=AS_OF)
        seen, n = in_weeks(rows), rows["n"]
        model = fit_bg_nbd(*seen, n)
        fitted = best_of_three(lambda: fit_bg_nbd(*seen, n))
        whole = best_of_three(lambda: make_value(run))
        prepare(run, n_customers, alike=True)
        hardest = best_of_three(lambda: fit_from_days(run))
    if model.fault:
        raise SystemExit(f"the fit on {n_customers} customers ended as {model.fault}")
    file = work / f"{n_customers}.npz"
    np.savez(file, x=seen.x, t_x=seen.t_x, age=seen.age, n=n)
    size = f"{n_customers:>9,} customers"
    aimed = [
        at_most(2, f"{size}: fitted from {n_days:,} days", ours, "s"),
        at_most(2, f"{size}: the same of customers all alike", hardest, "s"),
    ]
    return [
        *(aimed if n_customers == max(SIZES) else (Row(row.name, row.value, row.unit) for row in aimed)),
        Row(f"{size}: the same, of all processors together", round(worked, 3), "s"),
        Row(f"{size}: of which the fit of {len(n):,} rows", round(fitted, 3), "s"),
        *_beside_lifetimes(size, file, ours, fitted, model),
        Row(f"{size}: all of `value`, with backtest and values", round(whole, 2), "s"),
    ]


def _beside_lifetimes(size: str, file: Path, ours: float, fitted: float, model: BgNbd) -> list[Row]:
    """Return the rows that compare; none where lifetimes cannot be had."""
    try:
        python = install("lifetimes", value_lifetimes.VERSION)
    except NotThereError as error:
        print(f"lifetimes is not there: {error}")
        return []
    command = [str(python), value_lifetimes.__file__, str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    found = json.loads(done.stdout)
    with np.load(file) as rows:
        likelihood = Likelihood(*(rows[name] for name in ("x", "t_x", "age", "n")))
    theirs, _ = likelihood(np.array(found["each"]["parameters"]))
    each, distinct = found["each"]["seconds"], found["distinct"]["seconds"]
    return [
        Row(f"{size}: lifetimes, one row per customer", round(each, 2), "s"),
        at_least(3, f"{size}: the same / ours with the GROUP BY", each / ours, "times"),
        Row(f"{size}: lifetimes on distinct rows", round(distinct, 2), "s"),
        Row(f"{size}: the same / our fit of those rows", round(distinct / fitted, 2), "times"),
        at_most(0.01, f"{size}: log-likelihood, lifetimes above ours", theirs - model.log_likelihood, ""),
        at_most(0.01, f"{size}: and ours above lifetimes", model.log_likelihood - theirs, ""),
    ]


def main() -> None:
    """Measure at both sizes, print and write."""
    with tempfile.TemporaryDirectory() as directory:
        rows = [row for size in SIZES for row in measure(size, Path(directory))]
    report("value", rows)


if __name__ == "__main__":
    main()
