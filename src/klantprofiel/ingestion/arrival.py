"""A delivery that has come in: one file or frame, with the hash of what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from klantprofiel.errors import ConfigurationError
from klantprofiel.ingestion.contract import Contract
from klantprofiel.ingestion.formats.parquet_file import open_typed
from klantprofiel.ingestion.frame import content_hash
from klantprofiel.ingestion.land import Land, landed_dialect
from klantprofiel.ingestion.landing import Landing
from klantprofiel.ingestion.places import Place, places
from klantprofiel.ingestion.reading import Task, unreadable
from klantprofiel.warehouse.store import file_sha256

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from klantprofiel.ingestion.delivery import Delivery
    from klantprofiel.ingestion.formats.parquet_file import ParquetFile
    from klantprofiel.schema import Table
    from klantprofiel.schema.dialect import Dialect
    from klantprofiel.warehouse import Run


@dataclass(frozen=True)
class Arrival:
    """One file or frame of a delivery; `sha256` is that of the bytes of a file, of the text of a frame.

    `was_refused` tells that the same contents were refused before; that is kept with what lands.
    """

    table: type[Table]
    name: str
    delivered_on: date
    sha256: str
    origin: Place | ParquetFile
    was_refused: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same delivery when it comes again."""
        return self.table.name, self.sha256

    @property
    def n_bytes(self) -> int:
        """How large the file is; nothing of a frame has to be read."""
        return self.origin.found.st_size if isinstance(self.origin, Place) else 0

    @property
    def dialect(self) -> Dialect:
        """How its values are written when they have landed."""
        return landed_dialect(self.table, is_typed=not isinstance(self.origin, Place))

    def landing(self, run: Run) -> Landing:
        """Return where it is written aside."""
        return Landing(Land(run.land, self.table.name), run.work, self.sha256)

    def task(self, run: Run, landing: Landing) -> Task:
        """Return what has to be read, and where to."""
        footer = {
            "table": self.table.name,
            "file_name": self.name,
            "sha256": self.sha256,
            "delivered_on": self.delivered_on.isoformat(),
            "recorded_at": run.recorded_at.isoformat(),
            "typed": "no" if isinstance(self.origin, Place) else "yes",
            "was_refused": "yes" if self.was_refused else "no",
        }
        return Task(self.name, Contract.of(self.table), landing.aside, footer)


def arrivals(run: Run, delivery: Delivery) -> Iterator[Arrival]:
    """Yield the files or the frame of a delivery.

    What was refused and comes again without a day of its own, is still of the day on which it came first.

    Raises
    ------
    ConfigurationError
        When the day of delivery is later than the day of the run.
    DeliveryError
        When a file is not there or cannot be read, or a frame does not keep its contract.
    """
    delivered_on = delivery.delivered_on or run.as_of
    if delivered_on > run.as_of:
        raise ConfigurationError(
            f"a delivery of {delivery.table.name} on {delivered_on} in a run as of {run.as_of}",
            expected="delivered_on no later than the as_of of the run",
            todo="correct delivered_on, or run with a later --as-of",
        )
    if delivery.frame is not None:
        name = str(delivery.path)
        reader = open_typed(delivery.frame, Contract.of(delivery.table), name)
        yield _arrival(run, delivery, name, content_hash(reader.pieces()), reader)
        return
    for place in places(delivery.path, delivery.table.name, run.warehouse.project):
        try:
            sha256 = file_sha256(place.path)
        except OSError as error:
            raise unreadable(place.name, error) from None
        yield _arrival(run, delivery, place.name, sha256, place)


def _arrival(run: Run, delivery: Delivery, name: str, sha256: str, origin: Place | ParquetFile) -> Arrival:
    refused = Land(run.land, delivery.table.name).refused
    was_refused = refused.has(sha256)
    delivered_on = delivery.delivered_on
    if delivered_on is None:
        delivered_on = refused.batch(sha256).delivered_on if was_refused else run.as_of
    return Arrival(delivery.table, name, delivered_on, sha256, origin, was_refused)
