"""What respondents answer: a true score, noise, a habit of agreeing, and the few who do not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from klantprofiel.demo.attitudes import CONSTRUCTS
from klantprofiel.demo.draws import chance, read_list

if TYPE_CHECKING:
    from klantprofiel.demo.attitudes import Attitudes
    from klantprofiel.demo.draws import Flags, Floats, Ints

LOADING: Final = 0.77
"""Correlation of an item with its true score: with 4 or 5 items, alpha comes out at about .8."""
PASSING_MOOD: Final = 0.25  # spread of a true score from wave to wave
UNANSWERED: Final = 0.025  # share of the items, besides who breaks off
BREAKS_OFF: Final = 0.04  # share of respondents
STRAIGHT: Final = 0.05
"""Share of respondents that gives one answer to all statements; with those who only hurry, about the 10 to
12% of careless respondents that Meade and Craig found (Psychological Methods 17(3), 2012)."""
HURRIED: Final = 0.05  # share of the others
MINUTES: Final = 11.5  # median; who does not read needs a quarter of it
NEEDS: Final = np.array(  # importance of B01 to B08 on 1 to 5; kinds in the order of company.KINDS
    [
        [3.3, 4.4, 4.1, 2.8, 4.0, 3.7, 3.0, 2.9],
        [3.5, 3.7, 2.6, 4.2, 3.6, 3.9, 4.4, 2.7],
        [3.8, 3.8, 2.8, 4.4, 3.9, 3.0, 3.1, 3.2],
        [3.4, 4.3, 3.6, 3.3, 4.3, 2.6, 2.2, 1.8],
        [4.8, 3.1, 2.4, 3.1, 3.4, 2.4, 2.6, 2.2],
    ]
)
MEDIA: Final = (
    np.array(  # use of M01 to M09 on 1 to 5, set so that age shows as in CBS figures on social media, 2019
        [
            [4.3, 3.6, 3.9, 3.9, 3.1, 1.6, 2.3, 1.7, 3.2],
            [2.3, 2.1, 1.7, 1.6, 2.3, 4.4, 4.1, 3.3, 2.6],
            [3.2, 3.1, 2.2, 2.8, 3.6, 3.4, 3.3, 2.8, 3.2],
            [3.7, 3.8, 2.7, 3.0, 3.0, 2.0, 4.1, 1.3, 2.3],
            [3.7, 2.9, 2.7, 4.4, 3.5, 2.4, 2.8, 1.9, 4.0],
        ]
    )
)
EXPECTED: Final = np.array(
    [[3.6, 30], [1.9, 8], [1.8, 14], [2.8, 24], [3.4, 26]]
)  # E01 in days, E02 in hours
IMAGE: Final = np.array(  # log odds that an attribute is given to Hoefblad, Hamerstal and Nestwarm
    [
        [-0.3, 0.5, 0.2, 0.2, 0.8, 0.7, 0.1, 0.6],
        [0.6, 0.3, -1.2, -0.9, 0.7, 0.1, 0.2, -1.1],
        [-0.7, -0.8, 1.1, -0.1, -0.3, 0.2, 0.4, 0.5],
    ]
)


@dataclass(frozen=True)
class Respondents:
    """Who answers in one wave, one element each; `satisfaction` is that of the moment."""

    person: Ints
    kind: Ints
    satisfaction: Floats
    is_straight: Flags
    is_hurried: Flags
    seconds: Ints


def make_respondents(rng: np.random.Generator, person: Ints, kind: Ints, satisfaction: Floats) -> Respondents:
    """Draw how attentive those who answer are, and how long they take."""
    n = len(person)
    straight = chance(rng, STRAIGHT, n)
    hurried = np.where(straight, chance(rng, 0.5, n), chance(rng, HURRIED, n))
    seconds = 60 * MINUTES * rng.lognormal(0, 0.35, n) * np.where(hurried, 0.25, 1)
    return Respondents(person, kind, satisfaction, straight, hurried, seconds.astype(np.int64))


def answers(
    rng: np.random.Generator, who: Respondents, attitudes: Attitudes, drift: Floats
) -> tuple[Ints, Flags]:
    """Return the answer of each respondent (rows) to each item (columns), and which of them were given.

    `drift` is how far each attitude has moved since the first wave, per kind and construct.
    """
    lowest, highest = (np.array(read_list("survey_items")[end], np.int64) for end in ("lowest", "highest"))
    felt = np.hstack(
        [
            _statements(rng, who, attitudes, drift),
            NEEDS[who.kind] + rng.normal(0, 0.35, (len(who.person), 1)) + _noise(rng, who, 8, 0.75),
            MEDIA[who.kind] + _noise(rng, who, 9, 1.0),
            7.5 + 1.5 * who.satisfaction[:, None] + _noise(rng, who, 1, 1.2),
            7.3 + 0.8 * who.satisfaction[:, None] + _noise(rng, who, 4, 0.7),
            EXPECTED[who.kind] * rng.lognormal(0, 0.4, (len(who.person), 2)),
            _image(rng, who),
        ]
    )
    given = np.clip(np.rint(felt), lowest, highest).astype(np.int64)
    n_statements = read_list("survey_items")["construct"].index("belang")
    one = rng.integers(2, 5, len(given))
    given[who.is_straight, :n_statements] = one[who.is_straight, None]
    return given, _answered(rng, given.shape)


def _statements(rng: np.random.Generator, who: Respondents, attitudes: Attitudes, drift: Floats) -> Floats:
    """Return what is felt about each statement, on 1 to 5; who likes to agree does so with opposites too."""
    items = read_list("survey_items")
    columns = [at for at, name in enumerate(items["construct"]) if name in CONSTRUCTS]
    construct = np.array([CONSTRUCTS.index(items["construct"][at]) for at in columns])
    sign = np.array([-1 if items["reversed"][at] == "ja" else 1 for at in columns])
    n = len(who.person)
    mood = rng.normal(0, PASSING_MOOD, (n, len(CONSTRUCTS)))
    score = attitudes.scores[who.person] + drift[who.kind] + mood
    noise = rng.normal(0, np.sqrt(1 - LOADING**2), (n, len(columns)))
    agreed = sign * LOADING * score[:, construct] + noise + attitudes.agreeing[who.person, None]
    felt: Floats = 3.1 + 1.05 * agreed
    return felt


def _image(rng: np.random.Generator, who: Respondents) -> Floats:
    """Return 1 for each brand and attribute that a respondent ticks; the satisfied tick more of Hoefblad."""
    odds = np.tile(IMAGE.ravel(), (len(who.person), 1)) + rng.normal(-0.3, 0.7, (len(who.person), 1))
    odds[:, : IMAGE.shape[1]] += 0.6 * who.satisfaction[:, None]
    ticked: Floats = (rng.random(odds.shape) < 1 / (1 + np.exp(-odds))).astype(float)
    return ticked


def _noise(rng: np.random.Generator, who: Respondents, n_items: int, spread: float) -> Floats:
    return rng.normal(0, spread, (len(who.person), n_items))


def _answered(rng: np.random.Generator, shape: tuple[int, ...]) -> Flags:
    """Return which answers were given: some items are skipped, and some people stop halfway."""
    n, n_items = shape
    stops = np.where(chance(rng, BREAKS_OFF, n), rng.integers(n_items // 3, n_items, n), n_items)
    reached = np.arange(n_items) < stops[:, None]
    answered: Flags = reached & (rng.random(shape) >= UNANSWERED)
    return answered
