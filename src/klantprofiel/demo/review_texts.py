"""Review texts put together from an opening, one or two aspects and a closing that fit the stars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow.compute as pc

from klantprofiel.demo.draws import chance, choose_by_group, join, pick, read_list, texts, unknown, where

if TYPE_CHECKING:
    from klantprofiel.demo.draws import Flags, Floats, Ints, Texts

ASPECTS: Final = ("bezorging", "kwaliteit", "prijs", "personeel", "keuze")
GOOD, FAIR, POOR = "goed", "matig", "slecht"
PRODUCT: Final = "{artikel}"  # what stands in a sentence for the product, always at the start
ONE_MORE: Final = 0.55  # share of reviews with a second aspect
SILENT: Final = 0.12  # share of reviews with stars only
CARELESS: Final = 0.08  # share typed without capitals


def write_texts(rng: np.random.Generator, stars: Ints, aspect: Ints, product: Texts) -> Texts:
    """Return a text for each review; unknown for who left only stars.

    `aspect` is what went wrong, or right, an index into ASPECTS; `product` is unknown for a review of the
    company. Three stars have one bad word and one
    good one.
    """
    n = len(stars)
    tone = np.sign(stars - 3) + 1  # 0 is poor, 1 fair, 2 good
    second = (aspect + 1 + rng.integers(0, len(ASPECTS) - 1, n)) % len(ASPECTS)
    both = chance(rng, ONE_MORE, n) | (tone == 1)
    text = join(
        _opening(rng, tone, product),
        _about(rng, aspect, tone > 1),
        unknown(_about(rng, second, tone > 0), ~both),
        _closing(rng, tone),
        by=" ",
    )
    careless = pc.utf8_rtrim(pc.utf8_lower(text), characters=".")
    typed = where(chance(rng, CARELESS, n), careless, text)
    return unknown(typed, chance(rng, SILENT, n))


def _opening(rng: np.random.Generator, tone: Ints, product: Texts) -> Texts:
    """Return an opening that names the product or fits any; about the company only one that fits any."""
    names_product = pc.is_valid(product).to_numpy(zero_copy_only=False)
    rows = [
        [row for row in _rows("opening", tone=said) if named or PRODUCT not in _sentences()[row]]
        for said in (POOR, FAIR, GOOD)
        for named in (False, True)
    ]
    opening = pick(texts(_sentences()), _drawn(rng, rows, tone * 2 + names_product))
    begins_with_it = pc.starts_with(opening, PRODUCT)
    return pc.if_else(begins_with_it, join(product, pc.replace_substring(opening, PRODUCT, "")), opening)


def _about(rng: np.random.Generator, aspect: Ints, is_good: Flags) -> Texts:
    """Return a sentence about an aspect, good or bad."""
    rows = [_rows("aspect", aspect=each, tone=said) for each in ASPECTS for said in (POOR, GOOD)]
    return pick(texts(_sentences()), _drawn(rng, rows, aspect * 2 + is_good))


def _closing(rng: np.random.Generator, tone: Ints) -> Texts:
    """Return a closing that fits the tone; unknown for who just stops."""
    rows = [_rows("closing", tone=said) for said in (POOR, FAIR, GOOD)]
    return pick(texts(_sentences()), _drawn(rng, rows, tone))


def _drawn(rng: np.random.Generator, rows: list[list[int]], group: Ints) -> Ints:
    """Draw for each element of `group` one of the rows that stand under it."""
    widest = max(map(len, rows))
    padded = np.array([each + [0] * (widest - len(each)) for each in rows])
    weights: Floats = np.array([[place < len(each) for place in range(widest)] for each in rows], float)
    drawn: Ints = padded[group, choose_by_group(rng, weights, group)]
    return drawn


def _sentences() -> tuple[str, ...]:
    return read_list("review_sentences")["sentence"]


def _rows(part: str, *, aspect: str = "", tone: str) -> list[int]:
    """Return which rows of lists/review_sentences.csv are of this kind."""
    listed = read_list("review_sentences")
    kinds = zip(listed["part"], listed["aspect"], listed["tone"], strict=True)
    return [row for row, kind in enumerate(kinds) if kind == (part, aspect, tone)]
