"""What was read of a delivery as Parquet files, written aside piece by piece."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from klantprofiel.warehouse.store import PRIVATE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from types import TracebackType

    from klantprofiel.ingestion.piece import Piece

ROW_GROUP_ROWS: Final = 1 << 15  # small enough that all cores share the work of reading 100,000 records


@dataclass(frozen=True)
class Aside:
    """Where the files of one delivery are written before they are put in place."""

    directory: Path
    stem: str

    @property
    def records(self) -> Path:
        """The records that can be read."""
        return self.directory / f"{self.stem}.parquet"

    @property
    def rejects(self) -> Path:
        """The records that cannot be read; not there when all can."""
        return self.directory / f"{self.stem}.rejects.parquet"

    @property
    def extra(self) -> Path:
        """The columns that nobody declared; not there when there are none."""
        return self.directory / f"{self.stem}.extra.parquet"


class Writer:
    """Writes the pieces of one delivery; used as a context manager, and closed before its files are read."""

    def __init__(self, aside: Aside, columns: Iterable[str]) -> None:
        import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it

        self.n_records = 0
        self.n_rejected = 0
        self._aside = aside
        self._schema = pa.schema([*((column, pa.string()) for column in columns), ("_line", pa.int64())])
        self._rejects_schema = pa.schema(
            [("_line", pa.int64()), ("rule", pa.string()), ("raw_text", pa.string())]
        )
        self._files = contextlib.ExitStack()
        self._rejects: Any = None
        self._extra: Any = None

    def __enter__(self) -> Self:
        """Open the file of the readable records."""
        self._records = self._open(self._aside.records, self._schema)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of files that were not closed; what failed before this is what is told."""
        with contextlib.suppress(OSError):
            self._files.close()

    def add(self, piece: Piece) -> None:
        """Write the records of a piece behind those before it."""
        import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it

        if piece.table.num_rows:
            self._records.write_table(piece.table, ROW_GROUP_ROWS)
        if piece.rejects:
            self._rejects = self._rejects or self._open(self._aside.rejects, self._rejects_schema)
            rows = [(reject.line, reject.rule, reject.raw_text) for reject in piece.rejects]
            columns = [list(column) for column in zip(*rows, strict=True)]
            self._rejects.write_table(pa.table(columns, schema=self._rejects_schema))
        if piece.extra is not None and piece.extra.num_rows:
            self._extra = self._extra or self._open(self._aside.extra, piece.extra.schema)
            self._extra.write_table(piece.extra)
        self.n_records += piece.n_records
        self.n_rejected += len(piece.rejects)

    def close(self, footer: Mapping[str, str], extra_columns: Iterable[str]) -> None:
        """Finish the files, with what is known of the delivery in the footer of the readable records."""
        counts = {"n_records": str(self.n_records), "n_rejected": str(self.n_rejected)}
        self._records.add_key_value_metadata(
            {**footer, **counts, "extra_columns": json.dumps(list(extra_columns))}
        )
        self._files.close()

    def _open(self, path: Path, schema: Any) -> Any:  # noqa: ANN401  pyarrow ships no types
        from pyarrow import parquet  # noqa: PLC0415  costly, and only a delivery needs it

        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
        file = self._files.enter_context(os.fdopen(descriptor, "wb"))
        # no dictionaries: they cost three times what they save here; no statistics: they hold people's values
        writer = parquet.ParquetWriter(
            file, schema, compression="zstd", use_dictionary=False, write_statistics=False
        )
        return self._files.enter_context(writer)
