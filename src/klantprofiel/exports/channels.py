"""What leaves the house per channel: the customer number, the segment, and only what that channel needs."""

from __future__ import annotations

from typing import Final

from klantprofiel.errors import ConfigurationError, near_miss
from klantprofiel.labels import CHANNELS

ANALYSIS: Final = "analysis"  # research: no direct identifier, only chosen variables

KEY_COLUMNS: Final = {"customer_id": "klantnummer", "segment_id": "segment"}

_NAME: Final = {"given_name": "voornaam", "surname_prefix": "tussenvoegsel", "surname": "achternaam"}

CONTACT_COLUMNS: Final[dict[str, dict[str, str]]] = {
    ANALYSIS: {},
    "email": {**_NAME, "email": "e-mailadres"},
    "phone": {**_NAME, "phone": "telefoonnummer"},
    "post": {
        "initials": "voorletters",
        **_NAME,
        "street": "straat",
        "house_number": "huisnummer",
        "house_number_addition": "toevoeging",
        "postal_code": "postcode",
        "place": "plaats",
    },
}


def contact_columns(channel: str) -> dict[str, str]:
    """Return the attributes of the golden record that a channel needs, each with its Dutch header.

    >>> contact_columns("email")["email"]
    'e-mailadres'

    Raises
    ------
    ConfigurationError
        For a channel over which no file is handed over.
    """
    if channel not in CONTACT_COLUMNS:
        known = ", ".join(CONTACT_COLUMNS)
        found = CHANNELS.get(channel, channel)
        raise ConfigurationError(
            f"no file is made for the channel {channel!r} ({found}){near_miss(channel, CONTACT_COLUMNS)}",
            expected=f"one of {known}",
            todo="choose one of these; a customer who is reached in the shop or its site needs no list",
        )
    return CONTACT_COLUMNS[channel]
