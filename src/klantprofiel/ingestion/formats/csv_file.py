"""CSV by contract: records found by the scanner, good ones parsed by Arrow, the others kept as they are."""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klantprofiel.errors import DeclarationError, DeliveryError
from klantprofiel.ingestion.columns import Matched, match_columns
from klantprofiel.ingestion.faults import Fault, rule_of
from klantprofiel.ingestion.formats.encoding import (
    Wrongs,
    look_of,
    shown,
    utf_8_stretches,
    wrong_encoding,
)
from klantprofiel.ingestion.formats.scanner import Marks, Records, scan
from klantprofiel.ingestion.piece import Piece, Reject, with_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from numpy.typing import NDArray

    from klantprofiel.ingestion.contract import Contract
    from klantprofiel.schema import Csv

LONGEST_RECORD_BYTES: Final = 1 << 26  # a field that is longer than this was never closed
BLOCK_BYTES: Final = 1 << 20  # what one thread of the parser takes at a time
_SAYS: Final = re.compile("sep=(.)", re.IGNORECASE)


@dataclass(frozen=True)
class Stretch:
    """Bytes that start at a record, the whole records in them, and the number of the line they start on."""

    data: bytes
    records: Records
    first_line: int

    def text(self, at: int) -> str:
        """Return one record as it was delivered, without its line end."""
        return shown(self.raw(at)).removesuffix("\n").removesuffix("\r")

    def raw(self, at: int) -> bytes:
        """Return the bytes of one record."""
        return self.data[self.records.starts[at] : self.records.ends[at]]

    def select(self, chosen: NDArray[np.bool_]) -> bytes:
        """Return the bytes of the chosen records; what stands between two of them is empty lines.

        Arrow takes a byte order mark off the start of whatever it gets: one that is data is written twice.
        """
        edges = np.flatnonzero(np.diff(chosen, prepend=False, append=False))
        runs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        starts, ends = self.records.starts, self.records.ends
        content = b"".join(self.data[starts[first] : ends[after - 1]] for first, after in runs)
        return codecs.BOM_UTF8 + content if content.startswith(codecs.BOM_UTF8) else content

    def without_header(self) -> Stretch:
        """Return the stretch from its second record on."""
        names = ("starts", "ends", "lines", "n_fields", "faults")
        rest = {name: getattr(self.records, name)[1:] for name in names}
        return replace(self, records=replace(self.records, **rest))


@dataclass(frozen=True)
class CsvFile:
    """A CSV file of which the header keeps the contract."""

    name: str
    columns: Matched
    n_fields: int
    header: bytes
    marks: Marks
    stretches: Iterator[Stretch]

    def certain_kinds(self) -> frozenset[str]:
        """Return no column: nothing in a text file says that its values can be read."""
        return frozenset()

    def pieces(self) -> Iterator[Piece]:
        """Yield the records, a piece at a time; each record is in exactly one piece, and there once."""
        for stretch in self.stretches:
            yield self._piece(stretch)

    def _piece(self, stretch: Stretch) -> Piece:
        records, faults = stretch.records, stretch.records.faults.copy()
        whole = faults == Fault.NONE
        faults[whole & (records.n_fields < self.n_fields)] = Fault.TOO_FEW_FIELDS
        faults[whole & (records.n_fields > self.n_fields)] = Fault.TOO_MANY_FIELDS
        faults[self._repeats(stretch, faults == Fault.NONE)] = Fault.REPEATED_HEADER
        good = faults == Fault.NONE
        lines = records.lines + stretch.first_line
        rejects = tuple(
            Reject(int(lines[at]), rule_of(Fault(faults[at])), stretch.text(at))
            for at in np.flatnonzero(~good).tolist()
        )
        parsed = self._parse(stretch, good)
        table = parsed.select(range(len(self.columns.positions))).rename_columns(list(self.columns.positions))
        extra = None
        if self.columns.extra:
            extra = parsed.select(range(table.num_columns, parsed.num_columns))
            extra = with_lines(extra.rename_columns(list(self.columns.extra)), lines[good])
        return Piece(with_lines(table, lines[good]), rejects, extra)

    def _repeats(self, stretch: Stretch, good: NDArray[np.bool_]) -> list[int]:
        """Return the records that are the header once more, as in files that were put one after another."""
        seen, starts = np.frombuffer(stretch.data, np.uint8), stretch.records.starts
        found: list[int] = []
        for form in (self.header, codecs.BOM_UTF8 + self.header):
            lasts = starts + len(form) - 1
            more = stretch.records.ends - 1 - lasts
            tried = np.flatnonzero(good & (more >= 0) & (more <= len(b"\r\n")))
            tried = tried[(seen[starts[tried]] == form[0]) & (seen[lasts[tried]] == form[-1])]
            found += [at for at in tried.tolist() if stretch.raw(at).rstrip(b"\r\n") == form]
        return found

    def _parse(self, stretch: Stretch, good: NDArray[np.bool_]) -> Any:  # noqa: ANN401  pyarrow ships no types
        import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it
        from pyarrow import csv as arrow_csv  # noqa: PLC0415  the same

        names = [f"field {at}" for at in range(self.n_fields)]
        places = (*self.columns.positions.values(), *self.columns.extra_positions.values())
        wanted = [names[at] for at in places]
        n_good = int(np.count_nonzero(good))
        if not n_good:
            return pa.table({name: pa.array([], pa.string()) for name in wanted})
        longest = int((stretch.records.ends - stretch.records.starts)[good].max())
        try:
            parsed = arrow_csv.read_csv(
                pa.py_buffer(stretch.select(good)),
                arrow_csv.ReadOptions(column_names=names, block_size=max(BLOCK_BYTES, 2 * longest)),
                arrow_csv.ParseOptions(
                    delimiter=chr(self.marks.delimiter),
                    quote_char=chr(self.marks.quote) if self.marks.quote is not None else False,
                    newlines_in_values=stretch.records.has_inner_line_ends,
                ),
                arrow_csv.ConvertOptions(
                    include_columns=wanted,
                    column_types=dict.fromkeys(wanted, pa.string()),
                    null_values=[""],
                    strings_can_be_null=True,
                    check_utf8=False,  # the bytes were checked when they were read
                ),
            )
        except pa.ArrowInvalid:
            raise self._disagree(stretch, "no", n_good) from None  # its words hold a record
        if parsed.num_rows != n_good:
            raise self._disagree(stretch, parsed.num_rows, n_good)
        return parsed

    def _disagree(self, stretch: Stretch, n_parsed: object, n_counted: int) -> DeliveryError:
        return DeliveryError(
            f"{self.name}: the parser reads {n_parsed} records from line {stretch.first_line} on",
            expected=f"the {n_counted} that were counted there",
            todo="report this with the shape of the file; nothing of it was taken in",
        )


