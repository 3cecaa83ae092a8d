"""An .xlsx file before it is trusted: what its zip holds, and which cells its sheets hide from the parser.

The parser gives an empty value for a cell with an error, for a formula without a result and for all but the
first of merged cells, tells nothing of how a number is shown, and unpacks what it is given. So every member
is unpacked here first, counted and checked, and such cells are looked up.
"""

from __future__ import annotations

import codecs
import lzma
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from klantprofiel.errors import DeliveryError
from klantprofiel.ingestion.faults import Fault
from klantprofiel.ingestion.formats.shown_zeros import Widths, padded_styles, parser_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

FREE_BYTES: Final = 64 << 20
MOST_TIMES: Final = 200  # a sheet of numbers becomes 10 times as small, one of nothing but zeros 60
MOST_BYTES: Final = 512 << 20
MOST_CELLS: Final = (
    1 << 25
)  # the parser keeps 32 bytes for each cell of the rectangle around all that is filled
CHUNK_BYTES: Final = 1 << 20

DAMAGE: Final = (  # what zipfile raises for bytes that are no zip file, or no whole one
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    StopIteration,
    ValueError,
)

_OLD: Final = b"\xd0\xcf\x11\xe0"
_WORKBOOK: Final = "xl/workbook.xml"
_STYLES: Final = "xl/styles.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_SUSPECT: Final = re.compile(rb"""\bt\s*=\s*["']e["']|<(?:\w+:)?(?:f|mergeCell)[\s/>]""")
_COLUMN: Final = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})[0-9]""")
_ROW: Final = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["']([0-9]{1,9})["']""")


@dataclass
class Sheet:
    """What was seen of one sheet: its reach, and whether it may hold cells that the parser hides."""

    letters: set[bytes] = field(default_factory=set)
    last_row: int = 0
    is_suspect: bool = False
    mark: re.Pattern[bytes] = _SUSPECT

    def see(self, chunk: bytes) -> None:
        """Look through some of the sheet's XML, which is UTF-8 in all that Excel writes."""
        if b"\0" in chunk or chunk.startswith(codecs.BOM_UTF16_LE):
            raise zipfile.BadZipFile
        self.is_suspect = self.is_suspect or bool(self.mark.search(chunk))
        self.letters.update(_COLUMN.findall(chunk))
        self.last_row = max(self.last_row, *map(int, _ROW.findall(chunk)), 0)

    @property
    def n_cells(self) -> int:
        """How many cells the rectangle from the first cell to the last has."""
        return self.last_row * max(map(_number_of, self.letters), default=0)


@dataclass(frozen=True)
class Hidden:
    """A cell that the parser shows as empty: why, and what Excel shows there."""

    fault: Fault
    text: str


@dataclass(frozen=True)
class Unseen:
    """What the parser does not tell of a sheet, by row from 1 and column from 0."""

    hidden: dict[tuple[int, int], Hidden] = field(default_factory=dict)
    widths: Widths = field(default_factory=Widths)


@dataclass(frozen=True)
class Workbook:
    """The sheets of an .xlsx file by the name on their tab, checked.

    `padded` holds the styles that show a whole number with so many digits at least.
    """

    path: Path
    name: str
    members: Mapping[str, str]
    sheets: Mapping[str, Sheet]
    padded: Mapping[str, int]

    def unseen(self, sheet: str) -> Unseen:
        """Return the cells that the parser hides, and those that are shown with zeros in front."""
        if not self.sheets[self.members[sheet]].is_suspect:
            return Unseen()
        cells = _Cells(self.padded)
        try:
            with zipfile.ZipFile(self.path) as archive:
                for chunk in _chunks(archive, self.members[sheet]):
                    cells.feed(chunk)
        except (expat.ExpatError, *DAMAGE):
            raise _no_workbook(self.name, "has a sheet that is no XML") from None
        return Unseen(cells.hidden, cells.widths)


