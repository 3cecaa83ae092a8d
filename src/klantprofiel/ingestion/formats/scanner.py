"""Where records begin and end in the bytes of a CSV file: the counter that the parser is checked against.

The grammar, in one breath: records end at LF, CRLF or CR; a field that starts with the quote runs to the
next single quote, which a delimiter or line end must follow; inside it, two quotes are one, and line ends
belong to the value; anywhere else in a field a quote is a character; an empty line is no record.

Files break this grammar, and then no line may be lost or swallowed:

- a quote that never closes condemns the line it stands on, and the next line is read afresh;
- a quoted field that goes on after its closing quote condemns its lines up to that point, each by itself;
- after either, quotes inside unquoted fields are no longer trusted in this file: they condemn their line.

Everything is done on arrays of byte positions; only broken quotes cost a step in Python each.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from klantprofiel.ingestion.faults import Fault

Positions = NDArray[np.int64]

_LF: Final = 10
_CR: Final = 13


@dataclass(frozen=True)
class Marks:
    """The bytes that structure a file, as numbers; `quote` is None where nothing is ever quoted."""

    delimiter: int
    quote: int | None


@dataclass(frozen=True)
class Records:
    """The whole records at the start of a stretch of bytes, empty lines left out.

    `starts` and `ends` are byte offsets (the end is past the line end), `lines` counts line ends before the
    start, `n_fields` is only meaningful where `faults` is `Fault.NONE`. The bytes from `consumed` on belong
    to a record that is not whole yet; `n_lines` line ends stand before it.
    """

    starts: Positions
    ends: Positions
    lines: Positions
    n_fields: Positions
    faults: NDArray[np.int8]
    consumed: int
    n_lines: int
    has_inner_line_ends: bool
    trusts_quotes: bool


def scan(
    data: NDArray[np.uint8],
    marks: Marks,
    *,
    is_last: bool,
    gives_up: bool = False,
    trusts_quotes: bool = True,
) -> Records:
    r"""Return the records in `data`, which starts at the start of a record.

    Parameters
    ----------
    data
        The bytes, in an encoding in which the marks and line ends are single bytes.
    marks
        Delimiter and quote.
    is_last
        Whether the file ends here: then the last record needs no line end, and a quote still open is broken.
    gives_up
        Whether a quote still open is held for broken although the file goes on.
    trusts_quotes
        What the stretch before this one returned; True for the first.

    Examples
    --------
    >>> data = np.frombuffer(b'1;"a\nb"\n2;x;y\n', np.uint8)
    >>> records = scan(data, Marks(delimiter=59, quote=34), is_last=True)
    >>> records.lines.tolist(), records.n_fields.tolist()
    ([0, 2], [2, 3])
    """
    line_ends = _line_ends(data, is_last=is_last)
    faults = np.zeros(len(line_ends), np.int8)
    walk = _Walk(data, marks, line_ends, faults, trusts_quotes=trusts_quotes)
    quotes = walk.structural_quotes(is_final=is_last or gives_up)
    inside = _is_inside(line_ends, quotes)
    ends = line_ends[~inside]
    faults = faults[~inside]
    starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    _mark_nul_bytes(data, ends, faults)
    n_fields = (
        np.diff(_n_delimiters_before(ends, np.flatnonzero(data == marks.delimiter), quotes), prepend=0) + 1
    )
    lines = np.searchsorted(line_ends, starts)
    consumed = min(int(ends[-1]) + 1, len(data)) if len(ends) else 0
    filled = ~_is_blank(data, starts, ends)
    return Records(
        starts=starts[filled],
        ends=np.minimum(ends[filled] + 1, len(data)),
        lines=lines[filled],
        n_fields=n_fields[filled],
        faults=faults[filled],
        consumed=consumed,
        n_lines=int(np.searchsorted(line_ends, consumed)),
        has_inner_line_ends=bool(inside.any()),
        trusts_quotes=walk.trusts_quotes,
    )


def _line_ends(data: NDArray[np.uint8], *, is_last: bool) -> Positions:
    """Return where each line end has its last byte; one past the data for a last line without line end."""
    ends = np.flatnonzero(data == _LF)
    is_return = data == _CR
    n_pairs = np.count_nonzero(is_return[ends[ends > 0] - 1])
    if np.count_nonzero(is_return) > n_pairs:
        returns = np.flatnonzero(is_return)
        alone = data[np.minimum(returns + 1, len(data) - 1)] != _LF
        if returns[-1] == len(data) - 1:
            alone[-1] = is_last  # otherwise an LF may still follow in the next stretch
        ends = np.sort(np.concatenate((ends, returns[alone])))
    if is_last and len(data) and (not len(ends) or ends[-1] != len(data) - 1):
        ends = np.append(ends, len(data))
    return ends


def _is_inside(positions: Positions, quotes: Positions) -> NDArray[np.bool_]:
    """Say which positions lie between an opening and a closing quote."""
    if not len(quotes):
        return np.zeros(len(positions), np.bool_)
    n_before: Positions = np.searchsorted(quotes, positions)
    inside: NDArray[np.bool_] = n_before % 2 == 1
    return inside


def _n_delimiters_before(ends: Positions, delimiters: Positions, quotes: Positions) -> Positions:
    """Count the delimiters before each record end that stand outside quotes."""
    n_before: Positions = np.searchsorted(delimiters, ends)
    if len(quotes) < 2:  # noqa: PLR2004  no pair
        return n_before
    n_quoted = np.diff(np.searchsorted(delimiters, quotes))[::2].cumsum()
    n_pairs = np.searchsorted(quotes, ends) // 2
    return n_before - np.concatenate(([0], n_quoted))[n_pairs]


def _mark_nul_bytes(data: NDArray[np.uint8], ends: Positions, faults: NDArray[np.int8]) -> None:
    nul = np.flatnonzero(data == 0)
    at = np.unique(np.searchsorted(ends, nul))
    at = at[at < len(ends)]
    faults[at[faults[at] == Fault.NONE]] = Fault.NUL_BYTE


def _is_blank(data: NDArray[np.uint8], starts: Positions, ends: Positions) -> NDArray[np.bool_]:
    """Say which records hold nothing but their line end."""
    blank: NDArray[np.bool_] = starts == ends
    one = np.flatnonzero(ends - starts == 1)
    blank[one] = (data[starts[one]] == _CR) & (ends[one] < len(data))
    return blank


class _Walk:
    """One walk over the quotes of a stretch, from broken quote to broken quote."""

    def __init__(
        self,
        data: NDArray[np.uint8],
        marks: Marks,
        line_ends: Positions,
        faults: NDArray[np.int8],
        *,
        trusts_quotes: bool,
    ) -> None:
        self.trusts_quotes = trusts_quotes
        self._line_ends = line_ends
        self._faults = faults
        none = np.zeros(0, np.int64)
        self._quotes = none if marks.quote is None else np.flatnonzero(data == marks.quote)
        if not len(self._quotes):
            return
        ends_field = np.zeros(256, np.bool_)
        ends_field[[marks.delimiter, _LF, _CR]] = True
        quotes = self._quotes
        twin = np.append(np.diff(quotes) == 1, [False])  # the next quote stands right behind this one
        self._after_twin = np.concatenate(([False], twin[:-1]))
        self._may_open = ends_field[data[quotes - 1]]
        self._may_open[0] |= quotes[0] == 0
        may_close = ends_field[data[np.minimum(quotes + 1, len(data) - 1)]]
        may_close[-1] |= quotes[-1] == len(data) - 1
        breaks_as_open = ~(self._may_open | self._after_twin)
        breaks_as_close = ~(may_close | twin)
        odd = np.arange(len(quotes)) & 1 == 1
        # where the sequence breaks when the field opens at an even, and at an odd quote
        self._broken = tuple(
            np.flatnonzero(np.where(odd == flips, breaks_as_open, breaks_as_close)).tolist()
            for flips in (False, True)
        )

    def structural_quotes(self, *, is_final: bool) -> Positions:
        """Return the quotes that open and close fields, in pairs; mark the lines whose quoting is broken.

        When the last record is not whole, the quote that stands in its way is left over, without a pair.
        """
        kept: list[Positions] = []
        at, n_quotes = 0, len(self._quotes)
        while at < n_quotes:
            broken = self._first_broken(at)
            is_open = (broken - at) % 2 == 1  # up to there, quotes came in pairs
            if broken == n_quotes and not (is_open and is_final):
                kept.append(self._quotes[at:])
                break
            culprit = self._opening(broken - 1) if is_open else broken
            kept.append(self._quotes[at:culprit])
            after = self._condemn_field(culprit, broken) if is_open else self._pass_or_condemn(broken)
            if after is None:
                kept.append(self._quotes[culprit : culprit + 1])
                break
            at = after
        return np.concatenate(kept) if kept else self._quotes

    def _first_broken(self, at: int) -> int:
        """Return the first quote that breaks the grammar when a field may open at `at`; else their number."""
        if not self._may_open[at]:
            return at
        broken = self._broken[at & 1]
        place = bisect_left(broken, at)
        return broken[place] if place < len(broken) else len(self._quotes)

    def _opening(self, quote: int) -> int:
        """Return the quote that opened the field in which `quote` is the last but closing one."""
        while self._after_twin[quote]:
            quote -= 2
        return quote

    def _condemn_field(self, opening: int, broken: int) -> int | None:
        """Condemn the line of a quote that never closed, or all lines of a field that goes on after one."""
        self.trusts_quotes = False
        if broken == len(self._quotes) or self._may_open[broken]:
            return self._condemn(opening, opening, Fault.UNCLOSED_QUOTE)
        return self._condemn(opening, broken, Fault.TEXT_AFTER_QUOTE)

    def _pass_or_condemn(self, quote: int) -> int | None:
        """Pass a quote inside an unquoted field as a character, or condemn its line in a file that broke."""
        return quote + 1 if self.trusts_quotes else self._condemn(quote, quote, Fault.QUOTE_IN_FIELD)

    def _condemn(self, first: int, last: int, fault: Fault) -> int | None:
        """Mark the lines of quotes `first` to `last`; return the first quote after them, None if unknown."""
        from_line, to_line = np.searchsorted(self._line_ends, self._quotes[[first, last]])
        if to_line == len(self._line_ends):
            return None
        self._faults[from_line : to_line + 1] = fault
        return int(np.searchsorted(self._quotes, self._line_ends[to_line]))
