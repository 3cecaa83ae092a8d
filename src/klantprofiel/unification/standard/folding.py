"""Text without case, diacritics and signs: what every standard form begins with."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_UNFOLDED: Final = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "\u0131": "i", "ħ": "h"}
)
_ASCII_WORD: Final = re.compile(r"[a-z0-9]+")
_ASCII_SIGNS: Final = bytes(code for code in range(128) if not chr(code).isalnum())
_LATIN_END: Final = "\u0250"  # beyond it stand other scripts, whose marks are letters and not diacritics
_OF_WORDS: Final = frozenset("LMN")  # the Unicode classes of letters, marks and numbers


def folded(value: str) -> str:
    """Return text in lower case, Latin letters without diacritics; other scripts keep their marks.

    >>> folded("Crèvecœur Øst Ĳzerman")
    'crevecoeur ost ijzerman'
    >>> folded("Йорданов")
    'йорданов'
    """
    if value.isascii():
        return value.lower()
    while (text := _folded_once(value)) != value:
        value = text
    return value


def words(value: str) -> list[str]:
    """Return the words of a text, folded: letters and digits, whatever stands between them.

    >>> words("'t Hart-van d'Hondt, 3")
    ['t', 'hart', 'van', 'd', 'hondt', '3']
    """
    text = folded(value)
    if text.isascii():
        return _ASCII_WORD.findall(text)
    return "".join(sign if unicodedata.category(sign)[0] in _OF_WORDS else " " for sign in text).split()


def letters_and_digits(value: str) -> str:
    """Return the letters and digits of a text, folded and without anything between them.

    >>> letters_and_digits("O'Neill-Smith 3")
    'oneillsmith3'
    """
    if value.isascii():
        return without(value, _ASCII_SIGNS).lower()
    return "".join(words(value))


def without(text: str, signs: bytes) -> str:
    """Return an ASCII text without some signs; ten times as fast as a pattern, and names are many.

    >>> without("06-21 34 56 78", b" -")
    '0621345678'
    """
    return text.encode("ascii").translate(None, signs).decode("ascii")


def _folded_once(value: str) -> str:
    signs: list[str] = []
    for sign in unicodedata.normalize("NFKD", value.casefold()):
        if unicodedata.combining(sign) and (not signs or signs[-1] < _LATIN_END):
            continue
        signs.append(sign)
    return unicodedata.normalize("NFC", "".join(signs).translate(_UNFOLDED))
