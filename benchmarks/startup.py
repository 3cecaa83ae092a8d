"""How long the first second takes: importing klantprofiel beside importing duckdb, and `klantprofiel --help`.

Each number is the median of nine fresh processes, after one that warms the disk cache. The table is printed,
and written as JSON to build/bench/startup.json.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

ROUNDS: Final = 9
RESULT: Final = Path(__file__).parents[1] / "build" / "bench" / "startup.json"


def import_ms(module: str) -> float:
    """Return the milliseconds that `import module` takes in a fresh process, its start not counted."""
    script = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    command = [sys.executable, "-c", script]
    runs = [subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(ROUNDS + 1)]  # noqa: S603
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


def measure() -> list[dict[str, object]]:
    """Return one row per number, with what it should be and whether it is."""
    ours, duckdb, start = import_ms("klantprofiel"), import_ms("duckdb"), command_ms("--help")
    ratio = ours / duckdb
    return [
        {"name": "import klantprofiel", "value": round(ours, 1), "unit": "ms", "aim": None, "holds": None},
        {"name": "import duckdb", "value": round(duckdb, 1), "unit": "ms", "aim": None, "holds": None},
        {
            "name": "import klantprofiel / import duckdb",
            "value": round(ratio, 3),
            "unit": "times",
            "aim": "at most 1.5",
            "holds": ratio <= 1.5,  # noqa: PLR2004 - the aim beside it
        },
        {
            "name": "klantprofiel --help",
            "value": round(start, 1),
            "unit": "ms",
            "aim": "at most 300",
            "holds": start <= 300,  # noqa: PLR2004 - the aim beside it
        },
    ]


def main() -> int:
    """Measure, print, write, and return 1 when an aim is missed."""
    rows = measure()
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    for row in rows:
        verdict = {None: "", True: "holds", False: "MISSED"}[row["holds"]]  # type: ignore[index]
        print(f"{row['name']:36} {row['value']:>8} {row['unit']:6} {row['aim'] or '':12} {verdict}")
    return int(any(row["holds"] is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
