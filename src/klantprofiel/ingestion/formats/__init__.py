"""Opening a delivered file with the reader of the format that its table declares."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from klantprofiel.ingestion.formats.csv_file import open_csv
from klantprofiel.ingestion.formats.excel_file import open_excel
from klantprofiel.ingestion.formats.json_lines import open_json_lines
from klantprofiel.ingestion.formats.packed import open_packed
from klantprofiel.ingestion.formats.parquet_file import open_parquet
from klantprofiel.schema.dialect import Csv, Excel, JsonLines, Parquet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from klantprofiel.ingestion.columns import Matched
    from klantprofiel.ingestion.contract import Contract
    from klantprofiel.ingestion.formats.csv_file import CsvFile
    from klantprofiel.ingestion.formats.json_lines import JsonLinesFile
    from klantprofiel.ingestion.piece import Piece
    from klantprofiel.ingestion.reading import Reader


@dataclass(frozen=True)
class _Streamed:
    """A reader of a file that has to be closed once its records are read."""

    reader: CsvFile | JsonLinesFile
    files: contextlib.ExitStack

    @property
    def columns(self) -> Matched:
        return self.reader.columns

    def pieces(self) -> Iterator[Piece]:
        with self.files:
            yield from self.reader.pieces()

    def certain_kinds(self) -> frozenset[str]:
        return self.reader.certain_kinds()


def open_delivery(path: Path, contract: Contract, name: str) -> Reader:
    r"""Open a file in the format that the contract declares, and hold its header against the contract.

    The file is open until the records are read to their end. `name` is what errors call it.

    Raises
    ------
    DeliveryError
        When the file is not of that format, is cut off, unpacks to far more than it is, or lacks a column.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from klantprofiel import schema as s
    >>> from klantprofiel.ingestion.contract import Contract
    >>> class Shops(s.ReferenceTable):
    ...     "Winkels: one row per shop."
    ...     dialect = s.JsonLines()
    ...     shop_id = s.Text(label="Winkelnummer", key=True)
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     file = pathlib.Path(directory, "winkels.jsonl")
    ...     _ = file.write_text('{"shop_id": 1}\n{"shop_id"\n')
    ...     (piece,) = open_delivery(file, Contract.of(Shops), file.name).pieces()
    >>> piece.table.to_pylist(), [(reject.line, reject.rule) for reject in piece.rejects]
    ([{'shop_id': '1', '_line': 1}], [(2, 'record.not_json')])
    """
    dialect = contract.dialect
    if isinstance(dialect, Parquet):
        return open_parquet(path, contract, name)
    if isinstance(dialect, Excel):
        return open_excel(path, contract, dialect, name)
    with contextlib.ExitStack() as opened:
        file = open_packed(opened.enter_context(path.open("rb")), name)
        return _Streamed(_open_text(file, contract, dialect, name), opened.pop_all())


def _open_text(
    file: BinaryIO, contract: Contract, dialect: Csv | JsonLines, name: str
) -> CsvFile | JsonLinesFile:
    if isinstance(dialect, Csv):
        return open_csv(file, contract, dialect, name)
    return open_json_lines(file, contract, dialect, name)
