"""How a source writes its values: the contract of the bytes, so that nothing has to be sniffed."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from klantprofiel.errors import near_miss
from klantprofiel.schema.declaration import Declared, Fault
from klantprofiel.schema.formats import ISO, fault_in

if TYPE_CHECKING:
    from collections.abc import Iterator

DIGITS_AND_SIGNS: Final = frozenset("0123456789+-eE")
WIDE: Final = ("utf-16", "utf-32")  # two or four bytes each, and read as such
PROBES: Final = (b"\\u0041\\x41", b"+AGE-", b"xn--a", bytes(range(128)))  # what some read as something else


@dataclass(frozen=True, kw_only=True)
class Csv(metaclass=Declared):
    """A delimited text file with one header line; a quote inside a quoted value is doubled.

    The defaults are what Dutch office software writes. `thousands` is None where numbers have no separator
    between thousands; one that appears anyway makes the value unreadable. `zone` is the clock of times that
    have no offset.

    >>> Csv(delimiter=",", decimal=".", date_format="iso").delimiter
    ','
    """

    form: ClassVar[str] = 's.Csv(delimiter=";", decimal=",", date_format="%d-%m-%Y")'

    delimiter: str = ";"
    quote: str = '"'
    encoding: str = "utf-8"
    decimal: str = ","
    thousands: str | None = None
    date_format: str = "%d-%m-%Y"
    timestamp_format: str = "%d-%m-%Y %H:%M:%S"
    zone: str = "Europe/Amsterdam"

    def faults(self) -> Iterator[Fault]:
        """Tell what is wrong with this declaration."""
        yield from self._character_faults()
        yield from _format_faults("date_format", self.date_format, with_time=False)
        yield from _format_faults("timestamp_format", self.timestamp_format, with_time=True)
        yield from zone_faults(self.zone)
        yield from _encoding_faults(self.encoding)

    def _character_faults(self) -> Iterator[Fault]:
        characters = {"delimiter": self.delimiter, "quote": self.quote, "decimal": self.decimal}
        if self.thousands is not None:
            characters["thousands"] = self.thousands
        for option, value in characters.items():
            if not isinstance(value, str) or len(value) != 1 or value in "\r\n":
                yield Fault(
                    f"{option}={value!r}", f'one character, such as {option}="{getattr(Csv, option) or "."}"'
                )
            elif option in {"decimal", "thousands"} and value in DIGITS_AND_SIGNS:
                yield Fault(f"{option}={value!r} is part of a number itself", "a separator, such as , or .")
            elif option in {"delimiter", "quote"} and value.isalnum():
                yield Fault(
                    f"{option}={value!r} is part of values itself",
                    f'a sign, such as {option}="{getattr(Csv, option)}"',
                )
        for one, other in combinations(characters, 2):
            if characters[one] == characters[other]:
                yield Fault(f"{one} and {other} are both {characters[one]!r}", "two different characters")


@dataclass(frozen=True, kw_only=True)
class Parquet(metaclass=Declared):
    """A Parquet file: numbers with a decimal point, dates and timestamps in ISO 8601.

    `zone` is the clock of timestamps that carry no offset themselves.

    >>> Parquet().zone
    'UTC'
    """

    form: ClassVar[str] = 's.Parquet(zone="UTC")'
    decimal: ClassVar[str] = "."
    thousands: ClassVar[None] = None
    date_format: ClassVar[str] = ISO
    timestamp_format: ClassVar[str] = ISO

    zone: str = "UTC"

    def faults(self) -> Iterator[Fault]:
        """Tell what is wrong with this declaration."""
        yield from zone_faults(self.zone)


Dialect: TypeAlias = Csv | Parquet


def zone_faults(zone: object) -> Iterator[Fault]:
    """Tell whether a time zone is unknown."""
    try:
        ZoneInfo(zone)  # type: ignore[arg-type]  # whatever was declared
    except (KeyError, ValueError, TypeError, OSError):  # unknown, a path, no text, a directory of zones
        near = near_miss(str(zone), available_timezones())
        yield Fault(f"zone={zone!r} is unknown{near}", 'a name as in zone="Europe/Amsterdam"')


def _encoding_faults(encoding: object) -> Iterator[Fault]:
    """Tell whether an encoding is unknown, or has other bytes for ASCII than ASCII has."""
    known = ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"]
    form = f"an encoding that Python knows, such as {', '.join(known)}"
    try:
        "".encode(encoding)  # type: ignore[arg-type]  # whatever was declared
        name = codecs.lookup(str(encoding)).name
    except (LookupError, TypeError, ValueError):
        yield Fault(f"encoding={encoding!r} is unknown{near_miss(str(encoding), known)}", form)
        return
    if not name.startswith(WIDE) and not all(_is_plain(probe, name) for probe in PROBES):
        yield Fault(f"encoding={encoding!r} writes ASCII in other bytes than ASCII has", form)


def _is_plain(probe: bytes, encoding: str) -> bool:
    try:
        return probe.decode(encoding) == probe.decode("ascii")
    except UnicodeError:
        return False


def _format_faults(option: str, form: object, *, with_time: bool) -> Iterator[Fault]:
    fault = fault_in(form, with_time=with_time)
    if fault:
        example = "%d-%m-%Y %H:%M:%S" if with_time else "%d-%m-%Y"
        yield Fault(f"{option}={form!r} {fault}", f'{option}="{example}" or {option}="{ISO}"')
