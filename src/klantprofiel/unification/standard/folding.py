"""Delivered values in the one form in which they can be compared; Python over the distinct values.

Every function takes a value as a source delivered it and returns its standard form, or None when it cannot
be one. Nothing here knows whether a value is a placeholder: that is `placeholders.py`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

REGION: Final = "NL"  # a number without a country code is Dutch

PREFIXES: Final = """
aan af al bij d da de del della den der des di do dos du een el het i ibn in l la las le les lo los met n of
onder op over s t te ten ter thoe tot uijt uit v van vande vanden vander vd von voor zu zum zur
"""
SURNAME_PREFIXES: Final = frozenset(PREFIXES.split())

_SEPARATORS: Final = str.maketrans("", "", " \u00a0().-/")
_MOBILE: Final = re.compile(r"(?:0|\+31|0031|\+310)(6[1-58][0-9]{7})")
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_UNFOLDED: Final = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "\u0131": "i"}
)
_BETWEEN_WORDS: Final = re.compile(r"[\s.'\u2019`/]+")


def email_form(value: str) -> str | None:
    """Return an e-mail address trimmed and in lower case; None when it has not the shape of one.

    >>> email_form(" J.deVries@Voorbeeld.NL ")
    'j.devries@voorbeeld.nl'
    >>> email_form("geen") is None
    True
    """
    address = value.strip().lower()
    return address if _ADDRESS.fullmatch(address) else None


def phone_form(value: str) -> str | None:
    """Return a telephone number as E.164; None when no telephone can have it.

    >>> phone_form("06-21 34 56 78"), phone_form("+31 (0)20 624 1111")
    ('+31621345678', '+31206241111')
    >>> phone_form("0600000000") is None
    True
    """
    # Most numbers are Dutch mobiles: reading these by hand is 20 times as fast, and a test holds both equal.
    mobile = _MOBILE.fullmatch(value.translate(_SEPARATORS))
    return f"+31{mobile[1]}" if mobile else parsed_phone(value)


def parsed_phone(value: str) -> str | None:
    """Return a telephone number as E.164 by the numbering plans of all countries.

    >>> parsed_phone("0032 2 555 12 12")
    '+3225551212'
    """
    import phonenumbers  # noqa: PLC0415  only a run that unifies needs it

    try:
        number = phonenumbers.parse(value, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def surname_form(value: str) -> str | None:
    """Return a surname without prefixes, diacritics, case, spaces and signs; None when nothing is left.

    >>> surname_form("van der Bérg"), surname_form("Berg, v.d."), surname_form("'t Hart")
    ('berg', 'berg', 'hart')
    >>> surname_form("de Vries - van Dijk"), surname_form("De")
    ('vriesvandijk', 'de')
    """
    name, _, behind = folded(value).partition(",")
    words = [word for word in _BETWEEN_WORDS.split(f"{behind} {name}") if word]
    while len(words) > 1 and words[0] in SURNAME_PREFIXES:
        words = words[1:]
    return letters_and_digits("".join(words)) or None


def initial_form(value: str) -> str | None:
    """Return the first letter of a given name or of initials, without diacritics and case; None without one.

    >>> initial_form("Élise"), initial_form(" j.m.")
    ('e', 'j')
    >>> initial_form("-") is None
    True
    """
    return next(filter(str.isalpha, folded(value)), None)


def number_form(value: str) -> str | None:
    """Return a number that people copy by hand (a loyalty card) without spaces, signs and case.

    >>> number_form("nl-1234 567x")
    'NL1234567X'
    """
    return letters_and_digits(unicodedata.normalize("NFKC", value).upper()) or None


def folded(value: str) -> str:
    """Return text in lower case without diacritics.

    >>> folded("Crèvecœur Øst Ĳzerman")
    'crevecoeur ost ijzerman'
    """
    decomposed = unicodedata.normalize("NFKD", value.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).translate(_UNFOLDED)


def letters_and_digits(value: str) -> str:
    """Return only the letters and digits of a text.

    >>> letters_and_digits("o'neill-smith 3")
    'oneillsmith3'
    """
    return "".join(filter(str.isalnum, value))