def open_workbook(path: Path, name: str) -> Workbook:
    """Unpack all of an .xlsx file to see whether it can be trusted, keeping nothing.

    Raises
    ------
    DeliveryError
        When it is no .xlsx file, was cut off or damaged, has a password, or unpacks to far too much.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start == _OLD:
        raise _no_workbook(name, "is an old .xls file, or has a password")
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bomb(archive, path.stat().st_size, name)
            members = _members(archive)
            padded = padded_styles(_chunks(archive, _STYLES)) if _STYLES in archive.namelist() else {}
            sheets = _unpacked(archive, set(members.values()), padded)
    except DAMAGE:
        raise _no_workbook(name, "cannot be unpacked, or has no sheets") from None
    except expat.ExpatError:
        raise _no_workbook(name, "has a part that is no XML") from None
    known = {tab: member for tab, member in members.items() if member in sheets}
    for tab, member in known.items():
        if sheets[member].n_cells > MOST_CELLS:
            raise DeliveryError(
                f"{name}: the sheet {tab!r} reaches over {sheets[member].n_cells} cells",
                expected=f"at most {MOST_CELLS}",
                todo="remove the cells far below or to the right of the others, or have it delivered as CSV",
            )
    return Workbook(path, name, known, sheets, padded)


def _refuse_bomb(archive: zipfile.ZipFile, n_packed: int, name: str) -> None:
    """Refuse what says that it unpacks to too much; what lies about that does not survive `_unpacked`."""
    most = min(max(FREE_BYTES, MOST_TIMES * n_packed), MOST_BYTES)
    members = archive.infolist()
    n_bytes = sum(member.file_size for member in members)
    if n_bytes > most:
        raise DeliveryError(
            f"{name} unpacks to {n_bytes >> 20} MB, from {n_packed} bytes",
            expected=f"at most {MOST_BYTES >> 20} MB, and {MOST_TIMES} times as much",
            todo="see what was sent; have a table of that size delivered as CSV",
        )
    if len({member.filename for member in members}) < len(members):
        raise zipfile.BadZipFile


def _unpacked(
    archive: zipfile.ZipFile, members: Collection[str], padded: Collection[str]
) -> dict[str, Sheet]:
    """Unpack everything, which checks its length and sum; return what was seen of the members with sheets."""
    sheets: dict[str, Sheet] = {}
    mark = _SUSPECT
    if padded:  # a cell of a suspect style is to be looked up as well; one without any has the first
        styles = "|".join(sorted(padded))
        plain = "|<(?:\\w+:)?c\\b(?![^>]*\\bs\\s*=)" if "0" in padded else ""
        mark = re.compile(_SUSPECT.pattern + rf"""|\bs\s*=\s*["'](?:{styles})["']{plain}""".encode())
    for member in archive.namelist():
        sheet, before = Sheet(mark=mark), b""
        for chunk in _chunks(archive, member):
            if member in members:
                sheet.see(before + chunk)
                before = chunk[-256:]
        if member in members:
            sheets[member] = sheet
    return sheets


def _members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return which member holds each sheet."""
    targets = {
        attributes["Id"]: posixpath.normpath(posixpath.join("/xl", attributes["Target"])).lstrip("/")
        for tag, attributes in _elements(archive.read(_RELATIONS))
        if tag == "Relationship"
    }
    sheets: dict[str, str] = {}
    for tag, attributes in _elements(archive.read(_WORKBOOK)):
        if tag == "sheet":
            relation = next(value for key, value in attributes.items() if key.rpartition(":")[2] == "id")
            sheets[attributes["name"]] = targets[relation]
    return sheets


def _elements(document: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    parser = parser_of()
    parser.StartElementHandler = lambda tag, attributes: found.append((tag.rpartition(":")[2], attributes))
    parser.Parse(document, True)  # noqa: FBT003  expat's own signature
    yield from found


class _Cells:
    """Walks the cells of a sheet, and keeps those that the parser shows otherwise than Excel does.

    These are an error, a formula that was never worked out, a cell that was merged with another, and a number
    that is shown with zeros in front.
    """

    def __init__(self, padded: Mapping[str, int]) -> None:
        self._padded = padded
        self.widths = Widths()
        self.hidden: dict[tuple[int, int], Hidden] = {}
        self._parser = parser_of()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._row = self._column = 0
        self._kind = ""
        self._is_formula = self._in_value = False
        self._value = ""

    def feed(self, chunk: bytes) -> None:
        """Walk on."""
        self._parser.Parse(chunk, False)  # noqa: FBT003  expat's own signature

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = -1
        elif tag == "c":
            self._column = _place_of(attributes["r"])[1] if attributes.get("r") else self._column + 1
            self._kind = attributes.get("t", "")
            if self._padded:
                self.widths.add(self._row, self._column, self._padded.get(attributes.get("s", "0"), 0))
            self._is_formula, self._value = False, ""
        elif tag == "f":
            self._is_formula = True
        elif tag in {"v", "is"}:
            self._in_value = True
        elif tag == "mergeCell":
            self._cover(attributes["ref"])

    def _cover(self, merged: str) -> None:
        """Keep all cells of a range such as A2:B9 but the first, as far as there are rows."""
        first, _, last = merged.partition(":")
        (row, column), (last_row, last_column) = _place_of(first), _place_of(last or first)
        for covered in product(range(row, min(last_row, self._row) + 1), range(column, last_column + 1)):
            if covered != (row, column):
                self.hidden[covered] = Hidden(Fault.MERGED_CELL, "")

    def _text(self, text: str) -> None:
        if self._in_value:
            self._value += text

    def _end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in {"v", "is"}:
            self._in_value = False
        elif tag == "c" and self._kind == "e":
            self.hidden[self._row, self._column] = Hidden(Fault.ERROR_CELL, self._value)
        elif tag == "c" and self._is_formula and not self._value and self._kind != "str":
            self.hidden[self._row, self._column] = Hidden(Fault.NO_RESULT, "")


def _chunks(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    with archive.open(member) as content:
        while chunk := content.read(CHUNK_BYTES):
            yield chunk


def _place_of(reference: str) -> tuple[int, int]:
    """Return the row, from 1, and the column, from 0, of a cell.

    >>> _place_of("AB7")
    (7, 27)
    """
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :]), _number_of(letters.encode()) - 1


def _number_of(letters: bytes) -> int:
    """Return the number of a column from its letters.

    >>> _number_of(b"A"), _number_of(b"AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _no_workbook(name: str, found: str) -> DeliveryError:
    return DeliveryError(
        f"{name} {found}",
        expected="a whole Excel workbook of the kind .xlsx, without a password",
        todo="have it opened in Excel, saved as .xlsx and delivered again",
    )
