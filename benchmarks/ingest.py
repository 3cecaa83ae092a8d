"""Taking in a CSV file of order lines, beside the least that a typed copy costs and beside two other ways.

Two sizes, 100,000 and 1,000,000 lines of twelve columns; `benchmarks.contenders` tells what each way does.
Every measurement has a process of its own and is the best of three there. The floor is measured just before
and just after ours, and the faster one counts. It needs a quiet machine: beside other work, differences such
as the cost of the gate mean nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.order_lines import write
from benchmarks.report import Row, at_most, report
from benchmarks.startup import import_ms

SMALL: Final = 100_000
LARGE: Final = 1_000_000
FLOOR_TIMES: Final = 3
GATE_SECONDS_PER_MILLION: Final = 2
WAYS: Final = {
    "floor": "typed copy by DuckDB (the floor)",
    "split": "ingest + split",
    "published": "whole run, published, no gate",
    "gated": "whole run, judged by Great Expectations",
    "pandera": "pandas + pandera",
    "great_expectations": "pandas + Great Expectations",
}


@dataclass(frozen=True)
class Measured:
    """What one contender needed for one file."""

    seconds: float
    peak_mb: float
    n_good: int


def measure(contender: str, file: Path) -> Measured:
    """Return what a contender needs, from a fresh process."""
    command = [sys.executable, "-m", "benchmarks.contenders", contender, str(file)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603  our own module
    return Measured(**json.loads(done.stdout))


def measure_all(n_lines: int, work: Path) -> dict[str, Measured]:
    """Return what each contender needs for a file of so many lines."""
    file = work / f"{n_lines}.csv"
    write(file, n_lines)
    floors, split = [measure("floor", file)], measure("split", file)
    floors.append(measure("floor", file))
    found = {"floor": min(floors, key=lambda floor: floor.seconds), "split": split}
    return found | {contender: measure(contender, file) for contender in WAYS if contender not in found}


def rows_of(n_lines: int, found: dict[str, Measured]) -> list[Row]:
    """Return the rows about one size."""
    size = f"{n_lines:>9,}"
    times = found["split"].seconds / found["floor"].seconds
    rows = [at_most(FLOOR_TIMES, f"{size} lines: ingest + split / the floor", times, "times")]
    for contender, way in WAYS.items():
        rows += [
            Row(f"{size} lines: {way}", round(found[contender].seconds, 2), "s"),
            Row(f"{size} lines: {way}, peak", round(found[contender].peak_mb), "MB"),
            Row(f"{size} lines: {way}, good", found[contender].n_good, "lines"),
        ]
    return rows


def main() -> None:
    """Measure at both sizes, print and write."""
    with tempfile.TemporaryDirectory() as directory:
        small, large = (measure_all(n_lines, Path(directory)) for n_lines in (SMALL, LARGE))
    gate = {
        size: found["gated"].seconds - found["published"].seconds
        for size, found in ((SMALL, small), (LARGE, large))
    }
    per_million = (gate[LARGE] - gate[SMALL]) / (LARGE - SMALL) * 1_000_000
    more = {way: large[way].seconds - small[way].seconds for way in ("split", "floor")}
    growth = large["split"].seconds / small["split"].seconds
    rows = [
        *rows_of(SMALL, small),
        *rows_of(LARGE, large),
        at_most(
            FLOOR_TIMES, "ingest + split / the floor, further lines", more["split"] / more["floor"], "times"
        ),
        Row("ingest + split, growth at ten times the lines", round(growth, 1), "times"),
        Row(f"{SMALL:>9,} lines: the gate", round(gate[SMALL], 2), "s"),
        at_most(GATE_SECONDS_PER_MILLION, "the gate, for every million lines more", per_million, "s"),
        Row(
            "import great_expectations, once per process",
            round(import_ms("great_expectations", rounds=3) / 1000, 1),
            "s",
        ),
    ]
    report("ingest", rows)


if __name__ == "__main__":
    main()
