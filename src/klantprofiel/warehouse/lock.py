"""One builder at a time: a lock on the directory that dies with the process that holds it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from typing import TYPE_CHECKING

from klantprofiel.errors import LockedError
from klantprofiel.warehouse.store import PRIVATE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def builder_lock(path: Path, what: str) -> Iterator[None]:
    """Hold the lock while `what` is being built; when it is held, `LockedError` names the first."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(
                f"{_holder(descriptor)} is at work in {path.parent}",
                expected="one builder at a time",
                todo="wait until it has finished; readers are not held up",
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps({"what": what, "process": os.getpid()}).encode(), 0)
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    """Return what the holder of the lock wrote about itself."""
    try:
        holder = json.loads(os.pread(descriptor, 4096, 0))
    except ValueError:  # the first has the lock and has not yet written its name
        return "another builder"
    return f"{holder['what']} (process {holder['process']})"
