"""How people and counter staff type what they mean: the variants, gaps and placeholders of real registers."""

from __future__ import annotations

import unicodedata
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantprofiel.demo.draws import Flags, Texts, by_style, choose, join, unknown, where

Name: TypeAlias = tuple[Texts, Texts]  # tussenvoegsel and surname
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


def with_partner(rng: np.random.Generator, own: Name, partner: Name) -> Name:
    """Return names as people use them who carry a partner's: before the own name, after it, or instead.

    >>> import pyarrow as pa
    >>> own = pa.array(["de"]), pa.array(["Vries"])
    >>> partner = pa.array([None], "string"), pa.array(["Jansen"])
    >>> [part.to_pylist() for part in with_partner(np.random.default_rng(2), own, partner)]
    [[None], ['Jansen-de Vries']]
    """
    style = choose(rng, np.array([60, 20, 20.0]), len(own[1]))
    last = [join(prefix, pc.fill_null(surname, ""), by=" ") for prefix, surname in (own, partner)]
    double = (join(partner[1], last[0], by="-"), join(own[1], last[1], by="-"))
    prefix = by_style(style, partner[0], own[0], partner[0])
    return prefix, by_style(style, *double, partner[1])


def in_cp1252(column: Texts) -> Texts:
    """Return the column with every letter that Windows-1252 lacks replaced by the one it was made from.

    >>> import pyarrow as pa
    >>> in_cp1252(pa.array(["André", "Şahin", None])).to_pylist()
    ['André', 'Sahin', None]
    """
    encoded = column.dictionary_encode()
    plain = pa.array([_representable(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return plain.take(encoded.indices)


def _representable(text: str) -> str:
    dotted = text.replace("\N{LATIN SMALL LETTER DOTLESS I}", "i")
    return "".join(
        letter if letter.encode("cp1252", "ignore") else unicodedata.normalize("NFD", letter)[0]
        for letter in dotted
    )


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
