"""Values that fill a field without saying who someone is; declared once, read by every rule.

A value that is `missing` is no value at all: it links nothing and does not survive into the golden record.
A value that is `shared` is real but belongs to more than one person: it links nothing and may survive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal[
    "given_name",
    "initials",
    "surname_prefix",
    "surname",
    "email",
    "phone",
    "loyalty_number",
    "iban",
    "street",
    "house_number",
    "house_number_addition",
    "postal_code",
    "place",
    "country",
]
Use: TypeAlias = Literal["key", "shared", "missing"]

TEXT: Final = (
    "-", "--", ".", "?", "geen", "leeg", "n.a.", "n.v.t", "n.v.t.", "n/a", "niet bekend", "niet opgegeven",
    "none", "null", "nvt", "onb", "onb.", "onbekend", "unknown", "x", "xx", "xxx", "xxxx",
)  # fmt: skip
"""Texts that mean "no value" in any text field, trimmed and in lower case."""

BIRTH_DATES: Final = (
    date(1601, 1, 1),
    date(1753, 1, 1),
    date(1800, 1, 1),
    date(1899, 12, 30),
    date(1899, 12, 31),
    date(1900, 1, 1),
    date(9999, 12, 31),
)
"""Birth dates that systems fill in by themselves: the zeros of spreadsheets and databases, and the
ends of calendars."""


_SOMEBODY: Final = (
    r"(?:adult|child|minor|male|female){1,2}|baby|boy|girl|kid|noname|occupant|person|resident"
    r"|(?:gentle)?man(?:of|in)?(?:the)?|lady(?:of|in)?(?:the)?(?:house)?|ofthe(?:home|house|household)"
    r"|bewoners?|dame|de(?:heer|bewoners?)|heer|meneer|mevrouw"
)
"""Words for a person of whom no name is known; also those that census takers write down."""


@dataclass(frozen=True)
class Placeholder:
    """A pattern that the whole standard form of a value matches, what such a value is, and why (in Dutch).

    The patterns of a kind are also read as one: groups have names, of which a kind has each once.
    """

    kind: Kind
    pattern: str
    use: Use
    because: str


PLACEHOLDERS: Final = (
    Placeholder(
        "email",
        r"(?:onbekend|unknown|geen|geenmail|geenemail|leeg|niet|nvt|n\.v\.t\.?|none|null|nomail|noemail|x+)\d*@.*",
        "missing",
        "ingevuld omdat het veld verplicht was",
    ),
    Placeholder(
        "email",
        r"(?:no[._-]?reply|do[._-]?not[._-]?reply|niet[._-]?beantwoorden)@.*",
        "missing",
        "leest niemand",
    ),
    Placeholder(
        "email",
        r"(?:test|tester|testen|dummy|asdf|qwerty|abc)[._-]?\d*@.*",
        "missing",
        "ingevuld bij een proef",
    ),
    Placeholder(
        "email",
        r"(?:info|contact|mail|e?mail|post|admin|administratie|balie|boekhouding|directie|kantoor|klantenservice|"
        r"office|receptie|sales|secretariaat|service|support|verkoop|webshop|winkel)@.*",
        "shared",
        "postbus van een organisatie",
    ),
    Placeholder(
        "phone", r"\+\d*?(?P<digit>\d)(?P=digit){6}", "missing", "zeven gelijke cijfers aan het eind"
    ),
    Placeholder(
        "phone",
        r"\+31\d{0,2}(?:12345678|1234567|87654321|7654321|23456789)",
        "missing",
        "cijfers op volgorde",
    ),
    Placeholder(
        "surname",
        r"onbekend|unknown|geen|leeg|nvt|achternaam|naam|klant|particulier|balieverkoop|test|tester|dummy|asdf|x+|null",
        "missing",
        "ingevuld omdat het veld verplicht was",
    ),
    Placeholder(
        "given_name",
        r"onbekend|unknown|geen|leeg|nvt|voornaam|klant|particulier|test|tester|dummy|asdf|x{2,}|null",
        "missing",
        "ingevuld omdat het veld verplicht was",
    ),
    Placeholder("given_name", _SOMEBODY, "missing", "geen naam"),
    Placeholder("surname", _SOMEBODY, "missing", "geen naam"),
    Placeholder("initials", r"x+|nvt", "missing", "ingevuld omdat het veld verplicht was"),
    Placeholder("loyalty_number", r"(?P<sign>\w)(?P=sign)*", "missing", "alle tekens gelijk"),
    Placeholder(
        "loyalty_number",
        r"0?123456789?0?|ONBEKEND|GEEN|NVT|TEST|NULL",
        "missing",
        "ingevuld om iets in te vullen",
    ),
    Placeholder("street", r"postbus.*", "shared", "postbus: daar woont niemand"),
    Placeholder(
        "street",
        r"onbekend|unknown|geen|leeg|nvt|straat|adres|geenadres|adresonbekend|test|x+|null",
        "missing",
        "ingevuld omdat het veld verplicht was",
    ),
    Placeholder("house_number", r"0|9{4,}", "missing", "geen huisnummer"),
    Placeholder("house_number_addition", r"0|geen|nvt|onbekend|null", "missing", "geen toevoeging"),
    Placeholder("postal_code", r"0+[A-Z]{0,2}|9999[A-Z]{2}|1234AB|X+", "missing", "geen bestaande postcode"),
    Placeholder(
        "place",
        r"onbekend|unknown|geen|leeg|nvt|plaats|woonplaats|test|x+|null",
        "missing",
        "ingevuld omdat het veld verplicht was",
    ),
)


def use_of(kind: Kind, standard: str) -> Use:
    """Tell what the standard form of a value is good for: a `key`, or a `shared` or `missing` placeholder.

    >>> use_of("email", "noreply@voorbeeld.nl"), use_of("email", "info@bakker.nl"), use_of("surname", "vries")
    ('missing', 'shared', 'key')
    """
    if not any_placeholder(kind).fullmatch(standard):
        return "key"
    return next(p.use for p in PLACEHOLDERS if p.kind == kind and re.fullmatch(p.pattern, standard))


@lru_cache
def any_placeholder(kind: Kind) -> re.Pattern[str]:
    """Return the pattern that every placeholder of a kind matches, and nothing else."""
    patterns = [placeholder.pattern for placeholder in PLACEHOLDERS if placeholder.kind == kind]
    return re.compile("|".join(patterns) or r"(?!)")
