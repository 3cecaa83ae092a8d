"""What is compared of two records, per kind of column, and how much alike it can be: Splink's comparisons.

A fact counts once. Street, number, postal code and place are one address, in as many degrees as its parts can
agree. An e-mail address that resembles another is another one all the same, when both are made of the name
and stand at a common provider: that the names agree was said before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection

OTHERWISE: Final = "ELSE"


@dataclass(frozen=True)
class Level:
    """One degree of likeness: its Dutch label, and its condition on the columns `_l` and `_r` of a pair.

    `m` is how often two records of one person are this much alike and `u` how often those of two strangers
    are: presets, for want of data to estimate them from. `shared` tells whether two people of one household
    are so alike as often as one person is.
    """

    label: str
    condition: str
    m: float
    u: float
    shared: bool = False


@dataclass(frozen=True)
class Comparison:
    """What is compared: levels from most to least alike, of which the first that holds counts.

    Attributes
    ----------
    name, label
        The column of bits in `identity.link_pairs`, and what users read.
    empty
        When nothing can be compared.
    frequency
        The column whose common values tell less where the pair is equal; None when all tell as much.
    shared
        Whether people of one household have all of it in common.
    """

    name: str
    label: str
    empty: str
    levels: tuple[Level, ...]
    frequency: str | None = None
    shared: bool = False

    @property
    def shared_levels(self) -> tuple[bool, ...]:
        """Per level whether two people of one household have it as often as one person."""
        return tuple(self.shared or level.shared for level in self.levels)

    def settings(self) -> dict[str, Any]:
        """Return the comparison as Splink declares it, with the presets to begin from."""
        m, u = sum(level.m for level in self.levels), sum(level.u for level in self.levels)
        return {
            "output_column_name": self.name,
            "comparison_description": self.label,
            "comparison_levels": [
                {"sql_condition": self.empty, "label_for_charts": "onbekend", "is_null_level": True},
                *(
                    {
                        "sql_condition": level.condition,
                        "label_for_charts": level.label,
                        "m_probability": level.m / m,
                        "u_probability": level.u / u,
                    }
                    for level in self.levels
                ),
            ],
        }


@dataclass(frozen=True)
class Likeness:
    """How two texts are found much alike, and a little, in conditions on a column."""

    much: str
    little: str

    def of(self, column: str) -> tuple[str, str]:
        """Return both conditions for a column."""
        return self.much.format(column), self.little.format(column)


JARO_WINKLER: Final = Likeness(
    "jaro_winkler_similarity({0}_l, {0}_r) >= 0.92", "jaro_winkler_similarity({0}_l, {0}_r) >= 0.8"
)
PORTABLE: Final = Likeness(
    "damerau_levenshtein({0}_l, {0}_r) <= 1",
    "damerau_levenshtein({0}_l, {0}_r) <= 2 and length({0}_l) >= 5",
)


def comparisons_of(kinds: Collection[str], *, portable: bool = False) -> tuple[Comparison, ...]:
    """Return what is compared of records with these columns filled.

    Parameters
    ----------
    kinds
        Names of filled columns of `identity.link_records`; `source` when there are several sources, and
        `second_initial` when initials hold a second one.
    portable
        Whether only what every engine computes alike may be used: no Jaro-Winkler.

    Examples
    --------
    >>> [comparison.name for comparison in comparisons_of({"given_name", "surname", "email", "place"})]
    ['given_name', 'surname', 'email', 'address']
    """
    alike = PORTABLE if portable else JARO_WINKLER
    has = frozenset(kinds)
    made = (
        _given_name(alike) if has & {"given_name", "initials"} else None,
        _second_initial() if "second_initial" in has else None,
        _surname(alike, other="other_surname" in has) if "surname" in has else None,
        _birth_date() if "birth_date" in has else None,
        _told_year() if has.issuperset({"birth_date", "email_year"}) else None,
        _sex() if "sex" in has else None,
        _email() if "email" in has else None,
        _phone() if "phone" in has else None,
        _number("id_number", "Klantenkaart of ander nummer") if "id_number" in has else None,
        _number("iban", "Rekeningnummer") if "iban" in has else None,
        _address(alike) if has & {"street", "postal_code"} else None,
        _place(alike) if "place" in has and not has & {"street", "postal_code"} else None,
        _source() if "source" in has else None,
    )
    return tuple(comparison for comparison in made if comparison)


def _given_name(alike: Likeness) -> Comparison:
    much, little = alike.of("given_name")
    return Comparison(
        "given_name",
        "Voornaam",
        empty="any_given_name_l is null or any_given_name_r is null",
        frequency="given_name",
        levels=(
            Level("gelijk", "given_name_l = given_name_r", 0.74, 0.004),
            Level("vrijwel gelijk", much, 0.06, 0.0015),
            Level(
                "verwisseld met de achternaam",
                "given_name_l = surname_r or surname_l = given_name_r",
                0.01,
                0.0003,
            ),
            Level("voorletters of begin gelijk", _INITIALS, 0.12, 0.02),
            Level("lijkt erop", little, 0.02, 0.006),
            Level("anders", OTHERWISE, 0.05, 0.9682),
        ),
    )


_INITIALS: Final = (
    "((given_name_l is null or given_name_r is null)"
    " and (starts_with(initials_l, initials_r) or starts_with(initials_r, initials_l)))"
    " or starts_with(given_name_l, given_name_r) or starts_with(given_name_r, given_name_l)"
)


def _second_initial() -> Comparison:
    return Comparison(
        "second_initial",
        "Tweede voorletter",
        empty="second_initial_l is null or second_initial_r is null",
        levels=(
            Level("gelijk", "second_initial_l = second_initial_r", 0.96, 0.08),
            Level("anders", OTHERWISE, 0.04, 0.92),
        ),
    )


def _surname(alike: Likeness, *, other: bool) -> Comparison:
    much, little = alike.of("surname_long")
    double = "surname_l in (surname_r, other_surname_r) or other_surname_l in (surname_r, other_surname_r)"
    partner = (Level("gelijk aan de tweede achternaam", double, 0.04, 0.0005),) if other else ()
    return Comparison(
        "surname",
        "Achternaam",
        empty=(
            "surname_l is null or surname_r is null or "
            "(given_name_l <> given_name_r and (given_name_l = surname_r or surname_l = given_name_r))"
        ),
        frequency="surname",
        shared=True,
        levels=(
            Level("gelijk", "surname_l = surname_r or surname_long_l = surname_long_r", 0.86, 0.002),
            *partner,
            Level("vrijwel gelijk", much, 0.06, 0.001),
            Level("lijkt erop", little, 0.01, 0.003),
            Level("anders", OTHERWISE, 0.03, 0.9935),
        ),
    )


def _birth_date() -> Comparison:
    apart = "abs(datediff('day', birth_date_l, birth_date_r))"
    year, month, day = (f"birth_{part}_l = birth_{part}_r" for part in ("year", "month", "day"))
    swapped = f"{year} and birth_month_l = birth_day_r and birth_day_l = birth_month_r"
    partly = f"{year} or {month} or {day}"
    digits = "birth_digits_l, birth_digits_r"
    return Comparison(
        "birth_date",
        "Geboortedatum",
        empty="birth_date_l is null or birth_date_r is null",
        levels=(
            Level("gelijk", "birth_date_l = birth_date_r", 0.93, 0.00005),
            Level("dag en maand verwisseld", swapped, 0.01, 0.00001),
            Level("een cijfer anders", _only_if(partly, f"damerau_levenshtein({digits}) <= 1"), 0.02, 0.0011),
            Level("binnen een maand", f"{apart} <= 31", 0.005, 0.0014),
            Level("twee cijfers anders", _only_if(partly, f"levenshtein({digits}) <= 2"), 0.01, 0.0135),
            Level("zelfde jaar of zelfde dag", f"{year} or ({month} and {day})", 0.005, 0.0064),
            Level("binnen een jaar", f"{apart} <= 366", 0.003, 0.0093),
            Level("binnen tien jaar", f"{apart} <= 3660", 0.007, 0.17),
            Level("anders", OTHERWISE, 0.01, 0.79824),
        ),
    )


def _only_if(cheap: str, costly: str) -> str:
    """Return that both hold, where the costly condition is computed only where the cheap one holds."""
    return f"case when {cheap} then {costly} else false end"


def _told_year() -> Comparison:
    """Compare the year in anna.hof82@... with the other's birth date, where a birth date lacks."""
    return Comparison(
        "told_year",
        "Geboortejaar in het e-mailadres",
        empty=(
            "told_year_l is null or told_year_r is null or email_l = email_r "
            "or (birth_date_l is not null and birth_date_r is not null)"
        ),
        levels=(
            Level("gelijk", "told_year_l = told_year_r", 0.6, 0.015),
            Level("anders", OTHERWISE, 0.4, 0.985),
        ),
    )


