"""What a group of answers tells, with a 95% confidence interval: NPS, a share, a mean on a scale.

Everything here is pure and takes counts. Of fewer answers than `LEAST` nothing is told: the interval would
span most of the scale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from klantprofiel.errors import ConfigurationError

LEAST: Final = 10
LEVEL: Final = 0.95
Z: Final = NormalDist().inv_cdf((1 + LEVEL) / 2)
POINTS: Final = 100
PSEUDO_EXTREME: Final = 0.75  # added to the promoters and to the detractors (Rocks 2016)
PSEUDO_ANSWERS: Final = 3.0  # added in all; the passives get the other 1.5


@dataclass(frozen=True)
class Estimate:
    """A value with the ends of its 95% interval; the ends are None where the spread is not known.

    >>> Estimate(12, 1 / 3, None, None).rounded(2)
    Estimate(n=12, value=0.33, lower=None, upper=None)
    """

    n: int
    value: float
    lower: float | None
    upper: float | None

    def rounded(self, decimals: int) -> Estimate:
        """Return the estimate with so many decimals, for people to read."""
        ends = [None if end is None else round(end, decimals) for end in (self.lower, self.upper)]
        return Estimate(self.n, round(self.value, decimals), *ends)


def net_promoter_score(*, promoters: int, passives: int, detractors: int) -> Estimate | None:
    """Return the Net Promoter Score in points, with the adjusted-Wald interval; None of too few answers.

    The score is the percentage of promoters (9 and 10 on the scale of 0 to 10) less that of detractors (0 to
    6), from -100 to 100 (Reichheld 2003, "The one number you need to grow", Harvard Business Review 81(12)).
    The interval is a Wald interval after adding 3/4 promoter, 1 1/2 passives and 3/4 detractor (Rocks 2016,
    "Interval estimation for the net promoter score", The American Statistician 70(4)). So its middle lies
    nearer to 0 than the score; the ends stay on the scale.

    Parameters
    ----------
    promoters, passives, detractors
        How many of each answered.

    Raises
    ------
    ConfigurationError
        For a count below 0.

    Examples
    --------
    >>> net_promoter_score(promoters=50, passives=30, detractors=20).rounded(1)
    Estimate(n=100, value=30.0, lower=14.1, upper=44.2)
    >>> net_promoter_score(promoters=5, passives=2, detractors=2) is None
    True
    """
    _check_counts(promoters=promoters, passives=passives, detractors=detractors)
    n = promoters + passives + detractors
    if n < LEAST:
        return None
    total = n + PSEUDO_ANSWERS
    balance = (promoters - detractors) / total
    extreme = (promoters + detractors + 2 * PSEUDO_EXTREME) / total
    margin = Z * math.sqrt((extreme - balance**2) / total)
    return Estimate(
        n,
        POINTS * (promoters - detractors) / n,
        POINTS * max(balance - margin, -1.0),
        POINTS * min(balance + margin, 1.0),
    )


def share_of(n_such: int, n: int) -> Estimate | None:
    """Return a share (0 to 1) with Wilson's score interval; None of too few.

    For CSAT count the answers in the two highest boxes (4 and 5 on the scale of 1 to 5); for first-contact
    resolution the contacts after which nothing more was needed. The interval is that of Wilson (1927,
    "Probable inference, the law of succession, and statistical inference", JASA 22(158)), without correction
    for continuity: method 3 in Newcombe (1998, Statistics in Medicine 17(8)).

    Parameters
    ----------
    n_such, n
        How many are such, of how many.

    Raises
    ------
    ConfigurationError
        For a count below 0, or more such than there are.

    Examples
    --------
    >>> share_of(81, 263).rounded(4)
    Estimate(n=263, value=0.308, lower=0.2553, upper=0.3662)
    """
    _check_counts(n_such=n_such, the_others=n - n_such)
    if n < LEAST:
        return None
    share = n_such / n
    middle = (n_such + Z**2 / 2) / (n + Z**2)
    margin = Z / (n + Z**2) * math.sqrt(n_such * (n - n_such) / n + Z**2 / 4)
    # At the ends of the scale the interval ends there too; rounding would leave it a hair short.
    lower = 0.0 if n_such == 0 else max(middle - margin, 0.0)
    upper = 1.0 if n_such == n else min(middle + margin, 1.0)
    return Estimate(n, share, lower, upper)


def mean_of(counts: dict[int, int]) -> Estimate | None:
    """Return the mean of answers on a scale with Student's t interval; None of too few answers.

    For CES: 1 (much effort) to 7 (none), as in Dixon, Toman & DeLisi 2013, The Effortless Experience. The
    t interval is what Sauro & Lewis (2016, Quantifying the User Experience, chapter 3) advise for means of
    rating scales. Its ends stay on the scale that `counts` covers. Of answers that are all the same the
    spread is not known, and so neither are the ends.

    Parameters
    ----------
    counts
        How often each answer was given, for every answer of the scale: also those that nobody gave.

    Raises
    ------
    ConfigurationError
        For a count below 0.

    Examples
    --------
    >>> mean_of({1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 6, 7: 3}).rounded(2)
    Estimate(n=25, value=4.88, lower=4.26, upper=5.5)
    >>> mean_of({1: 0, 2: 0, 3: 12})
    Estimate(n=12, value=3.0, lower=None, upper=None)
    """
    _check_counts(**{f"the answers {answer}": count for answer, count in counts.items()})
    n = sum(counts.values())
    if n < LEAST:
        return None
    from scipy.special import stdtrit  # noqa: PLC0415  costly, and only who estimates needs it

    total = sum(answer * count for answer, count in counts.items())
    squares = sum(answer**2 * count for answer, count in counts.items())
    spread = n * squares - total**2  # n(n - 1) times the variance, exact
    value = total / n
    if spread == 0:
        return Estimate(n, value, None, None)
    margin = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * math.sqrt(spread / (n - 1)) / n
    return Estimate(
        n, value, max(value - margin, float(min(counts))), min(value + margin, float(max(counts)))
    )


def _check_counts(**counts: int) -> None:
    for name, count in counts.items():
        if count < 0:
            raise ConfigurationError(
                f"{name.replace('_', ' ')} = {count}", expected="counts of 0 or more", todo="count again"
            )
