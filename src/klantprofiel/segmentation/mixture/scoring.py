"""The likeliest segment of a mixture as SQL: what `mixture.model.posterior` computes, by its parameters.

Scores stand on a grid and coefficients on another, so that their sums are exact in any order. A term of a
value that is missing is NULL, and counts as 0: it is left out of the density, as there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sqlglot import exp

from klantprofiel.segmentation.mixture.features import STEPS_OF_A_SCORE
from klantprofiel.segmentation.mixture.model import STEPS
from klantprofiel.segmentation.scoring import (
    N_KNOWN,
    by_word,
    known_count,
    labelled,
    number,
    through_knots,
    total,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from klantprofiel.segmentation.mixture.estimator import MixtureSegmenter
    from klantprofiel.segmentation.mixture.features import CategoryFeature, NumberFeature
    from klantprofiel.segmentation.vocabulary import Vocabulary

    Floats = NDArray[np.float64]


def likeliest_segment(fitted: MixtureSegmenter, table: str, key: str) -> exp.Select:
    """Return the select that gives each row of `table` its `key` and `segment`, as the mixture predicts it.

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
    >>> from klantprofiel.segmentation import MixtureSegmenter
    >>> visits = [1, 2, 1, 2, 90, 91, 92, 92, None]
    >>> customers = pa.table({"customer_id": range(9), "visits": visits})
    >>> fitted = MixtureSegmenter(2).fit(customers.select(["visits"]))
    >>> query = likeliest_segment(fitted, "customers", "customer_id").sql("duckdb")
    >>> labels = [label for _, label in duckdb.sql(query + " order by all").fetchall()]
    >>> labels == fitted.labels_.tolist()
    True
    """
    vocabulary, features = fitted.vocabulary_, fitted.features_
    scores = [
        exp.alias_(_score(feature, vocabulary), f"x{place}") for place, feature in enumerate(features.numbers)
    ]
    codes = [
        exp.alias_(_code(feature, vocabulary), f"c{place}")
        for place, feature in enumerate(features.categories)
    ]
    scored = exp.select(key, *scores, *codes, known_count(vocabulary)).from_(exp.to_table(table))
    summed = exp.select(key, *_sums(fitted), N_KNOWN).from_(scored.subquery("scored"))
    joint = exp.select(key, *_joint(fitted), N_KNOWN).from_(summed.subquery("summed"))
    return labelled(joint, key, "j", fitted.n_segments_, lowest=False)


def _value(name: str, vocabulary: Vocabulary) -> exp.Expr:
    """Return the number of a column, NULL where missing; of an ordinal column the rank."""
    if name in vocabulary.ranks:
        levels = vocabulary.ranks[name]
        return by_word(name, {level: float(rank) for rank, level in enumerate(levels)}, missing=None)
    return exp.cast(exp.column(name, quoted=True), "double")


def _score(feature: NumberFeature, vocabulary: Vocabulary) -> exp.Expr:
    value = _value(feature.name, vocabulary)
    slopes = np.append(np.diff(feature.scores) / np.diff(feature.values), 0.0)
    line = exp.paren(through_knots(value, feature.values, feature.scores, slopes))
    steps = exp.Add(this=exp.Mul(this=line, expression=number(STEPS_OF_A_SCORE)), expression=number(0.5))
    on_grid = exp.Mul(this=exp.Floor(this=steps), expression=number(1 / STEPS_OF_A_SCORE))
    chosen = exp.Case().when(exp.Is(this=value.copy(), expression=exp.null()), exp.null())
    if feature.spike is not None:
        chosen = chosen.when(exp.EQ(this=value.copy(), expression=number(feature.spike)), exp.null())
    return chosen.else_(on_grid)


def _code(feature: CategoryFeature, vocabulary: Vocabulary) -> exp.Expr:
    if feature.spike is None:
        words = {word: float(group) for word, group in feature.groups.items()}
        return by_word(feature.name, words, missing=None)
    value = _value(feature.name, vocabulary)
    is_spike = exp.EQ(this=value, expression=number(feature.spike))
    is_null = exp.Is(this=value.copy(), expression=exp.null())
    return exp.Case().when(is_null, exp.null()).when(is_spike, number(1.0)).else_(number(0.0))


def _sums(fitted: MixtureSegmenter) -> Iterator[exp.Expr]:
    """Yield the sums over columns: `l` per segment, and the gains `g` and pulls `p` of the factors."""
    features, parameters = fitted.features_, fitted.mixture_.parameters
    multipliers = dict(zip(features.bases, fitted.mixture_.rules.basis_weights.tolist(), strict=True))
    by_number = np.array([multipliers[feature.basis] for feature in features.numbers])
    means, rests = parameters.means[0], parameters.rests[0]
    slopes = _gridded(by_number * means / rests)
    levels = _gridded(-0.5 * by_number * means**2 / rests)
    for segment in range(fitted.n_segments_):
        terms = [
            _known(place, slopes[segment, place], levels[segment, place])
            for place in range(len(features.numbers))
        ]
        first = 0
        for place, feature in enumerate(features.categories):
            chances = parameters.chances[0, segment, first : first + feature.shares.size]
            terms.append(_of_code(place, _gridded(multipliers[feature.basis] * np.log(chances))))
            first += feature.shares.size
        yield exp.alias_(total(terms), f"l{segment}")
    for basis, columns, loadings in _factors(fitted):
        pulls = loadings / rests[columns]
        for one, row in enumerate(loadings):
            for other in range(one + 1):
                gains = _gridded(row * pulls[other])
                yield exp.alias_(
                    total([_known(place, 0.0, gain) for place, gain in zip(columns, gains, strict=True)]),
                    f"g{basis}_{one}_{other}",
                )
            for segment in range(fitted.n_segments_):
                expected = _gridded(means[segment, columns] * pulls[one])
                yield exp.alias_(
                    total(
                        [
                            _known(place, slope, -level)
                            for place, slope, level in zip(
                                columns, _gridded(pulls[one]), expected, strict=True
                            )
                        ]
                    ),
                    f"p{basis}_{one}_{segment}",
                )


def _joint(fitted: MixtureSegmenter) -> Iterator[exp.Expr]:
    """Yield the log joint density `j` per segment, up to what is the same for all segments."""
    shares = np.log(fitted.mixture_.parameters.shares[0])
    weights = fitted.mixture_.rules.basis_weights
    for segment in range(fitted.n_segments_):
        terms: list[exp.Expr] = [exp.column(f"l{segment}"), number(shares[segment])]
        for basis, _, loadings in _factors(fitted):
            explained = _explained(basis, segment, len(loadings))
            terms.append(exp.Mul(this=number(0.5 * weights[basis]), expression=exp.paren(explained)))
        yield exp.alias_(total(terms), f"j{segment}")


def _explained(basis: int, segment: int, n_factors: int) -> exp.Expr:
    """Return what one or two factors explain of the squared distance: pull' (1 + gain)^-1 pull."""
    pulls = [f"p{basis}_{one}_{segment}" for one in range(n_factors)]
    first = f"(1e0 + g{basis}_0_0)"
    if n_factors == 1:
        return _parsed(f"{pulls[0]} * (cast({pulls[0]} as double) / nullif({first}, 0))")
    second, between = f"(1e0 + g{basis}_1_1)", f"g{basis}_1_0"
    one, other = pulls
    above = f"{one} * {one} * {second} - 2e0 * {one} * {other} * {between} + {other} * {other} * {first}"
    return _parsed(f"cast({above} as double) / nullif({first} * {second} - {between} * {between}, 0)")


