"""Kinds that are text: Text itself, and what points out or reaches a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from sqlglot import exp

from klantprofiel.schema import casts
from klantprofiel.schema.column import HIDDEN, Column
from klantprofiel.schema.declaration import Fault
from klantprofiel.schema.rules import intrinsic
from klantprofiel.schema.trial import NOT_IN_EVERY_ENGINE, is_read_by_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.schema.dialect import Dialect
    from klantprofiel.schema.rules import Rule

LENGTH_THAT_HIDES: Final = 6  # of a shorter number two characters are too much of it


@dataclass(frozen=True, kw_only=True, eq=False)
class Text(Column):
    """Text as it was delivered, leading zeros and all; numbers that nobody adds up are text too.

    `pattern` is a regular expression that the whole value has to match.

    >>> Text(label="Klantnummer", source="klantnr", key=True).header
    'klantnr'
    """

    shape: ClassVar[str] = ""
    shape_in_dutch: ClassVar[str] = ""

    pattern: str = ""

    def cast(self, text: exp.Expr, dialect: Dialect) -> exp.Expression:  # noqa: ARG002 - text is text
        """Return the text without the whitespace around it."""
        return casts.given(text)

    def unreadable(self, text: exp.Expr, dialect: Dialect) -> exp.Expression:  # noqa: ARG002 - text is text
        """Return false: any text can be read."""
        return exp.false()

    def rules(self, dialect: Dialect) -> list[Rule]:  # noqa: ARG002 - text is text
        """Ask for the shape of the kind, and for the declared pattern."""
        asked = {
            "form": (self.shape, f"{self.label} heeft niet de vorm van {self.shape_in_dutch}"),
            "pattern": (self.pattern, f"{self.label} heeft niet de afgesproken vorm"),
        }
        template = "regexp_matches($value, $shape)"
        return [
            intrinsic(self, check, template, because, shape=f"^(?:{shape})$")
            for check, (shape, because) in asked.items()
            if shape
        ]

    def faults(self) -> Iterator[Fault]:
        """Tell what is wrong with this declaration."""
        yield from super().faults()
        form = 'a regular expression without (?...) and \\1, as in pattern="[0-9]{6}"'
        try:
            re.compile(self.pattern)
        except (re.error, TypeError) as error:
            yield Fault(f"pattern={self.pattern!r}: {error}", form)
        if NOT_IN_EVERY_ENGINE.search(self.pattern):
            yield Fault(f"pattern={self.pattern!r} looks around or back, which not every engine can", form)
        if self.pattern and not is_read_by_engine(self.pattern):
            yield Fault(f"pattern={self.pattern!r} cannot be read by DuckDB", form)


@dataclass(frozen=True, kw_only=True, eq=False)
class PersonText(Text):
    """What the kinds below share: personal unless said otherwise, and only the first letter is shown."""

    personal: bool = True

    def masked(self, value: exp.Expr) -> exp.Expression:
        """Return the first letter, and not how long the value is."""
        return casts.fill("concat(substring($value, 1, 1), $hidden)", value=value, hidden=HIDDEN)


@dataclass(frozen=True, kw_only=True, eq=False)
class GivenName(PersonText):
    """A person's given name, or several.

    >>> GivenName(label="Voornaam").personal
    True
    """

    form: ClassVar[str] = 's.GivenName(label="Voornaam")'
    holds_person: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True, eq=False)
class Initials(PersonText):
    """A person's initials, with or without dots.

    >>> Initials(label="Voorletters").personal
    True
    """

    form: ClassVar[str] = 's.Initials(label="Voorletters")'
    holds_person: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True, eq=False)
class SurnamePrefix(PersonText):
    """What stands before a surname and is not sorted on: van, de, van der.

    >>> SurnamePrefix(label="Tussenvoegsel").personal
    True
    """

    form: ClassVar[str] = 's.SurnamePrefix(label="Tussenvoegsel")'
    holds_person: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True, eq=False)
class Surname(PersonText):
    """A person's surname, without the prefix where the source keeps that apart.

    >>> Surname(label="Achternaam").personal
    True
    """

    form: ClassVar[str] = 's.Surname(label="Achternaam")'
    holds_person: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True, eq=False)
class Email(PersonText):
    """An e-mail address; here only its form is judged, whether it can be reached is another room's question.

    >>> Email(label="E-mailadres", nullable=True).personal
    True
    """

    form: ClassVar[str] = 's.Email(label="E-mailadres", nullable=True)'
    shape: ClassVar[str] = r"[^@\s,;<>]+@[^@\s,;<>.]+(?:[.][^@\s,;<>.]+)+"
    shape_in_dutch: ClassVar[str] = "naam@domein.nl"

    def masked(self, value: exp.Expr) -> exp.Expression:
        """Return the first letter and the top-level domain."""
        template = "concat(substring($value, 1, 1), '***@***', regexp_extract($value, $tail, 0))"
        return casts.fill(template, value=value, tail="[.][A-Za-z]{2,}$")


@dataclass(frozen=True, kw_only=True, eq=False)
class Phone(PersonText):
    """A telephone number as delivered: 7 to 15 digits, with the usual signs between.

    >>> Phone(label="Telefoon", nullable=True).personal
    True
    """

    form: ClassVar[str] = 's.Phone(label="Telefoon", nullable=True)'
    shape: ClassVar[str] = "[+]?[ (]*[0-9](?:[ ()./-]*[0-9]){6,14}"
    shape_in_dutch: ClassVar[str] = "een telefoonnummer"

    def masked(self, value: exp.Expr) -> exp.Expression:
        """Return the last two digits."""
        return _last_two(value)


@dataclass(frozen=True, kw_only=True, eq=False)
class IdNumber(PersonText):
    """A number that points out one person: a loyalty card, an account, a membership. Never a BSN.

    >>> IdNumber(label="Klantenkaart", nullable=True).personal
    True
    """

    form: ClassVar[str] = 's.IdNumber(label="Klantenkaart", nullable=True)'
    holds_person: ClassVar[bool] = True

    def masked(self, value: exp.Expr) -> exp.Expression:
        """Return the last two characters."""
        return _last_two(value)


@dataclass(frozen=True, kw_only=True, eq=False)
class Street(PersonText):
    """The street of an address, without the house number.

    >>> Street(label="Straat").personal
    True
    """

    form: ClassVar[str] = 's.Street(label="Straat")'


@dataclass(frozen=True, kw_only=True, eq=False)
class HouseNumber(PersonText):
    """The number of a house in its street, as delivered: text, so that `12a` survives.

    >>> HouseNumber(label="Huisnummer").sql_type
    'VARCHAR'
    """

    form: ClassVar[str] = 's.HouseNumber(label="Huisnummer")'

    def masked(self, value: exp.Expr) -> exp.Expression:  # noqa: ARG002 - nothing of it remains
        """Return nothing of the number."""
        return exp.Literal.string(HIDDEN)


@dataclass(frozen=True, kw_only=True, eq=False)
class PostalCode(PersonText):
    """A postal code as delivered, of any country: 2 to 10 letters and digits.

    >>> PostalCode(label="Postcode").personal
    True
    """

    form: ClassVar[str] = 's.PostalCode(label="Postcode")'
    shape: ClassVar[str] = "[A-Za-z0-9](?:[ -]?[A-Za-z0-9]){1,9}"
    shape_in_dutch: ClassVar[str] = "een postcode"

    def masked(self, value: exp.Expr) -> exp.Expression:
        """Return the first two characters: in the Netherlands a region of some 200,000 people."""
        return casts.fill("concat(substring($value, 1, 2), $hidden)", value=value, hidden=HIDDEN)


@dataclass(frozen=True, kw_only=True, eq=False)
class Place(PersonText):
    """The town of an address.

    >>> Place(label="Woonplaats").personal
    True
    """

    form: ClassVar[str] = 's.Place(label="Woonplaats")'


def _last_two(value: exp.Expr) -> exp.Expression:
    tail = "substring($value, length($value) - 1, 2)"
    template = f"concat($hidden, case when length($value) > $enough then {tail} else '' end)"
    return casts.fill(template, value=value, hidden=HIDDEN, enough=LENGTH_THAT_HIDES)
