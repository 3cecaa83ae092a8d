"""The land: every delivery once, as the text that it held, under the hash of its bytes.

land/<table>/<sha256>.parquet           the declared columns as text, and `_line`
land/<table>/<sha256>.rejects.parquet   records that cannot be read: `_line`, `rule`, `raw_text`
land/<table>/refused/                   the same, for a delivery that validation refused as a whole
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

from klantprofiel.errors import KlantprofielError
from klantprofiel.warehouse import settle_file
from klantprofiel.warehouse.store import PRIVATE_DIRECTORY, PRIVATE_FILE, sync_directory

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path
    from types import TracebackType

    from klantprofiel.ingestion.piece import Piece

_LANDED: Final = re.compile(r"(?P<sha256>[0-9a-f]{64})\.parquet")
_NUMBER: Final = re.compile("([0-9]+)")
_REFUSED: Final = "refused"

Order: TypeAlias = "tuple[date, tuple[tuple[str, int], ...], str, datetime, str]"


def order_of(delivered_on: date, file_name: str, recorded_at: datetime, sha256: str) -> Order:
    """Return what decides which of two deliveries of a table is the later one.

    A file that was mended under its own name is later than what it was; on one day, names decide first, in
    which numbers count by their value.

    >>> moment = datetime(2026, 10, 1)
    >>> names = ("klanten_10.csv", "klanten_9.csv")
    >>> [order[2] for order in sorted(order_of(moment.date(), name, moment, "") for name in names)]
    ['klanten_9.csv', 'klanten_10.csv']
    """
    parts = _NUMBER.split(file_name)  # texts and numbers take turns, a text first
    natural = tuple((text, int(number)) for text, number in zip(parts[::2], [*parts[1::2], "0"], strict=True))
    return (delivered_on, natural, file_name, recorded_at, sha256)


@dataclass(frozen=True)
class Batch:
    """One landed delivery.

    `n_records` counts its records, `n_rejected` those of them that cannot be read; `columns` are the declared
    columns that landed, `extra_columns` what the file had besides.
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

    @property
    def batch_id(self) -> str:
        """The first 16 digits of the hash: enough to tell the batches of one warehouse apart."""
        return self.sha256[:16]

    @property
    def order(self) -> Order:
        """What decides which of two batches is the later one; it never depends on a crash."""
        return order_of(self.delivered_on, self.file_name, self.recorded_at, self.sha256)


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

    def set_aside(self, sha256: str) -> None:
        """Move a refused delivery out of the way: the next run goes on without it, and nothing is lost."""
        refused = self.directory / _REFUSED
        _make_private(refused)
        for path in (self.rejects_path(sha256), self.path(sha256)):
            if path.exists():
                path.replace(refused / path.name)
        sync_directory(refused)
        sync_directory(self.directory)

    def forget_refusal(self, sha256: str) -> None:
        """Remove the refused copy of a delivery that landed after all."""
        for path in (self.path(sha256), self.rejects_path(sha256)):
            (self.directory / _REFUSED / path.name).unlink(missing_ok=True)

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
        )


class Landing:
    """A delivery on its way into the land: written aside piece by piece, then put in place as a whole.

    Used as a context manager; what is not settled at the end is removed again.
    """

    def __init__(self, land: Land, work: Path, sha256: str, columns: Iterable[str]) -> None:
        import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it

        self.path = work / f"{land.table_name}-{sha256}.parquet"
        self.n_records = 0
        self.n_rejected = 0
        self.table_name = land.table_name
        self._land = land
        self._sha256 = sha256
        self._rejects_path = self.path.with_suffix(".rejects.parquet")
        fields = [pa.field(column, pa.string()) for column in columns]
        self._schema = pa.schema([*fields, pa.field("_line", pa.int64())])
        self._rejects_schema = pa.schema(
            [pa.field("_line", pa.int64()), pa.field("rule", pa.string()), pa.field("raw_text", pa.string())]
        )
        self._files = contextlib.ExitStack()
        self._rejects: Any = None

    def __enter__(self) -> Self:
        """Open the file to write aside."""
        self._writer = self._open(self.path, self._schema)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what was not settled."""
        with contextlib.suppress(OSError):
            self._files.close()
        for path in (self.path, self._rejects_path):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def add(self, piece: Piece) -> None:
        """Write the records of a piece behind those before it."""
        import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it

        if piece.table.num_rows:
            self._writer.write_table(piece.table)
        if piece.rejects:
            if self._rejects is None:
                self._rejects = self._open(self._rejects_path, self._rejects_schema)
            rows = [(reject.line, reject.rule, reject.raw_text) for reject in piece.rejects]
            columns = [list(column) for column in zip(*rows, strict=True)]
            self._rejects.write_table(pa.table(columns, schema=self._rejects_schema))
        self.n_records += piece.n_records
        self.n_rejected += len(piece.rejects)

    def close(self, batch: Batch) -> None:
        """Finish the files, with what is known of the batch; they can be read, and still be refused."""
        self._writer.add_key_value_metadata(
            {
                "table": batch.table_name,
                "file_name": batch.file_name,
                "sha256": batch.sha256,
                "n_records": str(batch.n_records),
                "n_rejected": str(batch.n_rejected),
                "delivered_on": batch.delivered_on.isoformat(),
                "recorded_at": batch.recorded_at.isoformat(),
                "extra_columns": json.dumps(batch.extra_columns),
            }
        )
        self._files.close()

    def settle(self) -> None:
        """Put the closed files in place, the readable records last: only they make the batch exist."""
        _make_private(self._land.root)
        _make_private(self._land.directory)
        rejects = self._land.rejects_path(self._sha256)
        if self._rejects is None:
            rejects.unlink(missing_ok=True)  # what a crash may have left of another reading
        else:
            settle_file(self._rejects_path, rejects, PRIVATE_FILE)
        settle_file(self.path, self._land.path(self._sha256), PRIVATE_FILE)
        self._land.forget_refusal(self._sha256)

    def _open(self, path: Path, schema: Any) -> Any:  # noqa: ANN401  pyarrow ships no types
        from pyarrow import parquet  # noqa: PLC0415  costly, and only a delivery needs it

        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
        file = self._files.enter_context(os.fdopen(descriptor, "wb"))
        # no dictionaries: they cost three times what they save here; no statistics: they hold people's values
        writer = parquet.ParquetWriter(
            file, schema, compression="zstd", use_dictionary=False, write_statistics=False
        )
        return self._files.enter_context(writer)


def _make_private(directory: Path) -> None:
    directory.mkdir(mode=PRIVATE_DIRECTORY, exist_ok=True)
