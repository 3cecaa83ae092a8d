"""E-mail addresses and telephone numbers in standard form."""

from __future__ import annotations

import re
from typing import Final

from klantprofiel.unification.standard.folding import letters_and_digits

REGION: Final = "NL"  # a number without a country code is Dutch

_SEPARATORS: Final = str.maketrans("", "", " \u00a0().-/")
_MOBILE: Final = re.compile(r"(?:0|\+31|0031|\+310)(6[1-58][0-9]{7})")
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_SIGNS: Final = str.maketrans("", "", "!#$%&'*+-/=?^_`{|}~.\"(),:;<>[\\]")
_DIGITS: Final = str.maketrans("", "", "0123456789")


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
    name = local.translate(_SIGNS) if local.isascii() else letters_and_digits(local)
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
