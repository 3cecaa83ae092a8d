"""A process of its own in which untrusted files are read: a script, started by `child.py`, never imported.

It imports what readers need once, and forks for each file: a file that breaks or takes over its reader
reaches no other file, and a limit holds for one file. What came from a file leaves as JSON, never pickled.

    stdin   requests: eight bytes of length, and a pickled (path, Task, Limits) from whoever started this
    stdout  answers, a JSON object per line: {"ready": true}, and then per request any number of
            {"read": bytes}, at most one of {"done": ...}, {"refused": ...}, {"disk": ...}, {"failed": ...},
            and {"ended": ...}
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import selectors
import signal
import sys
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.util import find_spec
from types import ModuleType
from typing import IO, TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from pathlib import Path

    from klantprofiel.ingestion.process.limits import Limits
    from klantprofiel.ingestion.reading import Task

KINDS: Final = frozenset({"read", "done", "refused", "disk", "failed"})
LONGEST_ANSWER_BYTES: Final = 1 << 24  # the names of columns and some numbers: more is no answer
CHUNK_BYTES: Final = 1 << 16
OUT_OF_MEMORY: Final = (
    MemoryError,
    SystemError,
)  # the second: C code that gets no memory may not say so


def main() -> None:
    """Answer requests until there are no more."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # nothing that a library prints is an answer
    _import_readers()
    gc.freeze()  # a fork that collects garbage would copy all that was imported
    _tell(answers, ready=True)
    while len(length := requests.read(8)) == 8:  # noqa: PLR2004  bytes of the length
        path, task, limits = pickle.loads(requests.read(int.from_bytes(length, "big")))  # noqa: S301  ours
        receiving, sending = os.pipe()
        process = os.fork()
        if not process:
            requests.close()
            os.close(answers)
            os.close(receiving)
            _read(path, task, limits, sending)
        os.close(sending)
        try:
            _pass_on(receiving, answers, requests)
        finally:
            os.close(receiving)
            os.kill(process, signal.SIGKILL)  # it has said all that counts
            _, status = os.waitpid(process, 0)
        code = os.waitstatus_to_exitcode(status)
        _tell(answers, ended=signal.Signals(-code).name if code < 0 else f"exit code {code}")


class _WithoutPandas(MetaPathFinder):
    """Keeps pandas out: pyarrow would load it in every fork, for .4 s, and no reader has any use for it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        """Refuse pandas and leave the rest to others."""
        del path, target
        if fullname.partition(".")[0] == "pandas":
            raise ModuleNotFoundError(fullname)
        return None


def _import_readers() -> None:
    """Import every reader, but not the faces of the rooms: those load the whole house, in twice the time."""
    for room in ("ingestion", "schema", "warehouse"):
        name = f"klantprofiel.{room}"
        spec = find_spec(name)
        package = ModuleType(name)
        package.__path__ = list(spec.submodule_search_locations or ()) if spec else []
        sys.modules[name] = package
    sys.meta_path.insert(0, _WithoutPandas())
    for module in ("numpy.ma", "pyarrow.compute", "pyarrow.csv", "pyarrow.parquet", "python_calamine"):
        import_module(module)
    for module in ("formats", "process.limits", "reading"):
        import_module(f"klantprofiel.ingestion.{module}")


def _pass_on(receiving: int, answers: int, requests: IO[bytes]) -> None:
    """Pass on what the reading process says, and nothing else; stop when nobody listens any more."""
    rest, n_bytes = b"", 0
    with selectors.DefaultSelector() as ready:
        ready.register(receiving, selectors.EVENT_READ)
        ready.register(requests, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                if key.fileobj is requests:  # one request at a time: this is the end of them
                    raise SystemExit
            chunk = os.read(receiving, CHUNK_BYTES)
            n_bytes += len(chunk)
            if not chunk or n_bytes > LONGEST_ANSWER_BYTES:
                return
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                _tell(answers, **_checked(line))


def _checked(line: bytes) -> dict[str, Any]:
    """Return an answer of the reading process, whoever may have written it; empty when it is none."""
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) and answer.keys() <= KINDS else {}


def _read(path: Path, task: Task, limits: Limits, sending: int) -> NoReturn:
    """Read one file under its limits, say what became of it, and end."""
    try:
        answer = _answer(path, task, limits, sending)
    except MemoryError:
        answer = {"failed": "memory"}
    try:
        _tell(sending, **answer)
    finally:
        os._exit(0)


def _answer(path: Path, task: Task, limits: Limits, sending: int) -> dict[str, Any]:
    from klantprofiel.errors import KlantprofielError  # noqa: PLC0415  after `_import_readers`
    from klantprofiel.ingestion.formats import open_delivery  # noqa: PLC0415  the same
    from klantprofiel.ingestion.reading import read, unreadable  # noqa: PLC0415  the same

    try:
        limits.impose()
        try:
            reader = open_delivery(path, task.contract, task.name)
        except OSError as error:
            raise unreadable(task.name, error) from None
        reading = read(reader, task, lambda: _tell(sending, read=_n_bytes_read()))
    except Exception as error:  # noqa: BLE001  told to who asked, as far as it holds nobody's data
        if _ran_out_of_memory(error):
            return {"failed": "memory"}
        if isinstance(error, KlantprofielError):
            return {"refused": [type(error).__name__, error.found, error.expected, error.todo]}
        if isinstance(error, OSError) and error.errno:
            return {"disk": error.errno}
        return {"failed": _place(error)}
    return {"done": reading.to_json()}


def _ran_out_of_memory(error: BaseException | None) -> bool:
    """Whether an error is, or came about while handling, a lack of memory."""
    while error is not None:
        if isinstance(error, OUT_OF_MEMORY) or "can't start new thread" in str(error):
            return True
        error = error.__context__
    return False


def _place(error: Exception) -> str:
    """Return the kind of an error and the line that it came from; its text may hold somebody's record."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if "klantprofiel" in code.co_filename:
            place = f" in {os.path.basename(code.co_filename)}, line {trace.tb_lineno}"  # noqa: PTH119
        trace = trace.tb_next
    return f"{type(error).__name__}{place}"


def _n_bytes_read() -> int:
    """Return how much this process read since it began: of the file, as it lies on disk; Linux tells."""
    try:
        with open("/proc/self/io", encoding="ascii") as counts:  # noqa: PTH123
            return int(counts.readline().removeprefix("rchar:"))
    except (OSError, ValueError):
        return 0


def _tell(to: int, **answer: object) -> None:
    line = json.dumps(answer).encode() + b"\n"
    while line:
        line = line[os.write(to, line) :]


if __name__ == "__main__":
    main()