def open_csv(file: BinaryIO, contract: Contract, dialect: Csv, name: str) -> CsvFile:
    """Read the header of a CSV file and hold it against the declared columns; the records are read later.

    Raises
    ------
    DeliveryError
        When the file is empty, is in another encoding, or its header misses a declared column.

    A line `sep=;` before the header, as made for Excel, is left out; one of another delimiter is refused.
    """
    quote = None if dialect.quote is None else _byte(dialect.quote, "quote", contract)
    marks = Marks(_byte(dialect.delimiter, "delimiter", contract), quote)
    stretches = _stretches(file, dialect.encoding, marks, name)
    first = next((stretch for stretch in stretches if len(stretch.records.starts)), None)
    if first is None:
        raise DeliveryError(
            f"{name} is empty",
            expected=f"a header line with the columns of {contract.table_name}",
            todo="see whether the supplier's export ran; a day without rows still has its header",
        )
    header = _header(first, marks, dialect.encoding, name)
    if (said := _SAYS.fullmatch(first.text(0))) and said[1] != dialect.delimiter:
        raise DeliveryError(
            f"{name} has another delimiter than its table declares: the file says {said[0]}",
            expected=f"fields with {dialect.delimiter!r} between them",
            todo=f"declare delimiter={said[1]!r} when the supplier says so",
        )
    if first.text(0).lower() == f"sep={dialect.delimiter}":  # which Excel reads, and shows nobody
        first = first.without_header()
        if not len(first.records.starts):
            raise _no_header(name, "only a line that tells the delimiter")
        header = _header(first, marks, dialect.encoding, name)
    matched = match_columns(contract, header, name)
    raw_header = first.raw(0).rstrip(b"\r\n")
    return CsvFile(name, matched, len(header), raw_header, marks, chain([first.without_header()], stretches))


def _stretches(file: BinaryIO, encoding: str, marks: Marks, name: str) -> Iterator[Stretch]:
    content, wrongs = utf_8_stretches(file, encoding, name), Wrongs(encoding, name)
    data, line, trusts_quotes = next(content, b""), 1, True
    while data:
        following = next(content, b"")
        seen = np.frombuffer(data, np.uint8)
        records = scan(seen, marks, is_last=not following, trusts_quotes=trusts_quotes)
        if not records.consumed and len(data) > LONGEST_RECORD_BYTES:
            records = scan(seen, marks, is_last=False, gives_up=True, trusts_quotes=trusts_quotes)
            if not records.consumed:
                raise DeliveryError(
                    f"{name} has a line of more than {LONGEST_RECORD_BYTES >> 20} MB, from line {line} on",
                    expected="records of at most that size",
                    todo="see whether the file is a CSV file with line ends",
                )
        stretch = Stretch(data, records, line)
        wrong = wrongs.mark(data, records.ends, records.lines + line)
        if wrong is not None:
            records.faults[wrong] = Fault.WRONG_ENCODING
        yield stretch
        line += records.n_lines
        trusts_quotes = records.trusts_quotes
        data = data[records.consumed :] + following


def _header(first: Stretch, marks: Marks, encoding: str, name: str) -> list[str]:
    fault = Fault(first.records.faults[0])
    if fault == Fault.WRONG_ENCODING or (fault and look_of(first.raw(0))):
        raise wrong_encoding(first.raw(0), encoding, name, first.first_line + int(first.records.lines[0]))
    if fault:
        raise _no_header(name, fault.name.lower().replace("_", " "))
    delimiter = chr(marks.delimiter)
    if marks.quote is None:
        return first.text(0).split(delimiter)
    try:
        return next(csv.reader([first.text(0)], delimiter=delimiter, quotechar=chr(marks.quote)))
    except csv.Error:
        raise _no_header(name, "a name of more than 100,000 characters") from None


def _no_header(name: str, found: str) -> DeliveryError:
    return DeliveryError(
        f"the header of {name} cannot be read: {found}",
        expected="a first line with the names of the columns",
        todo="see whether the file was delivered whole and in the declared dialect",
    )


def _byte(character: str, option: str, contract: Contract) -> int:
    if not character.isascii():
        raise DeclarationError(
            f"{contract.table_name}: the {option} {character!r} is more than one byte in UTF-8",
            expected=f"an ASCII character as {option}",
            todo="have the supplier deliver with a semicolon, comma or tab",
        )
    return ord(character)
