"""E-mail addresses and telephone numbers in standard form."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from klantprofiel.unification.standard.folding import letters_and_digits, without

REGION: Final = "NL"  # a number without a country code is Dutch

_SEPARATORS: Final = b" ().-/"
_DUTCH: Final = r"(?:0|(?:\+|00)310?)"  # what stands before a Dutch number
_DUTCH_DIGITS: Final = 9
_DUTCH_KINDS: Final = ("mobile", "fixed_line", "voip", "pager")  # of nine digits in the numbering plan
_LONGEST: Final = 50  # a longer text is no telephone number that someone wrote down
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_SIGNS: Final = b"!#$%&'*+-/=?^_`{|}~.\"(),:;<>[\\]"
_DIGITS: Final = str.maketrans("", "", "0123456789")
_SIGNS_AND_DIGITS: Final = _SIGNS + b"0123456789"


def email_form(value: str) -> str | None:
    """Return an e-mail address trimmed and in lower case; None when it has not the shape of one.

    The address stays one that can be written to: what a provider ignores (dots, what follows a plus) is kept.

    >>> email_form(" J.deVries@Voorbeeld.NL ")
    'j.devries@voorbeeld.nl'
    >>> email_form("geen") is None
    True
    """
    address = value.strip().lower()
    return address if _ADDRESS.fullmatch(address) else None


def email_user(address: str) -> str | None:
    """Return who an e-mail address names: its local part without plus-tag, signs and digits.

    A local part of only digits is kept: it is a number that someone chose.

    >>> email_user("j.de-vries80+winkel@voorbeeld.nl"), email_user("123456@voorbeeld.nl")
    ('jdevries', '123456')
    """
    local = address[: address.find("@")].partition("+")[0]
    if local.isascii():
        return without(local, _SIGNS_AND_DIGITS) or without(local, _SIGNS) or None
    name = letters_and_digits(local)
    return name.translate(_DIGITS) or name or None


def email_forms(value: str) -> tuple[str | None, str | None] | None:
    """Return an e-mail address in standard form, and who it names; of a misspelt one only the latter.

    >>> email_forms("Jan+web@Hof.nl"), email_forms("jan@hofnl"), email_forms("jan")
    (('jan+web@hof.nl', 'jan'), (None, 'jan'), None)
    """
    address = email_form(value)
    user = email_user(address or value.strip().lower()) if address or "@" in value else None
    return (address, user) if user else None


def phone_form(value: str) -> str | None:
    """Return a telephone number as E.164; None when no telephone can have it.

    >>> phone_form("06-21 34 56 78"), phone_form("+31 (0)20 624 1111")
    ('+31621345678', '+31206241111')
    >>> phone_form("0600000000") is None
    True
    """
    # Most numbers are Dutch: reading these by hand is 20 times as fast, and a test holds both equal.
    text = value.replace("\u00a0", " ")
    if text.isascii() and len(text) <= _LONGEST:
        dutch = _dutch_number().fullmatch(without(text, _SEPARATORS))
        if dutch:
            return f"+31{dutch['number']}"
    return parsed_phone(value)


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


@lru_cache(maxsize=1)
def _dutch_number() -> re.Pattern[str]:
    """Return the pattern of Dutch numbers of nine digits, from the numbering plan in `phonenumbers`."""
    from phonenumbers import PhoneMetadata  # noqa: PLC0415  the same

    plan = PhoneMetadata.metadata_for_region(REGION)
    kinds = [getattr(plan, kind) for kind in ("general_desc", *_DUTCH_KINDS)]
    general, *numbers = [
        kind.national_number_pattern for kind in kinds if _DUTCH_DIGITS in kind.possible_length
    ]
    digits = rf"(?=[1-9][0-9]{{{_DUTCH_DIGITS - 1}}}\Z)(?=(?:{general})\Z)"
    return re.compile(rf"{_DUTCH}{digits}(?P<number>{'|'.join(numbers)})")
