"""What a file does to the process that reads it stays there, and ends with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

import pytest

from klantprofiel.errors import DeliveryError, KlantprofielError
from klantprofiel.ingestion.contract import Contract
from klantprofiel.ingestion.process import child as children
from klantprofiel.ingestion.process import limits, readers
from klantprofiel.ingestion.process.child import Child
from klantprofiel.ingestion.process.limits import Limits
from klantprofiel.ingestion.process.readers import Readers
from klantprofiel.ingestion.reading import Reading, Task
from klantprofiel.ingestion.writer import Aside
from tests.unit.ingestion.visits import Visits, csv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

ENOUGH = Limits(memory_bytes=1 << 30, seconds=60, written_bytes=1 << 30)


@pytest.fixture(autouse=True)
def _processes_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have each process start and end here, where other tests take over one from the test before."""
    monkeypatch.setattr(readers, "Child", Child)


def task(directory: Path, name: str = "bezoeken.csv") -> Task:
    return Task(name, Contract.of(Visits), Aside(directory, "visits"), {"table": "visits"})


def read(child: Child, path: Path, most: Limits = ENOUGH) -> Reading:
    return child.read(path, task(path.parent), most, lambda _: None)


def children_of(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(number) for number in found.split()]


def lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").split(") ")[1][0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition: Callable[[], object]) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("waited half a minute")


def server_of(child: Child) -> int:
    process = child._process  # noqa: SLF001  what the test is about
    assert process is not None
    return process.pid


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child() as started:
        yield started


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "goed.csv"
    path.write_text(csv("a;10;01-09-2026", "b;3"), encoding="utf-8")
    return path


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """Return a file that never gives a byte."""
    path = tmp_path / "eindeloos.csv"
    os.mkfifo(path)
    return path


def test_a_reading_tells_what_stands_aside(child: Child, good: Path, tmp_path: Path) -> None:
    seen: list[int] = []
    told = child.read(good, task(tmp_path), ENOUGH, seen.append)
    assert told == Reading(2, 1, (), frozenset())
    assert seen[-1] >= good.stat().st_size
    assert Aside(tmp_path, "visits").records.stat().st_mode & 0o777 == 0o600


def test_a_file_that_never_ends_is_given_up_and_the_next_is_read(
    child: Child, endless: Path, good: Path
) -> None:
    with pytest.raises(DeliveryError, match=r"bezoeken\.csv takes longer than 1 seconds"):
        read(child, endless, Limits(1 << 30, 0.7, 1 << 30))
    assert read(child, good).n_records == 2


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV])
def test_a_reader_that_dies_is_told_by_its_signal(
    child: Child, endless: Path, good: Path, number: signal.Signals
) -> None:
    read(child, good)  # so that it is ready
    server = server_of(child)

    def kill() -> None:
        wait_for(lambda: children_of(server))
        os.kill(children_of(server)[0], number)

    timer = Timer(0, kill)
    timer.start()
    with pytest.raises(DeliveryError, match=f"its reader \\({number.name}\\) broke off while bezoeken"):
        read(child, endless)
    timer.join()
    assert server_of(child) == server
    assert read(child, good).n_records == 2


def test_a_process_that_dies_is_started_again(child: Child, endless: Path, good: Path) -> None:
    read(child, good)
    server = server_of(child)
    timer = Timer(0.2, os.killpg, (server, signal.SIGKILL))
    timer.start()
    with pytest.raises(DeliveryError, match="the process that reads files broke off while bezoeken"):
        read(child, endless)
    timer.join()
    assert read(child, good).n_records == 2
    os.kill(server_of(child), signal.SIGKILL)
    wait_for(lambda: not lives(server_of(child)))
    assert read(child, good).n_records == 2


def test_a_file_that_needs_too_much_memory_is_refused_in_words(
    child: Child, good: Path, tmp_path: Path
) -> None:
    path = tmp_path / "groot.csv"
    path.write_bytes(b"bezoek;duur;dag\n" + b"x" * (48 << 20))
    with pytest.raises(DeliveryError, match=r"150 MB of memory"):
        read(child, path, Limits(150 << 20, 60, 1 << 30))
    assert read(child, good).n_records == 2


def test_what_fills_the_disk_is_refused_in_words(child: Child, good: Path) -> None:
    with pytest.raises(DeliveryError, match="take more than 0 MB, compressed"):
        read(child, good, Limits(1 << 30, 60, 10))
    assert read(child, good).n_records == 2


