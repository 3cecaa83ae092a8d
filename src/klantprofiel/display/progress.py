"""How far long work is: a bar on the error stream of a terminal, and nothing anywhere else."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress

PATIENCE_SECONDS: Final = 1.0  # work that is done sooner needs no bar
_ONE_AT_A_TIME: Final = Lock()  # work inside other work shows nothing: two bars would write over each other


@contextmanager
def working(label: str, total: float | None = None) -> Iterator[Callable[[float], None]]:
    """Show how far the work in this block is, on the error stream, when that is a terminal.

    Yields a function that takes how much more is done, in the unit of `total`; without a total the bar only
    moves. The bar appears after a second and leaves nothing behind. Elsewhere, and inside other work
    that shows a bar, nothing is written and nothing is imported.

    >>> with working("regels lezen", total=2) as advance:
    ...     advance(1)
    ...     advance(1)
    """
    if sys.stderr is None or not sys.stderr.isatty() or not _ONE_AT_A_TIME.acquire(blocking=False):
        yield _nothing
        return
    bar = _Bar(label, total)
    timer = Timer(PATIENCE_SECONDS, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar.advance
    finally:
        timer.cancel()
        bar.close()
        _ONE_AT_A_TIME.release()


def _nothing(_amount: float) -> None:
    """Take an amount that nobody sees."""


class _Bar:
    """A bar that is drawn once `show` is called; `show` comes from another thread than the rest."""

    def __init__(self, label: str, total: float | None) -> None:
        self._label = label
        self._total = total
        self._done = 0.0
        self._lock = Lock()
        self._is_closed = False
        self._drawn: Progress | None = None

    def advance(self, amount: float) -> None:
        """Add to what is done."""
        with self._lock:
            self._done += amount
            if self._drawn is not None:
                self._drawn.update(self._drawn.task_ids[0], completed=self._done)

    def show(self) -> None:
        """Draw the bar, unless the work is over by now."""
        drawn = _progress()
        with self._lock:
            if self._is_closed:
                return
            task = drawn.add_task(self._label, total=self._total)
            drawn.update(task, completed=self._done)
            drawn.start()
            self._drawn = drawn

    def close(self) -> None:
        """Take the bar away, and draw none any more."""
        with self._lock:
            self._is_closed = True
            if self._drawn is not None:
                self._drawn.stop()


def _progress() -> Progress:
    from rich.console import Console  # noqa: PLC0415  import costs 60 ms, and only long work shows a bar
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    return Progress(
        TextColumn("  {task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
