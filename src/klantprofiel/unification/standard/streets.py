"""Words of street names that are written in more than one way; the word that stands for all of them."""

from __future__ import annotations

import re
from typing import Final

FIRST_WORDS: Final = {
    "1e": "eerste", "1ste": "eerste", "2e": "tweede", "2de": "tweede", "3e": "derde", "3de": "derde",
    "4e": "vierde", "4de": "vierde", "5e": "vijfde", "5de": "vijfde",
    "burg": "burgemeester", "burgem": "burgemeester", "dr": "doctor", "ds": "dominee", "gen": "generaal",
    "kon": "koningin", "mgr": "monseigneur", "past": "pastoor", "pr": "prins", "prof": "professor",
    "saint": "sint", "st": "sint", "mt": "mount",
}  # fmt: skip
"""Read so at the start of a street."""

LATER_WORDS: Final = {
    "al": "alley", "aly": "alley", "av": "avenue", "ave": "avenue", "blvd": "boulevard", "bnd": "bend",
    "bvd": "boulevard", "cct": "circuit", "cir": "circle", "cl": "close", "cr": "crescent",
    "cres": "crescent", "ct": "court", "cv": "cove", "dr": "drive", "drv": "drive", "expy": "expressway",
    "fwy": "freeway", "gdns": "gardens", "gr": "grove", "hts": "heights", "hwy": "highway", "ln": "lane",
    "pde": "parade", "pk": "pike", "pkwy": "parkway", "pl": "place", "plz": "plaza", "pt": "point",
    "rd": "road", "rdg": "ridge", "rte": "route", "sq": "square", "st": "street", "tce": "terrace",
    "ter": "terrace", "terr": "terrace", "tpke": "turnpike", "trl": "trail", "wy": "way",
}  # fmt: skip
"""Read so behind the first word of a street."""

END_WORDS: Final = {
    "e": "east", "n": "north", "ne": "northeast", "nw": "northwest", "s": "south", "se": "southeast",
    "sw": "southwest", "w": "west",
}  # fmt: skip
"""Read so at either end of a street."""

STREET: Final = re.compile(r"(?<=\w)(?:str|strasse)$")
"""Ends of one word that are a Dutch `straat`."""


def street_word(parts: list[str]) -> str:
    """Return the words of a street as one, its abbreviations in full.

    >>> street_word(["s", "brevard", "ave"]), street_word(["dorpsstr"]), street_word(["st", "annastr"])
    ('southbrevardavenue', 'dorpsstraat', 'sintannastraat')
    """
    if len(parts) > 1:
        last = len(parts) - 1
        parts = [_in_full(part, is_first=not at, is_last=at == last) for at, part in enumerate(parts)]
    return STREET.sub("straat", "".join(parts))


def _in_full(part: str, *, is_first: bool, is_last: bool) -> str:
    if (is_first or is_last) and part in END_WORDS:
        return END_WORDS[part]
    return (FIRST_WORDS if is_first else LATER_WORDS).get(part, part)
