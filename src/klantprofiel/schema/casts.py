"""Delivered text to typed values, as SQL expressions: exact, or NULL where the text cannot be read.

Each function takes the SQL expression of a text and returns one of the type it names. Whitespace around
a value is no part of it, and a value of only whitespace is no value. Nothing is guessed: a date keeps
its format to the character, a number its separators. What does not fit becomes an empty text, which casts
to NULL.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, cast

from sqlglot import exp, parse_one

from klantprofiel.schema import formats
from klantprofiel.schema.dialect import Parquet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klantprofiel.schema.dialect import Dialect

SPACE: Final = (
    r"[\s\x0b\x{a0}\x{2007}\x{202f}\x{feff}]"  # with the spaces that office software and web pages add
)
AROUND: Final = f"^{SPACE}+|{SPACE}+$"
DOUBLE_DIGITS: Final = 15  # at least, from the first that is no zero: fewer were written on purpose
NOTHING: Final = (  # what is left when doubles cancel out, or zero as a power of ten
    rf"(?:[0-9][.][0-9]{{{DOUBLE_DIGITS - 1},}}[eE]-0[7-9]|[0-9](?:[.][0-9]+)?[eE]-[1-9][0-9]+|0[eE]-[0-9]+)"
)
AS_OF_DOUBLE: Final = rf"[1-9](?:[^0-9eE]?[0-9]){{{DOUBLE_DIGITS - 1},}}"
AMBIGUOUS_DIGITS: Final = 3  # 12,500 may be twelve and a half, or twelve and a half thousand


def fill(template: str, **parts: exp.Expr | str | int) -> exp.Expression:
    """Return the SQL expression of a template whose `$name`s are filled with expressions or literals.

    >>> fill("$value >= $least", value=exp.column("age"), least=18).sql()
    'age >= 18'
    """
    expression = _parsed(template).copy()
    for gap in list(expression.find_all(exp.Placeholder)):
        if gap.name in parts:
            gap.replace(_part(parts[gap.name]))
    return expression


def condition(sql: str) -> exp.Expression:
    """Parse one SQL expression; raises sqlglot's ParseError for anything else."""
    return cast("exp.Expression", parse_one(sql, read="duckdb", into=exp.Condition))


_parsed = cache(condition)


def _part(part: exp.Expr | str | int) -> exp.Expr:
    if not isinstance(part, exp.Expr):
        return exp.convert(part)
    return exp.paren(part) if isinstance(part, exp.Binary | exp.Unary) else part.copy()


def given(text: exp.Expr) -> exp.Expression:
    """Return the text without the whitespace around it; NULL when nothing is left.

    What begins and ends with a visible ASCII character has none: seen twice as fast as by the expression.
    """
    return fill(
        "case when $text between '!' and '~' and substring($text, -1, 1) between '!' and '~' then $text"
        " else nullif(regexp_replace($text, $around, '', 'g'), '') end",
        text=text,
        around=AROUND,
    )


def shaped(text: exp.Expr, shape: str) -> exp.Expression:
    """Return the text when all of it has this shape, and an empty text when it has not."""
    return fill(
        "case when regexp_matches($text, $shape) then $text else regexp_extract($given, $shape, 0) end",
        text=text,
        given=given(text),
        shape=f"^(?:{shape})$",
    )


def integer(text: exp.Expr, dialect: Dialect) -> exp.Expression:
    """Return the text as BIGINT: a sign, digits, and thousands as the dialect separates them."""
    digits = shaped(text, f"[+-]?{_whole(dialect)}")
    return fill("try_cast($digits as bigint)", digits=_without_thousands(digits, dialect))


def amount(text: exp.Expr, dialect: Dialect, decimals: int) -> exp.Expression:
    """Return the text as DECIMAL(18, decimals), exact but for the noise of stored doubles.

    A digit too many is unreadable and not rounded: with two decimals 12,345 is NULL, though
    0,30000000000000004 is 0.30. Such noise has the 15 to 17 digits of a double: 12,349999 is NULL.
    """
    exact, noisy = (_amount_shape(dialect, decimals, is_noisy=is_noisy) for is_noisy in (False, True))
    digits = fill(
        "case when regexp_matches($text, $exact) then $text"
        " when regexp_matches($text, $as_of_double) then regexp_extract($given, $noisy, 0)"
        " else regexp_extract($given, $exact, 0) end",
        text=text,
        given=given(text),
        exact=f"^(?:{exact})$",
        noisy=f"^(?:{noisy})$",
        as_of_double=AS_OF_DOUBLE,
    )
    number = _plain(digits, dialect)
    return exp.TryCast(this=number, to=exp.DataType.build(f"decimal(18, {decimals})"))