def _sex() -> Comparison:
    return Comparison(
        "sex",
        "Geslacht",
        empty="sex_l is null or sex_r is null",
        levels=(Level("gelijk", "sex_l = sex_r", 0.97, 0.5), Level("anders", OTHERWISE, 0.03, 0.5)),
    )


def _email() -> Comparison:
    same_domain = "(email_domain_l = email_domain_r and email_start_l = email_start_r)"
    halves = f"(email_user_l = email_user_r or {same_domain})"
    lengths = "abs(length(email_l) - length(email_r)) <= 2"
    not_named = "not (is_named_email_l and is_named_email_r)"
    told = f"({not_named} or not (is_common_domain_l or email_user_l = email_user_r))"
    near = f"{told} and {halves} and {lengths}"
    return Comparison(
        "email",
        "E-mailadres",
        empty="email_l is null or email_r is null",
        frequency="email",
        levels=(
            Level("gelijk", "email_l = email_r", 0.7, 0.000005),
            Level("tikfout", _only_if(near, "levenshtein(email_l, email_r) <= 2"), 0.05, 0.000003),
            Level("zelfde naam voor de @", f"email_user_l = email_user_r and {not_named}", 0.02, 0.00005),
            Level(
                "zelfde eigen domein",
                "email_domain_l = email_domain_r and not is_common_domain_l",
                0.01,
                0.0005,
                shared=True,
            ),
            Level("anders", OTHERWISE, 0.22, 0.999442),
        ),
    )


