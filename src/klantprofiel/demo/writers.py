"""How the systems of the fictional company write what they deliver; the same rows give the same bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from klantprofiel.demo.sheet import write_sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from klantprofiel.demo.dated import Frame
    from klantprofiel.demo.draws import Texts

BROKEN: Final = "_broken"  # a column that is not written: where it holds, a JSON line ends halfway
HALF: Final = 40  # characters, about half of the shortest line
EXCEL_MADE: Final = datetime(2026, 9, 3)  # noqa: DTZ001 - stands in the file, without a zone


class Written(Protocol):
    """The rows of one source, ready to be written in any number of files."""

    def write(self, start: int, stop: int, path: Path) -> None:
        """Write the rows from `start` up to `stop` as one file."""


def ready(table: Frame, name: str, encoding: str) -> Written:
    """Return the rows ready for files called `name`, whose ending says in which format."""
    suffix = name.rpartition(".")[2]
    if suffix == "csv":
        return Csv(table, encoding)
    formats: dict[str, Callable[[Frame], Written]] = {"parquet": Parquet, "jsonl": JsonLines, "xlsx": Excel}
    return formats[suffix](table.combine_chunks())


@dataclass(frozen=True)
class Csv:
    """CSV the way Dutch office software writes it: `;`, and quotes where needed."""

    table: Frame
    encoding: str

    def write(self, start: int, stop: int, path: Path) -> None:
        """Write the rows from `start` up to `stop` as one file."""
        import pyarrow.csv as pa_csv  # noqa: PLC0415 - only who writes CSV

        options = pa_csv.WriteOptions(delimiter=";", quoting_style="needed")
        rows = self.table.slice(start, stop - start)
        if self.encoding == "utf-8":
            pa_csv.write_csv(rows, path, options)
            return
        held = pa.BufferOutputStream()
        pa_csv.write_csv(rows, held, options)
        path.write_bytes(held.getvalue().to_pybytes().decode().encode(self.encoding))


@dataclass(frozen=True)
class Parquet:
    """Parquet, with the types as they are."""

    table: Frame

    def write(self, start: int, stop: int, path: Path) -> None:
        """Write the rows from `start` up to `stop` as one file."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - only who writes Parquet

        pq.write_table(self.table.slice(start, stop - start), path, compression="zstd")


class JsonLines:
    """One object per line, every column a key; numbers and booleans as such, other values as text."""

    def __init__(self, table: Frame) -> None:
        parts: list[Texts | str] = []
        for name in table.column_names:
            if name != BROKEN:
                parts += [(", " if parts else "{") + json.dumps(name) + ": ", _as_json(table.column(name))]
        lines = pc.binary_join_element_wise(*parts, "}", "")
        if BROKEN in table.column_names:
            lines = pc.if_else(table.column(BROKEN), pc.utf8_slice_codeunits(lines, 0, HALF), lines)
        self.lines = pc.binary_join_element_wise(lines, "\n", "").combine_chunks()

    def write(self, start: int, stop: int, path: Path) -> None:
        """Write the rows from `start` up to `stop` as one file."""
        path.write_bytes("".join(self.lines.slice(start, stop - start).to_pylist()).encode())


@dataclass(frozen=True)
class Excel:
    """A workbook of one sheet: numbers and moments as typed cells, text as text."""

    table: Frame

    def write(self, start: int, stop: int, path: Path) -> None:
        """Write the rows from `start` up to `stop` as one file."""
        write_sheet(self.table.slice(start, stop - start), path, made=EXCEL_MADE)


def _as_json(column: Texts) -> Texts:
    """Return each value as it stands in JSON; each distinct text is escaped once."""
    kind = column.type
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return pc.fill_null(pc.cast(column, pa.string()), "null")
    encoded = pc.cast(column, pa.string()).combine_chunks().dictionary_encode()
    escaped = pa.array(
        [json.dumps(value, ensure_ascii=False) for value in encoded.dictionary.to_pylist()], pa.string()
    )
    return pc.fill_null(escaped.take(encoded.indices), "null")
