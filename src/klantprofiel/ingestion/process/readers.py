"""Files read by other processes, some at once, while this process puts in place what they have read."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final, Self

from klantprofiel.ingestion.process.child import Child
from klantprofiel.ingestion.process.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path
    from types import TracebackType

    from klantprofiel.ingestion.reading import Reading, Task

AT_ONCE: Final = 2  # one file already uses more than one core
FILES_PER_CHILD: Final = 8  # to start one costs as much as to read this many small files


class Readers:
    """Reads files in the order in which they are given; used as a context manager.

    Nothing is started before the first file. At the end of the block, whatever ended it, all is gone.

    Parameters
    ----------
    n_files
        How many files there will be.
    """

    def __init__(self, n_files: int) -> None:
        self._n_children = min(AT_ONCE, 1 + n_files // FILES_PER_CHILD)
        self._children: list[Child] = []
        self._idle: SimpleQueue[Child] = SimpleQueue()
        self._pool = ThreadPoolExecutor(self._n_children, "reading")
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes; after an error at once, so that nobody waits for them any more."""
        if kind is not None:
            for child in self._children:
                child.kill()
        self._pool.shutdown(cancel_futures=True)
        self._stack.close()

    def read(self, path: Path, task: Task, n_bytes: int, advance: Callable[[float], None]) -> Future[Reading]:
        """Have a file of so many bytes read; `advance` takes how many more of them were."""
        while len(self._children) < self._n_children:
            child = self._stack.enter_context(Child())
            self._children.append(child)
            self._idle.put(child)
        return self._pool.submit(self._read, path, task, n_bytes, advance)

    def _read(self, path: Path, task: Task, n_bytes: int, advance: Callable[[float], None]) -> Reading:
        so_far = 0

        def tell_read(n_read: int) -> None:
            nonlocal so_far
            more = min(n_read, n_bytes) - so_far
            so_far += more
            advance(more)

        child = self._idle.get()
        try:
            return child.read(path, task, Limits.of(n_bytes), tell_read)
        finally:
            self._idle.put(child)
            tell_read(n_bytes)
