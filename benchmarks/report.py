"""What every benchmark ends with: a table on the screen, and the same rows as JSON in build/bench."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

RESULTS: Final = Path(__file__).parents[1] / "build" / "bench"


@dataclass(frozen=True)
class Row:
    """One measured number; `holds` is None where nothing was aimed at."""

    name: str
    value: float
    unit: str
    aim: str | None = None
    holds: bool | None = None


def at_most(limit: float, name: str, value: float, unit: str) -> Row:
    """Return a row that holds when its value is at most `limit`."""
    return Row(name, round(value, 3), unit, f"at most {limit:g}", value <= limit)


def at_least(limit: float, name: str, value: float, unit: str) -> Row:
    """Return a row that holds when its value is at least `limit`."""
    return Row(name, round(value, 3), unit, f"at least {limit:g}", value >= limit)


def report(name: str, rows: Sequence[Row]) -> None:
    """Print the rows and write them to build/bench/<name>.json; a missed aim is told, and stops nothing."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    written = json.dumps([asdict(row) for row in rows], indent=2)
    (RESULTS / f"{name}.json").write_text(written + "\n", encoding="utf-8")
    verdicts = {None: "", True: "holds", False: "MISSED"}
    for row in rows:
        print(f"{row.name:52} {row.value:>10} {row.unit:6} {row.aim or '':12} {verdicts[row.holds]}")
