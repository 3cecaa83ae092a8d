"""Every cast reads exactly what Python's own decimal and datetime read, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klantprofiel.schema import Csv, Parquet, casts
from tests.unit.schema.engine import TEXT, evaluate

DUTCH = Csv(decimal=",", thousands=".")
PLAIN = Csv(decimal=",")
PLAIN_POINT = Csv(decimal=".")
SWISS = Csv(decimal=".", thousands="'")
SPACED = Csv(decimal=",", thousands=" ")
PARQUET = Parquet()
DIALECTS = (DUTCH, PLAIN, SWISS, SPACED, PARQUET)
AMSTERDAM = "Europe/Amsterdam"

SPACES = st.text(alphabet=" \t\r\n\v\f\u00a0\u2007\u202f\ufeff", max_size=2)


def padded(texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    around = st.builds(lambda before, text, after: before + text + after, SPACES, texts, SPACES)
    return st.lists(around, min_size=1, max_size=40)


def stripped(text: str) -> str:
    return text.strip(" \t\r\n\v\f\u00a0\u2007\u202f\ufeff")


# Text


@given(padded(st.text(st.characters(blacklist_categories=("Cs", "Cc"))) | st.just("007")))
def test_text_keeps_every_character_but_the_whitespace_around_it(texts: list[str]) -> None:
    assert evaluate(casts.given(TEXT), texts) == [stripped(text) or None for text in texts]


def test_no_value_stays_no_value() -> None:
    assert evaluate(casts.given(TEXT), [None, "", "  ", "\u00a0\t"]) == [None] * 4


# Numbers


def whole_of(text: str, thousands: str | None) -> str | None:
    """Return the digits of a whole number; None when its thousands are separated wrongly."""
    groups = text.split(thousands) if thousands else [text]
    if len(groups) > 1 and (len(groups[0]) > 3 or any(len(group) != 3 for group in groups[1:])):
        return None
    digits = "".join(groups)
    return digits if all(groups) and digits.isascii() and digits.isdigit() else None


def signed(text: str) -> tuple[int, str]:
    return (-1 if text[:1] == "-" else 1), text[1:] if text[:1] in {"+", "-"} else text


def integer_of(text: str, dialect: Csv | Parquet) -> int | None:
    sign, body = signed(stripped(text))
    digits = whole_of(body, dialect.thousands)
    value = sign * int(digits) if digits else None
    return value if value is not None and -(2**63) <= value < 2**63 else None


def amount_of(text: str, dialect: Csv | Parquet, decimals: int) -> Decimal | None:
    sign, body = signed(stripped(text))
    whole, point, fraction = body.partition(dialect.decimal)
    digits = whole_of(whole, dialect.thousands)
    if digits is None or (point and not (fraction.isascii() and fraction.isdigit())):
        return None
    value = sign * Decimal(f"{digits}.{fraction or 0}")
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if len(fraction) > decimals:
        is_thousand_perhaps = len(fraction) < 4 and decimals < 3 and isinstance(dialect, Csv)
        is_of_double = len((digits + fraction).lstrip("0")) >= 15
        is_noise = is_of_double and fraction[decimals : decimals + 4] in {"0000", "9999"}
        if (rounded != value and not is_noise) or (rounded == value and is_thousand_perhaps):
            return None
    return rounded if abs(rounded) < Decimal(10) ** (18 - decimals) else None


NUMBERS = st.from_regex(r"[+-]?[0-9]{0,4}('[0-9]{2,4}){0,2}([.][0-9]{0,7})?", fullmatch=True)
STRANGE = st.from_regex(r"[+-]?[0-9]{0,5}([.,' ][0-9]{2,4}){0,3}([.,][0-9]{0,7})?", fullmatch=True)
NOISY = st.builds(
    lambda whole, fraction, noise, tail: f"{whole}.{fraction}{noise}{tail}",
    st.integers(0, 10**9),
    st.from_regex(r"[0-9]{0,2}", fullmatch=True),
    st.sampled_from(["0000", "9999", "0001", "9998", "5", ""]),
    st.from_regex(r"[0-9]{0,14}", fullmatch=True),
)


def written_in(dialect: Csv | Parquet, texts: list[str]) -> list[str]:
    """Return the texts with the separators of the dialect, and each third text as it is."""
    written = str.maketrans(".'", dialect.decimal + (dialect.thousands or "'"))
    return [text.translate(written) if index % 3 else text for index, text in enumerate(texts)]


@given(
    dialect=st.sampled_from(DIALECTS), texts=padded(NUMBERS | STRANGE | st.integers(-(2**64), 2**64).map(str))
)
def test_an_integer_is_read_as_python_reads_it(dialect: Csv | Parquet, texts: list[str]) -> None:
    texts = written_in(dialect, texts)
    assert evaluate(casts.integer(TEXT, dialect), texts) == [integer_of(text, dialect) for text in texts]


@settings(max_examples=200)
@given(decimals=st.integers(0, 4), dialect=st.sampled_from(DIALECTS), texts=padded(NUMBERS | STRANGE | NOISY))
def test_an_amount_is_read_as_python_reads_it(
    dialect: Csv | Parquet, decimals: int, texts: list[str]
) -> None:
    texts = written_in(dialect, texts)
    found = evaluate(casts.amount(TEXT, dialect, decimals), texts)
    assert found == [amount_of(text, dialect, decimals) for text in texts]


@given(st.lists(st.decimals(places=2, min_value=-(10**15), max_value=10**15), min_size=1, max_size=50))
def test_an_amount_written_the_dutch_way_comes_back_exactly(amounts: list[Decimal]) -> None:
    texts = [f"{amount:,.2f}".translate(str.maketrans(",.", ".,")) for amount in amounts]
    assert evaluate(casts.amount(TEXT, DUTCH, 2), texts) == amounts


@given(st.lists(st.integers(-(10**10), 10**10), min_size=1, max_size=50))
def test_an_amount_stored_as_a_double_comes_back_exactly(cents: list[int]) -> None:
    texts = [repr(cent / 100) for cent in cents]
    assert evaluate(casts.amount(TEXT, PARQUET, 2), texts) == [Decimal(cent) / 100 for cent in cents]


@given(st.lists(st.lists(st.integers(0, 99_999), min_size=2, max_size=9), min_size=1, max_size=30))
def test_a_sum_of_doubles_comes_back_without_its_noise(baskets: list[list[int]]) -> None:
    texts = [repr(sum(cent / 100 for cent in basket)) for basket in baskets]
    found = evaluate(casts.amount(TEXT, PARQUET, 2), texts)
    assert found == [Decimal(sum(basket)) / 100 for basket in baskets]


@pytest.mark.parametrize(
    ("text", "dialect", "expected"),
    [
        ("1.234,56", DUTCH, "1234.56"),
        ("1234,56", DUTCH, "1234.56"),
        ("-1.234.567,8", DUTCH, "-1234567.80"),
        ("1.23,45", DUTCH, None),  # no group of three
        ("1234.567,89", DUTCH, None),
        ("12.34", DUTCH, None),
        ("1.234", PLAIN, None),  # a separator that nobody declared
        ("12,345", PLAIN, None),  # never rounded
        ("12,500", PLAIN, None),  # twelve and a half, or twelve and a half thousand
        ("12,5000", PLAIN, "12.50"),  # as databases write money
        ("12,", PLAIN, None),
        (",5", PLAIN, None),
        ("€ 12,50", PLAIN, None),
        ("1e3", PLAIN, None),
        ("1.5e3", PARQUET, None),
        ("12.500", PARQUET, "12.50"),
        ("0.30000000000000004", PARQUET, "0.30"),
        ("0.30000000000000004".replace(".", ","), PLAIN, "0.30"),
        ("2.7755575615628914e-17", PARQUET, "0.00"),
        ("-2.7755575615628914E-17", PARQUET, "0.00"),
        ("9.53674316406e-07", PARQUET, None),  # no more digits than somebody meant
        ("-1e-07", PARQUET, None),
        ("0E-10", PARQUET, "0.00"),
        ("1299999999999999999e-17", PARQUET, None),
        ("1e-05", PARQUET, None),
        ("0.999999999", PARQUET, None),
        ("0.9999999999999999", PARQUET, "1.00"),
        ("12.349999", PLAIN_POINT, None),
        ("12.340000001", PLAIN_POINT, None),
        ("0.0000009", PLAIN_POINT, None),
        ("2,9999999", PLAIN, None),
        (" 2,9999999999999996 ", PLAIN, "3.00"),
        (" 12,34 ", PLAIN, "12.34"),
        ("1.234.567,8900001", DUTCH, None),
        ("1.234.567,8900000000001", DUTCH, "1234567.89"),
        ("nan", PARQUET, None),
        ("inf", PARQUET, None),
        ("1_000", PARQUET, None),
        ("9999999999999999.99", PARQUET, "9999999999999999.99"),
        ("10000000000000000.00", PARQUET, None),
    ],
)
def test_an_amount_in_so_many_words(text: str, dialect: Csv | Parquet, expected: str | None) -> None:
    found = evaluate(casts.amount(TEXT, dialect, 2), [text])
    assert found == [Decimal(expected) if expected else None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("007", 7),
        ("+7", 7),
        ("-0", 0),
        ("1.000", 1000),
        ("1000", 1000),
        ("1.0", None),
        ("1,0", None),
        ("0x1", None),
    ],
)
def test_an_integer_in_so_many_words(text: str, expected: int | None) -> None:
    assert evaluate(casts.integer(TEXT, DUTCH), [text]) == [expected]


# Dates

FORMATS = ("%d-%m-%Y", "%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%d.%m.%y", "%m/%d/%Y")
DATES = st.dates(date(1000, 1, 1), date(9999, 12, 31))


def date_of(text: str, form: str) -> date | None:
    """Read strictly: what Python reads has to be written the same way again."""
    text = stripped(text)
    try:
        moment = datetime.strptime(text, form)  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
    return moment.date() if moment.strftime(form) == text and moment.year >= 1000 else None


@given(
    form=st.sampled_from(FORMATS),
    days=st.lists(DATES, min_size=1, max_size=30),
    texts=padded(st.from_regex(r"[0-3][0-9]([-/.]?)[0-1]?[0-9]\1[0-9]{2,4}", fullmatch=True)),
)
def test_a_date_is_read_as_python_reads_it(form: str, days: list[date], texts: list[str]) -> None:
    texts = [day.strftime(form) for day in days] + texts
    assert evaluate(casts.date(TEXT, form), texts) == [date_of(text, form) for text in texts]


@given(st.lists(DATES, min_size=1, max_size=30))
def test_a_day_without_a_leading_zero_is_read_when_the_format_says_so(days: list[date]) -> None:
    texts = [f"{day.day}-{day.month}-{day.year}" for day in days] + [day.strftime("%d-%m-%Y") for day in days]
    assert evaluate(casts.date(TEXT, "%-d-%-m-%Y"), texts) == days * 2


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("01-09-2026", "%d-%m-%Y", date(2026, 9, 1)),
        ("1-9-2026", "%d-%m-%Y", None),
        ("31-02-2026", "%d-%m-%Y", None),
        ("29-02-2024", "%d-%m-%Y", date(2024, 2, 29)),
        ("29-02-2026", "%d-%m-%Y", None),
        ("01-09-26", "%d-%m-%Y", None),
        ("2026-09-01", "%d-%m-%Y", None),
        ("01-13-2026", "%d-%m-%Y", None),
        ("01-09-2026 10:00", "%d-%m-%Y", None),
        ("31-12-68", "%d-%m-%y", date(2068, 12, 31)),
        ("31-12-69", "%d-%m-%y", date(1969, 12, 31)),
        ("0001-01-01", "iso", None),  # what systems write for nothing
        ("9999-12-31", "iso", date(9999, 12, 31)),
        ("2026-09-01", "iso", date(2026, 9, 1)),
        ("2026-09-01 00:00:00", "iso", date(2026, 9, 1)),
        ("2026-09-01T00:00:00.000000", "iso", date(2026, 9, 1)),
        ("2026-09-01 10:00:00", "iso", None),
        ("2026-02-30", "iso", None),
    ],
)
def test_a_date_in_so_many_words(text: str, form: str, expected: date | None) -> None:
    assert evaluate(casts.date(TEXT, form), [text]) == [expected]


# Timestamps

ZONES = (AMSTERDAM, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")
CLOCK = "%d-%m-%Y %H:%M:%S"
CHANGES = [
    datetime.fromisoformat(day)
    for day in ("2025-03-30", "2025-10-26", "2026-03-08", "2026-11-01", "2026-04-04")
]
AROUND_CHANGES = st.builds(
    lambda day, seconds: day + timedelta(seconds=seconds), st.sampled_from(CHANGES), st.integers(0, 86_400)
)
MOMENTS = AROUND_CHANGES | st.datetimes(
    datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2035-12-31")
)


def utc_of(local: datetime, zone: str) -> datetime:
    """Read a clock: a skipped hour with the offset before it, a repeated hour as its second time."""
    first, second = (local.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
    is_repeated = first.utcoffset() > second.utcoffset()  # type: ignore[operator]
    return (second if is_repeated else first).astimezone(UTC).replace(tzinfo=None)


@given(st.sampled_from(ZONES), st.lists(MOMENTS, min_size=1, max_size=40))
def test_a_local_time_becomes_utc_as_python_says(zone: str, moments: list[datetime]) -> None:
    moments = [moment.replace(microsecond=0) for moment in moments]
    found = evaluate(casts.timestamp(TEXT, CLOCK, zone), [moment.strftime(CLOCK) for moment in moments])
    assert found == [utc_of(moment, zone) for moment in moments]


@given(st.sampled_from(ZONES), st.lists(MOMENTS, min_size=1, max_size=40), st.sampled_from("T "))
def test_an_iso_time_without_an_offset_is_on_the_declared_clock(
    zone: str, moments: list[datetime], separator: str
) -> None:
    found = evaluate(casts.timestamp(TEXT, "iso", zone), [moment.isoformat(separator) for moment in moments])
    assert found == [utc_of(moment, zone) for moment in moments]


@given(
    st.lists(st.tuples(MOMENTS, st.integers(-15 * 60, 15 * 60)), min_size=1, max_size=40),
    st.sampled_from("T "),
)
def test_an_iso_time_with_an_offset_needs_no_clock(
    moments: list[tuple[datetime, int]], separator: str
) -> None:
    texts, expected = [], []
    for moment, minutes in moments:
        sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
        texts.append(f"{moment.isoformat(separator)}{sign}{hours:02}:{rest:02}")
        expected.append(moment - timedelta(minutes=minutes))
    assert evaluate(casts.timestamp(TEXT, "iso", AMSTERDAM), texts) == expected


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("29-03-2026 02:30:00", CLOCK, "2026-03-29T01:30:00"),  # the skipped hour: 03:30 on the summer clock
        ("25-10-2026 02:30:00", CLOCK, "2026-10-25T01:30:00"),  # the repeated hour: its second time
        ("25-10-2026 01:59:59", CLOCK, "2026-10-24T23:59:59"),
        ("01-07-2026 00:00:00", CLOCK, "2026-06-30T22:00:00"),
        ("01-07-2026 24:00:00", CLOCK, None),
        ("01-07-2026 10:60:00", CLOCK, None),
        ("01-07-2026 10:00", CLOCK, None),
        ("01-07-2026", CLOCK, None),
        ("01-07-2026 10:00", "%d-%m-%Y %H:%M", "2026-07-01T08:00:00"),
        ("01-07-2026", "%d-%m-%Y", "2026-06-30T22:00:00"),
        ("01-07-2026 10:00:00.5", "%d-%m-%Y %H:%M:%S.%f", "2026-07-01T08:00:00.500000"),
        ("2026-07-01T10:00:00Z", "iso", "2026-07-01T10:00:00"),
        ("2026-07-01 10:00:00+00", "iso", "2026-07-01T10:00:00"),
        ("2026-07-01T10:00:00+0530", "iso", "2026-07-01T04:30:00"),
        ("2026-07-01T10:00:00.123456789Z", "iso", "2026-07-01T10:00:00.123456"),
        ("2026-07-01T10:00", "iso", "2026-07-01T08:00:00"),
        ("2026-07-01", "iso", None),
        ("2026-02-30T10:00:00Z", "iso", None),
        ("2026-07-01T10:00:00 Europe/Amsterdam", "iso", None),
        ("now", "iso", None),
        ("infinity", "iso", None),
        ("epoch", "iso", None),
    ],
)
def test_a_timestamp_in_so_many_words(text: str, form: str, expected: str | None) -> None:
    found = evaluate(casts.timestamp(TEXT, form, AMSTERDAM), [text])
    assert found == [datetime.fromisoformat(expected) if expected else None]


# Anything at all


@given(padded(st.text(max_size=30)))
def test_no_text_makes_a_cast_fail(texts: list[str]) -> None:
    texts = [text.replace("\x00", "") for text in texts]
    for dialect in (DUTCH, PARQUET):
        for cast in (
            casts.integer(TEXT, dialect),
            casts.amount(TEXT, dialect, 2),
            casts.date(TEXT, dialect.date_format),
            casts.timestamp(TEXT, dialect.timestamp_format, AMSTERDAM),
            casts.coded(TEXT, {"J": True, "N": False, "?": None}),
        ):
            assert len(evaluate(cast, texts)) == len(texts)


def test_a_code_means_what_is_declared_and_nothing_else() -> None:
    texts = ["J", " N ", "j", "", None, "?"]
    assert evaluate(casts.coded(TEXT, {"J": True, "N": False}), texts) == [
        True,
        False,
        None,
        None,
        None,
        None,
    ]
