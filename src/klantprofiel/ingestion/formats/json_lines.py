"""JSON lines by contract: each line one object, read to the letter of RFC 8259, or kept aside as it is.

A number keeps the digits that the file has, so no double stands in between; for a column of numbers it loses
its last zeros and its exponent. A name that is absent is an empty value. The file is read twice: first for
the names in it, since any line may bring one that nobody declared.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]  # reads one string; not in the stubs
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klantprofiel.errors import DeliveryError
from klantprofiel.ingestion.bsn import is_bsn_name, refuse_named
from klantprofiel.ingestion.columns import MOST_COLUMNS, Matched, look_alikes, match_names
from klantprofiel.ingestion.faults import Fault, rule_of
from klantprofiel.ingestion.formats.encoding import Wrongs, look_of, shown, utf_8_stretches
from klantprofiel.ingestion.formats.plain_json import are_plain, plain_columns, plain_texts, shortest
from klantprofiel.ingestion.piece import Piece, Reject, with_lines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from typing import BinaryIO

    from klantprofiel.ingestion.contract import Contract
    from klantprofiel.schema.dialect import JsonLines

LONGEST_LINE_BYTES: Final = 1 << 26
SPACE: Final = " \t\r"  # what JSON allows around values; a line feed ends the record
_COUNTS: Final = ("BIGINT", "DECIMAL")  # the types of columns of numbers
_IS_BOOLEAN: Final = {True: "true", False: "false"}
_COLON: Final = re.compile(r"[ \t\r]*:[ \t\r]*")
_COMMA: Final = re.compile(r"[ \t\r]*,?[ \t\r]*")


@dataclass(frozen=True)
class _Lines:
    """Some whole lines, the number of the first, and which of them have bytes that the encoding lacks."""

    text: str
    n_lines: int
    first_line: int
    wrong: frozenset[int]

    def names(self, objects: Objects) -> list[str]:
        """Return the names on the first line; none when it has none, or any line is in another encoding."""
        first = objects.read(self.text.partition("\n")[0])
        return [] if self.wrong or isinstance(first, Fault) else list(first)


class Objects:
    """Reads the object on a line: what its names hold as text, or the fault of the line.

    >>> Objects().read('{"a": 1.50, "b": "x", "c": true}')
    {'a': '1.50', 'b': 'x', 'c': True}
    >>> Objects().read('{"a": NaN}')
    <Fault.NOT_JSON: 8>
    """

    def __init__(self) -> None:
        decoder: Any = json.JSONDecoder(  # strict: what RFC 8259 forbids in a string is refused
            object_pairs_hook=tuple, parse_float=Fraction, parse_int=str, parse_constant=_refuse
        )
        self.nested_bsns: set[str] = set()  # names of a BSN inside the values read so far
        self._scan = decoder.scan_once  # what stands at a place, and where it ends

    def read(self, line: str) -> dict[str, Any] | Fault:
        """Return the values by name: text, True, False or None; a nested one as its JSON text."""
        line = line.strip(SPACE)
        try:
            pairs, end = self._scan(line, 0)
        except (ValueError, StopIteration):
            return Fault.NOT_JSON
        except RecursionError:
            return Fault.TOO_DEEP
        if end != len(line):
            return Fault.NOT_JSON
        if not isinstance(pairs, tuple):
            return Fault.NO_OBJECT
        values = dict(pairs)
        if len(values) != len(pairs):
            return Fault.DUPLICATE_NAME
        if "[" in line or line.find("{", 1) > 0:
            values = self._with_nested(line, values)
        return _fault_in(values) or values if "\\u" in line else values

    def _with_nested(self, line: str, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values with the nested ones as the text that they have in the line."""
        if not any(isinstance(value, tuple | list) for value in values.values()):
            return values
        at = len(line) - len(line[1:].lstrip(SPACE))
        for _ in values:
            name, at = scanstring(line, at + 1, True)  # noqa: FBT003  Python's own signature
            start = _after(_COLON, line, at)
            value, at = self._scan(line, start)
            if isinstance(value, tuple | list):
                values[name] = Nested(line[start:at])
                self.nested_bsns.update(filter(is_bsn_name, _names_in(value)))
            at = _after(_COMMA, line, at)
        return values


class Fraction(str):
    """The text of a number with a fraction or an exponent."""

    __slots__ = ()


