"""Each kind reads, judges and masks as it promises."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from klantprofiel import schema as s
from tests.unit.schema.engine import TEXT, connection, evaluate, keeps

DIALECTS = (s.Csv(), s.Csv(decimal=".", thousands=",", date_format="iso"), s.Parquet())
KINDS: dict[str, s.Column] = {
    "text": s.Text(label="x", name="x"),
    "integer": s.Integer(label="x", name="x", minimum=1, maximum=9),
    "amount": s.Amount(label="x", name="x", unit="EUR", minimum=Decimal("-0.50")),
    "scale": s.Scale(label="x", name="x", lowest=1, highest=5),
    "date": s.Date(label="x", name="x"),
    "timestamp": s.Timestamp(label="x", name="x"),
    "flag": s.Flag(label="x", name="x", values={"J": True, "N": False, "?": None}, nullable=True),
    "choice": s.Choice(label="x", name="x", values={"E": "email", "P": "post"}),
    "sex": s.Sex(label="x", name="x", values={"V": "female", "M": "male"}),
    "birth_date": s.BirthDate(label="x", name="x"),
    "email": s.Email(label="x", name="x"),
    "phone": s.Phone(label="x", name="x"),
    "postal_code": s.PostalCode(label="x", name="x"),
}


def rule_of(column: s.Column, check: str) -> s.Rule:
    return next(rule for rule in column.rules(s.Csv()) if rule.name == f"x.{check}")


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("column", KINDS.values(), ids=KINDS)
def test_a_cast_gives_the_declared_type(column: s.Column, dialect: s.Dialect) -> None:
    query = f"select typeof({column.cast(TEXT, dialect).sql('duckdb')}) from (select '1' as text)"
    assert connection().execute(query).fetchone() == (column.sql_type,)


@pytest.mark.parametrize("column", KINDS.values(), ids=KINDS)
@settings(max_examples=20)
@given(st.lists(st.text(max_size=12).map(lambda text: text.replace("\x00", "")), min_size=1))
def test_a_text_is_empty_or_read_or_unreadable(column: s.Column, texts: list[str]) -> None:
    for dialect in (s.Csv(), s.Parquet()):
        unreadable = evaluate(column.unreadable(TEXT, dialect), texts)
        values = evaluate(column.cast(TEXT, dialect), texts)
        given_texts = evaluate(s.Text(label="x").cast(TEXT, dialect), texts)
        for text, value, is_unreadable in zip(given_texts, values, unreadable, strict=True):
            assert is_unreadable is (text is not None and value is None and text != "?")


def test_a_code_that_stands_for_nothing_is_not_unreadable() -> None:
    column = KINDS["flag"]
    texts = ["J", "N", "?", "j", "", None]
    assert evaluate(column.cast(TEXT, s.Csv()), texts) == [True, False, None, None, None, None]
    assert evaluate(column.unreadable(TEXT, s.Csv()), texts) == [False, False, False, True, False, False]


@pytest.mark.parametrize(
    ("kind", "check", "kept", "broken"),
    [
        ("integer", "minimum", 1, 0),
        ("integer", "maximum", 9, 10),
        ("amount", "minimum", Decimal("-0.50"), Decimal("-0.51")),
        ("scale", "scale", 5, 6),
        ("scale", "scale", 1, 0),
        ("email", "form", "jan.de.vries+winkel@post.example.nl", "jan.example.nl"),
        ("email", "form", "ö@müller.example", "jan@example"),
        ("email", "form", "o'neil@example.com", "jan@@example.nl"),
        ("email", "form", "x@y.nl", "jan@example.nl, an@example.nl"),
        ("email", "form", "x@y.nl", "jan@example.nl."),
        ("phone", "form", "06-12345678", "06-1234"),
        ("phone", "form", "+31 (0)6 12 34 56 78", "geen"),
        ("phone", "form", "(020) 123.45.67", "06-12345678 of 06-87654321"),
        ("phone", "form", "0031612345678", "1234567890123456"),
        ("postal_code", "form", "1234 AB", "1234 AB!"),
        ("postal_code", "form", "1234ab", "-"),
        ("postal_code", "form", "SW1A 1AA", "geen postcode"),
        ("postal_code", "form", "101", "x" * 20),
        ("postal_code", "form", "D02 X285", "?"),
        ("postal_code", "form", "1000-260", "nvt."),
    ],
)
def test_a_kind_asks_of_its_value(kind: str, check: str, kept: object, broken: object) -> None:
    rule = rule_of(KINDS[kind], check)
    assert keeps(rule, x=kept) is True
    assert keeps(rule, x=broken) is False


def test_a_birth_date_lies_between_1900_and_the_day_of_the_run() -> None:
    rule = rule_of(KINDS["birth_date"], "plausible")
    as_of = date(2026, 10, 1)
    assert keeps(rule, as_of, x=date(1900, 1, 1))
    assert keeps(rule, as_of, x=as_of)
    assert not keeps(rule, as_of, x=date(1899, 12, 31))
    assert not keeps(rule, as_of, x=date(2026, 10, 2))


def test_a_pattern_holds_for_the_whole_value() -> None:
    rule = rule_of(s.Text(label="x", name="x", pattern="[0-9]{3}|x"), "pattern")
    assert [keeps(rule, x=value) for value in ("123", "x", "1234", "x1")] == [True, True, False, False]


@pytest.mark.parametrize("column", KINDS.values(), ids=KINDS)
def test_a_reason_is_dutch_and_holds_for_every_row(column: s.Column) -> None:
    for rule in column.rules(s.Csv()):
        assert rule.name.startswith("x.")
        assert rule.because.startswith("x ")
        assert {each.name for each in rule.predicate.find_all(exp.Column)} == {"x"}


@pytest.mark.parametrize(
    ("kind", "dialect", "words"),
    [
        ("text", s.Csv(), "tekst"),
        ("integer", s.Csv(), "geheel getal"),
        ("integer", s.Csv(thousands="."), "geheel getal met een punt tussen duizendtallen"),
        ("amount", s.Csv(), "bedrag in EUR met hoogstens 2 decimalen na een komma"),
        ("amount", s.Parquet(), "bedrag in EUR met hoogstens 2 decimalen na een punt"),
        ("scale", s.Csv(), "geheel getal van 1 tot en met 5"),
        ("date", s.Csv(), "datum als dd-mm-jjjj"),
        ("date", s.Parquet(), "datum als jjjj-mm-dd"),
        ("timestamp", s.Csv(), "tijdstip als dd-mm-jjjj uu:mm:ss"),
        ("timestamp", s.Parquet(), "tijdstip als jjjj-mm-dd uu:mm:ss (ISO 8601)"),
        ("choice", s.Csv(), "een van: E, P"),
    ],
)
def test_what_is_expected_is_said_in_dutch(kind: str, dialect: s.Dialect, words: str) -> None:
    assert KINDS[kind].expects(dialect) == words


def masked(column: s.Column, value: Any) -> Any:  # noqa: ANN401 - any value of any kind
    query = f"select {column.mask(exp.column('x')).sql('duckdb')} from (select $x as x)"
    answer = connection().execute(query, {"x": value}).fetchone()
    assert answer is not None
    return answer[0]


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        (s.GivenName(label="x"), "Maria", "M***"),
        (s.Surname(label="x"), "Özdemir", "Ö***"),
        (s.SurnamePrefix(label="x"), "van der", "v***"),
        (s.Email(label="x"), "maria@winkel.example.nl", "m***@***.nl"),
        (s.Email(label="x"), "maria", "m***@***"),
        (s.Phone(label="x"), "06-12345678", "***78"),
        (s.Phone(label="x"), "112", "***"),
        (s.IdNumber(label="x"), "2600123", "***23"),
        (s.Street(label="x"), "Dorpsstraat", "D***"),
        (s.HouseNumber(label="x"), "12a", "***"),
        (s.PostalCode(label="x"), "1234 AB", "12***"),
        (s.PostalCode(label="x", personal=False), "1234 AB", "1234 AB"),
        (s.Place(label="x"), "Ommen", "O***"),
        (s.BirthDate(label="x"), date(1984, 5, 6), "1984-**-**"),
        (s.Text(label="x"), "rood", "rood"),
        (s.Text(label="x", personal=True), "rood", "***"),
        (s.Integer(label="x"), 12, "12"),
        (s.Amount(label="x", unit="EUR", personal=True), Decimal("12.50"), "***"),
        (s.Sex(label="x"), "female", "female"),
        (
            s.Timestamp(label="x"),
            datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC).replace(tzinfo=None),
            "2026-01-02 03:04:05",
        ),
        (s.Email(label="x"), None, None),
    ],
)
def test_a_kind_shows_no_more_than_it_may(column: s.Column, value: object, shown: str | None) -> None:
    assert masked(column, value) == shown


@pytest.mark.parametrize("kind", [s.GivenName, s.Initials, s.SurnamePrefix, s.Surname, s.Email, s.Phone])
@given(value=st.text(min_size=2, max_size=30).map(lambda text: text.replace("\x00", "x")))
def test_a_mask_does_not_tell_how_long_the_value_is(kind: type[s.Column], value: str) -> None:
    shown = masked(kind(label="x"), value)
    assert "***" in shown
    assert value[1:-2] not in shown.replace("***", "") or value[1:-2] in value[:1]
