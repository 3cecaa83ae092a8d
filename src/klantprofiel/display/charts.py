"""What a page may draw: bars, columns and a matrix of numbers that were computed elsewhere.

Bars      one horizontal bar per thing: segments, variables, criteria
Columns   upright columns in a row: days, or the intervals of a distribution
Matrix    two measures against each other from 0 to 100, with the size of each thing as the area of its dot
Boxes     one horizontal box plot per thing: the spread of many numbers
Flow      how the parts of one division end in the parts of the next, in columns from left to right

A value is shown as `dutch` writes it: a `Share` as a percentage, a `Euro` with its sign, None as unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Self, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Number: TypeAlias = "int | float | Decimal"
Interval: TypeAlias = "tuple[Number, Number]"


class Verdict(StrEnum):
    """What was judged of a number; a page gives each verdict its own colour and sign."""

    NONE = "none"
    OPEN = "open"  # not known, or not to be judged
    GOOD = "good"
    DOUBT = "doubt"
    BAD = "bad"


class Judged(str):
    """A word in a table that a page shows in the colour of its verdict; elsewhere it is plain text.

    >>> word = Judged("geweigerd", Verdict.BAD)
    >>> word, word.verdict.value
    ('geweigerd', 'bad')
    """

    __slots__ = ("verdict",)
    verdict: Verdict

    def __new__(cls, text: str, verdict: Verdict) -> Self:
        """Keep the verdict beside the text."""
        judged = super().__new__(cls, text)
        judged.verdict = verdict
        return judged


@dataclass(frozen=True)
class Bar:
    """One bar or column: `value` is 0 or more, or None when it is not known and nothing is drawn.

    `interval` is where the value may lie, or was expected. `shown` stands in the place of the value, for what
    is withheld or absent.
    """

    label: str
    value: Number | None
    interval: Interval | None = None
    verdict: Verdict = Verdict.NONE
    shown: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        _check(self.label, (self.value, *(self.interval or ())))


@dataclass(frozen=True)
class Bars:
    """Horizontal bars below each other, with what is compared (`things`) and by what (`measure`).

    `full` is the value that fills the whole width; by default the largest that is drawn.

    >>> chart = Bars("Segmenten", (Bar("S1", 531), Bar("S2", 522)), things="Segment", measure="Klanten")
    >>> chart.largest
    531
    """

    title: str
    bars: tuple[Bar, ...]
    things: str
    measure: str
    full: Number | None = None
    about: str = ""

    @property
    def largest(self) -> Number:
        """The value that fills the whole width."""
        return self.full or _largest(chain.from_iterable((b.value, *(b.interval or ())) for b in self.bars))


@dataclass(frozen=True)
class Columns:
    """Upright columns beside each other, in the order given; a column without value stays empty.

    >>> columns = (Bar("01-09-2026", 120), Bar("02-09-2026", None), Bar("03-09-2026", 90))
    >>> Columns("Records per dag", columns, things="Dag", measure="Records").largest
    120
    """

    title: str
    columns: tuple[Bar, ...]
    things: str
    measure: str
    about: str = ""

    @property
    def largest(self) -> Number:
        """The value as high as the chart."""
        return _largest(chain.from_iterable((c.value, *(c.interval or ())) for c in self.columns))


@dataclass(frozen=True)
class Dot:
    """One thing in a matrix: `x` and `y` from 0 to 100, or None when it has no place in it.

    `size` is what the area stands for, None when it is withheld; `shown` stands in the place of the size.
    """

    label: str
    x: Number | None
    y: Number | None
    x_interval: Interval | None = None
    y_interval: Interval | None = None
    size: Number | None = None
    shown: str = ""
    verdict: Verdict = Verdict.NONE

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        values = (self.x, self.y, *(self.x_interval or ()), *(self.y_interval or ()))
        _check(self.label, (*values, self.size))
        outside = [value for value in values if value is not None and value > FULL]
        if outside:
            raise ValueError(f"{self.label!r} stands at {outside[0]}; expected a place from 0 to {FULL}")


@dataclass(frozen=True)
class Matrix:
    """Dots by two measures from 0 to 100, the best in the upper right; `size` says what an area stands for.

    >>> dots = (Dot("S1", 40, 60, size=531), Dot("S2", None, 20, size=522))
    >>> Matrix("Scorekaart", dots, x="Kracht", y="Aantrekkelijkheid", size="Klanten").largest
    531
    """

    title: str
    dots: tuple[Dot, ...]
    x: str
    y: str
    size: str
    about: str = ""

    @property
    def largest(self) -> Number:
        """The size of the largest dot."""
        return _largest(dot.size for dot in self.dots)


@dataclass(frozen=True)
class Box:
    """The spread of many numbers: their lowest, quartile, median, other quartile and highest, in order."""

    label: str
    values: tuple[Number, ...]

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        _check(self.label, self.values)
        if len(self.values) != FIVE or list(self.values) != sorted(self.values):
            raise ValueError(f"{self.label!r} has {self.values}; expected five numbers, the lowest first")


@dataclass(frozen=True)
class Boxes:
    """Box plots (Tukey 1977) below each other; `full` fills the width, by default the largest number.

    >>> boxes = (Box("3", (0.6, 0.7, 0.8, 0.9, 1.0)),)
    >>> Boxes("Stabiliteit", boxes, things="Segmenten", measure="Adjusted Rand-index").largest
    1.0
    """

    title: str
    boxes: tuple[Box, ...]
    things: str
    measure: str
    full: Number | None = None
    about: str = ""

    @property
    def largest(self) -> Number:
        """The value that fills the whole width."""
        return self.full or _largest(box.values[-1] for box in self.boxes)


@dataclass(frozen=True)
class Flow:
    """How the parts of one division end in the parts of the next; each layer is a division.

    `layers` has the share of each part, 0 to 1; `links` from each layer to the next the shares from each part
    (rows) to each part; `purities` how dark the links to each part are drawn, 0 to 1.

    >>> links = (((0.5, 0.25, 0.25),),)
    >>> flow = Flow("Herkomst", ((1.0,), (0.5, 0.25, 0.25)), links, ((1.0, 1.0, 1.0),), things="Segmenten")
    >>> len(flow.layers)
    2
    """

    title: str
    layers: tuple[tuple[float, ...], ...]
    links: tuple[tuple[tuple[float, ...], ...], ...]
    purities: tuple[tuple[float, ...], ...]
    things: str
    about: str = ""

    def __post_init__(self) -> None:
        """Refuse links that do not go from each layer to the next."""
        wanted = [(len(one), len(other)) for one, other in pairwise(self.layers)]
        found = [(len(link), len(purity)) for link, purity in zip(self.links, self.purities, strict=True)]
        if wanted != found or any(len(row) != len(link[0]) for link in self.links for row in link):
            raise ValueError(f"{self.title!r} has links of {found} parts; expected {wanted}")


FULL = 100  # both sides of a matrix
FIVE = 5  # numbers in a box
Chart: TypeAlias = Bars | Columns | Matrix | Boxes | Flow


def _largest(values: Iterable[Number | None]) -> Number:
    return max((value for value in values if value is not None), default=0)


def _check(label: str, values: Iterable[Number | None]) -> None:
    """Refuse a number that has no length."""
    wrong = [value for value in values if value is not None and not _has_length(value)]
    if wrong:
        raise ValueError(f"{label!r} has the value {wrong[0]}; expected a number of 0 or more, or None")


def _has_length(value: Number) -> bool:
    return Decimal(value).is_finite() and value >= 0
