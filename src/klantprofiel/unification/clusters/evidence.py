"""What a scored pair says to the guard: its weight, and what of it is about the person.

An exact key (one mailbox, one phone and surname) says: the same person, or people who share a household. So
it counts only where nothing that is the person's own speaks against it, and where it decides alone, it
attaches a record to one person and never stands between two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

KEY_BITS: Final = 6.0
"""What an equal key says for one person against relatives or colleagues who share it: 64 to 1."""
DIFFERENT_BITS: Final = -1.0
"""Below this a name or a birth date is clearly another, no error of typing."""

COMPARED_AS: Final = {
    "email": "email",
    "phone_surname": "phone",
    "loyalty_number": "id_number",
    "iban": "iban",
}
"""By which comparison the value of a key is compared as well."""
OWN: Final = ("given_name", "second_initial", "birth_date", "sex")
"""Comparisons of what people have of their own, and nobody can share or lend."""
TELLING: Final = ("given_name", "birth_date", "id_number")
"""Comparisons that tell people of one household apart; half of them have the same sex."""
ENDS: Final = ("first_record_id", "record_id")
OTHERS: Final = ("score", "p_household")
"""The columns of scored pairs that are no comparisons."""


def comparisons(columns: Collection[str]) -> tuple[str, ...]:
    """Return the comparisons among the columns of scored pairs.

    >>> comparisons(["first_record_id", "record_id", "given_name", "email", "score", "p_household"])
    ('given_name', 'email')
    """
    return tuple(column for column in columns if column not in (*ENDS, *OTHERS))


def key_weight(columns: Collection[str]) -> str:
    """Return in SQL what a pair weighs that has a key in common; the key counts where nothing is against it.

    >>> print(key_weight(["birth_date", "email"]))
    case when coalesce(birth_date, 0) >= 0 then greatest(score, 6.0 + coalesce(birth_date, 0)) else score end
    """
    own, number = _total(OWN, columns), _total(("id_number",), columns)
    said = own if number == "0" else f"{own} + {number}"
    return f"case when {own} >= 0 then greatest(score, {KEY_BITS} + {said}) else score end"


def is_bare(columns: Collection[str], *, has_key: str, threshold: float) -> str:
    """Return in SQL whether a pair says nothing of the person, or links only by a key that it has in common.

    >>> print(is_bare(["birth_date"], has_key="has_key", threshold=-1.5))
    birth_date is null or (has_key and score <= -1.5)
    """
    nothing = " and ".join(f"{name} is null" for name in TELLING if name in columns) or "true"
    return f"{nothing} or ({has_key} and score <= {threshold!r})"


def is_against(columns: Collection[str]) -> str:
    """Return in SQL whether what the two people have of their own speaks against a match.

    >>> print(is_against(["given_name", "birth_date"]))
    coalesce(given_name, 0) + coalesce(birth_date, 0) < 0
    """
    return f"{_total(OWN, columns)} < 0"


def is_different(columns: Collection[str]) -> str:
    """Return in SQL whether name and birth date are clearly another, and no number or address is the same.

    Within one source this is never one customer: a source seldom has a customer twice, and then not so.

    >>> print(is_different(["given_name", "birth_date", "email"]))
    coalesce(given_name, 0) < -1.0 and coalesce(birth_date, 0) < -1.0 and coalesce(email, 0) <= 0
    >>> print(is_different(["given_name", "email"]))
    false
    """
    if not {"given_name", "birth_date"} <= set(columns):
        return "false"
    differs = [f"coalesce({name}, 0) < {DIFFERENT_BITS}" for name in ("given_name", "birth_date")]
    agrees = [f"coalesce({name}, 0) <= 0" for name in ("id_number", "email") if name in columns]
    return " and ".join(differs + agrees)


def without_withdrawn(columns: Collection[str], pairs: str) -> str:
    """Return in SQL the pairs without what withdrawn keys say, by `shared`: the comparisons each pair loses.

    What too many records hold is a shop's or a system's; that two records hold it says nothing of them.

    >>> print(without_withdrawn(["email", "surname"], "closing"))
    select
        pairs.* replace (
            case when coalesce(shared.email, false) then null else pairs.email end as email,
            score
            - case when coalesce(shared.email, false) then greatest(coalesce(pairs.email, 0), 0) else 0 end
            as score
        )
    from closing as pairs
    left join shared
        on shared.first_record_id = pairs.first_record_id and shared.record_id = pairs.record_id
    """
    names = [name for name in COMPARED_AS.values() if name in columns]
    held = {name: f"coalesce(shared.{name}, false)" for name in names}
    kept = "".join(
        f"        case when {held[name]} then null else pairs.{name} end as {name},\n" for name in names
    )
    lost = "".join(
        f"        - case when {held[name]} then greatest(coalesce(pairs.{name}, 0), 0) else 0 end\n"
        for name in names
    )
    return (
        f"select\n    pairs.* replace (\n{kept}        score\n{lost}        as score\n    )\n"
        f"from {pairs} as pairs\n"
        "left join shared\n"
        "    on shared.first_record_id = pairs.first_record_id and shared.record_id = pairs.record_id"
    )


def shared_values(pairs: str) -> str:
    """Return in SQL which comparisons each pair loses: `over` holds the withdrawn key values of records."""
    flags = ", ".join(
        f"count(*) filter (where firsts.rule = '{rule}') > 0 as {name}" for rule, name in COMPARED_AS.items()
    )
    return (
        f"select pairs.first_record_id, pairs.record_id, {flags} from {pairs} as pairs "
        "inner join over as firsts on firsts.record_id = pairs.first_record_id "
        "inner join over as others on others.record_id = pairs.record_id "
        "and others.rule = firsts.rule and others.key_value = firsts.key_value "
        "group by pairs.first_record_id, pairs.record_id"
    )


def _total(names: tuple[str, ...], columns: Collection[str]) -> str:
    return " + ".join(f"coalesce({name}, 0)" for name in names if name in columns) or "0"
