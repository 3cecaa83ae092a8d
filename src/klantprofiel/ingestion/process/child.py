"""The process in which untrusted files are read, as this process sees it: started, asked, and ended."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import pickle
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final, Self

from klantprofiel.errors import ConfigurationError, DeclarationError, DeliveryError, KlantprofielError
from klantprofiel.ingestion.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from klantprofiel.ingestion.process.limits import Limits
    from klantprofiel.ingestion.reading import Task

SCRIPT: Final = Path(__file__).with_name("reading_process.py")
START_SECONDS: Final = 120.0  # it takes 0.3 on an idle machine
CHUNK_BYTES: Final = 1 << 16
KEPT: Final = (  # of the environment, which may hold secrets: what Python needs to start, and the locale
    "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONHOME",
    "PYTHONPYCACHEPREFIX", "PYTHONUTF8", "TMPDIR", "TZ",
)  # fmt: skip
RAISED: Final[dict[str, type[KlantprofielError]]] = {  # what readers raise besides DeliveryError
    kind.__name__: kind for kind in (ConfigurationError, DeclarationError, KlantprofielError)
}
SET: Final = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # others reserve three times what they use, and that counts
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # it forks: no thread may run before that
    "OPENBLAS_NUM_THREADS": "1",  # the same
    "OMP_NUM_THREADS": "1",  # the same
}


class Child:
    """A process that reads files one after another; used as a context manager, at whose end it is gone.

    It starts with the block and is started again when it dies. Only `kill` may be called from another thread.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._rest = b""
        self._is_ready = False
        self._is_over = False

    def __enter__(self) -> Self:
        """Start the process; it is waited for when the first file is read."""
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process and all that it started."""
        self._end()

    def kill(self) -> None:
        """Kill the process and all that it started; who waits for an answer is told that it died."""
        self._is_over = True
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def read(self, path: Path, task: Task, limits: Limits, tell_read: Callable[[int], None]) -> Reading:
        """Have a file read, within its limits; `tell_read` takes how many of its bytes were read so far.

        Raises
        ------
        DeliveryError
            When the file does not keep its contract, or its reading takes more than the limits or breaks off.
        """
        if self._process is not None and self._process.poll() is not None:
            self._end()  # it died since the last file, which is no fault of this one
        if self._process is None:
            self._start()
        if not self._is_ready:
            self._wait_until_ready()
        answers: dict[str, Any] = {}
        request = pickle.dumps((path, task, limits))
        try:
            self._send(len(request).to_bytes(8, "big") + request)
            deadline = time.monotonic() + limits.seconds
            while "ended" not in answers:
                answer = self._receive(deadline)
                if isinstance(answer.get("read"), int):
                    tell_read(answer["read"])
                answers |= answer
        except TimeoutError:
            self._end()
            raise _too_long(task.name, limits) from None
        except (EOFError, OSError):
            self._end()
            raise _broken_off(task.name, "the process that reads files", limits) from None
        return _outcome(answers, task.name, limits)

    def _start(self) -> None:
        if self._is_over:
            raise EOFError
        environment = {name: os.environ[name] for name in KEPT if name in os.environ} | SET
        environment["PYTHONPATH"] = os.pathsep.join([*filter(None, sys.path), str(SCRIPT.parents[3])])
        self._errors = TemporaryFile()  # noqa: SIM115  closed with the process
        self._process = subprocess.Popen(  # noqa: S603  this Python, and a script of ours
            [sys.executable, "-P", str(SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment,
            start_new_session=True,  # a key pressed in the terminal is for this process
        )

    def _wait_until_ready(self) -> None:
        try:
            self._is_ready = bool(self._receive(time.monotonic() + START_SECONDS).get("ready"))
        except (EOFError, OSError):
            self._is_ready = False
        if not self._is_ready:
            said = self._last_words()
            self._end()
            raise KlantprofielError(
                f"the process that reads files does not start{said}",
                expected=f"that {sys.executable} can start and import what klantprofiel is made of",
                todo="see whether the installation is whole and the machine has memory left",
            )

    def _last_words(self) -> str:
        """Return the last line that the process printed; before its first file that is nobody's data."""
        if self._errors is None:
            return ""
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return f": {lines[-1]}" if lines else ""

    def _send(self, request: bytes) -> None:
        assert self._process is not None  # noqa: S101  for the type checker: started just above
        assert self._process.stdin is not None  # noqa: S101  the same
        self._process.stdin.write(request)
        self._process.stdin.flush()

    def _receive(self, deadline: float) -> dict[str, Any]:
        """Return the next answer; EOFError when the process is gone, TimeoutError at the deadline."""
        assert self._process is not None  # noqa: S101  for the type checker: started before this
        assert self._process.stdout is not None  # noqa: S101  the same
        with selectors.DefaultSelector() as ready:
            ready.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._rest:
                if not ready.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError
                chunk = os.read(self._process.stdout.fileno(), CHUNK_BYTES)
                if not chunk:
                    raise EOFError
                self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _end(self) -> None:
        """End the process, its forks, and the pipes to it; the next file starts another."""
        process, errors_file = self._process, self._errors
        self._process, self._errors, self._rest, self._is_ready = None, None, b"", False
        if process is None or errors_file is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # until it is waited for, the number is its own
        process.wait()
        for pipe in (process.stdin, process.stdout, errors_file):
            with contextlib.suppress(OSError):  # what could not be sent any more
                if pipe is not None:
                    pipe.close()


