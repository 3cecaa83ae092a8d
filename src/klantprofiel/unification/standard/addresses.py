"""Addresses in standard form: street, house number and addition, postal code, place and country."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from klantprofiel.unification.standard.folding import folded, letters_and_digits, words
from klantprofiel.unification.standard.streets import street_word

BOX: Final = "postbus"
UNITS: Final = frozenset(
    """
    ap apartment appartement apt box bus flat huisnr huisnummer kamer lot nr no number num nummer room ste
    suite trailer trlr unit
    """.split()  # noqa: SIM905  words read better
)
"""Words before a house number or an addition that say only what it is."""

ADDITIONS: Final = {"huis": "hs", "rood": "rd", "zwart": "zw"}
PLACES: Final = {
    "sgravenhage": "denhaag",
    "gravenhage": "denhaag",
    "thehague": "denhaag",
    "shertogenbosch": "denbosch",
    "hertogenbosch": "denbosch",
}
"""Towns with two names."""

COUNTRIES: Final = {
    "nl": "nl nld nederland netherlands thenetherlands holland niederlande paysbas",
    "be": "be bel belgie belgium belgique belgien",
    "de": "de deu duitsland germany deutschland allemagne",
    "fr": "fr fra frankrijk france frankreich",
    "gb": "gb gbr uk unitedkingdom greatbritain england verenigdkoninkrijk grootbrittannie engeland",
    "lu": "lu lux luxemburg luxembourg",
    "us": "us usa unitedstates unitedstatesofamerica verenigdestaten amerika",
}
_COUNTRY_OF: Final = {name: code for code, names in COUNTRIES.items() for name in names.split()}

_BOX: Final = re.compile(
    r"(?:(?:postbus|antwoord(?:nummer|nr)|(?:g ?)?p ?o ?box|post office box|postfach|boite postale|locked bag"
    r"|casella postale|apartado)(?: |(?=[0-9])|$)|bp ?(?=[0-9]))(?P<number>.*)"
)
_NUMBER: Final = re.compile(r"(?<![0-9])0*(?P<number>[0-9]{1,6}?)(?:\.0+)?(?![0-9])(?P<addition>.*)")
_BEHIND: Final = re.compile(
    r"(?P<street>.*?[^\W\d_]{2}.*?)[\s,]+(?P<number>[0-9]{1,5})(?P<addition>(?:[\s/-]*[a-z0-9]{1,4}(?![a-z0-9])){0,2})"
)
_BEHIND_YEAR: Final = re.compile(
    r"(?P<street>.*[^\W\d_]{2}.*)[\s,]+(?P<number>[0-9]{1,5})(?P<addition>[\s/-]?[a-z]{0,4})"
)
_YEAR: Final = re.compile(r"1[5-9][0-9]{2}")
_NO_ADDITION: Final = re.compile(
    r"(?:st|nd|rd|th)\b|.*\b(?:st|ave?|ct|dr|ln|pl|ter)\b"
)  # ne 20th st, nw 99 ln
_NUMBERED_ROAD: Final = re.compile(r".*\b(?:co|cr|highway|hwy|rd|road|route|rte|sr|us)\.?")
_BEFORE: Final = re.compile(
    r"(?![1-9]e\s)(?:(?P<unit>[0-9]{1,4}) ?/ ?)?(?P<number>[0-9]{1,5})(?P<addition>\s(?:bis|ter)|[a-z]?)"
    r"[\s,]+(?P<street>.*[^\W\d_]{3}.*)"
)
_UNIT_BEFORE: Final = re.compile(r"(?:apartment|apt|flat|suite|unit)\.?\s*(?P<unit>\w{1,4})[\s,/]+(?=[0-9])")
_ASIDE: Final = re.compile(r"(?<=\w)\s*\(.*")
_FLOAT: Final = re.compile(r"\.0+$")
_COUNTRY_BEFORE: Final = re.compile(r"(?:[A-Z]{1,2})\s?-\s?(?=[0-9]{4})")
_DUTCH_CODE: Final = re.compile(r"[0-9]{4} ?[A-Za-z]{2}")
_ZIP_4: Final = re.compile(r"(?P<zip>[0-9]{5})(?:-[0-9]{4})")


class Street(NamedTuple):
    """A street as one word; and street, number and addition when the field holds a whole address."""

    street: str
    street_alone: str | None
    house_number: str | None
    addition: str | None


class HouseNumber(NamedTuple):
    """A house number, and the addition that stands behind it in the same field."""

    house_number: str
    addition: str | None


def street_forms(value: str) -> Street | None:
    """Return a street in standard form; None when it has no letters and digits.

    >>> street_forms("Dorpsstr. 12-a")
    Street(street='dorpsstr12a', street_alone='dorpsstraat', house_number='12', addition='a')
    >>> street_forms("7 wallaby place")[1:], street_forms("s brevard ave").street
    (('wallabyplace', '7', None), 'southbrevardavenue')
    >>> street_forms("P.O. Box 120").street
    'postbus120'
    """
    text = folded(value).strip()
    parts = words(text)
    if not parts:
        return None
    if (parts[0][0] in "abglpc") and (box := _BOX.fullmatch(" ".join(parts))):
        return Street(BOX + "".join(filter(str.isdigit, box["number"])), None, None, None)
    street = street_word(parts)
    if not any(map(str.isdigit, text)):
        return Street(street, None, None, None)
    return Street(street, *_divided(text))


def house_number_forms(value: str) -> HouseNumber | None:
    """Return a house number without leading zeros, and the addition behind it; None when it has no digits.

    >>> house_number_forms("12-bis"), house_number_forms("nr. 012 A")
    (HouseNumber(house_number='12', addition='bis'), HouseNumber(house_number='12', addition='a'))
    >>> house_number_forms("12.0"), house_number_forms("A")
    (HouseNumber(house_number='12', addition=None), None)
    """
    found = _NUMBER.search(folded(value))
    return HouseNumber(found["number"], addition_form(found["addition"])) if found else None


def addition_form(value: str) -> str | None:
    """Return a house number's addition as one word, without words such as `apt`; None when nothing is left.

    >>> addition_form("-Bis"), addition_form("apt number 5"), addition_form("Huis"), addition_form("-")
    ('bis', '5', 'hs', None)
    """
    addition = "".join(part for part in words(value) if part not in UNITS)
    return None if addition in UNITS else ADDITIONS.get(addition, addition) or None


def postal_code_form(value: str) -> str | None:
    """Return a postal code in capitals without spaces and country; None when it has no letters and digits.

    >>> postal_code_form("1234 ab"), postal_code_form("NL-1234 AB"), postal_code_form("SW1A 1AA")
    ('1234AB', '1234AB', 'SW1A1AA')
    >>> postal_code_form("B-1000"), postal_code_form("12345-6789"), postal_code_form("2119.0")
    ('1000', '12345', '2119')
    """
    if _DUTCH_CODE.fullmatch(value):
        return value.replace(" ", "").upper()
    return parsed_postal_code(value)


def parsed_postal_code(value: str) -> str | None:
    """Return a postal code in capitals without spaces and country, however it is written.

    >>> parsed_postal_code("NL-1234 AB")
    '1234AB'
    """
    code = _FLOAT.sub("", folded(value).upper().strip())
    code = _COUNTRY_BEFORE.sub("", code, count=1)
    extended = _ZIP_4.fullmatch(code)
    return letters_and_digits(extended["zip"] if extended else code).upper() or None


def place_form(value: str) -> str | None:
    """Return a town as one word, without what stands in brackets; None when it has no letters.

    >>> place_form("'s-Gravenhage"), place_form("Rijswijk (ZH)"), place_form("Den Haag")
    ('denhaag', 'rijswijk', 'denhaag')
    """
    place = letters_and_digits(_ASIDE.sub("", folded(value)))
    return PLACES.get(place, place) or None


def country_form(value: str) -> str | None:
    """Return a country by its two letters when it is a near one, else as one word.

    >>> country_form("België"), country_form("The Netherlands"), country_form("Curaçao")
    ('be', 'nl', 'curacao')
    """
    country = letters_and_digits(value)
    return _COUNTRY_OF.get(country, country) or None


def _divided(text: str) -> tuple[str | None, str | None, str | None]:
    """Return street, number and addition of a whole address in one field, or three times None."""
    unit = _UNIT_BEFORE.match(text)
    if unit:
        text = text[unit.end() :]
    found = None if unit else _BEHIND.fullmatch(text)
    if found and _YEAR.fullmatch(found["number"]) and any(map(str.isdigit, found["addition"])):
        found = _BEHIND_YEAR.fullmatch(text) or found  # Plein 1944 12
    if found and (_NO_ADDITION.match(found["addition"]) or _NUMBERED_ROAD.fullmatch(found["street"])):
        return None, None, None
    found = found or _BEFORE.fullmatch(text)
    if not found:
        return None, None, None
    held = found.groupdict()
    addition = f"{unit['unit'] if unit else held.get('unit') or ''} {held['addition']}"
    number = held["number"].lstrip("0") or "0"
    return street_word(words(held["street"])) or None, number, addition_form(addition)
