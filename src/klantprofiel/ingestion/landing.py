"""A delivery on its way into the land: written aside, then put in place as a whole."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Self

from klantprofiel.ingestion.land import make_private
from klantprofiel.ingestion.writer import Aside
from klantprofiel.warehouse import settle_file
from klantprofiel.warehouse.store import PRIVATE_FILE

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from klantprofiel.ingestion.land import Land


class Landing:
    """The files of one delivery, while they are written aside and until they are in place.

    Used as a context manager; what is not settled at the end is removed again, whoever wrote it.
    """

    def __init__(self, land: Land, work: Path, sha256: str) -> None:
        self.aside = Aside(work, f"{land.table_name}-{sha256}")
        self._land = land
        self._sha256 = sha256

    def __enter__(self) -> Self:
        """Begin; the files are written by somebody else."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what was not settled."""
        for path in (self.aside.records, self.aside.rejects, self.aside.extra):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def settle(self) -> None:
        """Put the closed files in place, the readable records last: only they make the batch exist."""
        make_private(self._land.root)
        make_private(self._land.directory)
        for path, place in (
            (self.aside.rejects, self._land.rejects_path(self._sha256)),
            (self.aside.extra, self._land.extra_path(self._sha256)),
        ):
            if path.exists():
                settle_file(path, place, PRIVATE_FILE)
            else:
                place.unlink(missing_ok=True)  # what a crash may have left of another reading
        settle_file(self.aside.records, self._land.path(self._sha256), PRIVATE_FILE)
        self._land.forget_refusal(self._sha256)
