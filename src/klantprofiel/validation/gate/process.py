"""The process in which Great Expectations judges, as its parent sees it.

It cannot judge in the run's own process: that would load it for everyone, and a process that has built a file
cannot open it again under other settings.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.errors import KlantprofielError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

CHILD: Final = "klantprofiel.validation.gate.child"
MOST_SECONDS: Final = 3600  # a query by hand may never end; a hundred million records take minutes


class Judge:
    """One process that loads Great Expectations as soon as it is made, 6 to 8 seconds, and then answers.

    It stands in `room`, where the library makes a temporary directory; it writes nowhere else.

    >>> with tempfile.TemporaryDirectory() as room:
    ...     judge = Judge(room)
    ...     judge.close()
    >>> judge.is_alive
    False
    """

    def __init__(self, room: str | Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603  our own module, under the Python that runs this
            [sys.executable, "-P", "-m", CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback may hold a person's data
            cwd=room,
            env=os.environ
            | {"TMPDIR": str(room), "GX_ANALYTICS_ENABLED": "false", "PYTHONWARNINGS": "ignore"},
        )

    @property
    def is_alive(self) -> bool:
        """Whether the process can still be asked."""
        return self._process.poll() is None

    @property
    def process_id(self) -> int:
        """The number that the system gave the process."""
        return self._process.pid

    def ask(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the process answers.

        Raises
        ------
        KlantprofielError
            When it ended before it had answered, failed in itself, or did not answer within the hour.
        """
        answer = self._answer(json.dumps(job).encode())
        if answer is None:
            raise KlantprofielError(
                f"the process that judges the build ended before it had judged ({self._ending()})",
                expected="a verdict on every expectation",
                todo="run again; if memory ran out, lower memory_limit in klantprofiel.toml",
            )
        if "failed" in answer:
            raise KlantprofielError(
                f"the build could not be judged: {answer['failed']}",
                expected="a verdict on every expectation",
                todo="report this; nothing was published",
            )
        return answer

    def close(self) -> None:
        """End the process; what it was doing is worth nothing any more."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        self._process.wait()

    def _answer(self, line: bytes) -> dict[str, Any] | None:
        """Return the answer to one line, or None when the process ended without a whole one."""
        pipes = self._process.stdin, self._process.stdout
        if pipes[0] is None or pipes[1] is None:
            return None
        try:
            pipes[0].write(line + b"\n")
            pipes[0].flush()
        except BrokenPipeError:
            return None
        if not select.select([pipes[1]], [], [], MOST_SECONDS)[0]:
            self.close()
            raise KlantprofielError(
                f"the build was not judged within {MOST_SECONDS} seconds",
                expected="expectations that a few passes over a table can judge",
                todo="look at the queries in the suites by hand; nothing was published",
            )
        said = pipes[1].readline()
        if not said.endswith(b"\n"):
            return None
        answer: dict[str, Any] = json.loads(said)
        return answer

    def _ending(self) -> str:
        code = self._process.wait()
        return f"signal {-code}" if code < 0 else f"exit code {code}"


_shared: ContextVar[Judge | None] = ContextVar("klantprofiel_judge", default=None)


@contextlib.contextmanager
def one_judge() -> Iterator[None]:
    """Let all runs inside the block be judged by one process: Great Expectations is loaded once.

    Without it each run has a process of its own, which is right for one run a night.

    Examples
    --------
    >>> with one_judge():
    ...     pass  # runs, one after the other
    """
    with _judge_of_our_own() as judge:
        token = _shared.set(judge)
        try:
            yield
        finally:
            _shared.reset(token)


@contextlib.contextmanager
def lent_judge(room: Path | None = None) -> Iterator[Judge]:
    """Lend the process of the block that we are in, or one of our own that ends with this."""
    shared = _shared.get()
    if shared is not None and shared.is_alive:
        yield shared
        return
    with _judge_of_our_own(room) as judge:
        yield judge


@contextlib.contextmanager
def _judge_of_our_own(room: Path | None = None) -> Iterator[Judge]:
    with tempfile.TemporaryDirectory(prefix="klantprofiel-", dir=room) as own:
        judge = Judge(own)
        try:
            yield judge
        finally:
            judge.close()
