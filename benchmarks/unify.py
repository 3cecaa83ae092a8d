"""One person, one customer: how often that is right, beside plain Splink and goldenmatch, and what it costs.

Right: of each data set in `benchmarks.unify_data`, pairs and B-cubed over the closure of what was put
together. One frozen default serves them all. Plain Splink gets the standard values that ours made, so that it
differs in the linking alone; goldenmatch reads what was delivered, in its default. Of two data sets all pairs
are compared on Spark besides, by what every engine computes alike.

Cost: seconds and peak memory of `unify`, guard, golden record and provenance included, beside plain Splink on
the same features, at 200,000 and a million records; and of a run in which one record in a hundred is new.
Every measurement has a process of its own, in which nothing is landed or judged. It needs a quiet machine.

`python -m benchmarks.unify febrl3 demo` measures these data sets alone, `python -m benchmarks.unify 200000`
that size.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.report import Row, at_most, report
from benchmarks.unify_contenders import judged, measure, measure_goldenmatch
from benchmarks.unify_data import SHARED, missing_files
from benchmarks.unify_environments import NotThereError
from benchmarks.unify_spark import measure_portable

if TYPE_CHECKING:
    from benchmarks.unify_contenders import Measured

    from klantprofiel.unification.quality import LinkageQuality

LEAST_F1: Final = {"febrl3": 0.999, "febrl4": 0.999, "fake_20000": 0.9, "pseudopeople": 0.98, "demo": 0.98}
LEAST_PRECISION: Final = {"demo": 0.995}
ON_SPARK: Final = ("febrl3", "demo")  # together they have every kind of column; Spark is slow to begin
MOST_BITS: Final = 1e-9
SIZES: Final = (200_000, 1_000_000)
MOST_TIMES: Final = 1.25  # what plain Splink needs, in seconds and in memory
MOST_OF_FULL: Final = 0.1  # of a full run's seconds, for one new record in a hundred


def compare(name: str) -> list[Row]:
    """Return the rows of one data set."""
    if missing := missing_files(name):
        return [Row(f"{name}: left out, {missing[0].name} is not in {SHARED}", 0, "")]
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        measure("prepare", work, name)
        needed = {contender: measure(contender, work) for contender in ("ours", "splink")}
        try:
            needed["goldenmatch"] = measure_goldenmatch(work)
            left_out = []
        except (NotThereError, subprocess.SubprocessError) as error:
            left_out = [Row(f"{name}: goldenmatch left out, {_reason(error)}", 0, "")]
        found = {contender: judged(contender, work) for contender in needed}
        on_spark = _on_spark(name, work) if name in ON_SPARK else []
    ours, splink = found["ours"], found["splink"]
    rows = [
        _at_least(LEAST_F1[name], f"{name}: F1", ours.f1 or 0),
        _at_least(LEAST_PRECISION.get(name), f"{name}: precision", ours.precision or 0),
        Row(f"{name}: recall", round(ours.recall or 0, 4), "share"),
        Row(f"{name}: B-cubed F1", round(ours.b_cubed_f1, 4), "share"),
        _at_least(0, f"{name}: F1 above plain Splink's", (ours.f1 or 0) - (splink.f1 or 0)),
        *_needs(f"{name}: ours", needed.pop("ours")),
    ]
    for contender, measured in needed.items():
        rows += [
            *_shares(f"{name}: {contender}", found[contender]),
            *_needs(f"{name}: {contender}", measured),
        ]
    return [*rows, *on_spark, *left_out]


def _on_spark(name: str, work: Path) -> list[Row]:
    """Return the rows of what the portable comparisons of a data set come to on another engine."""
    try:
        found = measure_portable(work)
    except (NotThereError, subprocess.SubprocessError) as error:
        return [Row(f"{name}: Spark left out, {_reason(error)}", 0, "")]
    holds = found.most_bits <= MOST_BITS
    return [
        Row(f"{name}: pairs compared on Spark", found.n_pairs, "pairs"),
        at_most(0, f"{name}: with other levels than in DuckDB", found.n_other, "pairs"),
        Row(f"{name}: most that a score differs", found.most_bits, "bits", f"at most {MOST_BITS:g}", holds),
    ]


def weigh(n_records: int) -> list[Row]:
    """Return the rows of one size."""
    size = f"{n_records:>9,} records"
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        measure("prepare_many", work, n_records)
        ours, splink = measure("ours", work), measure("splink", work)
        found = {contender: judged(contender, work) for contender in ("ours", "splink")}
        measure("prepare_later", work)
        later = measure("ours", work)
    return [
        at_most(MOST_TIMES, f"{size}: seconds / plain Splink's", ours.seconds / splink.seconds, "times"),
        at_most(MOST_TIMES, f"{size}: memory / plain Splink's", ours.peak_mb / splink.peak_mb, "times"),
        at_most(MOST_OF_FULL, f"{size}: 1% new / a full run", later.seconds / ours.seconds, "times"),
        *_needs(f"{size}: ours", ours),
        *_needs(f"{size}: splink", splink),
        *_needs(f"{size}: ours, 1% new", later),
        *(row for contender in found for row in _shares(f"{size}: {contender}", found[contender])),
    ]


def main(*asked: str) -> None:
    """Measure what was asked, by default everything; print and write."""
    names = [name for name in LEAST_F1 if not asked or name in asked]
    sizes = [size for size in SIZES if not asked or str(size) in asked]
    rows = [row for name in names for row in compare(name)]
    report("unify", [*rows, *(row for size in sizes for row in weigh(size))])


def _at_least(limit: float | None, name: str, value: float) -> Row:
    if limit is None:
        return Row(name, round(value, 4), "share")
    return Row(name, round(value, 4), "share", f"at least {limit:g}", value >= limit)


def _shares(name: str, found: LinkageQuality) -> list[Row]:
    shares = {
        "F1": found.f1,
        "precision": found.precision,
        "recall": found.recall,
        "B-cubed F1": found.b_cubed_f1,
    }
    return [Row(f"{name}, {share}", round(value or 0, 4), "share") for share, value in shares.items()]


def _needs(name: str, needed: Measured) -> list[Row]:
    return [
        Row(f"{name}, seconds", round(needed.seconds, 2), "s"),
        Row(f"{name}, peak", round(needed.peak_mb), "MB"),
    ]


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.TimeoutExpired):
        return f"it took more than {error.timeout:.0f} s"
    return "it stopped with an error" if isinstance(error, subprocess.SubprocessError) else str(error)


if __name__ == "__main__":
    main(*sys.argv[1:])