def date(text: exp.Expr, form: str) -> exp.Expression:
    """Return the text as DATE; ISO also takes a timestamp at midnight, the way pandas stores dates."""
    if form == formats.ISO:
        moment = shaped(text, f"{formats.ISO_DATE_SHAPE}(?:[ T]00:00:00(?:[.]0+)?)?")
        return fill("try_cast($moment as date)", moment=moment)
    return _cast(_by_format(text, form), "date")


def timestamp(text: exp.Expr, form: str, zone: str) -> exp.Expression:
    """Return the text as TIMESTAMP in UTC; `zone` is the clock of a text without an offset.

    An hour that the clock skips in spring is read with the winter offset; of an hour that it repeats in
    autumn, the second is meant.
    """
    if form != formats.ISO:
        return _to_utc(_cast(_by_format(text, form), "timestamp"), zone)
    local = f"{formats.ISO_DATE_SHAPE}{formats.ISO_TIME_SHAPE}"
    return fill(
        "coalesce($local, timezone('UTC', try_cast($absolute as timestamptz)))",
        local=_to_utc(fill("try_cast($local as timestamp)", local=shaped(text, local)), zone),
        absolute=shaped(text, f"{local}{formats.ISO_OFFSET_SHAPE}"),
    )


def coded(text: exp.Expr, codes: Mapping[str, str | bool | None]) -> exp.Expression:
    """Return what each delivered code stands for; NULL for a code that is not in the list."""
    cases = [exp.If(this=exp.convert(code), true=exp.convert(meaning)) for code, meaning in codes.items()]
    trimmed = exp.Case(this=given(text), ifs=cases)
    return exp.Case(this=text.copy(), ifs=[case.copy() for case in cases], default=trimmed)


def _by_format(text: exp.Expr, form: str) -> exp.Expression:
    return fill("try_strptime($text, $form)", text=shaped(text, formats.shape_of(form)), form=form)


def _to_utc(local: exp.Expression, zone: str) -> exp.Expression:
    if zone == "UTC":
        return local
    return fill("timezone('UTC', timezone($zone, $local))", zone=zone, local=local)


def _cast(value: exp.Expr, sql_type: str) -> exp.Expression:
    return exp.Cast(this=value, to=exp.DataType.build(sql_type))


def _plain(number: exp.Expression, dialect: Dialect) -> exp.Expression:
    """Return the text of a number with a decimal point and without thousands."""
    number = _without_thousands(number, dialect)
    if dialect.decimal != ".":
        number = fill("replace($number, $decimal, '.')", number=number, decimal=dialect.decimal)
    return number


def _without_thousands(number: exp.Expression, dialect: Dialect) -> exp.Expression:
    if not dialect.thousands:
        return number
    return fill("replace($number, $thousands, '')", number=number, thousands=dialect.thousands)


def _whole(dialect: Dialect) -> str:
    if not dialect.thousands:
        return "[0-9]+"
    return f"(?:[0-9]{{1,3}}(?:{re.escape(dialect.thousands)}[0-9]{{3}})+|[0-9]+)"


def _amount_shape(dialect: Dialect, decimals: int, *, is_noisy: bool) -> str:
    """Return what an amount looks like: at most so many decimals, or more that are only zeros, or noise.

    Noise is four zeros or nines and then some (0.30000000000000004), or a power so small that it is zero. In
    a text file three decimals are never two and a zero: 12,500 may be twelve and a half thousand there.
    """
    is_text = not isinstance(dialect, Parquet)
    n_zeros = max(AMBIGUOUS_DIGITS + 1 - decimals, 1) if is_text else 1
    fractions = [f"[0-9]{{1,{decimals}}}"] if decimals else []
    fractions += [f"[0-9]{{{decimals}}}0{{{n_zeros},}}"]
    fractions += [f"[0-9]{{{decimals}}}(?:0{{4}}|9{{4}})[0-9]*"] if is_noisy else []
    number = f"{_whole(dialect)}(?:{re.escape(dialect.decimal)}(?:{'|'.join(fractions)}))?"
    return f"[+-]?{number}" if is_text else f"[+-]?(?:{number}|{NOTHING})"
