"""What a warehouse promises while it is being written, and when a builder dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from datetime import date
from typing import TYPE_CHECKING

import pytest

from klantprofiel.warehouse import Warehouse, open_stored

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event
    from pathlib import Path

AS_OF = date(2026, 10, 1)
PAIR = """
import datetime, sys
from klantprofiel.warehouse import Statement, Warehouse, parse
select = "select {number} as number, range as id from range({rows})"
with Warehouse(sys.argv[1]).run("nightly", as_of=datetime.date(2026, 10, 1)) as run:
    for table in ("left_half", "right_half"):
        run.make(Statement.of(table=table, describes="d.", grain="One row per id.", select=parse(select)))
"""


def build(root: Path, number: int, rows: int = 20_000) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PAIR.format(number=number, rows=rows), str(root)])


def read_until(root: Path, stop: Event, seen: multiprocessing.Queue[tuple[set[int], float]]) -> None:
    numbers, slowest = set(), 0.0
    while not stop.is_set():
        started = time.perf_counter()
        with open_stored(root) as release:
            ((left, right),) = release.rows(
                "select (select max(number) || '/' || count(*) from left_half), "
                "(select max(number) || '/' || count(*) from right_half)"
            )
        slowest = max(slowest, time.perf_counter() - started)
        if left != right:
            seen.put(({-1}, slowest))
            return
        numbers.add(int(left.split("/")[0]))
    seen.put((numbers, slowest))


def test_readers_during_publications_are_never_blocked_or_torn(tmp_path: Path) -> None:
    root = tmp_path / "klanten"
    assert build(root, 0).wait() == 0
    context = multiprocessing.get_context("spawn")
    stop, seen = context.Event(), context.Queue()
    readers = [context.Process(target=read_until, args=(root, stop, seen)) for _ in range(2)]
    for reader in readers:
        reader.start()
    time.sleep(2)  # the readers have started to read
    for number in range(1, 6):
        assert build(root, number).wait() == 0
    stop.set()
    results = [seen.get(timeout=60) for _ in readers]
    for reader in readers:
        reader.join()

    for numbers, slowest in results:
        assert -1 not in numbers, "a reader saw one table of a release and another table of the next"
        assert len(numbers) > 1, "the readers saw only one release"
        assert slowest < 20, "a reader waited for a builder"


@pytest.mark.parametrize("fraction", [0.3, 0.6, 0.8, 0.9, 0.97])
def test_a_builder_killed_halfway_changes_nothing(tmp_path: Path, fraction: float) -> None:
    root = tmp_path / "klanten"
    started = time.monotonic()
    assert build(root, 1, rows=400_000).wait() == 0
    duration = time.monotonic() - started
    before = open_stored(root).digest()

    builder = build(root, 2, rows=400_000)
    time.sleep(duration * fraction)
    builder.send_signal(signal.SIGKILL)
    builder.wait()

    with open_stored(root) as release:
        assert release.digest() == before or release.rows("select max(number) from left_half") == [(2,)]
    assert build(root, 1, rows=400_000).wait() == 0
    assert open_stored(root).digest() == before
    assert [path.name for path in (root / "work").iterdir()] in ([], [f"spill-{os.getpid()}"])


def test_a_second_process_is_told_who_is_at_work(tmp_path: Path) -> None:
    root = tmp_path / "klanten"
    with Warehouse(root).run("slow", as_of=AS_OF):
        second = subprocess.run(
            [sys.executable, "-c", PAIR.format(number=1, rows=1), str(root)],
            capture_output=True,
            text=True,
            check=False,
        )
    assert "slow (process" in second.stderr
    assert "LockedError" in second.stderr
