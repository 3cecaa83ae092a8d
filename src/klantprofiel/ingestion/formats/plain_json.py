"""The bulk of most JSON lines files: lines with the same names in the same order, and values without escapes.

A regular expression reads those several times as fast as a parser, and to the same letter; what does not fit
it as a whole is left to the parser.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

MOST_NAMES: Final = 200  # an expression for more costs more than it saves
MOST_PLACES: Final = 40  # before or behind the point: more than any declared number has
_STARTS_NUMBER: Final = frozenset("-0123456789")
_FRACTION_OR_POWER: Final = re.compile("[.eE]")
_LONG_POWER: Final = re.compile("[eE][-+]?[0-9]{4}")
_S: Final = r"[ \t\r]*+"
_VALUE: Final = (  # no possessive groups: Python 3.11.2 takes half of one
    r'"[^"\\\x00-\x1f]*+"|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?|true|false|null'
)


def are_plain(text: str, n_lines: int, names: Collection[str]) -> bool:
    r"""Say whether all lines are so plain: twice as fast again.

    >>> are_plain('{"a": 1}\n{"a": "x"}', 2, ["a"])
    True
    """
    return 0 < len(names) <= MOST_NAMES and len(_line(names, f"(?:{_VALUE})").findall(text)) == n_lines


def plain_columns(text: str, n_lines: int, names: Collection[str]) -> dict[str, Sequence[str]] | None:
    r"""Return the values under each name as the file writes them; None when any line is not so plain.

    Examples
    --------
    >>> plain_columns('{"a": 1}\n{"a": "x"}', 2, ["a"])
    {'a': ('1', '"x"')}
    >>> plain_columns('{"a": 1}\n{"b": "x"}', 2, ["a"])
    """
    if not 0 < len(names) <= MOST_NAMES:
        return None
    found = _line(names, f"({_VALUE})").findall(text)
    if len(found) < n_lines:
        return None
    columns = [tuple(found)] if len(names) == 1 else list(zip(*found, strict=True))
    return dict(zip(names, columns, strict=True))


def plain_texts(written: Sequence[str], decimal: str, *, is_count: bool = False) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return values as text from what the file writes for them: no quotes, and null and "" as nothing.

    With `is_count`, numbers are as `shortest` writes them.

    >>> plain_texts(['"x"', "1.50", "true", "null", '""', '"null"'], ",").to_pylist()
    ['x', '1,50', 'true', None, None, 'null']
    """
    import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it
    import pyarrow.compute as pc  # noqa: PLC0415  the same

    if is_count:
        written = [
            shortest(each) if each[-1] == "0" or "e" in each or "E" in each else each for each in written
        ]
    raw = pa.array(written, pa.string())
    is_text = pc.starts_with(raw, '"')
    bare = raw if decimal == "." else pc.replace_substring(raw, ".", decimal)
    texts = pc.if_else(is_text, pc.utf8_slice_codeunits(raw, 1, -1), bare)
    is_nothing = pc.or_(pc.equal(raw, "null"), pc.equal(raw, '""'))
    return pc.if_else(is_nothing, None, texts)


def shortest(number: str) -> str:
    """Return a JSON number with all that it says in the fewest digits, and without an exponent.

    12.500 is a number, and no twelve and a half thousand: only a text can be that. What is no number, or
    stays too long without its exponent, is returned as it is.

    >>> [shortest(each) for each in ("12.500", "1.25e1", "2.0", "100", "-0.0", '"1.0"', "1e999999999")]
    ['12.5', '12.5', '2', '100', '0', '"1.0"', '1e999999999']
    """
    if number[0] not in _STARTS_NUMBER or not _FRACTION_OR_POWER.search(number):
        return number
    if _LONG_POWER.search(number):
        return number
    value = Decimal(number)
    if abs(value.adjusted()) > MOST_PLACES:
        return number
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in {"-0", ""} else plain


def _line(names: Collection[str], value: str) -> re.Pattern[str]:
    """Return what a line with these names in this order is, to RFC 8259."""
    members = (f"{re.escape(json.dumps(each, ensure_ascii=False))}{_S}:{_S}{value}" for each in names)
    return re.compile(f"^{_S}\\{{{_S}{f'{_S},{_S}'.join(members)}{_S}\\}}{_S}$", re.MULTILINE)
