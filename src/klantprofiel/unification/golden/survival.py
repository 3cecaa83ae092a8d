"""By which rule each part of a golden record survives, and that rule as one number per claim.

The table `SURVIVAL` is the only place that says which of several values is kept; the SQL of
`identity.survivors` follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Final, Literal, TypeAlias

from klantprofiel.errors import DeclarationError
from klantprofiel.unification.golden.attributes import part_of, parts

Criterion: TypeAlias = Literal[
    "validity", "completeness", "frequency", "earliest", "latest", "recency", "source_rank"
]

PLACES: Final[dict[Criterion, int]] = {
    "validity": 10,
    "completeness": 10,
    "frequency": 100_000,
    "earliest": 10_000_000,
    "latest": 10_000_000,
    "recency": 1_000_000,
    "source_rank": 1_000_000,
}
"""How many values a criterion can have: days reach to the year 9999, and nobody has a million claims."""

MOST: Final = 2**63 - 1
"""What a BIGINT holds: the criteria of one order, multiplied, have to fit."""


@dataclass(frozen=True)
class Survival:
    """How one part of the golden record is chosen: by what first, and then, and why so (in Dutch)."""

    rule: str
    criteria: tuple[Criterion, ...]
    because: str


_NAME = Survival(
    "whole_name",
    ("completeness", "source_rank"),
    "een naam komt heel uit een bron: met voor- en achternaam, dan uit de beste bron",
)
_ADDRESS = Survival(
    "whole_address",
    ("completeness", "recency"),
    "een adres komt heel uit een bron: volledig, en het laatst bekende, want mensen verhuizen",
)
_EMAIL = Survival(
    "most_recent",
    ("validity", "recency"),
    "het laatst bekende; een gedeelde postbus alleen als er niets anders is",
)
_LATEST_KNOWN = Survival("most_recent", ("recency",), "het laatst bekende, want dit verandert")
_MOST_SAID = Survival(
    "most_frequent",
    ("frequency", "source_rank"),
    "wat de meeste bronregels zeggen, want dit verandert niet en een tikfout staat alleen",
)
_BEST_SOURCE = Survival("best_source", ("source_rank",), "de beste bron, want die geeft het uit")
_EARLIEST = Survival("earliest", ("earliest", "source_rank"), "de eerste dag waarop iemand klant was")
_LATEST = Survival("latest", ("latest", "source_rank"), "de laatste dag waarop een bron iets wijzigde")

SURVIVAL: Final = {
    "name": _NAME,
    "address": _ADDRESS,
    "sex": _MOST_SAID,
    "birth_date": _MOST_SAID,
    "email": _EMAIL,
    "phone": _LATEST_KNOWN,
    "loyalty_number": _BEST_SOURCE,
    "iban": _LATEST_KNOWN,
    "household_size": _LATEST_KNOWN,
    "age_band": _LATEST_KNOWN,
    "registered_on": _EARLIEST,
    "updated_on": _LATEST,
}
"""The order in which the claims of a customer are tried, per part; what is not known never survives.

Recency and source rank both are full orders of a customer's claims, so nothing needs to follow one: of
equally recent claims the better source goes first, of one source the latest claim.
"""

COMPLETENESS: Final = {
    "name": (
        "surname is not null and given_name is not null",
        "surname is not null and initials is not null",
        "surname is not null",
        "coalesce(given_name, initials) is not null",
        "surname_prefix is not null",
    ),
    "address": (
        "postal_code is not null and house_number is not null",
        "street is not null and house_number is not null and place is not null",
        "postal_code is not null",
        "coalesce(street, place) is not null",
        "coalesce(country, house_number, house_number_addition) is not null",
    ),
}
"""What makes a part complete, best first; a claim to which none applies does not know the part."""

VALIDITY: Final = {"email": "case when is_email_shared then 1 else 0 end"}
"""What a value that can be read may still lack, as a number: 0 is the best."""


def rule_of(attribute: str) -> str:
    """Return the name of the rule by which an attribute survives.

    >>> rule_of("street"), rule_of("birth_date")
    ('whole_address', 'most_frequent')
    """
    return SURVIVAL[part_of(attribute)].rule


def presence(part: str) -> str:
    """Return the SQL that tells whether a claim knows a part.

    >>> presence("email")
    'email is not null'
    """
    return " or ".join(f"({test})" for test in COMPLETENESS.get(part, ())) or f"{part} is not null"


def counted() -> tuple[str, ...]:
    """Return the parts of which equal values are counted.

    >>> counted()
    ('sex', 'birth_date')
    """
    return tuple(part for part in parts() if "frequency" in SURVIVAL[part].criteria)


def key(part: str) -> str:
    """Return the SQL of the number by which claims compete for a part: the lowest wins.

    Its last places are the survival_rank of the claim.

    >>> key("phone")
    '(recency_rank) * 1000000 + survival_rank'
    """
    criteria = SURVIVAL[part].criteria
    terms = [(_number(criterion, part), PLACES[criterion]) for criterion in criteria]
    if criteria[-1] == "source_rank":
        terms = terms[:-1]
    terms.append(("survival_rank", PLACES["source_rank"]))
    sizes = [size for _, size in terms]
    if prod(sizes) > MOST:
        raise DeclarationError(
            f"the order of {part} does not fit one number", expected="fewer or smaller criteria"
        )
    numbers = [
        f"({number}) * {prod(sizes[place + 1 :])}" if place + 1 < len(terms) else number
        for place, (number, _) in enumerate(terms)
    ]
    return " + ".join(numbers)


def _number(criterion: Criterion, part: str) -> str:
    """Return the SQL of a criterion as a whole number from 0 up, of which less is better."""
    if criterion == "completeness":
        levels = " ".join(f"when {test} then {level}" for level, test in enumerate(COMPLETENESS[part]))
        return f"case {levels} end"
    return {
        "validity": VALIDITY.get(part, "0"),
        "frequency": f"{PLACES['frequency'] - 1} - least(n_{part}, {PLACES['frequency'] - 1})",
        "earliest": f"datediff('day', date '0001-01-01', {part})",
        "latest": f"datediff('day', {part}, date '9999-12-31')",
        "recency": "recency_rank",
        "source_rank": "survival_rank",
    }[criterion]
