"""goldenmatch in its default, in an environment of its own: `build/goldenmatch`, made when it is not there.

Run as a script by the Python of that environment, this file links the records of a Parquet file: it knows
nothing of this project, and imports goldenmatch alone.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
from pathlib import Path
from time import perf_counter
from typing import Any, Final

VERSION: Final = "3.22.0"
NOT_COMPARED: Final = ("record_id", "customer_id")


def link(features: Path, found: Path) -> float:
    """Link the records of a Parquet file and write record_id and cluster; return the seconds it took."""
    import pyarrow as pa  # noqa: PLC0415  that of the other environment
    import pyarrow.parquet as pq  # noqa: PLC0415  the same

    goldenmatch: Any = importlib.import_module("goldenmatch")  # it is in no other environment
    records = pq.read_table(features)
    start = perf_counter()
    result = goldenmatch.dedupe_df(records, exclude_columns=list(NOT_COMPARED))
    seconds = perf_counter() - start
    clusters = list(range(-len(records), 0))  # who is in no cluster is alone
    for cluster, told in result.clusters.items():
        for member in told["members"]:
            clusters[member] = cluster
    pq.write_table(pa.table({"record_id": records["record_id"], "cluster": clusters}), found)
    return seconds


def peak_mb() -> float:
    """Return the peak memory of this process; Linux gives who asks by `getrusage` also that of its parent."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2  # bytes, on macOS
    (line,) = (line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def main(features: str, found: str) -> None:
    """Link, and print the seconds and the peak memory of this process."""
    sys.stdout, told = sys.stderr, sys.stdout
    seconds = link(Path(features), Path(found))
    told.write(json.dumps({"seconds": seconds, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
