"""The bulk of most JSON lines files: lines with the same names in the same order, and values without escapes.

A regular expression reads those several times as fast as a parser, and to the same letter; what does not fit
it as a whole is left to the parser.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

MOST_NAMES: Final = 200  # an expression for more costs more than it saves
_S: Final = r"[ \t\r]*+"
_VALUE: Final = (
    r'"[^"\\\x00-\x1f]*+"|-?+(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+|true|false|null'
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


def plain_texts(written: Sequence[str], decimal: str) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return values as text from what the file writes for them: no quotes, and null and "" as nothing.

    >>> plain_texts(['"x"', "1.50", "true", "null", '""', '"null"'], ",").to_pylist()
    ['x', '1,50', 'true', None, None, 'null']
    """
    import pyarrow as pa  # noqa: PLC0415  costly, and only a delivery needs it
    import pyarrow.compute as pc  # noqa: PLC0415  the same

    raw = pa.array(written, pa.string())
    is_text = pc.starts_with(raw, '"')
    bare = raw if decimal == "." else pc.replace_substring(raw, ".", decimal)
    texts = pc.if_else(is_text, pc.utf8_slice_codeunits(raw, 1, -1), bare)
    is_nothing = pc.or_(pc.equal(raw, "null"), pc.equal(raw, '""'))
    return pc.if_else(is_nothing, None, texts)


def _line(names: Collection[str], value: str) -> re.Pattern[str]:
    """Return what a line with these names in this order is, to RFC 8259."""
    members = (f"{re.escape(json.dumps(each, ensure_ascii=False))}{_S}:{_S}{value}" for each in names)
    return re.compile(f"^{_S}\\{{{_S}{f'{_S},{_S}'.join(members)}{_S}\\}}{_S}$", re.MULTILINE)
