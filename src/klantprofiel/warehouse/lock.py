"""One builder at a time: a lock on the directory that dies with the process that holds it."""

from __future__ import annotations

import contextlib
import json
import os
from typing import TYPE_CHECKING

from klantprofiel.errors import LockedError, PermissionRefusedError
from klantprofiel.warehouse.store import PRIVATE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.warehouse.store import Store


@contextlib.contextmanager
def builder_lock(store: Store, what: str) -> Iterator[None]:
    """Hold the lock while `what` is being built; when it is held, `LockedError` names the first.

    The directory itself is locked, so that nobody can take the lock away; `lock` says who holds it.
    """
    import fcntl  # noqa: PLC0415  only there where one can build

    try:
        descriptor = os.open(store.root, os.O_RDONLY)
        note = os.open(store.lock, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    except PermissionError:
        raise PermissionRefusedError(
            f"the warehouse {store.root} is not yours to build in",
            expected="the owner of the warehouse",
            todo="run this as its owner",
        ) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(
                f"{_holder(note)} is at work in {store.root}",
                expected="one builder at a time",
                todo="wait until it has finished; readers are not held up",
            ) from None
        os.ftruncate(note, 0)
        os.pwrite(note, json.dumps({"what": what, "process": os.getpid()}).encode(), 0)
        try:
            yield
        finally:
            os.ftruncate(note, 0)
    finally:
        os.close(note)
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    """Return what the holder of the lock wrote about itself."""
    try:
        holder = json.loads(os.pread(descriptor, 4096, 0))
    except ValueError:  # the first has the lock and has not yet written its name
        return "another builder"
    return f"{holder['what']} (process {holder['process']})"
