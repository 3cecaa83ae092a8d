"""Profiles of 100,000 and a million customers with ten order lines each: built, renewed, and read back.

What customers bought is summed up per day and from that to recency, frequency and money, with returns,
discounts and half-year windows; beside it one bare query of DuckDB for recency, frequency and money per
customer. Then all profiles are built; built again when one customer in a hundred bought something since; and
computed again as of half a year before, as was known then. Canonical records are made up in SQL, so that
nothing is landed, judged or unified. The best of three counts for the queries, one run for the rest.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

from benchmarks.purchases import best_of_three, sum_up
from benchmarks.report import Row, at_most, report

import klantprofiel as kp
from klantprofiel import schema as s
from klantprofiel.profiles import build_profiles
from klantprofiel.unification.golden.attributes import attributes
from klantprofiel.validation.account import GROWING
from klantprofiel.validation.canonical import make_canonical_views
from klantprofiel.validation.sources import SOURCES, register

if TYPE_CHECKING:
    from collections.abc import Callable

    from klantprofiel.schema import Table
    from klantprofiel.warehouse import Run

SIZES: Final = (100_000, 1_000_000)
LINES_EACH: Final = 10
AS_OF: Final = date(2026, 9, 30)
BEFORE: Final = AS_OF - timedelta(days=182)
BARE_QUERY: Final = """
select registry.customer_id, max(cast(ordered_at as date)), count(distinct order_id), sum(amount_eur)
from identity.orders join identity.customer_records as registry using (record_id)
group by registry.customer_id
"""


class BenchReceipts(s.EventTable, maps_to=s.canonical.Orders):
    """Kassabonnen: one row per line."""

    customers_of = "bench"
    purpose = "meting"
    retention = s.years(1)

    order_id = s.Text(label="Bon", key=True)
    line_id = s.Text(label="Regel", key=True)
    customer_id = s.Text(label="Klant")
    ordered_at = s.Timestamp(label="Tijdstip")
    product_id = s.Text(label="Product")
    channel = s.Text(label="Kanaal")
    amount_eur = s.Amount(label="Bedrag", unit="EUR")
    discount_eur = s.Amount(label="Korting", unit="EUR", nullable=True)
    is_return = s.Flag(label="Retour")


class BenchProducts(s.ReferenceTable, maps_to=s.canonical.Products):
    """Producten: one row per product."""

    product_id = s.Text(label="Product", key=True)
    category = s.Text(label="Categorie")


class BenchCustomers(s.CustomerTable, maps_to=s.canonical.Customers):
    """Klanten: one row per customer."""

    source = "bench"
    purpose = "meting"
    retention = s.years(1)

    customer_id = s.Text(label="Klant", key=True)
    birth_date = s.BirthDate(label="Geboortedatum")
    postal_code = s.PostalCode(label="Postcode")


_LINES: Final = """
select
    'T' || (i * 3) // 10 as order_id, cast(i % 10 as varchar) as line_id,
    lpad(cast(hash((i * 3) // 10) % $customers as varchar), 8, '0') as customer_id,
    cast($last_day as timestamp) - interval (hash((i * 3) // 10 + 7) % ($days * 86400)) second as ordered_at,
    'p' || hash(i) % 300 as product_id,
    case when hash((i * 3) // 10) % 3 = 0 then 'webshop' else 'winkel' end as channel,
    cast((hash(i + 1) % 10000) / 100 as decimal(18, 2)) as amount_eur,
    case when hash(i + 5) % 10 = 0 then cast(1 as decimal(18, 2)) end as discount_eur,
    hash(i + 9) % 50 = 0 as is_return
from range(cast($first as bigint), cast($first + $lines as bigint)) as numbers (i)
"""
_CUSTOMERS: Final = """
select
    lpad(cast(i as varchar), 8, '0') as customer_id,
    date '1940-01-01' + cast(hash(i) % 24000 as integer) as birth_date,
    1000 + hash(i) % 9000 || ' AB' as postal_code
from range($customers) as numbers (i)
"""
_PRODUCTS: Final = "select 'p' || i as product_id, 'soort ' || i % 20 as category from range(300) as n (i)"
_DERIVED: Final = {
    "identity.customer_records": """
        select 'bench/' || customer_id as record_id, 'K-' || customer_id as customer_id
        from identity.bench_customers
    """,
    "identity.households": """
        select record_id, 'H-' || substr(customer_id, 3, 7) as household_id from identity.customer_records
    """,
    "customers": "select customer_id, 1 as n_records from identity.customer_records",
}


def prepare(run: Run, n_customers: int) -> None:
    """Write canonical records, and what unification would have made of them."""
    for kept in (*GROWING, SOURCES):
        kept.create(run)
    add(run, BenchProducts, "products", _PRODUCTS)
    add(run, BenchCustomers, "customers", _CUSTOMERS, customers=n_customers)
    bought(run, "first", n_customers, lines=range(LINES_EACH * n_customers))
    make_canonical_views(run)
    for table, select in _DERIVED.items():
        run.write(table, run.arrow(select), describes="made up.", grain="One row each.")
    known = {"birth_date", "postal_code"}
    values = ", ".join(f"{name if name in known else 'null'} as {name}" for name in attributes())
    golden = run.arrow(f"select 'K-' || customer_id as customer_id, {values} from identity.bench_customers")
    run.write("identity.golden_record", golden, describes="made up.", grain="One row each.")


def bought(run: Run, batch: str, n_customers: int, *, lines: range) -> None:
    """Write order lines: the first ones over two years, later ones on the last day."""
    is_first = batch == "first"
    moments = {"days": 728 if is_first else 1, "last_day": AS_OF - timedelta(days=1) if is_first else AS_OF}
    numbers = {"customers": n_customers, "first": lines.start, "lines": len(lines)}
    add(run, BenchReceipts, batch, _LINES, **numbers, **moments)


def add(run: Run, table: type[Table], batch: str, select: str, **values: object) -> None:
    """Load the rows of a select as one delivery of a table."""
    register(run, table)
    columns = ", ".join(table.columns)
    origin = f"'{batch}', row_number() over (), date '2026-01-01', timestamp '2026-01-01'"
    run.execute(
        f"insert into identity.{table.name} (batch_id, line_number, delivered_on, recorded_at, {columns}) "
        f"select {origin}, {columns} from ({select})",
        **values,
    )
    run.execute(
        "insert into batches (batch_id, table_name) values ($batch, $table)", batch=batch, table=table.name
    )


def first_night(work: Path, n_customers: int) -> dict[str, float]:
    """Publish the first release; return the seconds of its steps."""
    with kp.Warehouse(work).run("bench", AS_OF - timedelta(days=1), recorded_at=moment(1)) as run:
        prepare(run, n_customers)
        bare = best_of_three(lambda: run.rows(BARE_QUERY))
        summed_up = best_of_three(lambda: sum_up(run))
        for table in ("identity.orders_before_birth", "purchase_days", "purchasing"):
            run.drop(table)
        return {"bare": bare, "summed up": summed_up, "built": timed(lambda: build_profiles(run))}


def second_night(work: Path, n_customers: int) -> float:
    """Publish a release in which one customer in a hundred bought three lines; return the seconds."""
    first = LINES_EACH * n_customers
    with kp.Warehouse(work).run("bench", AS_OF, recorded_at=moment(2)) as run:
        bought(run, "later", n_customers, lines=range(first, first + n_customers * 3 // 100))
        return timed(lambda: build_profiles(run))


def moment(night: int) -> datetime:
    """Return when a night's run was recorded."""
    return datetime(AS_OF.year, AS_OF.month, 28 + night, 3, tzinfo=UTC)


def timed(action: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    start = perf_counter()
    action()
    return perf_counter() - start


def measure(n_customers: int) -> list[Row]:
    """Return the rows of one size, measured in this process."""
    size, n_lines = f"{n_customers:>9,} customers", f"{n_customers * LINES_EACH:>10,} lines"
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory, "klanten")
        first = first_night(work, n_customers)
        later = second_night(work, n_customers)
        with kp.open_release(work) as release:
            read = timed(lambda: release.profiles(as_of=BEFORE).to_arrow())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return [
        at_most(2, f"{n_lines}: RFM / one bare query", first["summed up"] / first["bare"], "times"),
        Row(f"{n_lines}: RFM, kept by the day", round(first["summed up"], 2), "s"),
        Row(f"{n_lines}: one bare query", round(first["bare"], 2), "s"),
        Row(f"{size}: profiles built", round(first["built"], 1), "s"),
        Row(f"{size}: built again, 1% bought", round(later, 1), "s"),
        Row(f"{size}: the same / built", round(later / first["built"], 2), "times"),
        Row(f"{size}: read as of half a year ago", round(read, 1), "s"),
        Row(f"{size}: peak of all this", peak, "MB"),
    ]


def main(*asked: str) -> None:
    """Measure each size in a process of its own; print and write."""
    if asked:
        print(json.dumps([list(vars(row).values()) for row in measure(int(asked[0]))]))
        return
    rows = []
    for size in SIZES:
        command = [sys.executable, "-m", "benchmarks.profiles", str(size)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  our own
        rows += [Row(*values) for values in json.loads(done.stdout)]
    report("profiles", rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
