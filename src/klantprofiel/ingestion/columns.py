"""The columns that a file has against those its table declares, before any of its rows lands."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from klantprofiel.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from klantprofiel.ingestion.contract import Contract

MOST_COLUMNS: Final = 1 << 14
_SHOWN: Final = 8  # names in one error
_HEADER: Final = re.compile(r"[^\W\d].{0,59}")
_VALUE: Final = re.compile(r"@|[0-9]{4}|[0-9][-/.,: ][0-9]")  # an address, a long number, a date, an amount


@dataclass(frozen=True)
class Matched:
    """Where in the file each declared column stands, and each that nobody declared.

    An undeclared column has a name of its own: a second `x` that stands third is `x_3`, and one without a
    name `column_3`.
    """

    positions: Mapping[str, int]
    extra_positions: Mapping[str, int]

    @property
    def extra(self) -> tuple[str, ...]:
        """The columns that nobody declared."""
        return tuple(self.extra_positions)


def match_columns(contract: Contract, found: Sequence[str], name: str) -> Matched:
    """Find every declared column in the header of the file `name`.

    Raises
    ------
    DeliveryError
        When a declared column is missing or stands there twice. A column that seems renamed is named. What
        does not look like a header at all is not shown: it may be somebody's record.
    """
    if len(found) > MOST_COLUMNS:
        raise DeliveryError(
            f"{name} has {len(found)} columns",
            expected=f"at most {MOST_COLUMNS}, as many as a sheet can have",
            todo="see whether the file has line ends, and the declared delimiter",
        )
    headers = {field.header: field.name for field in contract.fields}
    counts = Counter(found)
    missing = [header for header in headers if not counts[header]]
    if missing:
        raise _missing(contract, found, missing, name)
    if doubled := [header for header in headers if counts[header] > 1]:
        raise DeliveryError(
            f"{name} has {_named(doubled)} more than once",
            expected=f"each column of {contract.table_name} once",
            todo="ask the supplier which of them holds; the others need another name",
        )
    positions = {column: found.index(header) for header, column in headers.items()}
    extra = {at: header for at, header in enumerate(found) if header not in headers}
    return Matched(positions, _named_apart(extra))


def match_names(contract: Contract, found: Sequence[str], name: str) -> Matched:
    """Do the same for records that leave out what is empty: there a column that may be empty may be absent.

    Raises
    ------
    DeliveryError
        When a column is missing that may not be empty, or one that seems renamed.
    """
    known = set(found)
    declared = {field.header for field in contract.fields}
    absent = [field.header for field in contract.fields if field.nullable and field.header not in known]
    if absent and (
        renamed := _renamed(absent, [each for each in found if each not in declared], may_show=True)
    ):
        raise _missing(contract, found, list(renamed), name)
    return match_columns(contract, [*found, *absent], name)


def _named_apart(headers: Mapping[int, str]) -> dict[str, int]:
    """Give each position a name of its own."""
    apart: dict[str, int] = {}
    taken = {"", "_line"}
    for at, header in headers.items():
        name = header
        while name.casefold() in taken:  # the engine tells no capitals apart
            name = f"{name or 'column'}_{at + 1}"
        taken.add(name.casefold())
        apart[name] = at
    return apart


def _missing(contract: Contract, found: Sequence[str], missing: Sequence[str], name: str) -> DeliveryError:
    declared = [field.header for field in contract.fields]
    extra = [header for header in found if header not in declared]
    is_header = len(missing) * 2 <= len(declared) and all(looks_like_a_header(cell) for cell in extra)
    renamed = _renamed(missing, extra, may_show=is_header)
    parts = [f"{name} lacks {_named(missing)}"]
    if renamed:
        parts.append(f"it has {' and '.join(f'{new!r} where {old!r} was' for old, new in renamed.items())}")
    elif is_header and extra:
        parts.append(f"columns that nobody declared: {_named(extra)}")
    else:
        parts.append(f"its first line has {len(found)} field{'s' * (len(found) != 1)}")
    if renamed:
        todo = (
            "if it was renamed, change source= in the declaration; otherwise ask the supplier for the column"
        )
    elif is_header:
        todo = "ask the supplier for the column, or take it out of the declaration"
    else:
        todo = (
            "see whether the file has its header line and the declared delimiter, and belongs to this table"
        )
    return DeliveryError(
        "; ".join(parts), expected=f"the columns of {contract.table_name}: {_named(declared)}", todo=todo
    )


def _renamed(missing: Sequence[str], extra: Sequence[str], *, may_show: bool) -> dict[str, str]:
    """Guess which extra column is which missing one: first those that differ in capitals or spaces only."""
    renamed = {header: other for other, header in look_alikes(missing, extra).items()}
    if may_show:
        for header in missing:
            near = get_close_matches(header, [other for other in extra if other not in renamed.values()], n=1)
            if header not in renamed and near:
                renamed[header] = near[0]
    return renamed


def look_alikes(declared: Sequence[str], extra: Sequence[str]) -> dict[str, str]:
    """Return each extra name that differs from a declared one in capitals or signs only, with that one.

    >>> look_alikes(["naam", "stad"], ["Naam", "plaats"])
    {'Naam': 'naam'}
    """
    by_shape = {shape: header for header in declared if (shape := _shape(header))}
    return {other: by_shape[_shape(other)] for other in extra if _shape(other) in by_shape}


def looks_like_a_header(cell: str) -> bool:
    """Whether a cell of a first line can be the name of a column, and is no value of somebody's record.

    >>> looks_like_a_header("e-mail 2"), looks_like_a_header("j@x.example"), looks_like_a_header("0612345678")
    (True, False, False)
    """
    return bool(_HEADER.fullmatch(cell)) and not _VALUE.search(cell)


def _shape(header: str) -> str:
    return "".join(letter for letter in header.casefold() if letter.isalnum())


def _named(headers: Sequence[str]) -> str:
    names = ", ".join(repr(header) for header in headers[:_SHOWN])
    return names + (f" and {len(headers) - _SHOWN} more" if len(headers) > _SHOWN else "")
