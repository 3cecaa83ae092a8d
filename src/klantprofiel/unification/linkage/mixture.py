"""Three classes of pairs: one person, two people of a household, two strangers; estimated over patterns.

Plain Splink knows two classes. Relatives share surname, address and phone, so for it they look like one
person. Here m (one person) and u (strangers) stay as Splink estimated them, and a third class is estimated
beside them by expectation maximisation: it agrees as one person does on what a household shares, and as
strangers do on what is a person's own. Where nobody shares a household it empties by itself.

u comes from random pairs, and in small data many of those that agree are matches. What they contribute is
taken off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

ROUNDS: Final = 60
MOST_OF_ALL: Final = 0.9  # of a handful of records most pairs may match, and some are strangers still
CORRECTIONS: Final = 3
SMOOTHING: Final = 20.0  # pairs; what is known beforehand of the household class weighs as much as these
OWN_AGREEMENT: Final = 0.1  # of m; two of a household agree on what is a person's own at most so often
LEAST_OF_U: Final = 0.02  # of u as sampled, when nearly all that agree in the sample are matches
LEAST_U: Final = 2e-7  # a million sampled pairs tell nothing of what is rarer


@dataclass(frozen=True)
class Patterns:
    """How often each combination of levels occurs among the candidate pairs.

    Attributes
    ----------
    levels
        Shape (n_patterns, n_comparisons): 0 for the likest level and so on, -1 where nothing is compared.
    counts
        Shape (n_patterns,): pairs; a sample's counts are multiplied up.
    n_pairs
        All pairs of records that there are, also those that no blocking rule finds.
    rules
        Shape (n_patterns,): the place of the rule that found the pairs.
    """

    levels: Integers
    counts: Floats
    n_pairs: float
    rules: Integers


@dataclass(frozen=True)
class Classes:
    """The three classes: the share of all pairs of matches and household, h and u per level, expected pairs.

    `is_match` is the probability that a pair of each pattern is a match, shape (n_patterns,).
    """

    match_share: float
    household_share: float
    household: tuple[Floats, ...]
    strangers: tuple[Floats, ...]
    sizes: tuple[float, float, float]
    is_match: Floats


def estimate_classes(
    patterns: Patterns,
    match: Sequence[Floats],
    strangers: Sequence[Floats],
    shared: Sequence[Sequence[bool]],
    prior: float,
) -> Classes:
    """Return the classes of the pairs.

    Parameters
    ----------
    match, strangers
        m and u per comparison, each of shape (n_levels,) from likest to least alike, summing to 1.
    shared
        Per comparison and level whether a household has it in common.
    prior
        The share of all pairs that are matches, to begin with.

    Examples
    --------
    Ten couples share a surname and not a given name; two records of ten others share both:

    >>> levels, counts = np.array([[0, 0], [1, 0], [1, 1]]), np.array([10.0, 10.0, 80.0])
    >>> patterns = Patterns(levels, counts, n_pairs=1000.0, rules=np.zeros(3, dtype=np.int64))
    >>> m, u = np.array([0.99, 0.01]), np.array([0.01, 0.99])
    >>> classes = estimate_classes(patterns, [m, m], [u, u], [(False, False), (True, True)], 0.01)
    >>> [round(size) for size in classes.sizes]
    [10, 10, 80]
    """
    unmatched: Sequence[Floats] = strangers
    classes = _estimate(patterns, match, unmatched, shared, prior)
    for _ in range(CORRECTIONS):
        unmatched = [
            _without_matches(u, m, classes.match_share) for u, m in zip(strangers, match, strict=True)
        ]
        classes = _estimate(patterns, match, unmatched, shared, prior)
    return classes


def preset_classes(
    match: Sequence[Floats], strangers: Sequence[Floats], shared: Sequence[Sequence[bool]], prior: float
) -> Classes:
    """Return classes of which nothing is estimated, for want of matches; households are as rare as they."""
    household = tuple(_expected(m, u, common) for m, u, common in zip(match, strangers, shared, strict=True))
    return Classes(prior, prior, household, tuple(strangers), (0.0, 0.0, 0.0), np.empty(0))


def _without_matches(u: Floats, m: Floats, match_share: float) -> Floats:
    """Take the matches off what was counted among random pairs."""
    left: Floats = np.maximum(np.maximum(u - match_share * m, LEAST_OF_U * u), LEAST_U)
    left /= left.sum()
    return left


def _estimate(
    patterns: Patterns,
    match: Sequence[Floats],
    strangers: Sequence[Floats],
    shared: Sequence[Sequence[bool]],
    prior: float,
) -> Classes:
    expected = [_expected(m, u, common) for m, u, common in zip(match, strangers, shared, strict=True)]
    ceilings = [_ceiling(m, u, common) for m, u, common in zip(match, strangers, shared, strict=True)]
    household = expected
    shares = _limited(prior, prior / 2)
    of_match, of_strangers = _log_likelihood(patterns, match), _log_likelihood(patterns, strangers)
    weights = np.empty((3, len(patterns.counts)))
    for _ in range(ROUNDS):
        weights = np.stack(
            [
                of_match + np.log(shares[0]),
                _log_likelihood(patterns, household) + np.log(shares[1]),
                of_strangers + np.log1p(-sum(shares)),
            ]
        )
        weights = np.exp(weights - weights.max(axis=0))
        weights *= patterns.counts / weights.sum(axis=0)
        found = weights.sum(axis=1) / patterns.n_pairs
        shares = _limited(max(found[0], prior / 1000), max(found[1], prior / 10000))
        household = [
            _smoothed(patterns.levels[:, place], weights[1], base, ceiling)
            for place, (base, ceiling) in enumerate(zip(expected, ceilings, strict=True))
        ]
    sizes = weights.sum(axis=1)
    return Classes(
        float(shares[0]),
        float(shares[1]),
        tuple(household),
        tuple(strangers),
        (float(sizes[0]), float(sizes[1]), float(sizes[2])),
        weights[0] / patterns.counts,
    )


def _limited(match: float, household: float) -> tuple[float, float]:
    """Return the shares of two classes, made smaller where they leave too little for strangers."""
    scale = min(1.0, MOST_OF_ALL / (match + household))
    return match * scale, household * scale


def _expected(m: Floats, u: Floats, common: Sequence[bool]) -> Floats:
    """Return how often two of a household are to be alike, before anything is counted."""
    expected: Floats = np.where(common, m, u)
    expected /= expected.sum()
    return expected


def _ceiling(m: Floats, u: Floats, common: Sequence[bool]) -> Floats:
    """How often two of a household can have alike what is a person's own; the last level has no limit."""
    ceiling: Floats = np.where(common, 1.0, np.maximum(u, OWN_AGREEMENT * m))
    ceiling[-1] = 1.0
    return ceiling


def _smoothed(levels: Integers, weights: Floats, base: Floats, ceiling: Floats) -> Floats:
    counted = np.bincount(levels + 1, weights=weights, minlength=len(base) + 1)[1:]
    share: Floats = np.minimum((counted + SMOOTHING * base) / (counted.sum() + SMOOTHING), ceiling)
    share[-1] += 1 - share.sum()
    return share


def _log_likelihood(patterns: Patterns, shares: Sequence[Floats]) -> Floats:
    """Return the log likelihood of each pattern, shape (n_patterns,); what is not compared adds nothing."""
    total = np.zeros(len(patterns.counts))
    for place, share in enumerate(shares):
        logs = np.concatenate([[0.0], np.log(np.maximum(share, 1e-12))])
        total += logs[patterns.levels[:, place] + 1]
    return total