def _outcome(answers: dict[str, Any], name: str, limits: Limits) -> Reading:
    """Return what was read, or raise what kept it from being read."""
    try:
        if "done" in answers:
            return Reading.from_json(answers["done"])
        if "refused" in answers:
            raise _refusal(answers["refused"])
        if "disk" in answers:
            raise _of_disk(int(answers["disk"]), name, limits)
    except (LookupError, TypeError, ValueError):
        raise _broken_off(name, "its reader", limits) from None
    if answers.get("failed") == "memory":
        raise DeliveryError(
            f"{name} takes more than {limits.in_words().partition(' and ')[0]} to read",
            expected="a file whose records can be read a few at a time",
            todo="see whether it has line ends and was delivered whole; have a large one split in several",
        )
    if "failed" in answers:
        raise DeliveryError(
            f"the reader of {name} failed ({answers['failed']})",
            expected="an error that says what is wrong with the file",
            todo="report this with the shape of the file; nothing of it was taken in",
        )
    raise _broken_off(name, f"its reader ({answers['ended']})", limits)


def _refusal(parts: list[str]) -> KlantprofielError:
    """Return the error that was raised in the other process."""
    found, expected, todo = (str(part) for part in parts[1:])
    return RAISED.get(parts[0], DeliveryError)(found, expected=expected, todo=todo)


def _of_disk(number: int, name: str, limits: Limits) -> Exception:
    if number != errno.EFBIG:
        return OSError(number, os.strerror(number))
    return DeliveryError(
        f"the records of {name} take more than {limits.written_bytes >> 20} MB, compressed",
        expected="a file that holds about as much as its size tells",
        todo="ask the supplier what it is: such a file was made to fill a disk",
    )


def _too_long(name: str, limits: Limits) -> DeliveryError:
    return DeliveryError(
        f"{name} takes longer than {limits.seconds:.0f} seconds to read",
        expected="a file that is read at some megabytes per second",
        todo="see whether the disk that it is on answers; otherwise have the file split in several",
    )


def _broken_off(name: str, who: str, limits: Limits) -> DeliveryError:
    return DeliveryError(
        f"{who} broke off while {name} was read",
        expected=f"a file that can be read with {limits.in_words()}",
        todo="see whether the machine has memory left; if so, ask the supplier for the file in another form",
    )
