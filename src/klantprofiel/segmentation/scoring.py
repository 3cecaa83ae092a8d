"""Segments as SQL: who belongs where, computed by DuckDB or Spark without Python, equal to `predict`.

Scores are nested CASE expressions over at most 65 knots, categories are CASE over their words. Sums are in
the order in which `predict` adds them up, so both give the same double. Values that are missing are NULL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sqlglot import exp

from klantprofiel.segmentation.columns import Numbers
from klantprofiel.segmentation.encoding import NumberScale

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from klantprofiel.segmentation.encoding import WordScale
    from klantprofiel.segmentation.kmeans import KMeansSegmenter
    from klantprofiel.segmentation.vocabulary import Vocabulary

LABEL: Final = "segment"
N_KNOWN: Final = "n_known"
UNASSIGNED: Final = -1


def nearest_segment(fitted: KMeansSegmenter, table: str, key: str) -> exp.Select:
    """Return the select that gives each row of `table` its `key` and `segment`, as k-means predicts it.

    Parameters
    ----------
    fitted
        The segmenter, fitted on columns that `table` has too.
    table
        The name of the table of customers.
    key
        The column that names a customer.

    Examples
    --------
    >>> import pyarrow as pa, duckdb
    >>> from klantprofiel.segmentation import KMeansSegmenter
    >>> customers = pa.table({"customer_id": ["K-1", "K-2", "K-3"], "visits": [1, 9, None]})
    >>> fitted = KMeansSegmenter(2).fit(customers.select(["visits"]))
    >>> query = nearest_segment(fitted, "customers", "customer_id").sql("duckdb")
    >>> duckdb.sql(query + " order by all").fetchall()
    [('K-1', 0), ('K-2', 1), ('K-3', -1)]
    """
    scores: list[exp.Expr] = []
    for scale in fitted.encoding_.scales:
        if isinstance(scale, NumberScale):
            scores.append(number_score(scale, fitted.vocabulary_))
        else:
            scores.extend(_word_scores(scale))
    named = [exp.alias_(score, f"s{place}") for place, score in enumerate(scores)]
    scored = exp.select(key, *named, known_count(fitted.vocabulary_)).from_(exp.to_table(table))
    apart = [
        exp.alias_(total([_squared(f"s{place}", at) for place, at in enumerate(center)]), f"d{segment}")
        for segment, center in enumerate(fitted.centers_.tolist())
    ]
    distances = exp.select(key, *apart, N_KNOWN).from_(scored.subquery("scored"))
    return labelled(distances, key, "d", len(apart), lowest=True)


def named_segments(labelled_rows: exp.Select, key: str, names: Sequence[str]) -> exp.Select:
    """Return the select with `segment_id` in the place of `segment`: NULL for who is in none."""
    name = exp.Case()
    for segment, segment_id in enumerate(names):
        name = name.when(exp.column(LABEL).eq(_whole(segment)), exp.Literal.string(segment_id))
    return exp.select(key, exp.alias_(name, "segment_id")).from_(labelled_rows.subquery("labelled"))


def labelled(measured: exp.Select, key: str, prefix: str, n_segments: int, *, lowest: bool) -> exp.Select:
    """Return the first segment whose column `prefix` + number is the lowest, or the highest, of a row."""
    wins = exp.LTE if lowest else exp.GTE
    label = exp.Case().when(exp.column(N_KNOWN).eq(0), _whole(UNASSIGNED))
    for segment in range(n_segments - 1):
        mine = exp.column(f"{prefix}{segment}")
        later = range(segment + 1, n_segments)
        beats = [wins(this=mine.copy(), expression=exp.column(f"{prefix}{other}")) for other in later]
        label = label.when(exp.and_(*beats), _whole(segment))
    label = label.else_(_whole(n_segments - 1))
    return exp.select(key, exp.alias_(label, LABEL)).from_(measured.subquery("measured"))


def number_score(scale: NumberScale, vocabulary: Vocabulary) -> exp.Expr:
    """Return the score of a number, 0 where it is missing; of an ordinal column that of its level."""
    if scale.name in vocabulary.ranks:
        levels = vocabulary.ranks[scale.name]
        ranks = Numbers(scale.name, np.arange(len(levels), dtype=np.float64))
        return by_word(scale.name, dict(zip(levels, scale.apply(ranks)[:, 0].tolist(), strict=True)))
    value = exp.cast(exp.column(scale.name, quoted=True), "double")
    line = through_knots(value, scale.values, scale.scores, scale.slopes)
    return exp.Case().when(is_null(scale.name), number(0.0)).else_(line)


def through_knots(
    value: exp.Expr, values: NDArray[np.float64], scores: NDArray[np.float64], slopes: NDArray[np.float64]
) -> exp.Expr:
    """Return straight lines through the knots as nested CASE; beyond them the score of the nearest knot."""

    def between(low: int, high: int) -> exp.Expr:
        """Return the score where it is known that the value lies from knot `low` - 1 up to knot `high`."""
        if low == high:
            return _line(value, values, scores, slopes, low - 1)
        middle = (low + high) // 2
        is_below = exp.LT(this=value.copy(), expression=number(values[middle]))
        return exp.Case().when(is_below, between(low, middle)).else_(between(middle + 1, high))

    return between(0, len(values))


def _line(
    value: exp.Expr,
    values: NDArray[np.float64],
    scores: NDArray[np.float64],
    slopes: NDArray[np.float64],
    knot: int,
) -> exp.Expr:
    if knot < 0 or slopes[knot] == 0:
        return number(scores[max(knot, 0)])
    beyond = exp.paren(exp.Sub(this=value.copy(), expression=number(values[knot])))
    return exp.Add(
        this=exp.Mul(this=number(slopes[knot]), expression=beyond), expression=number(scores[knot])
    )


def by_word(name: str, values: Mapping[str, float], missing: float | None = 0.0) -> exp.Expr:
    """Return the value of each word of a column; `missing` for NULL and for other words."""
    words: dict[float, list[str]] = {}
    for word, value in values.items():
        words.setdefault(value, []).append(word)
    chosen = exp.Case()
    for value, same in words.items():
        chosen = chosen.when(_as_text(name).isin(*map(exp.Literal.string, same)), number(value))
    return chosen.else_(exp.null() if missing is None else number(missing))


def known_count(vocabulary: Vocabulary) -> exp.Expr:
    """Return how many columns of a row are known: not NULL, and no word that `fit` did not see."""
    seen = {**vocabulary.seen, **vocabulary.ranks}
    known = [
        exp.Case()
        .when(
            _as_text(name).isin(*map(exp.Literal.string, seen[name])) if name in seen else not_null(name),
            _whole(1),
        )
        .else_(_whole(0))
        for name in vocabulary.names
    ]
    return exp.alias_(total(known), N_KNOWN)


def total(terms: Sequence[exp.Expr]) -> exp.Expr:
    """Return the sum of the terms, the first two added first."""
    summed = terms[0]
    for term in terms[1:]:
        summed = exp.Add(this=summed, expression=term)
    return summed


def number(value: float | np.floating[Any]) -> exp.Expr:
    """Return a literal that engines read as exactly this double.

    >>> number(-0.1).sql("duckdb")
    '-1.0000000000000001e-01'
    """
    literal = exp.Literal.number(f"{abs(float(value)):.16e}")
    return exp.Neg(this=literal) if value < 0 else literal


def is_null(name: str) -> exp.Expr:
    """Return whether a column is NULL."""
    return exp.Is(this=exp.column(name, quoted=True), expression=exp.null())


def not_null(name: str) -> exp.Expr:
    """Return whether a column is not NULL."""
    return exp.Not(this=is_null(name))


def _word_scores(scale: WordScale) -> list[exp.Expr]:
    return [
        by_word(scale.name, {word: float(points[group]) for word, group in scale.groups.items()})
        for points in scale.points.T
    ]


def _squared(name: str, place: float) -> exp.Expr:
    apart = exp.paren(exp.Sub(this=exp.column(name), expression=number(place)))
    return exp.Mul(this=apart, expression=apart.copy())


def _as_text(name: str) -> exp.Expr:
    return exp.cast(exp.column(name, quoted=True), "varchar")


def _whole(value: int) -> exp.Expr:
    return exp.Neg(this=exp.Literal.number(-value)) if value < 0 else exp.Literal.number(value)
