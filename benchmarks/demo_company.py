"""How long it takes to make the fictional company's three years, and to write them, at two sizes.

Each size is made in a process of its own: the first with a year of daily deliveries, as it is by default;
the larger one also with three days, which is what other benchmarks read. Counted are all files under
leveringen/ and waarheid/, and the peak memory of the process.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from time import perf_counter
from typing import Final

from benchmarks.report import Row, at_most, report

SIZES: Final = ((100_000, 365), (1_000_000, 3), (1_000_000, 365))  # customers, and days of daily deliveries
MOST_SECONDS: Final = 120
MOST_GB: Final = 6


def make(customers: int, days: int) -> dict[str, float]:
    """Make the deliveries in this process, and return what that took."""
    from klantprofiel.demo import generate  # noqa: PLC0415 - in the process that is measured

    with tempfile.TemporaryDirectory() as directory:
        start = perf_counter()
        generated = generate(directory, customers=customers, days=days)
        seconds = perf_counter() - start
    lines = ("kassabonnen.csv", "webbestellingen.parquet")
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds": seconds,
        "records": generated.n_records,
        "lines": sum(file.n_records for file in generated.files if file.source in lines),
        "files": len(generated.files),
        "peak_gb": peak_kb * 1024 / 1e9,
    }


def measure(customers: int, days: int) -> list[Row]:
    """Return the rows for one size, made in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.demo_company", str(customers), str(days)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    found: dict[str, float] = json.loads(done.stdout)
    size = f"{customers:>9,} customers, {days:>3} days"
    return [
        at_most(MOST_SECONDS, f"{size}: made and written", found["seconds"], "s"),
        Row(f"{size}: order lines", found["lines"], "rows"),
        Row(f"{size}: records of all files", found["records"], "rows"),
        Row(f"{size}: files", found["files"], "files"),
        Row(f"{size}: records per second", round(found["records"] / found["seconds"]), "rows/s"),
        at_most(MOST_GB, f"{size}: peak memory", found["peak_gb"], "GB"),
    ]


def main() -> None:
    """Measure at every size, print and write; with a size as arguments, only make that one."""
    if len(sys.argv) > 1:
        customers, days = map(int, sys.argv[1:])
        sys.stdout.write(json.dumps(make(customers, days)))
        return
    report("demo", [row for customers, days in SIZES for row in measure(customers, days)])


if __name__ == "__main__":
    main()
