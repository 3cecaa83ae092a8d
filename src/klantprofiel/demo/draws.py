"""Random draws, and text made from them, for a whole column at a time; no Python per row."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, TypeAlias
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.signedinteger[Any]]  # 64 bits, or fewer where there are millions
Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Days: TypeAlias = NDArray[np.datetime64]
Texts: TypeAlias = Any  # a pyarrow array of strings; pyarrow ships no types

SECONDS_PER_DAY: Final = 86_400
STEP: Final = 7_368_787  # a prime, so `scatter` gives every number once


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the random stream called `name`: a draw added to one stream leaves the others as they were."""
    return np.random.default_rng([seed, crc32(name.encode())])


@lru_cache
def read_list(name: str) -> dict[str, tuple[str, ...]]:
    """Return the columns of `lists/<name>.csv`, by header; lines with # say where it is from."""
    text = files(__package__).joinpath("lists", f"{name}.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    return {header: tuple(row[header] for row in rows) for header in rows[0]}


def choose(rng: np.random.Generator, weights: Floats, n: int) -> Ints:
    """Draw `n` indexes by weight."""
    cumulative = np.cumsum(weights)
    return _at_most(np.searchsorted(cumulative / cumulative[-1], rng.random(n), side="right"), len(weights))


def choose_by_group(rng: np.random.Generator, weights: Floats, group: Ints) -> Ints:
    """Draw one index for each element of `group`, by the weights in that row of `weights`."""
    cumulative = np.cumsum(weights, axis=1)
    cumulative /= cumulative[:, -1:]
    n_groups, n_options = weights.shape
    ladder = (cumulative + np.arange(n_groups)[:, None]).ravel()
    rung = np.searchsorted(ladder, group + rng.random(len(group)), side="right") - group * n_options
    return _at_most(rung, n_options)


def chance(rng: np.random.Generator, share: float | Floats, n: int) -> Flags:
    """Draw `n` times whether something happens that happens with this share (0 to 1)."""
    return rng.random(n) < share


def scatter(numbers: Ints, *, size: int, offset: int) -> Ints:
    """Spread `numbers` over 0 to `size` without order; below `size` without repeats."""
    return (numbers * STEP + offset) % size


def texts(values: tuple[str, ...]) -> Texts:
    """Return `values` as a column; an empty string becomes unknown."""
    return pa.array([value or None for value in values], pa.string())


def pick(column: Texts, index: Ints) -> Texts:
    """Return the values of `column` at `index`."""
    return column.take(pa.array(index))


def join(*parts: Texts | str, by: str = "") -> Texts:
    """Glue columns together, leaving out what is unknown; in every row something must be known."""
    return pc.binary_join_element_wise(*parts, by, null_handling="skip")


def where(mask: Flags, then: Texts | str, otherwise: Texts | str) -> Texts:
    """Return `then` where `mask` holds and `otherwise` elsewhere."""
    return pc.if_else(pa.array(mask), then, otherwise)


def by_style(style: Ints, *columns: Texts) -> Texts:
    """Return from each row of `columns` the one that `style` says, the first being 0."""
    return pc.choose(pa.array(style), *columns)


def unknown(column: Texts, mask: Flags) -> Texts:
    """Return `column` with the rows of `mask` made unknown."""
    return pc.if_else(pa.array(mask), pa.scalar(None, column.type), column)


def digits(numbers: Ints, width: int = 0) -> Texts:
    """Return whole numbers as text, filled with zeros to `width`."""
    return pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), width, "0")


def date_text(days: Days) -> Texts:
    """Return dates as dd-mm-jjjj."""
    if not len(days):
        return pa.array([], pa.string())
    first = days.min()
    calendar = np.arange(first, days.max() + np.timedelta64(1, "D"))
    return pick(pc.strftime(pa.array(calendar), "%d-%m-%Y"), (days - first).astype(np.int64))


def moment_text(days: Days, seconds: Ints) -> Texts:
    """Return moments as dd-mm-jjjj uu:mm:ss."""
    return join(date_text(days), pick(_clock(), seconds), by=" ")


def euro_text(cents: Ints) -> Texts:
    """Return amounts in cents as euro with a decimal comma."""
    size = np.abs(cents)
    return join(where(cents < 0, "-", ""), digits(size // 100), ",", digits(size % 100, 2))


def repeats(column: Texts) -> Ints:
    """Return how often each value stood in `column` before: 0 the first time, 1 the second."""
    codes = column.dictionary_encode().indices.to_numpy(zero_copy_only=False)
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    starts = (
        np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.array([], np.int64)
    )
    lengths = np.diff(np.r_[starts, len(ordered)])
    seen = np.empty(len(ordered), np.int64)
    seen[order] = np.arange(len(ordered)) - np.repeat(starts, lengths)
    return seen


def _at_most(index: Any, n_options: int) -> Ints:  # noqa: ANN401 - searchsorted's platform integers
    drawn: Ints = np.minimum(index, n_options - 1).astype(np.int64)
    return drawn


@lru_cache
def _clock() -> Texts:
    return pc.strftime(pa.array(np.arange(SECONDS_PER_DAY), pa.timestamp("s")), "%H:%M:%S")
