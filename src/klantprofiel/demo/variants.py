"""How people and counter staff type what they mean: the variants, gaps and placeholders of real registers."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantprofiel.demo.draws import Flags, Texts, by_style, choose, join, unknown, where

PLACEHOLDER_PHONE: Final = "0600000000"
PLACEHOLDER_BIRTH_DATE: Final = "01-01-1900"
PLACEHOLDER_NAME: Final = "onbekend"
PLACEHOLDER_EMAILS: Final = ("info@hoefblad.example", "geen@mail.example", "noreply@hoefblad.example")
ABBREVIATIONS: Final = (("van der", "v.d."), ("van den", "v.d."), ("van de", "v.d."), ("van", "v."))


def phones(rng: np.random.Generator, phone: Texts) -> Texts:
    """Return telephone numbers in the notations people use.

    >>> import pyarrow as pa
    >>> phones(np.random.default_rng(3), pa.array(["0661234567"] * 4)).to_pylist()
    ['0661234567', '0661234567', '+31661234567', '06-61234567']
    """
    start = pc.utf8_slice_codeunits(phone, 0, 2)
    is_mobile = pc.is_in(start, value_set=pa.array(["06"])).to_numpy(zero_copy_only=False)

    def cut(at: int) -> tuple[Texts, Texts]:
        return pc.utf8_slice_codeunits(phone, 0, at), pc.utf8_slice_codeunits(phone, at)

    dashed = where(is_mobile, join(*cut(2), by="-"), join(*cut(3), by="-"))
    pairs = join(*(pc.utf8_slice_codeunits(phone, at, at + 2) for at in range(0, 10, 2)), by=" ")
    abroad = pc.utf8_slice_codeunits(phone, 1)
    style = choose(rng, np.array([50, 22, 12, 9, 7.0]), len(phone))
    forms = (phone, dashed, join("+31", abroad), pairs, join("0031 ", abroad))
    return pc.if_else(pc.is_valid(phone), by_style(style, *forms), phone)


def emails(rng: np.random.Generator, email: Texts, sloppy: Flags) -> Texts:
    """Return e-mail addresses, in capitals or with a space behind them where `sloppy`.

    >>> import pyarrow as pa
    >>> emails(np.random.default_rng(1), pa.array(["jan@mail.example"]), np.array([False])).to_pylist()
    ['jan@mail.example']
    """
    style = rng.integers(0, 3, len(email))
    capital = pc.utf8_capitalize(email)
    styled = by_style(style, pc.utf8_upper(email), join(email, " "), capital)
    return pc.if_else(pc.is_valid(email), where(sloppy, styled, email), email)


def surnames(rng: np.random.Generator, prefix: Texts, surname: Texts, sloppy: Flags) -> tuple[Texts, Texts]:
    """Return tussenvoegsel and surname; where `sloppy` abbreviated, in one field, in capitals or with a slip.

    >>> import pyarrow as pa
    >>> one = surnames(np.random.default_rng(7), pa.array(["van der"]), pa.array(["Berg"]), np.array([False]))
    >>> [part.to_pylist() for part in one]
    [['van der'], ['Berg']]
    """
    style = rng.integers(0, 4, len(surname))
    short = prefix
    for full, abbreviated in ABBREVIATIONS:
        short = pc.if_else(pc.is_in(prefix, value_set=pa.array([full])), abbreviated, short)
    whole = join(prefix, surname, by=" ")
    nothing = unknown(prefix, np.ones(len(prefix), bool))
    new_prefix = by_style(style, short, nothing, prefix, prefix)
    written = by_style(style, surname, whole, pc.utf8_upper(surname), _swapped(surname))
    return where(sloppy, new_prefix, prefix), where(sloppy, written, surname)


def postal_codes(rng: np.random.Generator, postal_code: Texts) -> Texts:
    """Return postcodes with and without the space, some in small letters.

    >>> import pyarrow as pa
    >>> postal_codes(np.random.default_rng(1), pa.array(["1234 AB"] * 3)).to_pylist()
    ['1234 AB', '1234 ab', '1234 AB']
    """
    style = choose(rng, np.array([60, 33, 7.0]), len(postal_code))
    tight = pc.replace_substring(postal_code, " ", "")
    return by_style(style, postal_code, tight, pc.utf8_lower(postal_code))


def _swapped(surname: Texts) -> Texts:
    """Swap the third and fourth letter of names of at least five."""
    start, third, fourth, rest = (
        pc.utf8_slice_codeunits(surname, low, high) for low, high in ((0, 2), (2, 3), (3, 4), (4, None))
    )
    return pc.if_else(pc.greater(pc.utf8_length(surname), 4), join(start, fourth, third, rest), surname)
