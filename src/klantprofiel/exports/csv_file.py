"""CSV as a Dutch spreadsheet and a mailing tool read it, the same bytes for the same rows.

UTF-8 without a byte order mark; `;` between the fields, a comma in decimals, lines end in CR LF (RFC 4180 in
all but the `;`). Dates are jjjj-mm-dd, flags `ja` and `nee`, and what is unknown is an empty field.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from decimal import Decimal
from functools import singledispatch
from itertools import dropwhile
from math import isnan
from typing import TYPE_CHECKING, Final
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# A spreadsheet runs a cell that starts with one of these, the full-width forms included, also when what
# stands before it cannot be seen.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # noqa: RUF001
_CELL_ENDS: Final = ("\t", "\r", "\n")  # what follows may become a cell of its own
_UNSEEN: Final = ("Cc", "Cf", "Zl", "Zp", "Zs")  # Unicode categories: control, zero-width, and white space
_PHONE: Final = re.compile(r"\+[0-9][0-9 ]*")  # no formula: nothing to compute and nothing to call


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV file as bytes; text that a spreadsheet would run as a formula gets an apostrophe in front.

    >>> csv_bytes(["naam", "telefoon"], [("=1+1", "+31612345678"), ("Zoë", None)]).decode().splitlines()
    ['naam;telefoon', "'=1+1;+31612345678", 'Zoë;']
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


@singledispatch
def _cell(value: object) -> str:
    return _harmless(str(value))


@_cell.register
def _(value: None) -> str:  # noqa: ARG001  dispatched on its type
    return ""


@_cell.register
def _(value: bool) -> str:  # noqa: FBT001  a value, not a flag
    return "ja" if value else "nee"


@_cell.register
def _(value: int) -> str:
    return str(value)


@_cell.register
def _(value: float) -> str:
    return "" if isnan(value) else repr(value).replace(".", ",")


@_cell.register
def _(value: Decimal) -> str:
    return f"{value:f}".replace(".", ",")


@_cell.register
def _(value: date) -> str:
    return value.isoformat()


@_cell.register
def _(value: datetime) -> str:
    return value.isoformat(sep=" ", timespec="seconds")


def _harmless(text: str) -> str:
    seen = "".join(dropwhile(lambda character: category(character) in _UNSEEN, text))
    if (seen.startswith(_FORMULA_STARTS) or text.startswith(_CELL_ENDS)) and not _PHONE.fullmatch(text):
        return f"'{text}"
    return text
