"""A column of citizen service numbers (BSN) is seen by its values, whatever it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from klantprofiel.ingestion.bsn import (
    MODULUS,
    NO_DIGIT,
    NUMBER,
    PLAIN_DIGITS,
    POWER,
    WEIGHTS,
    WIDE_DIGITS,
    holds_bsn,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from klantprofiel.warehouse import Tables

FEWEST_VALUES: Final = 50  # of fewer different values, chance can make most pass the check
LEAST_SHARE: Final = 0.6  # of random numbers 1 in 11 passes; typing errors spoil some of a column of BSNs
DOUBTFUL_SHARE: Final = 0.4  # in a sample, chance can take a column of BSNs no further down than this
FEWEST_SAMPLED: Final = 200  # of fewer values, a sample tells too little

_WRITTEN: Final = f"(?:{NUMBER}|{POWER})"
_WEIGHTED: Final = " + ".join(
    f"({weight}) * (n // {10 ** (len(WEIGHTS) - 1 - at)} % 10)" for at, weight in enumerate(WEIGHTS)
)
_N_DIGITS: Final = len(WEIGHTS)
_PLAIN: Final = f"""
case
    when regexp_full_match($text, '{NUMBER}') then right('0' || translate(
        regexp_replace(regexp_extract($text, '^{NUMBER}$', 1), '{NO_DIGIT}', '', 'g'),
        '{WIDE_DIGITS}', '{PLAIN_DIGITS}'
    ), {_N_DIGITS})
    when regexp_full_match($text, '{POWER}') then lpad(translate(rpad(
        regexp_replace(regexp_extract($text, '^{POWER}$', 1), '{NO_DIGIT}', '', 'g'),
        cast(regexp_extract($text, '^{POWER}$', 2) as integer) + 1, '0'
    ), '{WIDE_DIGITS}', '{PLAIN_DIGITS}'), {_N_DIGITS}, '0')
    else $text
end"""  # what nine_digits returns, or the text as it is
_DIFFERENT: Final = f"""
with texts as (
    select distinct $column as text from read_parquet($path) where _line % $step = 0 and $column is not null
),
different as (
    select distinct {_PLAIN.replace("$text", "text")} as text from texts
),
numbers as (
    select cast(text as bigint) as n from different where regexp_full_match(text, '[0-9]{{{_N_DIGITS}}}')
)
select
    (select count(*) from different),
    (select count(*) from numbers where n > 0 and ({_WEIGHTED}) % {MODULUS} = 0)
"""  # of other numbers with one and the same digit, none passes


def refuse_values(tables: Tables, path: Path, headers: Mapping[str, str], step: int, name: str) -> None:
    """Refuse the delivery `name` when one of its columns is made of BSNs.

    One in `step` of the records is looked at first; only where that leaves a doubt, all of them are.

    Parameters
    ----------
    tables
        Whose connection reads the file.
    path
        A file of text with `_line`, not yet in place.
    headers
        What the error calls each of the columns to look at.

    Raises
    ------
    DeliveryError
        When of at least 50 different values, 60 % are numbers that pass the check of a BSN.
    """
    for column in _doubtful(tables, path, list(headers), step):
        n_values, n_passing = _n_different(tables, path, column, step)
        if step > 1 and (n_values < FEWEST_SAMPLED or n_passing >= DOUBTFUL_SHARE * n_values):
            n_values, n_passing = _n_different(tables, path, column, 1)
        if is_column_of_bsns(n_values, n_passing):
            raise holds_bsn(name, headers[column])


def is_column_of_bsns(n_values: int, n_passing: int) -> bool:
    """Whether a column with so many different values, and so many of them that pass, is one of BSNs.

    >>> is_column_of_bsns(60, 40), is_column_of_bsns(40, 40)
    (True, False)
    """
    return n_values >= FEWEST_VALUES and n_passing >= LEAST_SHARE * n_values


def different_and_passing(column: str) -> str:
    """Return as SQL how many different values a column has, and how many of them pass the check."""
    text = _quoted(column)
    plain = _PLAIN.replace("$text", text)
    n = f"coalesce(try_cast(regexp_extract({plain}, '^[0-9]{{{_N_DIGITS}}}$') as bigint), 0)"
    is_passing = f"cast(({_WEIGHTED.replace('(n //', f'({n} //')}) % {MODULUS} = 0 as bigint)"
    return f"count(distinct {plain}), count(distinct nullif({n} * {is_passing}, 0))"


def _doubtful(tables: Tables, path: Path, columns: Sequence[str], step: int) -> list[str]:
    """Return the columns with any value that could be one, or with too few values to tell."""
    if not columns:
        return []
    counts = ", ".join(
        f"count({name}), count_if(regexp_full_match({name}, '{_WRITTEN}'))" for name in map(_quoted, columns)
    )
    (row,) = tables.rows(
        f"select {counts} from read_parquet($path) where _line % $step = 0", path=str(path), step=step
    )
    return [
        column
        for column, n_filled, n_numbers in zip(columns, row[::2], row[1::2], strict=True)
        if n_numbers or (step > 1 and n_filled < FEWEST_SAMPLED)
    ]


def _n_different(tables: Tables, path: Path, column: str, step: int) -> tuple[int, int]:
    """Count the different values of a column, and those of them that pass the check."""
    query = _DIFFERENT.replace("$column", _quoted(column))
    ((n_values, n_passing),) = tables.rows(query, path=str(path), step=step)
    return n_values, n_passing


def _quoted(column: str) -> str:
    """Return a header as SQL, whatever the supplier put in it."""
    return '"' + column.replace('"', '""') + '"'
