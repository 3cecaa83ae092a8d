"""Which pairs are compared at all: those that share one of a few keys, chosen when a model is trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

LARGEST_BLOCK: Final = 200
"""A key value that more records share blocks nothing: 10,000 records would be fifty million pairs."""
MOST_PAIRS_PER_RECORD: Final = 12
"""A rule that yields more pairs than this per record is no key."""
LEAST_YIELD: Final = 0.0003
"""Share of the matches that a rule must add to those before it, per pair per record that it costs."""
FEW_PAIRS_PER_RECORD: Final = 0.1


@dataclass(frozen=True)
class Rule:
    """A blocking rule: the columns of the compared records that two records have alike.

    `crossed` names other columns, that the second record has where the first has `columns`.
    """

    columns: tuple[str, ...]
    crossed: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        """What the rule is called in the model.

        >>> Rule(("given_name", "surname")).name
        'given_name+surname'
        """
        return "+".join(self.columns) + (" crossed" if self.crossed else "")


RULES: Final = (
    *(Rule((kind,)) for kind in ("id_number", "iban", "email", "phone")),
    Rule(("given_name", "surname")),
    Rule(("given_name", "surname"), crossed=("surname", "given_name")),
    Rule(("given_name", "birth_date")),
    Rule(("surname", "birth_date")),
    Rule(("birth_date", "first_letter")),
    Rule(("birth_date", "postal_code")),
    Rule(("birth_date", "street")),
    Rule(("email_user",)),
    Rule(("own_domain", "email_start")),
    Rule(("own_domain", "surname")),
    Rule(("street_and_number", "first_letter")),
    Rule(("postal_code", "house_number", "first_letter")),
    Rule(("postal_code", "surname")),
    Rule(("postal_code", "given_name")),
    Rule(("street", "surname")),
    Rule(("street", "given_name")),
    Rule(("given_start", "surname_start")),
    Rule(("birth_year", "birth_month", "given_start")),
    Rule(("birth_year", "birth_month", "surname_start")),
    Rule(("birth_month", "birth_day", "given_name")),
    Rule(("birth_month", "birth_day", "surname_start")),
    Rule(("birth_year", "given_name")),
    Rule(("birth_year", "surname")),
    Rule(("surname_end", "first_letter")),
    Rule(("place", "surname")),
    Rule(("place", "given_name")),
    Rule(("street_and_number",)),
    Rule(("postal_code", "house_number")),
)
"""All rules, the most telling first; a model has those of them that its data fill and can bear."""


def keys_sql(rules: Sequence[Rule], source: str) -> str:
    """Return the select of each record's keys: `number`, and per rule `key_0` and so on; NULL for no key.

    A crossed rule has the key of the crossed columns besides, as `crossed_5` and so on.
    """
    keys = []
    for place, rule in enumerate(rules):
        keys.append(f"{_key(rule.columns)} as key_{place}")
        if rule.crossed:
            keys.append(f"{_key(rule.crossed)} as crossed_{place}")
    return f"select number, {', '.join(keys)} from {source}"


def _key(columns: Iterable[str]) -> str:
    filled = " and ".join(f"{column} is not null" for column in columns)
    return f"case when {filled} then hash({', '.join(columns)}) end"


def find_large(cursor: duckdb.DuckDBPyConnection, rules: Sequence[Rule], among: str | None = None) -> None:
    """Make `large` (rule, key): the keys in the table `keys` that too many records share.

    `among` names a table (rule, key): only these keys are counted.
    """
    selects = []
    for place, rule in enumerate(rules):
        counted = f"select key from {among} where rule = '{rule.name}'"
        where = f"key_{place} in ({counted})" if among else f"key_{place} is not null"
        selects.append(
            f"select '{rule.name}' as rule, key_{place} as key from keys where {where} "
            f"group by key_{place} having count(*) > {LARGEST_BLOCK}"
        )
    cursor.execute(f"create or replace temp table large as {' union all '.join(selects)}")


def hide(cursor: duckdb.DuckDBPyConnection, rules: Sequence[Rule], hidden: str) -> None:
    """Make NULL, in the table `keys`, the keys in the table `hidden` (rule, key)."""
    for (name,) in cursor.execute(f"select distinct rule from {hidden} order by 1").fetchall():
        place = [rule.name for rule in rules].index(name)
        for side in sides(rules[place], place):
            cursor.execute(
                f"update keys set {side} = null "
                f"where {side} in (select key from {hidden} where rule = '{name}')"
            )


def sides(rule: Rule, place: int) -> tuple[str, ...]:
    """Return the columns of keys that a rule has."""
    return (f"key_{place}", f"crossed_{place}") if rule.crossed else (f"key_{place}",)


def pairs_sql(rules: Sequence[Rule], keys: str, touched: str | None = None) -> str:
    """Return the select of all pairs that share a key, each once: `join_key_l` < `join_key_r`, `match_key`.

    `touched` names a table of numbers: only pairs with at least one of them; None for all.
    """
    return "\nunion all\n".join(_pairs_of_rule(rules, place, keys, touched) for place in range(len(rules)))


def _pairs_of_rule(rules: Sequence[Rule], place: int, keys: str, touched: str | None) -> str:
    """Select the pairs that a rule finds and none before it found."""
    joined = f"{_side(rules[place], place, 'a')} = b.key_{place}"
    earlier = "".join(
        f"\n  and {_side(rule, before, 'a')} = b.key_{before} is not true"
        for before, rule in enumerate(rules[:place])
    )
    if touched is None:
        return (
            f"select a.number as join_key_l, b.number as join_key_r, '{place}' as match_key "
            f"from {keys} as a inner join {keys} as b on {joined} where a.number < b.number{earlier}"
        )
    new = f"b.number not in (select number from {touched})"
    return (
        f"select least(a.number, b.number) as join_key_l, greatest(a.number, b.number) as join_key_r, "
        f"'{place}' as match_key "
        f"from (from {keys} semi join {touched} using (number)) as a inner join {keys} as b on {joined} "
        f"where (a.number < b.number or (a.number > b.number and {new}))"
        f"{earlier}"
    )


def _side(rule: Rule, place: int, alias: str) -> str:
    return f"{alias}.crossed_{place}" if rule.crossed else f"{alias}.key_{place}"