def _factors(fitted: MixtureSegmenter) -> Iterator[tuple[int, NDArray[np.int64], Floats]]:
    """Yield the bases with factors: number, its numbers, and the loadings of shape (n_factors, n_numbers)."""
    features, loadings = fitted.features_, fitted.mixture_.parameters.loadings[0]
    for basis, name in enumerate(features.bases):
        columns = np.array([place for place, one in enumerate(features.numbers) if one.basis == name], int)
        is_used = loadings[:, columns].any(axis=1)
        if is_used.any():
            yield basis, columns, loadings[is_used][:, columns]


def _known(place: int, slope: float, level: float) -> exp.Expr:
    """Return slope * score + level where the score is known, and else 0."""
    raised = exp.Add(
        this=exp.Mul(this=exp.column(f"x{place}"), expression=number(slope)), expression=number(level)
    )
    return exp.func("coalesce", raised, number(0.0))


def _of_code(place: int, values: Floats) -> exp.Expr:
    chosen = exp.Case()
    for code, value in enumerate(values):
        chosen = chosen.when(exp.column(f"c{place}").eq(number(float(code))), number(value))
    return chosen.else_(number(0.0))


def _gridded(values: Floats) -> Floats:
    return np.asarray(np.round(values * STEPS) / STEPS)


def _parsed(sql: str) -> exp.Expr:
    from klantprofiel.schema.casts import condition  # noqa: PLC0415  only for a formula

    return condition(sql)
