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
    between thousands; one that appears anyway makes the value unreadable. With `quote=None` a quote is a
    character as any other, and no value can hold the delimiter or a line end. `zone` is the clock of times
    that have no offset. A file that gzip compressed is unpacked.

    >>> Csv(delimiter=",", decimal=".", date_format="iso").delimiter
    ','
    """

    form: ClassVar[str] = 's.Csv(delimiter=";", decimal=",", date_format="%d-%m-%Y")'

    delimiter: str = ";"
    quote: str | None = '"'
    encoding: str = "utf-8"
    decimal: str = ","
    thousands: str | None = None
    date_format: str = "%d-%m-%Y"
    timestamp_format: str = "%d-%m-%Y %H:%M:%S"
    zone: str = "Europe/Amsterdam"

    def faults(self) -> Iterator[Fault]:
        """Tell what is wrong with this declaration."""
        yield from self._character_faults()
        yield from _moment_faults(self)
        yield from _encoding_faults(self.encoding)

    def _character_faults(self) -> Iterator[Fault]:
        options = {"delimiter": self.delimiter, "quote": self.quote, "decimal": self.decimal}
        options |= {"thousands": self.thousands}
        may_be_none = {"quote", "thousands"}
        characters = {
            name: each for name, each in options.items() if each is not None or name not in may_be_none
        }
        for option, value in characters.items():
            yield from _one_character_faults(option, value)
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


@dataclass(frozen=True, kw_only=True)
class JsonLines(metaclass=Declared):
    """A text file with one JSON object per line, of which the names are the headers; gzip is unpacked.

    A number is read as it is written there; `decimal` and the formats tell how texts hold theirs. `zone` is
    the clock of times that have no offset.

    >>> JsonLines(timestamp_format="%Y-%m-%dT%H:%M:%S").encoding
    'utf-8'
    """

    form: ClassVar[str] = 's.JsonLines(zone="UTC")'
    thousands: ClassVar[None] = None

    encoding: str = "utf-8"
    decimal: str = "."
    date_format: str = ISO
    timestamp_format: str = ISO
    zone: str = "UTC"

    def faults(self) -> Iterator[Fault]:
        """Tell what is wrong with this declaration."""
        yield from _one_character_faults("decimal", self.decimal)
        yield from _moment_faults(self)
        yield from _encoding_faults(self.encoding)


@dataclass(frozen=True, kw_only=True)
class Excel(metaclass=Declared):
    """A sheet of an Excel workbook (.xlsx): a header line, and the records below it.

    `sheet` is needed where a workbook has more than one; `header_line` counts from 1, and what stands above
    it is left alone. Cells that hold a number, date or time are read as such; `decimal` and the formats tell
    how cells of text hold theirs. `zone` is the clock of all times.

    >>> Excel(sheet="Antwoorden", header_line=3).decimal
    ','
    """

    form: ClassVar[str] = 's.Excel(sheet="Blad1", header_line=1)'
    thousands: ClassVar[None] = None

    sheet: str | None = None
    header_line: int = 1
    decimal: str = ","
    date_format: str = "%d-%m-%Y"
    timestamp_format: str = "%d-%m-%Y %H:%M:%S"
    zone: str = "Europe/Amsterdam"

    def faults(self) -> Iterator[Fault]:
        """Tell what is wrong with this declaration."""
        if self.sheet is not None and not (isinstance(self.sheet, str) and self.sheet):
            yield Fault(f"sheet={self.sheet!r}", 'the name on its tab, such as sheet="Blad1"')
        if type(self.header_line) is not int or self.header_line < 1:
            yield Fault(f"header_line={self.header_line!r}", "the number of a row, such as header_line=1")
        yield from _one_character_faults("decimal", self.decimal)
        yield from _moment_faults(self)


Dialect: TypeAlias = Csv | Excel | JsonLines | Parquet


def zone_faults(zone: object) -> Iterator[Fault]:
    """Tell whether a time zone is unknown."""
    try:
        ZoneInfo(zone)  # type: ignore[arg-type]  # whatever was declared
    except (KeyError, ValueError, TypeError, OSError):  # unknown, a path, no text, a directory of zones
        near = near_miss(str(zone), available_timezones())
        yield Fault(f"zone={zone!r} is unknown{near}", 'a name as in zone="Europe/Amsterdam"')


def _one_character_faults(option: str, value: object) -> Iterator[Fault]:
    """Tell whether a separator is more than one character, or a character that values hold themselves."""
    example = getattr(Csv, option) or "."
    if not isinstance(value, str) or len(value) != 1 or value in "\r\n":
        yield Fault(f"{option}={value!r}", f'one character, such as {option}="{example}"')
    elif option in {"decimal", "thousands"} and value in DIGITS_AND_SIGNS:
        yield Fault(f"{option}={value!r} is part of a number itself", "a separator, such as , or .")
    elif option in {"delimiter", "quote"} and value.isalnum():
        yield Fault(f"{option}={value!r} is part of values itself", f'a sign, such as {option}="{example}"')


def _moment_faults(dialect: Csv | Excel | JsonLines) -> Iterator[Fault]:
    yield from _format_faults("date_format", dialect.date_format, with_time=False)
    yield from _format_faults("timestamp_format", dialect.timestamp_format, with_time=True)
    yield from zone_faults(dialect.zone)


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