class Nested(str):
    """The JSON text of an object or array."""

    __slots__ = ()


@dataclass(frozen=True)
class JsonLinesFile:
    """A JSON lines file of which the names keep the contract."""

    name: str
    columns: Matched
    headers: dict[str, str]
    counts: frozenset[str]
    extra_headers: tuple[str, ...]
    renamed: dict[str, str]
    dialect: JsonLines
    file: BinaryIO

    def certain_kinds(self) -> frozenset[str]:
        """Return no column: a value may have any type on any line."""
        return frozenset()

    def pieces(self) -> Iterator[Piece]:
        """Yield the records, a piece at a time; each line is in exactly one piece, blank ones in none."""
        objects = Objects()
        for lines in _lines(self.file, self.dialect.encoding, self.name):
            names = lines.names(objects)
            if not self._is_renamed(names) and (plain := plain_columns(lines.text, lines.n_lines, names)):
                yield self._plain_piece(lines, plain)
            else:
                yield self._piece(lines, objects)

    def _is_renamed(self, names: Collection[str]) -> bool:
        """Say whether a declared name is absent where one in other capitals or signs stands."""
        return any(new in names and old not in names for new, old in self.renamed.items())

    def _plain_piece(self, lines: _Lines, plain: dict[str, Sequence[str]]) -> Piece:
        import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it

        arrays = [
            plain_texts(plain[header], self.dialect.decimal, is_count=header in self.counts)
            if header in plain
            else pa.nulls(lines.n_lines, pa.string())
            for header in (*self.headers.values(), *self.extra_headers)
        ]
        return self._put(arrays, range(lines.first_line, lines.first_line + lines.n_lines), ())

    def _piece(self, lines: _Lines, objects: Objects) -> Piece:
        rows: list[tuple[Any, ...]] = []
        numbers: list[int] = []
        rejects: list[Reject] = []
        wanted = [*self.headers.values(), *self.extra_headers]
        for at, line in enumerate(lines.text.split("\n")):
            if not line or (line.isspace() and not line.strip(SPACE)):
                continue
            values = Fault.WRONG_ENCODING if at in lines.wrong else objects.read(line)
            if not isinstance(values, Fault) and self._is_renamed(values):
                values = Fault.RENAMED
            if not isinstance(values, Fault):
                row = tuple(map(values.get, wanted))
                if Nested not in map(type, row[: len(self.headers)]):
                    rows.append(row)
                    numbers.append(lines.first_line + at)
                    continue
                values = Fault.NESTED_VALUE
            raw_text = shown(line.removesuffix("\r").encode("utf-8", "surrogatepass"))
            rejects.append(Reject(lines.first_line + at, rule_of(values), raw_text))
        return self._put(self._texts(rows, wanted), numbers, rejects)

    def _texts(self, rows: Sequence[tuple[Any, ...]], wanted: Sequence[str]) -> list[Any]:
        """Return the values of each wanted name as a column of text."""
        import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it
        import pyarrow.compute as pc  # noqa: PLC0415  the same

        columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * len(wanted)
        arrays = []
        for header, column in zip(wanted, columns, strict=True):
            kinds = set(map(type, column))
            if Fraction in kinds or bool in kinds:
                column = [self._text(value, is_count=header in self.counts) for value in column]  # noqa: PLW2901
            texts = pa.array(column, pa.string())
            arrays.append(pc.if_else(pc.equal(texts, ""), None, texts))
        return arrays

    def _text(self, value: str | bool | None, *, is_count: bool) -> str | None:  # noqa: FBT001  what JSON holds
        if isinstance(value, Fraction):
            return (shortest(value) if is_count else value).replace(".", self.dialect.decimal)
        return _IS_BOOLEAN[value] if isinstance(value, bool) else value

    def _put(self, arrays: Sequence[Any], numbers: Sequence[int], rejects: Sequence[Reject]) -> Piece:
        """Return a piece of columns, the declared ones first."""
        import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it

        n_declared, lines = len(self.headers), np.array(numbers, np.int64)
        table = with_lines(pa.table(arrays[:n_declared], names=list(self.headers)), lines)
        extra = None
        if self.columns.extra:
            extra = with_lines(pa.table(arrays[n_declared:], names=list(self.columns.extra)), lines)
        return Piece(table, tuple(rejects), extra)


