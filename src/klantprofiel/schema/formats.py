"""Date and timestamp formats: which are allowed, what they look like, and how people read them.

A format is written with the directives that Python and DuckDB share, or is the word `iso`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

ISO: Final = "iso"
TOKEN: Final = re.compile(r"%-?.?|[^%]")
LITERAL: Final = re.compile(r"[-/. :,_T]")


@dataclass(frozen=True)
class Directive:
    """One part of a moment: its shape in a file, what Dutch readers call it, and what it gives."""

    shape: str
    dutch: str
    gives: str


DAY: Final = "0[1-9]|[12][0-9]|3[01]"
MONTH: Final = "0[1-9]|1[0-2]"
HOUR: Final = "[01][0-9]|2[0-3]"
DIRECTIVES: Final = {
    "%d": Directive(f"(?:{DAY})", "dd", "day"),
    "%-d": Directive(f"(?:{DAY}|[1-9])", "d", "day"),
    "%m": Directive(f"(?:{MONTH})", "mm", "month"),
    "%-m": Directive(f"(?:{MONTH}|[1-9])", "m", "month"),
    "%Y": Directive("(?:[1-9][0-9]{3})", "jjjj", "year"),
    "%y": Directive("(?:[0-9]{2})", "jj", "year"),
    "%H": Directive(f"(?:{HOUR})", "uu", "hour"),
    "%-H": Directive(f"(?:{HOUR}|[0-9])", "u", "hour"),
    "%M": Directive("(?:[0-5][0-9])", "mm", "minute"),
    "%S": Directive("(?:[0-5][0-9])", "ss", "second"),
    "%f": Directive("(?:[0-9]{1,6})", "ffffff", "fraction"),
}
DATE_PARTS: Final = frozenset({"day", "month", "year"})
TIME_PARTS: Final = ("hour", "minute", "second", "fraction")

ISO_DATE_SHAPE: Final = "[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}"
ISO_TIME_SHAPE: Final = f"[ T](?:{HOUR}):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{{1,9}})?)?"
ISO_OFFSET_SHAPE: Final = "(?:Z|[+-](?:0[0-9]|1[0-5])(?::?[0-5][0-9])?)"


def shape_of(form: str) -> str:
    """Return the regular expression of a text in this format, for a whole value.

    >>> shape_of("%Y.%m")
    '(?:[1-9][0-9]{3})[.](?:0[1-9]|1[0-2])'
    """
    shapes = {token: directive.shape for token, directive in DIRECTIVES.items()} | {".": "[.]"}
    return "".join(shapes.get(token, token) for token in _tokens(form))


def in_dutch(form: str, *, iso: str) -> str:
    """Return the format as Dutch readers write it; `iso` is what the word iso stands for.

    >>> in_dutch("%d-%m-%Y", iso="jjjj-mm-dd")
    'dd-mm-jjjj'
    """
    if form == ISO:
        return iso
    words = {token: directive.dutch for token, directive in DIRECTIVES.items()}
    return "".join(words.get(token, token) for token in _tokens(form))


def fault_in(form: object, *, with_time: bool) -> str:
    """Say what is wrong with a format, or return an empty string.

    >>> fault_in("%d-%m-%Y", with_time=False), fault_in("%d-%Y", with_time=False)
    ('', 'has no month')
    """
    if form == ISO:
        return ""
    if not isinstance(form, str) or not form:
        return "is not a text of directives"
    tokens = _tokens(form)
    unknown = [token for token in tokens if token not in DIRECTIVES and not LITERAL.fullmatch(token)]
    if unknown:
        return f"holds {unknown[0]!r}; known are {' '.join(DIRECTIVES)} and separators such as - / . :"
    given = [DIRECTIVES[token].gives for token in tokens if token in DIRECTIVES]
    return _fault_in_parts(given, with_time=with_time)


def _fault_in_parts(given: list[str], *, with_time: bool) -> str:
    missing = sorted(DATE_PARTS - set(given))
    if missing:
        return f"has no {missing[0]}"
    if len(set(given)) < len(given):
        return "names a part twice"
    times = [part for part in TIME_PARTS if part in given]
    if times and not with_time:
        return f"holds a time ({times[0]})"
    if times != list(TIME_PARTS[: len(times)]):
        return f"holds {times[-1]} without {next(part for part in TIME_PARTS if part not in times)}"
    return ""


def _tokens(form: str) -> list[str]:
    return TOKEN.findall(form)
