"""Segments of many customers, a third of whose values are missing: seconds and peak memory.

`python -m benchmarks.segments_scale write FILE N` makes up N customers, `... mixture FILE` divides them in a
process that does nothing else. The clock runs from the Arrow table to the fitted segmenter, encoding
included, and again while everyone is assigned.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.report import Row, at_most
from benchmarks.segments_data import make
from benchmarks.segments_runs import OURS
from benchmarks.segments_variables import FOUR_BASES
from benchmarks.unify_goldenmatch import peak_mb
from sklearn.metrics import adjusted_rand_score

SEED: Final = 1_000
SIZES: Final = (100_000, 1_000_000)
MOST: Final = {"fit": 8.0, "score": 2.0, "peak": 1_500.0}  # for a million, on two cores
BASES: Final = {variable.name: variable.basis for variable in FOUR_BASES}


def rows_of(n_customers: int) -> list[Row]:
    """Return the rows of one size."""
    with tempfile.TemporaryDirectory() as directory:
        file = str(Path(directory) / "customers.parquet")
        _process("write", file, str(n_customers))
        found = {engine: _process(engine, file) for engine in OURS}
    rows = []
    for engine, told in found.items():
        name = f"{n_customers:>9,} customers: {engine}"
        limits = MOST if engine == "mixture" and n_customers == max(SIZES) else {}
        for what, unit in (("fit", "s"), ("score", "s"), ("peak", "MB")):
            limit = limits.get(what)
            row = Row(f"{name}, {what}", round(told[what], 2), unit)
            rows.append(row if limit is None else at_most(limit, row.name, told[what], unit))
        rows += [
            Row(f"{name}, fit, of both cores", round(told["cores"], 2), "CPU s"),
            Row(f"{name}, agreement", round(told["agreement"], 3), "ARI"),
        ]
    return rows


def _process(*arguments: str) -> dict[str, float]:
    """Return what a fresh process says."""
    command = [sys.executable, "-m", "benchmarks.segments_scale", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603  our own module
    told: dict[str, float] = json.loads(done.stdout)
    return told


def write(file: str, n_customers: str) -> dict[str, float]:
    """Make customers up and write them, with the truth as their last column."""
    customers = make("missing", SEED, int(n_customers))
    pq.write_table(customers.table.append_column("truth", pa.array(customers.truth)), file)
    return {"n_segments": customers.n_segments}


def divide(engine: str, file: str) -> dict[str, float]:
    """Divide customers, and return what it took."""
    table = pq.read_table(file, columns=list(BASES))
    truth = pq.read_table(file, columns=["truth"])["truth"].to_numpy()
    segmenter = OURS[engine](int(truth.max()) + 1, bases=BASES)
    start, begun = perf_counter(), process_time()
    segmenter.fit(table)
    fitted, cores = perf_counter(), process_time() - begun
    labels = segmenter.predict(table)
    scored = perf_counter()
    return {
        "fit": fitted - start,
        "cores": cores,
        "score": scored - fitted,
        "peak": peak_mb(),
        "agreement": float(adjusted_rand_score(truth, labels)),
    }


def main(step: str, file: str, *rest: str) -> None:
    """Write or divide, and print what it took as JSON."""
    told = write(file, *rest) if step == "write" else divide(step, file)
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
