"""The citizen service number (BSN), which the law forbids companies to process: its names and its check."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from klantprofiel.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Iterable

WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)  # per digit; the weighted sum of a BSN is a multiple of MODULUS
MODULUS: Final = 11
SIGN: Final = "[^0-9A-Za-z]"  # what people put in a number, and between numbers
FRACTION: Final = f"[.,]0{SIGN}*"  # what programs put behind one that they took for an amount

_SHORTEST: Final = 8  # a BSN of eight digits lost the zero in front
_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD: Final = re.compile(r"[a-z]*bsn|bsn(n|no|nr|num|nummer|number)?")  # no other word ends in these letters
_WHOLE: Final = re.compile(r"burgerservicen|citizenservicen|sofi(n$|no|nr|num)|^bsn(nr|nummer)?$")


def is_bsn_name(header: str) -> bool:
    """Tell whether a column is called a BSN, in whatever capitals and with whatever between the words.

    >>> [is_bsn_name(header) for header in ("Klant-BSN", "sofi_nummer", "absent", "websnelheid")]
    [True, True, False, False]
    """
    words = [word for word in re.split(r"[\W\d_]+", _CAPITAL.sub(" ", header).casefold()) if word]
    return any(_WORD.fullmatch(word) for word in words) or bool(_WHOLE.search("".join(words)))


def is_bsn(text: str) -> bool:
    """Tell whether a text has the form of a BSN: eight or nine digits that pass the check on eleven.

    >>> is_bsn("1112.22.333"), is_bsn("111222334"), is_bsn("000000000")
    (True, False, False)
    """
    digits = re.sub(SIGN, "", re.sub(rf"{FRACTION}\Z", "", text))
    if not re.fullmatch(rf"[0-9]{{{_SHORTEST},{len(WEIGHTS)}}}", digits) or len(set(digits)) == 1:
        return False
    padded = digits.zfill(len(WEIGHTS))
    return sum(weight * int(digit) for weight, digit in zip(WEIGHTS, padded, strict=True)) % MODULUS == 0


def refuse_named(headers: Iterable[str], name: str) -> None:
    """Refuse the delivery `name` when one of its columns is called a BSN.

    Raises
    ------
    DeliveryError
        With the name of the column. There is no way around it.
    """
    for header in headers:
        if is_bsn_name(header):
            raise holds_bsn(name, header)


def holds_bsn(name: str, header: str) -> DeliveryError:
    """Return the error of a delivery with a column of BSNs."""
    return DeliveryError(
        f"{name}: the column {header!r} holds citizen service numbers (BSN)",
        expected="no such column: the law allows only few to process this number, and not for this",
        todo="delete this file, and have it delivered without the column; nothing of it was kept",
    )
