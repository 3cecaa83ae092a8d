"""How long the first second takes: importing klantprofiel beside importing duckdb, and `klantprofiel --help`.

Each number is the median of nine fresh processes, after one that warms the disk cache. The table is printed,
and written as JSON to build/bench/startup.json.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from benchmarks.report import Row, at_most, report

ROUNDS: Final = 9


def import_ms(module: str, *, rounds: int = ROUNDS) -> float:
    """Return the milliseconds that `import module` takes in a fresh process, its start not counted."""
    script = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    command = [sys.executable, "-c", script]
    runs = [subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(rounds + 1)]  # noqa: S603
    return 1000 * median(float(run.stdout) for run in runs[1:])


def command_ms(*arguments: str) -> float:
    """Return the milliseconds that one command takes as a user sees it, its start counted."""
    command = [str(Path(sys.executable).with_name("klantprofiel")), *arguments]
    seconds = []
    for _ in range(ROUNDS + 1):
        start = perf_counter()
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        seconds.append(perf_counter() - start)
    return 1000 * median(seconds[1:])


def main() -> None:
    """Measure, print and write."""
    ours, duckdb = import_ms("klantprofiel"), import_ms("duckdb")
    rows = [
        Row("import klantprofiel", round(ours, 1), "ms"),
        Row("import duckdb", round(duckdb, 1), "ms"),
        at_most(1.5, "import klantprofiel / import duckdb", ours / duckdb, "times"),
        at_most(300, "klantprofiel --help", command_ms("--help"), "ms"),
    ]
    report("startup", rows)


if __name__ == "__main__":
    main()