def _phone() -> Comparison:
    return Comparison(
        "phone",
        "Telefoonnummer",
        empty="phone_l is null or phone_r is null",
        frequency="phone",
        shared=True,
        levels=(
            Level("gelijk", "phone_l = phone_r", 0.7, 0.000005),
            Level("een cijfer anders", "levenshtein(phone_l, phone_r) <= 1", 0.03, 0.000005),
            Level("anders", OTHERWISE, 0.27, 0.99999),
        ),
    )


def _number(name: str, label: str) -> Comparison:
    typos = f"levenshtein({name}_l, {name}_r) <= 2"
    one = _only_if(typos, f"damerau_levenshtein({name}_l, {name}_r) <= 1")
    return Comparison(
        name,
        label,
        empty=f"{name}_l is null or {name}_r is null",
        levels=(
            Level("gelijk", f"{name}_l = {name}_r", 0.9, 0.000003),
            Level("een teken anders", one, 0.03, 0.00001),
            Level("twee tekens anders", typos, 0.01, 0.0003),
            Level("anders", OTHERWISE, 0.06, 0.999687),
        ),
    )


def _address(alike: Likeness) -> Comparison:
    same_street, number = "street_l = street_r", "house_number_l = house_number_r"
    code, place = "postal_code_l = postal_code_r", "place_l = place_r"
    area = f"({code} or {place})"
    near = alike.much.replace("0.92", "0.88").format("street")
    near_at_number = _only_if(number, near)
    return Comparison(
        "address",
        "Adres",
        empty="any_address_l is null or any_address_r is null",
        frequency="street_and_number",
        shared=True,
        levels=(
            Level("gelijk", f"{number} and {same_street} and {area}", 0.62, 0.00003),
            Level("zelfde straat en nummer", f"{number} and {same_street}", 0.02, 0.00001),
            Level(
                "zelfde nummer en gebied, straat vrijwel gelijk",
                _only_if(f"{number} and {area}", near),
                0.07,
                0.000005,
            ),
            Level("zelfde nummer en postcode", f"{number} and {code}", 0.05, 0.00001),
            Level("zelfde nummer, straat vrijwel gelijk", near_at_number, 0.01, 0.00001),
            Level("straat vrijwel gelijk, zelfde gebied", _only_if(area, near), 0.05, 0.0002),
            Level("straat vrijwel gelijk", near, 0.01, 0.001),
            Level("zelfde postcode en plaats", f"{code} and {place}", 0.02, 0.0002),
            Level("zelfde nummer en plaats", f"{number} and {place}", 0.01, 0.0003),
            Level("zelfde postcode", code, 0.01, 0.0003),
            Level("zelfde plaats", place, 0.05, 0.02),
            Level("zelfde nummer", number, 0.01, 0.012),
            Level("anders", OTHERWISE, 0.07, 0.965915),
        ),
    )


def _place(alike: Likeness) -> Comparison:
    return Comparison(
        "address",
        "Woonplaats",
        empty="place_l is null or place_r is null",
        frequency="place",
        shared=True,
        levels=(
            Level("gelijk", "place_l = place_r", 0.85, 0.03),
            Level("vrijwel gelijk", alike.much.replace("0.92", "0.88").format("place"), 0.05, 0.003),
            Level("anders", OTHERWISE, 0.1, 0.967),
        ),
    )


def _source() -> Comparison:
    return Comparison(
        "source",
        "Bron",
        empty="source_l is null or source_r is null",
        levels=(
            Level("andere bron", "source_l <> source_r", 0.8, 0.5),
            Level("zelfde bron", OTHERWISE, 0.2, 0.5),
        ),
    )