def open_json_lines(file: BinaryIO, contract: Contract, dialect: JsonLines, name: str) -> JsonLinesFile:
    """Read the names in a JSON lines file and hold them against the declared columns.

    Raises
    ------
    DeliveryError
        When the file has no object, is in another encoding, or no object has a declared column that may not
        be empty, or one that seems renamed.
    """
    start = file.read(4)
    file.seek(0)
    objects = Objects()
    names: dict[str, None] = {}
    is_empty = is_without = True
    for lines in _lines(file, dialect.encoding, name):
        if are_plain(lines.text, lines.n_lines, first := lines.names(objects)):
            names.update(dict.fromkeys(first))
            is_without = False
            continue
        for at, line in enumerate(lines.text.split("\n")):
            is_empty = is_empty and not line.strip(SPACE)
            values = objects.read(line) if at not in lines.wrong else Fault.WRONG_ENCODING
            if not isinstance(values, Fault):
                names.update(dict.fromkeys(values))
                is_without = False
        if len(names) > MOST_COLUMNS:
            break  # which the columns are refused for
    refuse_named(sorted(objects.nested_bsns), name)
    if is_without:
        raise _without_objects(contract, name, start, is_empty=is_empty)
    found = list(names)
    matched = match_names(contract, found, name)
    file.seek(0)
    headers = {field.name: field.header for field in contract.fields}
    counts = frozenset(field.header for field in contract.fields if field.sql_type.startswith(_COUNTS))
    extra_headers = tuple(found[at] for at in matched.extra_positions.values())
    renamed = look_alikes(list(headers.values()), extra_headers)
    return JsonLinesFile(name, matched, headers, counts, extra_headers, renamed, dialect, file)


def _without_objects(contract: Contract, name: str, start: bytes, *, is_empty: bool) -> DeliveryError:
    look = look_of(start)
    return DeliveryError(
        f"{name} is empty" if is_empty else f"{name} has no line that holds a JSON object",
        expected=f"lines that each hold one object with the columns of {contract.table_name}",
        todo=f"the file looks like {look}"
        if look
        else "see whether the supplier's export ran, and writes one object per line, in no array",
    )


def _lines(file: BinaryIO, encoding: str, name: str) -> Iterator[_Lines]:
    content, wrongs = utf_8_stretches(file, encoding, name), Wrongs(encoding, name)
    line, rest = 1, b""
    while following := next(content, b""):
        whole, end, after = following.rpartition(b"\n")
        if not end and len(rest) + len(following) > LONGEST_LINE_BYTES:
            raise DeliveryError(
                f"{name} has a line of more than {LONGEST_LINE_BYTES >> 20} MB, from line {line} on",
                expected="records of at most that size",
                todo="see whether the file has one object per line, without an array around it",
            )
        if not end:
            rest += following
            continue
        lines = _split(rest + whole, line, wrongs)
        yield lines
        line += lines.n_lines
        rest = after
    if rest:
        yield _split(rest, line, wrongs)


def _split(data: bytes, line: int, wrongs: Wrongs) -> _Lines:
    ends = np.append(np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")) + 1, len(data))
    marked = wrongs.mark(data, ends, np.arange(line, line + len(ends)))
    wrong = frozenset() if marked is None else frozenset(np.flatnonzero(marked).tolist())
    return _Lines(data.decode("utf-8", "surrogatepass"), len(ends), line, wrong)


def _names_in(nested: tuple[Any, ...] | list[Any]) -> Iterator[str]:
    """Yield the names inside an object, which is read as pairs, or inside an array, at any depth."""
    waiting: list[Any] = [nested]
    while waiting:
        value = waiting.pop()
        if isinstance(value, tuple):
            yield from (name for name, _ in value)
            waiting.extend(each for _, each in value)
        elif isinstance(value, list):
            waiting.extend(value)


def _fault_in(values: dict[str, Any]) -> Fault | None:
    """Return what is wrong with texts that were written with escapes."""
    texts = "".join((*values, *(value for value in values.values() if isinstance(value, str))))
    if "\0" in texts:
        return Fault.NUL_BYTE
    try:
        texts.encode()
    except UnicodeEncodeError:
        return Fault.LONE_SURROGATE
    return None


def _after(pattern: re.Pattern[str], line: str, at: int) -> int:
    found = pattern.match(line, at)
    return found.end() if found else at


def _refuse(constant: str) -> None:
    raise ValueError(constant)