def test_a_disk_that_refuses_is_no_fault_of_the_file(child: Child, good: Path, tmp_path: Path) -> None:
    elsewhere = Task("f", Contract.of(Visits), Aside(tmp_path / "weg", "visits"), {})
    with pytest.raises(FileNotFoundError):
        child.read(good, elsewhere, ENOUGH, lambda _: None)


def test_a_file_that_vanishes_is_told(child: Child, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"bezoeken\.csv cannot be read: No such file"):
        read(child, tmp_path / "weg.csv")


def test_an_error_of_ours_arrives_as_it_was_raised(child: Child, tmp_path: Path) -> None:
    (tmp_path / "leeg.csv").touch()
    with pytest.raises(DeliveryError, match=r"bezoeken\.csv is empty") as caught:
        read(child, tmp_path / "leeg.csv")
    assert caught.value.expected == "a header line with the columns of visits"


def test_a_failure_of_ours_shows_a_place_and_no_value(child: Child, good: Path, tmp_path: Path) -> None:
    wrong = Task("f", Contract("visits", (), None), Aside(tmp_path, "visits"), {})  # type: ignore[arg-type]
    with pytest.raises(DeliveryError, match=r"of f failed \([A-Za-z]+Error in [a-z_]+\.py, line \d+\)"):
        child.read(good, wrong, ENOUGH, lambda _: None)


@pytest.mark.parametrize("answer", [{"done": {"n_records": -1}}, {"done": 3}, {"refused": []}, {}])
def test_an_answer_that_is_none_is_not_believed(answer: dict[str, object]) -> None:
    with pytest.raises(DeliveryError, match="broke off while f was read"):
        children._outcome({**answer, "ended": "exit code 0"}, "f", ENOUGH)  # noqa: SLF001


def test_a_python_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch, good: Path) -> None:
    script = good.with_name("stuk.py")
    script.write_text("raise ModuleNotFoundError('pyarrow')", encoding="utf-8")
    monkeypatch.setattr(children, "SCRIPT", script)
    with Child() as broken, pytest.raises(KlantprofielError, match="not start: ModuleNotFoundError: pyarrow"):
        read(broken, good)


def test_secrets_of_the_environment_stay_here(monkeypatch: pytest.MonkeyPatch, good: Path) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "geheim")
    with Child() as started:
        read(started, good)
        assert b"geheim" not in Path(f"/proc/{server_of(started)}/environ").read_bytes()


def test_one_thread_runs_when_it_forks(child: Child, good: Path) -> None:
    read(child, good)
    assert len(list(Path(f"/proc/{server_of(child)}/task").iterdir())) == 1


def test_nothing_is_left_at_the_end_however_it_ends(endless: Path, good: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir())), children_of(os.getpid())
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt), Readers(20) as reading:  # noqa: PT012  the end is the point
        assert reading.read(good, task(good.parent), 10, lambda _: None).result().n_records == 2
        for _ in range(5):
            reading.read(endless, task(good.parent), 10, lambda _: None)
        servers = [process for process in children_of(os.getpid()) if process not in before[1]]
        wait_for(lambda: all(children_of(server) for server in servers))
        forks = [fork for server in servers for fork in children_of(server)]
        assert len(forks) == 2
        raise KeyboardInterrupt
    assert time.monotonic() - started < 30
    assert (len(list(Path("/proc/self/fd").iterdir())), children_of(os.getpid())) == before
    wait_for(lambda: not any(map(lives, [*servers, *forks])))  # who lost his parent is reaped by another


def test_a_parent_that_is_killed_takes_all_with_it(endless: Path) -> None:
    script = f"""
import sys
from pathlib import Path
from tests.unit.ingestion.test_child import *
with Child() as child:
    print(server_of(child), flush=True)
    read(child, Path({str(endless)!r}))
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        server = int(parent.stdout.readline())
        wait_for(lambda: children_of(server))
        fork = children_of(server)[0]
        parent.kill()
    wait_for(lambda: not lives(server) and not lives(fork))


def test_limits_grow_with_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = Limits.of(0), Limits.of(1 << 30)
    assert (small.seconds, large.seconds) == (60, 60 + 5 * 1024)
    assert small.memory_bytes == large.memory_bytes
    assert large.written_bytes == 50 << 30
    monkeypatch.setattr(limits, "MEMORY_BYTES", 3 << 19)
    assert Limits.of(0).in_words() == "1 MB of memory and 60 seconds"
