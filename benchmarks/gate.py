"""How often the gate's expectations refuse what is wrong, and how often what is right.

Three companies at several sizes. After forty nights of history come thirty good ones; in every sixth, each
fault is planted in turn. A row per fault, company and size: the share that is refused by the expectation
meant for it; where a night holds few records, or no currency is told, not every one can be. And per company
and size the false alarms per 1,000 expectation-nights.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

from benchmarks.report import at_least, at_most, report
from tests.gate.companies import demo, journey, wholesaler
from tests.gate.sweep import sweep

import klantprofiel as kp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.report import Row
    from tests.gate.companies import Company

    from klantprofiel.warehouse import Run

N_BEFORE: Final = 40
N_NIGHTS: Final = 30
EVERY: Final = 6
CUSTOMERS: Final = 20_000
MOST_ALARMS: Final = 0.1  # per 1,000 expectation-nights: three in a year of a hundred expectations


def cases(work: Path) -> Iterator[tuple[str, Callable[[Run], Company]]]:
    """Yield every company and size."""
    for lines in (100, 400, 2_000):
        yield (
            f"wholesale {lines:,} lines",
            lambda run, lines=lines: wholesaler(  # type: ignore[misc]
                run, per_night=lines, n_nights=N_BEFORE + N_NIGHTS, seed=1
            ),
        )
    for one_in, lines in ((10, 400), (2, 2_000)):
        yield f"journey {lines:,} lines", lambda run, one_in=one_in: journey(run, one_in=one_in)  # type: ignore[misc]
    yield (
        f"demo {CUSTOMERS:,} customers",
        lambda run: demo(run, work / "demo", customers=CUSTOMERS, n_nights=N_BEFORE + N_NIGHTS),
    )


def main(only: str = "") -> None:
    """Sweep, print and write; `only` names a company."""
    rows = []
    with (
        patch("klantprofiel.validation.door.start_gate", return_value=None),  # the sweep asks them itself
        tempfile.TemporaryDirectory() as directory,
    ):
        work = Path(directory)
        for number, (name, make) in enumerate(cases(work)):
            if name.startswith(only):
                rows += _rows(name, make, kp.Warehouse(work / f"klanten-{number}"))
    report("gate", rows)


def _rows(name: str, make: Callable[[Run], Company], warehouse: kp.Warehouse) -> list[Row]:
    with warehouse.run("bench", as_of=date(2026, 9, 3)) as run:
        run.execute("attach ':memory:' as world")
        outcome = sweep(run, make(run), n_before=N_BEFORE, n_nights=N_NIGHTS, every=EVERY)
        run.execute("detach world")
    for alarm in outcome.alarms:
        print(f"{name}: false alarm {alarm}")
    rows = [
        at_least(1, f"{name}: {fault}", outcome.refused[fault] / n, "share")
        for fault, n in outcome.planted.items()
    ]
    alarms = 1_000 * len(outcome.alarms) / max(1, outcome.n_judged)
    return [*rows, at_most(MOST_ALARMS, f"{name}: false alarms", alarms, "/1,000")]


if __name__ == "__main__":
    main(*sys.argv[1:])
