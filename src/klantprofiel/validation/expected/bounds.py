"""Where a number has to lie to be like the deliveries before it: robust, by weekday, fair to small counts.

Each kind of number is judged on the scale on which its noise is about the same everywhere: a count as its
square root, a share as the arcsine of its root (both from Anscombe 1948, "The transformation of Poisson,
binomial and negative-binomial data"), a mean as its logarithm. On that scale a bound lies REACH spreads from
the median of the past; the spread is the largest of the median absolute deviation, what nine in ten past days
keep to, and the noise that counting so few rows has by itself. At least four past deliveries on the same
weekday are judged by those; with fewer, all days count.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

REACH: Final = 4.5  # one in 300,000 on either side, were the noise normal
REACH_OF_COUNTS: Final = 3.5  # one in 4,000: few expectations are about counts, and half a file is near
CLUSTERED: Final = (
    1.4  # rows come in twos and threes (lines of one order), so counts vary more than Poisson's
)
LEAST_DAYS: Final = 5
LEAST_WEEKDAYS: Final = 4
WINDOW: Final = 56  # deliveries
SAME_WEEKDAYS: Final = 8
NORMAL_MAD: Final = 1.4826  # of a normal distribution, the spread is this many median absolute deviations
NORMAL_NINE_IN_TEN: Final = 1.645


@dataclass(frozen=True)
class Point:
    """What one past delivery measured: its day, the number, and on how many rows it rests."""

    day: date
    value: float
    n: int


@dataclass(frozen=True)
class Usual:
    """What is usual on the scale of judging: the centre, and how far days lie from it."""

    centre: float
    spread: float


def usual(values: Sequence[tuple[date, float]], tonight: date) -> Usual | None:
    """Return what is usual for a delivery of tonight; None with fewer than five days to go by.

    Examples
    --------
    >>> from datetime import date
    >>> days = [(date(2026, 10, day), 10.0 + day % 2) for day in range(1, 8)]
    >>> found = usual(days, date(2026, 10, 8))
    >>> found.centre, round(found.spread, 2)
    (11.0, 0.96)
    >>> usual(days[:4], date(2026, 10, 5)) is None
    True
    """
    past = values[-WINDOW:]
    if len(past) < LEAST_DAYS:
        return None
    weekdays = defaultdict(list)
    for day, value in past:
        weekdays[day.weekday()].append(value)
    same = weekdays[tonight.weekday()]
    if len(same) >= LEAST_WEEKDAYS:
        centre = median(same[-SAME_WEEKDAYS:])
        groups = [group for group in weekdays.values() if len(group) >= LEAST_WEEKDAYS]
    else:
        groups = [[value for _, value in past]]
        centre = median(groups[0])
    strays = sorted(abs(value - median(group)) for group in groups for value in group)
    nine_in_ten = strays[min(len(strays) - 1, math.ceil(0.9 * len(strays)) - 1)]
    spread = max(NORMAL_MAD * median(strays), nine_in_ten / NORMAL_NINE_IN_TEN)
    return Usual(centre, spread * (1 + LEAST_WEEKDAYS / len(strays)))


def count_bounds(past: Sequence[Point], tonight: date) -> tuple[float, float] | None:
    """Return between which numbers of rows a delivery lies: never above .65 or below 5 times the usual.

    A day of three times the usual has to pass, and half a delivery has not.
    """
    found = usual([(point.day, math.sqrt(point.value)) for point in past], tonight)
    if found is None:
        return None
    reach = REACH_OF_COUNTS * max(found.spread, CLUSTERED / 2)
    low = max(0.0, found.centre - reach) ** 2
    high = (found.centre + reach) ** 2
    return min(low, 0.65 * found.centre**2), max(high, 5 * found.centre**2)


def share_bounds(
    past: Sequence[Point], tonight: date, n: int, *, slack: Callable[[float], float]
) -> tuple[float, float] | None:
    """Return between which shares (0 to 1) tonight's lies, given the `n` rows that it rests on.

    `slack` says how far from a usual share a share may always lie.
    """
    found = usual([(point.day, _angle(point.value)) for point in past], tonight)
    if found is None or not n:
        return None
    reach = REACH * max(found.spread * _thinner(past, n), CLUSTERED / (2 * math.sqrt(n)))
    centre = _unangle(found.centre)
    low, high = _unangle(found.centre - reach), _unangle(found.centre + reach)
    return min(low, centre - slack(centre)), max(high, centre + slack(centre))


def scale_bounds(
    past: Sequence[Point], tonight: date, n: int, *, factor: float
) -> tuple[float, float] | None:
    """Return between which means of `n` rows tonight's lies: at least `factor` to either side.

    Where the past is not all above 0 there is no logarithm to judge by, and distances take its place.
    """
    if not all(point.value > 0 for point in past):
        typical = median(abs(point.value) for point in past[-WINDOW:])
        return distance_bounds(past, tonight, n, slack=factor * typical)
    found = usual([(point.day, math.log(point.value)) for point in past], tonight)
    if found is None or not n:
        return None
    reach = REACH * max(found.spread * _thinner(past, n), CLUSTERED / math.sqrt(n))
    reach = max(reach, math.log(factor))
    return math.exp(found.centre - reach), math.exp(found.centre + reach)


def distance_bounds(
    past: Sequence[Point], tonight: date, n: int, *, slack: float
) -> tuple[float, float] | None:
    """Return between which numbers tonight's lies, given the `n` rows: at least `slack` to either side."""
    found = usual([(point.day, point.value) for point in past], tonight)
    if found is None or not n:
        return None
    reach = max(REACH * found.spread * _thinner(past, n), slack)
    return found.centre - reach, found.centre + reach


def _thinner(past: Sequence[Point], n: int) -> float:
    """Return how much wider a number of `n` rows may stray when past ones rested on more."""
    return math.sqrt(max(1.0, median(point.n for point in past[-WINDOW:]) / n))


def _angle(share: float) -> float:
    return math.asin(math.sqrt(min(1.0, max(0.0, share))))


def _unangle(angle: float) -> float:
    return math.sin(min(math.pi / 2, max(0.0, angle))) ** 2
