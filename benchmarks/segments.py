"""Are the segments that are there found, how many, and on real customers: ours beside five peers.

Customers are made up with known segments in eleven scenarios, and without in three (`segments_data`). The
number of segments is given: adjusted Rand index against the truth, mean over seeds. Ours was tuned on other
seeds than are reported; both are told. The peers k-prototypes and StepMix are slow: peers are asked on fewer
seeds, and the aims beside them count on those. Then "auto" says how many segments there are. Then come real
customers (`segments_real`) and sizes (`segments_scale`). In all 25 minutes on two cores that do nothing else.

`python -m benchmarks.segments given auto real scale` does those parts alone.
"""

from __future__ import annotations

import sys
from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np
from benchmarks.report import Row, at_least, report
from benchmarks.segments_data import FIRST_EIGHT, NEXT_THREE, WITHOUT
from benchmarks.segments_engines import THEIRS
from benchmarks.segments_real import campaign_rows, mcdonalds_rows
from benchmarks.segments_runs import OURS, WITH_SEGMENTS, agreement, agreement_elsewhere, first, mean, n_found
from benchmarks.segments_scale import SIZES, rows_of

if TYPE_CHECKING:
    from benchmarks.segments_runs import Found

TUNING: Final = range(10)
REPORTING: Final = range(1_000, 1_010)
N_BESIDE: Final = 5  # seeds on which the peers are asked
N_AUTO: Final = 5  # seeds per scenario with segments for which "auto" is asked
LEAST_MEAN: Final = 0.85
LEAST_EACH: Final = 0.75
LEAST_ONE: Final = 9  # of ten customers without segments, one segment is the answer in so many
LEAST_CLOSE: Final = 0.80


def given() -> list[Row]:
    """Return the rows of engines that are told the number of segments."""
    tuned, reported = agreement(OURS, TUNING), agreement(OURS, REPORTING)
    theirs = agreement(THEIRS, REPORTING[:N_BESIDE])
    elsewhere, left_out = agreement_elsewhere(REPORTING[:N_BESIDE])
    return [
        *_aims("reporting", reported),
        *_aims("tuning", tuned),
        *_ours(reported),
        *_beside(first(reported, N_BESIDE) | theirs | elsewhere),
        *(Row(f"{engine} left out: {reason}", 0, "") for engine, reason in left_out.items()),
    ]


def auto() -> list[Row]:
    """Return the rows of how many segments the default says there are."""
    without = list(product(WITHOUT, REPORTING))
    within = list(product(WITH_SEGMENTS, REPORTING[:N_AUTO]))
    found = dict(zip([*without, *within], n_found([*without, *within]), strict=True))
    rows = [
        at_least(
            LEAST_ONE,
            f"auto, {scenario}: one segment",
            sum(found[scenario, seed][0] == 1 for seed in REPORTING),
            f"of {len(REPORTING)}",
        )
        for scenario in WITHOUT
    ]
    off = {task: abs(found[task][0] - found[task][1]) for task in within}
    close = float(np.mean([n <= 1 for n in off.values()]))
    rows.append(at_least(LEAST_CLOSE, "auto, with segments: at most one off", close, "share"))
    for scenario in WITH_SEGMENTS:
        told = [off[scenario, seed] for seed in REPORTING[:N_AUTO]]
        rows.append(Row(f"auto, {scenario}: off by", round(float(np.mean(told)), 2), "segments"))
    return rows


def real() -> list[Row]:
    """Return the rows about real customers."""
    return [*mcdonalds_rows(), *campaign_rows()]


def scale() -> list[Row]:
    """Return the rows about many customers."""
    return [row for size in SIZES for row in rows_of(size)]


PARTS: Final = {"given": given, "auto": auto, "real": real, "scale": scale}


def main(*asked: str) -> None:
    """Measure what was asked, by default everything; print and write."""
    report("segments", [row for name, part in PARTS.items() if not asked or name in asked for row in part()])


def _aims(seeds: str, found: Found) -> list[Row]:
    """Return the rows of the default over the first eight scenarios, and of each of them."""
    means = {scenario: mean(found, "mixture", scenario) for scenario in FIRST_EIGHT}
    return [
        at_least(LEAST_MEAN, f"{seeds}: mixture, the first eight", float(np.mean([*means.values()])), "ARI"),
        *(at_least(LEAST_EACH, f"{seeds}: mixture, {name}", value, "ARI") for name, value in means.items()),
    ]


def _ours(found: Found) -> list[Row]:
    """Return the rows of the default in the other scenarios, and of k-means in all."""
    rows = [Row(f"reporting: mixture, {s}", round(mean(found, "mixture", s), 3), "ARI") for s in NEXT_THREE]
    rest = [
        Row(f"reporting: k-means, {s}", round(mean(found, "k-means", s), 3), "ARI") for s in WITH_SEGMENTS
    ]
    return rows + rest


def _beside(found: Found) -> list[Row]:
    """Return the rows of all engines on the same seeds, and how far the default is above the best peer."""
    rows = []
    for scenario in WITH_SEGMENTS:
        means = {engine: mean(found, engine, scenario) for engine in found}
        best = max(value for engine, value in means.items() if engine not in OURS)
        above = means["mixture"] - best
        name = f"beside: {scenario}, above the best peer"
        rows.append(
            at_least(0, name, above, "ARI") if scenario in NEXT_THREE else Row(name, round(above, 3), "ARI")
        )
        rows += [
            Row(f"beside: {scenario}, {engine}", round(value, 3), "ARI") for engine, value in means.items()
        ]
    return rows


if __name__ == "__main__":
    main(*sys.argv[1:])
