"""The land: every delivery once, as the text that it held, under the hash of its bytes.

land/<table>/<sha256>.parquet           the declared columns as text, and `_line`
land/<table>/<sha256>.rejects.parquet   records that cannot be read: `_line`, `rule`, `raw_text`
land/<table>/<sha256>.extra.parquet     the columns that nobody declared, as text, and `_line`
land/<table>/refused/                   the same, for a delivery that validation or the gate refused
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from klantprofiel.errors import KlantprofielError
from klantprofiel.ingestion.natural import Parts, natural
from klantprofiel.schema import Parquet
from klantprofiel.warehouse.store import PRIVATE_DIRECTORY, sync_directory

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from klantprofiel.schema import Table
    from klantprofiel.schema.dialect import Dialect

_LANDED: Final = re.compile(r"(?P<sha256>[0-9a-f]{64})\.parquet")
_REFUSED: Final = "refused"

Order: TypeAlias = tuple[date, Parts, str, datetime, str]


def order_of(delivered_on: date, file_name: str, recorded_at: datetime, sha256: str) -> Order:
    """Return what decides which of two deliveries of a table is the later one.

    A file that was mended under its own name is later than what it was; on one day, names decide first, in
    which numbers count by their value.

    >>> moment = datetime(2026, 10, 1)
    >>> names = ("klanten_10.csv", "klanten_9.csv")
    >>> [order[2] for order in sorted(order_of(moment.date(), name, moment, "") for name in names)]
    ['klanten_9.csv', 'klanten_10.csv']
    """
    return (delivered_on, natural(file_name), file_name, recorded_at, sha256)


@dataclass(frozen=True)
class Batch:
    """One landed delivery.

    `n_records` counts its records, `n_rejected` those of them that cannot be read; `columns` are the declared
    columns that landed, `extra_columns` what the delivery had besides. `is_typed` tells that its values had a
    type and landed in the one form that such values have, whatever dialect its table declares; `was_refused`
    that it was refused before it landed this time, so that its day is judged by itself.
    """

    table_name: str
    file_name: str
    sha256: str
    n_records: int
    n_rejected: int
    delivered_on: date
    recorded_at: datetime
    columns: tuple[str, ...] = ()
    extra_columns: tuple[str, ...] = ()
    is_typed: bool = False
    was_refused: bool = False

    @property
    def batch_id(self) -> str:
        """The first 16 digits of the hash: enough to tell the batches of one warehouse apart."""
        return self.sha256[:16]

    @property
    def order(self) -> Order:
        """What decides which of two batches is the later one; it never depends on a crash."""
        return order_of(self.delivered_on, self.file_name, self.recorded_at, self.sha256)

    def dialect_of(self, table: type[Table]) -> Dialect:
        """Return the dialect in which this batch of a declared table landed."""
        return landed_dialect(table, is_typed=self.is_typed)


def landed_dialect(table: type[Table], *, is_typed: bool) -> Dialect:
    """Return the dialect of landed text: the declared one, or that of values which had a type."""
    return Parquet(zone=table.dialect.zone) if is_typed else table.dialect


@dataclass(frozen=True)
class Land:
    """The landed deliveries of one table."""

    root: Path
    table_name: str

    @property
    def directory(self) -> Path:
        """Where the deliveries of this table stand."""
        return self.root / self.table_name

    def path(self, sha256: str) -> Path:
        """Return where the readable records of a delivery stand."""
        return self.directory / f"{sha256}.parquet"

    def rejects_path(self, sha256: str) -> Path:
        """Return where the unreadable records of a delivery stand, if it has any."""
        return self.directory / f"{sha256}.rejects.parquet"

    def extra_path(self, sha256: str) -> Path:
        """Return where the columns of a delivery stand that nobody declared, if it has any."""
        return self.directory / f"{sha256}.extra.parquet"

    def has(self, sha256: str) -> bool:
        """Whether this delivery landed before."""
        return self.path(sha256).exists()

    def batches(self, *, besides: Collection[str] = ()) -> list[Batch]:
        """Return the landed batches in order, leaving out the hashes in `besides`."""
        if not self.directory.is_dir():
            return []
        found = [_LANDED.fullmatch(path.name) for path in self.directory.iterdir()]
        hashes = [match["sha256"] for match in found if match and match["sha256"] not in besides]
        return sorted((self.batch(sha256) for sha256 in hashes), key=lambda batch: batch.order)

    @property
    def refused(self) -> Land:
        """The refused deliveries of this table, as a land of their own."""
        return Land(self.directory, _REFUSED)

    def set_aside(self, sha256: str) -> None:
        """Move a refused delivery out of the way: the next run goes on without it, and nothing is lost.

        The readable records go first: without them no batch exists, wherever a crash leaves the rest.
        """
        refused = self.refused.directory
        make_private(refused)
        for path in (self.path(sha256), self.rejects_path(sha256), self.extra_path(sha256)):
            if path.exists():
                path.replace(refused / path.name)
        sync_directory(refused)
        sync_directory(self.directory)

    def forget_refusal(self, sha256: str) -> None:
        """Remove the refused copy of a delivery that landed after all."""
        refused = self.refused
        for path in (refused.path(sha256), refused.extra_path(sha256), refused.rejects_path(sha256)):
            path.unlink(missing_ok=True)

    def batch(self, sha256: str) -> Batch:
        """Return what is known of a landed delivery."""
        from pyarrow import ArrowException, parquet  # noqa: PLC0415  costly, and only a delivery needs it

        path = self.path(sha256)
        try:
            footer = parquet.read_metadata(path)
        except (ArrowException, OSError) as error:
            raise KlantprofielError(
                f"the landed file {path} cannot be read ({type(error).__name__})",
                expected="the file as it landed",
                todo="restore it from your backup, or remove it and deliver the file again",
            ) from None
        kept = {key.decode(): value.decode() for key, value in footer.metadata.items()}
        return Batch(
            table_name=kept["table"],
            file_name=kept["file_name"],
            sha256=sha256,
            n_records=int(kept["n_records"]),
            n_rejected=int(kept["n_rejected"]),
            delivered_on=date.fromisoformat(kept["delivered_on"]),
            recorded_at=datetime.fromisoformat(kept["recorded_at"]),
            columns=tuple(name for name in footer.schema.names if name != "_line"),
            extra_columns=tuple(json.loads(kept["extra_columns"])),
            is_typed=kept.get("typed") == "yes",
            was_refused=kept.get("was_refused") == "yes",
        )


def make_private(directory: Path) -> None:
    """Make a directory of the land, for its owner alone."""
    directory.mkdir(mode=PRIVATE_DIRECTORY, exist_ok=True)
