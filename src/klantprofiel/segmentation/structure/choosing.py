"""How many segments: as many as the customers show more of than customers without segments would.

1. One fit per number of segments, until the Bayesian information criterion (Schwarz, G. (1978), Estimating
   the dimension of a model, Annals of Statistics 6) has not improved for two steps. Its best is the most
   there can be. An engine without a likelihood gives the logarithm of its spread within segments instead,
   and the most is the smallest number whose gap is within two standard errors of the widest (the gap
   statistic of Tibshirani, R., Walther, G. & Hastie, T. (2001), JRSS B 63).
2. The gain of that number over one segment is held against the gain in customers without segments who have
   the same margins, dependence, tails and missing cells (`null`). Without a clear gap: one segment.
3. From the most downwards, the gain of the last segment is held against its gain in customers who have one
   segment less, and none within those. The first number whose last segment is real is the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from sklearn.utils import check_random_state

from klantprofiel.display import Displayed, Share
from klantprofiel.segmentation.patterns import patterns_of
from klantprofiel.segmentation.structure.fits import EFFORT, Asked, Fit, one_thread
from klantprofiel.segmentation.structure.null import learn_null
from klantprofiel.segmentation.structure.sample import one_each, sampled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from klantprofiel.display import Summary
    from klantprofiel.segmentation.estimator import Segmenter
    from klantprofiel.segmentation.patterns import Patterns
    from klantprofiel.segmentation.structure.null import Null

    Floats = NDArray[np.float64]

PATIENCE: Final = 2  # steps without a better criterion: an interaction shows only at its last segment
DRAWS: Final = 3  # sets of customers without segments
MARGIN: Final = 0.3  # of the gain without segments: what a copula does not know of the customers' dependence
LEAST: Final = 0.01  # nats per customer; less is not worth a segment
REASONS: Final = {
    "criterion": "Eén segment: meer segmenten verklaren niet genoeg om hun kosten (BIC) waard te zijn.",
    "one_cloud": (
        "Eén segment: wat meer segmenten winnen, winnen zij ook bij klanten zonder segmenten met dezelfde "
        "verdelingen en samenhang."
    ),
    "clear": (
        "{n} segmenten: duidelijk meer winst dan bij klanten zonder segmenten; nog een segment voegt te "
        "weinig toe."
    ),
    "fewer": "{n} segmenten: meer segmenten vindt men ook bij klanten die er {n} hebben.",
    "largest": "Geen duidelijke structuur: het grootste aantal dat is geprobeerd ({n}) wint.",
}


@dataclass(frozen=True)
class Step:
    """What is found with one number of segments; gains are per customer, over one segment.

    `gain` is in nats of log-likelihood, or of the spread within segments for an engine without one; `without`
    is the same in customers without segments, None where it was not needed, and `error` its standard error,
    None of one draw.
    """

    n_segments: int
    gain: float
    without: float | None
    error: float | None
    bic: float | None
    icl: float | None
    smallest_share: float


@dataclass(frozen=True, repr=False)
class SegmentCount(Displayed):
    """The number of segments that customers show, and why; made by `choose_k`.

    Attributes
    ----------
    n_segments
        The answer, 1 or more.
    reason
        Why, a key of `REASONS`.
    steps
        What was found with each number of segments that was tried.
    """

    n_segments: int
    reason: str
    steps: tuple[Step, ...]

    @property
    def is_open(self) -> bool:
        """Whether the largest number tried won, so that there is no clear structure."""
        return self.reason == "largest"

    def summary(self) -> Summary:
        """Return the numbers and the answer in Dutch."""
        columns = ["Segmenten", "Winst", "Winst zonder segmenten", "BIC", "ICL", "Kleinste segment"]
        rows = [(s.n_segments, s.gain, s.without, s.bic, s.icl, Share(s.smallest_share)) for s in self.steps]
        return {
            "title": "Aantal segmenten",
            "facts": {"Segmenten": self.n_segments},
            "tables": [{"title": "Per aantal segmenten", "columns": columns, "rows": rows}],
            "notes": [REASONS[self.reason].format(n=self.n_segments)],
        }


def choose_k(
    segmenter: Segmenter,
    patterns: Patterns,
    bases: list[str],
    *,
    k: Iterable[int] = range(1, 11),
) -> SegmentCount:
    """Return how many segments the customers show, by at most 2,000 of them.

    Parameters
    ----------
    segmenter
        The engine, with its settings; it is not changed.
    patterns
        The customers.
    bases
        The basis of each column.
    k
        The numbers of segments to try, one included.

    Examples
    --------
    >>> from klantprofiel.segmentation import KMeansSegmenter
    >>> from klantprofiel.segmentation.columns import Numbers
    >>> random = np.random.default_rng(0)
    >>> scores = random.normal(size=(150, 4)) + 6 * random.normal(size=(3, 4)).repeat(50, axis=0)
    >>> columns = [Numbers(f"x{number}", column) for number, column in enumerate(scores.T)]
    >>> choose_k(KMeansSegmenter(2), patterns_of(columns, np.ones(150)), [""] * 4, k=range(1, 6)).n_segments
    3
    """
    seed = int(check_random_state(segmenter.random_state).randint(2**31 - 1))
    with one_thread():
        return chosen(Asked(segmenter, bases, seed), sampled(patterns), k, {})


def chosen(asked: Asked, customers: Patterns, k: Iterable[int], made: Mapping[int, Fit]) -> SegmentCount:
    """Return how many segments these customers show; `made` has fits that are there already."""
    ks = sorted({1, *k})
    found = _fits(asked, customers, ks, made)
    tried = [fit.k for fit in found]
    gains = np.array([fit.value - found[0].value for fit in found])
    top = _best(tried, [fit.bic for fit in found])
    if top == 1:
        return SegmentCount(1, "criterion", _steps(found, gains, {}))
    random = np.random.default_rng(asked.seed)
    draws = _gains_without(
        asked, learn_null(one_each(customers), random), tried if top is None else [1, top], random
    )
    if top is None:
        null = np.array(list(draws))
        steps = _steps(found, gains, dict(zip(tried, null.T, strict=True)))
        top = _widest(tried, gains, null)
        is_more = _is_more(gains[tried.index(top)], null[:, tried.index(top)])
    else:
        null, is_more = _held_against(gains[tried.index(top)], draws)
        steps = _steps(found, gains, {1: np.zeros(len(null)), top: null})
    if top == 1 or not is_more:
        return SegmentCount(1, "one_cloud", steps)
    place = tried.index(top)
    while place > 1 and not _is_last_real(asked, customers, found[place - 1], found[place], random):
        place -= 1
    if found[place].k == max(ks):
        return SegmentCount(found[place].k, "largest", steps)
    return SegmentCount(found[place].k, "clear" if found[place].k == top else "fewer", steps)


def _fits(asked: Asked, customers: Patterns, ks: Sequence[int], made: Mapping[int, Fit]) -> list[Fit]:
    """Fit upwards until the criterion no longer improves, or there are too few customers who differ."""
    found: list[Fit] = []
    for k in ks:
        if k > len(customers):
            break
        found.append(made[k] if k in made else asked.fit(customers, k, EFFORT))
        bics = [fit.bic for fit in found]
        best = _best(range(len(bics)), bics)
        if best is not None and len(bics) - 1 - best >= PATIENCE:
            break
    return found


def _best(ks: Sequence[int], bics: Sequence[float | None]) -> int | None:
    """Return the number of segments with the lowest criterion; None for an engine without one."""
    known = [(bic, k) for bic, k in zip(bics, ks, strict=True) if bic is not None]
    return min(known)[1] if known else None


def _gains_without(
    asked: Asked, null: Null, ks: Sequence[int], random: np.random.Generator
) -> Iterator[Floats]:
    """Yield per draw from `null` the gain of each number of segments over the first."""
    for _ in range(DRAWS):
        columns = null.draw(random)
        drawn = patterns_of(columns, np.ones(columns[0].is_known.size))
        values = [asked.fit(drawn, min(k, len(drawn)), EFFORT).value for k in ks]
        yield np.array(values) - values[0]


def _held_against(gain: float, draws: Iterator[Floats]) -> tuple[Floats, bool]:
    """Return the gains of the last number in the draws, and whether `gain` is clearly above them.

    One draw is enough when the gain is below it, or more than twice as high.
    """
    without: list[float] = []
    for draw in draws:
        without.append(float(draw[-1]))
        if len(without) == 1 and not without[0] < gain <= 2 * without[0] + LEAST:
            return np.array(without), gain > without[0]
    return np.array(without), _is_more(gain, np.array(without))


def _is_more(gain: float, without: Floats) -> bool:
    """Whether a gain is clearly above that of the draws without segments."""
    mean, error = float(without.mean()), float(_errors(without))
    return gain - mean > max(2 * error, MARGIN * mean, LEAST)


def _is_last_real(
    asked: Asked, customers: Patterns, before: Fit, after: Fit, random: np.random.Generator
) -> bool:
    """Whether the last segment gains more than it would if there were one segment less."""
    labels = np.repeat(before.labels, customers.weights.astype(np.int64))
    null = learn_null(one_each(customers), random, labels)
    draws = _gains_without(asked, null, (before.k, after.k), random)
    return _held_against(after.value - before.value, draws)[1]


def _widest(ks: Sequence[int], gains: Floats, null: Floats) -> int:
    """Return the smallest number of segments whose gap is within two errors of the widest gap."""
    gaps = gains - null.mean(axis=0)
    widest = int(gaps.argmax())
    return ks[int(np.argmax(gaps >= gaps[widest] - 2 * _errors(null)[widest]))]


def _errors(null: Floats) -> Floats:
    """Return the standard errors of Tibshirani et al. (2001) of gains without segments."""
    return np.asarray(null.std(axis=0, ddof=1) * np.sqrt(1 + 1 / len(null)))


def _steps(found: Sequence[Fit], gains: Floats, null: Mapping[int, Floats]) -> tuple[Step, ...]:
    return tuple(
        Step(
            n_segments=fit.k,
            gain=float(gain),
            without=float(null[fit.k].mean()) if fit.k in null else None,
            error=float(_errors(null[fit.k])) if fit.k in null and len(null[fit.k]) > 1 else None,
            bic=fit.bic,
            icl=fit.icl,
            smallest_share=float(fit.fitted.shares_.min()),
        )
        for fit, gain in zip(found, gains, strict=True)
    )
