"""A rule is one boolean expression over a row and the moment, or it is refused."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from klantprofiel import schema as s
from klantprofiel.errors import DeclarationError
from klantprofiel.schema.predicates import ALLOWED, predicate_faults
from klantprofiel.warehouse import subset
from tests.unit.schema.engine import keeps

TYPES = {
    "name": "VARCHAR",
    "quantity": "BIGINT",
    "amount_eur": "DECIMAL(18,2)",
    "paid_on": "DATE",
    "ordered_at": "TIMESTAMP",
    "is_return": "BOOLEAN",
}
ROW = {
    "name": "fiets",
    "quantity": 2,
    "amount_eur": Decimal("19.95"),
    "paid_on": date(2026, 9, 2),
    "ordered_at": datetime.fromisoformat("2026-09-01T10:00:00"),
    "is_return": False,
}
GOOD = [
    "cast(ordered_at as date) <= $as_of",
    "is_return",
    "not is_return",
    "is_return = (quantity < 0)",
    "amount_eur >= 0 or is_return",
    "quantity between 1 and 999",
    "name in ('fiets', 'step')",
    "name is not null and length(name) > 1",
    "name like 'f%'",
    "regexp_matches(name, '^[a-z]+$')",
    "lower(trim(name)) <> 'test'",
    "coalesce(amount_eur, 0) * quantity < 10000",
    "abs(amount_eur) < 10000.50",
    "case when is_return then amount_eur <= 0 else amount_eur >= 0 end",
    "paid_on is null or paid_on >= cast(ordered_at as date)",
    "paid_on - interval 2 year <= $as_of",
    "paid_on >= date '2020-01-01'",
    "datediff('day', paid_on, $as_of) < 4000",
    "date_trunc('month', paid_on) <= $as_of",
    "year(paid_on) > 2000 and extract(month from paid_on) <= 12",
    "paid_on is distinct from $as_of",
    "cast(paid_on as timestamp) >= ordered_at or try_cast(quantity as decimal(18, 2)) > 0",
    "try_cast(name as integer) is null",
    "nullif(name, '') is not null",
    "name || '!' <> '!'",
    "substring(name, 1, 1) = left(name, 1) and replace(name, 'f', '') <> upper(name)",
    "greatest(quantity, 1) >= least(quantity, floor(amount_eur)) and -quantity < ceil(amount_eur) + 1",
    "cast(ordered_at as varchar) <> cast(quantity as varchar)",
    "cast(ordered_at as date) <= $as_of + interval 1 day",
    "last_day(paid_on) >= paid_on and day(paid_on) between 1 and 31",
    "regexp_extract(name, '^f(.)', 1) = 'i' and strpos(name, 'f') = 1",
]


def found_in(sql: str) -> str:
    return next((fault.found for fault in predicate_faults(sql, TYPES)), "")


@pytest.mark.parametrize("sql", GOOD)
def test_a_condition_over_one_row_is_a_rule(sql: str) -> None:
    assert found_in(sql) == ""
    rule = s.Rule("good", s.rule(sql, because="x").named("good").predicate, "x")
    assert keeps(rule, date(2026, 10, 1), **ROW) in {True, False}


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("", "not one SQL expression"),
        ("amount_eur >", "not one SQL expression"),
        ("amount_eur > 0; is_return", "more than one expression"),
        ("select is_return from orders", "not one SQL expression"),
        ("is_return as kept", "not one SQL expression"),
        ("amount_eur > 0 -- nooit negatief", "a comment"),
        ("quantity in (select 1)", "a subquery"),
        ("exists (select 1)", "a subquery"),
        ("quantity = (select max(quantity) from orders)", "a subquery"),
        ("sum(quantity) > 1", "an aggregate"),
        ("count(*) = 1", "an aggregate"),
        ("row_number() over () = 1", "a window"),
        ("amount_eur / quantity < 100", "a division"),
        ("quantity % 2 = 0", "a remainder"),
        ("paid_on <= current_date", "the clock"),
        ("ordered_at <= current_timestamp", "the clock"),
        ("ordered_at <= now()", "'NOW()'"),
        ("random() > 0.5", "which not every engine reads alike"),
        ("getenv('HOME') = name", "GETENV"),
        ("read_text('/etc/passwd') = name", "READ_TEXT"),
        ("amont_eur > 0", "'amont_eur', which is no column of this table, did you mean 'amount_eur'?"),
        ("orders.amount_eur > 0", "'orders.amount_eur'"),
        ("Amount_EUR > 0", "'Amount_EUR'"),
        ("paid_on <= $today", "the parameter $today"),
        ("quantity > ?", "the parameter"),
        ("amount_eur + 1", "a rule that is a number and not true or false"),
        ("name", "a rule that is a text and not true or false"),
        ("$as_of", "a rule that is a moment and not true or false"),
        ("quantity and is_return", "'quantity' is a number and not true or false"),
        ("not name", "'name' is a text and not true or false"),
        ("paid_on <= '2026-01-01'", "compares a moment with a text"),
        ("amount_eur > '5'", "compares a number with a text"),
        ("quantity between 1 and name", "compares a number with a text"),
        ("name in ('a', 1)", "compares a number with a text"),
        ("cast(name as json) is null", "a cast to JSON"),
        ("cast(ordered_at as timestamptz) is null", "a cast to TIMESTAMPTZ"),
        ("length($as_of) > 1", "'$as_of' is a moment and not a text"),
        ("length(quantity) > 1", "'quantity' is a number and not a text"),
        ("quantity like '1%'", "'quantity' is a number and not a text"),
        ("abs(name) > 1", "'name' is a text and not a number"),
        ("name * 2 > 1", "'name' is a text and not a number"),
        ("year(name) > 2000", "'name' is a text and not a moment"),
        ("extract(year from quantity) > 2000", "'quantity' is a number and not a moment"),
        ("datediff('day', name, $as_of) > 1", "'name' is a text and not a moment"),
        ("coalesce(quantity, 'geen') > 1", "compares a number with a text"),
        ("case when is_return then 1 else 'x' end = 1", "compares a number with a text"),
        ("is_return = 1", "compares a number with true or false"),
        ("cast(name as integer) > 5", "which stops a run at the first value that it cannot cast"),
        ("cast(name as date) <= $as_of", "which stops a run"),
        ("cast(quantity as integer) > 5", "which stops a run"),
        ("cast(amount_eur as decimal(4, 2)) > 5", "which stops a run"),
        ("cast('5' as integer) = quantity", "which stops a run"),
        ("paid_on >= date '2020-02-31'", "which stops a run"),
        ("regexp_matches(name, '[a')", "the regular expression '[a', which cannot be read"),
        ("regexp_matches(name, 'a{6000}')", "the regular expression 'a{6000}', which cannot be read"),
        ("regexp_matches(name, '(?=a)b')", "looks around or back"),
        ("regexp_matches(name, lower(name))", "a regular expression that differs from row to row"),
        ("regexp_extract(name, '(a', 1) = 'a'", "which cannot be read"),
        ("date_trunc('fortnight', paid_on) <= $as_of", "a rule that DuckDB cannot run"),
        ("true", "a rule that looks at no column: 'true'"),
        ("$as_of > date '2020-01-01'", "a rule that looks at no column"),
    ],
)
def test_anything_else_is_refused(sql: str, found: str) -> None:
    assert found in found_in(sql)
    assert found_in(sql)


@given(st.text(alphabet="abq_eurity $.,()<>='0123456789+-*andornot ", max_size=40))
def test_no_text_breaks_the_judge_and_what_it_lets_in_runs(sql: str) -> None:
    if found_in(sql):
        return
    rule = s.rule(sql, because="x").named("found")
    assert keeps(rule, date(2026, 10, 1), **ROW) in {True, False, None}


def test_a_rule_needs_a_reason() -> None:
    with pytest.raises(DeclarationError, match=r"Things\.kept: a rule without a reason"):

        class Things(s.ReferenceTable):
            """Dingen: one row per thing."""

            thing_id = s.Text(label="Nummer", key=True)
            kept = s.rule("thing_id <> ''", because=" ")


def test_a_rule_says_its_reason_by_name() -> None:
    with pytest.raises(
        DeclarationError, match=r"OtherThings\.kept: rule: missing a required argument: 'because'"
    ):

        class OtherThings(s.ReferenceTable):
            """Dingen: one row per thing."""

            thing_id = s.Text(label="Nummer", key=True)
            kept = s.rule("thing_id <> ''")  # type: ignore[call-arg]


def test_a_rule_over_what_is_not_known_is_neither_kept_nor_broken() -> None:
    rule = s.rule("quantity > 0", because="x").named("positive")
    assert keeps(rule, quantity=None) is None


def test_rules_say_nothing_that_sql_files_may_not_say() -> None:
    assert ALLOWED <= subset.ALLOWED


@pytest.mark.parametrize("sql", GOOD)
def test_a_rule_translates_to_the_other_engine(sql: str) -> None:
    rule = s.rule(sql, because="x").named("good")
    assert rule.predicate.sql("spark")
    assert list(subset.violations(exp.select(exp.alias_(rule.predicate, "kept")).from_("t"))) == []
