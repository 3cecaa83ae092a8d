"""The citizen service number (BSN), which the law forbids companies to process: its names and its check."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from klantprofiel.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Iterable

WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)  # per digit; the weighted sum of a BSN is a multiple of MODULUS
MODULUS: Final = 11
WIDE_DIGITS: Final = "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"
PLAIN_DIGITS: Final = "0123456789"
NO_DIGIT: Final = "[^0-9\uff10-\uff19]"  # what may stand before and behind a number
_DIGIT: Final = "[0-9\uff10-\uff19]"
_ZERO: Final = "[0\uff10]"
_SIGN: Final = "[^0-9\uff10-\uff19A-Za-z]"  # what people put in a number
_POINT: Final = "[.,\uff0e\uff0c]"
NUMBER: Final = (  # eight or nine digits behind any zeros, and the zeros of an amount; both engines take the
    # same digits: as few as leave no others behind
    f"{NO_DIGIT}*((?:{_ZERO}{_SIGN}*)*{_DIGIT}(?:{_SIGN}*{_DIGIT}){{7,8}}?)(?:{_POINT}{_ZERO}+)?{NO_DIGIT}*"
)
POWER: Final = (  # the same as spreadsheets write it: its digits, and its power of ten
    f"{NO_DIGIT}*({_DIGIT}(?:{_POINT}{_DIGIT}{{0,8}}0*)?)[eE][+]?0*([78]){NO_DIGIT}*"
)

_NUMBER: Final = re.compile(NUMBER)
_POWER: Final = re.compile(POWER)
_TO_PLAIN: Final = str.maketrans(WIDE_DIGITS, PLAIN_DIGITS)
_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD: Final = re.compile(r"[a-z]*bsn|bsn(n|no|nr|num|nummer|number)?")  # no other word ends in these letters
_WHOLE: Final = re.compile(r"burgerservicen|citizenservicen|sofi(n$|no|nr|num)|^bsn(nr|nummer)?$")


@lru_cache(maxsize=1 << 12)
def is_bsn_name(header: str) -> bool:
    """Tell whether a column is called a BSN, in whatever capitals and with whatever between the words.

    >>> [is_bsn_name(header) for header in ("Klant-BSN", "sofi_nummer", "absent", "websnelheid")]
    [True, True, False, False]
    """
    words = [word for word in re.split(r"[\W\d_]+", _CAPITAL.sub(" ", header).casefold()) if word]
    return any(_WORD.fullmatch(word) for word in words) or bool(_WHOLE.search("".join(words)))


def is_bsn(text: str) -> bool:
    """Tell whether a text is a BSN, however it is written: nine digits that pass the check on eleven.

    >>> is_bsn("1112.22.333"), is_bsn("111222334"), is_bsn("000000000")
    (True, False, False)
    """
    digits = nine_digits(text)
    if not int(digits or 0):
        return False
    return sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True)) % MODULUS == 0


def nine_digits(text: str) -> str:
    """Return the nine digits of a number that could be a BSN, or nothing; eight lost the zero in front.

    >>> [nine_digits(text) for text in ("BSN 181.174.030,00", "1,8117403E+08", "10000008", "181174")]
    ['181174030', '181174030', '010000008', '']
    """
    if number := _NUMBER.fullmatch(text):
        digits = re.sub(NO_DIGIT, "", number[1])
    elif power := _POWER.fullmatch(text):
        n_digits = int(power[2]) + 1
        digits = re.sub(NO_DIGIT, "", power[1]).ljust(n_digits, "0")[:n_digits]
    else:
        return ""
    return digits.translate(_TO_PLAIN).zfill(len(WEIGHTS))[-len(WEIGHTS) :]


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
