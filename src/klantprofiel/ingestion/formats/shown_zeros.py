"""Numbers that Excel shows with zeros in front: 7 as 00007, by a number format of zeros only."""

from __future__ import annotations

import re
import zipfile
from bisect import bisect_right
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterable

_ZEROS: Final = re.compile(
    r"(?:\[(?:\$[^]]*|[A-Za-z]+)\])*(0{2,255})(?:;.*)?", re.DOTALL
)  # 255: Excel's most


class Widths:
    """How many digits the whole numbers of a sheet are shown with, at least.

    Of each column only the rows are kept where the style changes, so that a million cells of one style take
    no room.

    >>> widths = Widths()
    >>> for row, width in enumerate([0, 5, 5, 0], 1):
    ...     widths.add(row, 2, width)
    >>> [widths.at(row, 2) for row in (1, 2, 3, 4)]
    [0, 5, 5, 0]
    """

    def __init__(self) -> None:
        self._rows: dict[int, list[int]] = {}
        self._widths: dict[int, list[int]] = {}

    def __bool__(self) -> bool:
        """Whether any cell is shown so."""
        return bool(self._rows)

    def add(self, row: int, column: int, width: int) -> None:
        """Take the next cell of a column; BadZipFile when rows are not in order, as Excel writes them."""
        rows = self._rows.get(column)
        if rows is None:
            if width:
                self._rows[column], self._widths[column] = [row], [width]
        elif row < rows[-1]:
            raise zipfile.BadZipFile
        elif self._widths[column][-1] != width:
            rows.append(row)
            self._widths[column].append(width)

    def at(self, row: int, column: int) -> int:
        """Return the number of digits of a cell that was taken; 0 when its style says nothing of it."""
        rows = self._rows.get(column)
        if rows is None:
            return 0
        before = bisect_right(rows, row)
        return self._widths[column][before - 1] if before else 0


def width_of(code: str) -> int:
    """Return how many digits a number format shows of a whole number at least; 0 when it says more than that.

    Examples
    --------
    >>> [width_of(code) for code in ("00000", "00000;@", "[$-413]000", "0", "0000 00", "0.00", '"00"')]
    [5, 5, 3, 0, 0, 0, 0]
    """
    found = _ZEROS.fullmatch(code)
    return len(found[1]) if found else 0


def padded_styles(chunks: Iterable[bytes]) -> dict[str, int]:
    """Return the styles of a workbook by number, as its cells refer to them, that show zeros in front.

    Parameters
    ----------
    chunks
        The styles of the workbook, as XML.
    """
    widths: dict[str, int] = {}
    styles: dict[str, int] = {}
    n_styles = 0
    is_cells = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal n_styles, is_cells
        tag = tag.rpartition(":")[2]
        if tag == "numFmt" and (width := width_of(attributes.get("formatCode", ""))):
            widths[attributes.get("numFmtId", "")] = width
        elif tag == "cellXfs":
            is_cells = True
        elif tag == "xf" and is_cells:
            if width := widths.get(attributes.get("numFmtId", ""), 0):
                styles[str(n_styles)] = width
            n_styles += 1

    def end(tag: str) -> None:
        nonlocal is_cells
        is_cells = is_cells and tag.rpartition(":")[2] != "cellXfs"

    parser = parser_of()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    for chunk in chunks:
        parser.Parse(chunk, False)  # noqa: FBT003  expat's own signature
    return styles


def parser_of() -> expat.XMLParserType:
    """Return a parser of XML that refuses a DTD, and so whatever entities could become."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> None:
    raise zipfile.BadZipFile
