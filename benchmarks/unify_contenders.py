"""Ways to find out which records are one person, each in a process of its own: seconds and peak memory.

`python -m benchmarks.unify_contenders ours WORK` links what `prepare` left in the directory WORK, and prints
seconds and peak_mb. The process that is measured links and does nothing else: landing and judging are over.

| step | what it does |
| --- | --- |
| prepare | lands and judges a data set in WORK/klanten; writes what was delivered and the truth as Parquet |
| prepare_many | the same for so many generated records, of which the last stay behind |
| prepare_later | lands and judges those too |
| ours | `unify`: standard values, exact keys, pairs, guard, stable ids, golden record, provenance |
| splink | plain Splink on `identity.link_records`, which `ours` left behind |
| goldenmatch | goldenmatch in its default, on the columns as they were delivered |
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

import duckdb
from benchmarks import unify_goldenmatch, unify_scale, unify_splink
from benchmarks.unify_data import AS_OF, read
from benchmarks.unify_environments import install
from benchmarks.unify_goldenmatch import peak_mb

import klantprofiel as kp
from klantprofiel.unification.quality import LinkageQuality, linkage_quality

if TYPE_CHECKING:
    from collections.abc import Callable

    from klantprofiel.warehouse import Run

LONGEST: Final = 600  # seconds that a contender may take
DELIVERED: Final = (
    "given_name",
    "initials",
    "surname_prefix",
    "surname",
    "sex",
    "birth_date",
    "email",
    "phone",
    "loyalty_number",
    "street",
    "house_number",
    "house_number_addition",
    "postal_code",
    "place",
)


@dataclass(frozen=True)
class Measured:
    """What one contender needed."""

    seconds: float
    peak_mb: float


def measure(step: str, *arguments: object) -> Measured:
    """Return what a step needs, from a fresh process."""
    command = [sys.executable, "-m", "benchmarks.unify_contenders", step, *map(str, arguments)]
    return _measured(command)


def measure_goldenmatch(work: Path) -> Measured:
    """Return what goldenmatch needs, from a fresh process of its own Python."""
    python = install("goldenmatch", unify_goldenmatch.VERSION)
    files = (work / "delivered.parquet", work / "goldenmatch.parquet")
    return _measured([str(python), unify_goldenmatch.__file__, *map(str, files)], home=work)


def _measured(command: list[str], home: Path | None = None) -> Measured:
    environment = None if home is None else {"PATH": "", "HOME": str(home)}  # it keeps a memory in its home
    try:
        done = subprocess.run(  # noqa: S603  our own modules
            command, capture_output=True, text=True, check=True, env=environment, timeout=LONGEST
        )
    except subprocess.CalledProcessError as error:
        sys.stderr.write(error.stderr)
        raise
    return Measured(**json.loads(done.stdout))


def judged(contender: str, work: Path) -> LinkageQuality:
    """Compare what a contender found with the truth, over the records that `prepare` let through."""
    with duckdb.connect() as connection:
        both = connection.sql(
            "select found.cluster, truth.person from read_parquet($found) as found "
            "inner join read_parquet($truth) as truth using (record_id) order by record_id",
            params={
                name: str(work / f"{file}.parquet")
                for name, file in (("found", contender), ("truth", "truth"))
            },
        ).to_arrow_table()
    return linkage_quality(both["cluster"].to_numpy(), both["person"].to_numpy())


def prepare(work: Path, name: str) -> float:
    """Land and judge a data set, and return the seconds it took."""
    data = read(name, work / "demo")
    start = perf_counter()
    with warehouse(work).run("bench", as_of=data.as_of) as run:
        data.take_in(run)
        seconds = perf_counter() - start
        columns = [column for column in DELIVERED if _is_filled(run, column)]
        delivered = run.arrow(
            f"select record_id, {', '.join(f'cast({column} as varchar) as {column}' for column in columns)} "
            "from identity.customers order by record_id"
        )
    _write(delivered, work / "delivered.parquet")
    _write(data.truth, work / "truth.parquet")
    return seconds


def prepare_many(work: Path, n_records: str) -> float:
    """Land and judge so many generated records, and return the seconds it took."""
    unify_scale.write(work, int(n_records))
    return _take_in(work, "first")


def prepare_later(work: Path) -> float:
    """Land and judge the records that were held back, and return the seconds it took."""
    return _take_in(work, "later")


def ours(work: Path) -> float:
    """Unify what was prepared, and return the seconds it took; it is written down after the clock stopped."""
    with warehouse(work).run("bench", as_of=AS_OF) as run:
        start = perf_counter()
        kp.unify(run)
        seconds = perf_counter() - start
        MEMORY.append(peak_mb())
        found = run.arrow(
            "select record_id, customer_id as cluster from identity.customer_records order by record_id"
        )
        features = run.arrow("select * from identity.link_records order by record_id")
    _write(found, work / "ours.parquet")
    _write(features, work / "features.parquet")
    return seconds


def splink(work: Path) -> float:
    """Link what was prepared with plain Splink, and return the seconds it took."""
    return unify_splink.link(work / "features.parquet", work / "splink.parquet")


def warehouse(work: Path) -> kp.Warehouse:
    """Return the warehouse of one data set."""
    return kp.Warehouse(work / "klanten")


MEMORY: Final[list[float]] = []  # the peak when the clock stopped, where a step goes on after it
TAKEN: Final = (prepare, prepare_many, prepare_later, ours, splink)
STEPS: Final[dict[str, Callable[..., float]]] = {step.__name__: step for step in TAKEN}


def main(step: str, work: str, *arguments: str) -> None:
    """Take one step, and print the seconds and the peak memory of this process."""
    sys.stdout, told = sys.stderr, sys.stdout
    with patch("klantprofiel.validation.door.start_gate", return_value=None):  # another benchmark's subject
        seconds = STEPS[step](Path(work), *arguments)
    peak = MEMORY[0] if MEMORY else peak_mb()
    told.write(json.dumps({"seconds": seconds, "peak_mb": peak}))


def _take_in(work: Path, part: str) -> float:
    start = perf_counter()
    with warehouse(work).run("bench", as_of=AS_OF) as run:
        kp.ingest(run, unify_scale.deliveries(work, part))
        kp.validate(run)
        return perf_counter() - start


def _is_filled(run: Run, column: str) -> bool:
    return bool(run.rows(f"select count({column}) > 0 from identity.customers")[0][0])


def _write(frame: object, path: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415  costly, and only here

    pq.write_table(frame, path)


if __name__ == "__main__":
    main(*sys.argv[1:])
