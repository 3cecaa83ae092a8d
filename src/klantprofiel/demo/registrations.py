"""Who stands in which source under which number: the CRM, the web shop, or both; some twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from klantprofiel.demo.company import N_DAYS
from klantprofiel.demo.draws import Ints, Texts, chance, digits, join, stream

if TYPE_CHECKING:
    from klantprofiel.demo.habits import Habits

CRM: Final = "crm"
WEBSHOP: Final = "webshop"
TWICE: Final = {CRM: 0.045, WEBSHOP: 0.03}  # share of the persons with a second number; an eighth has a third
RECENT: Final = {CRM: 0.27, WEBSHOP: 0.5}  # share of the persons who came within the history
YEARS_BEFORE: Final = {CRM: 11, WEBSHOP: 6}  # how long the source existed before the history


@dataclass(frozen=True)
class Registrations:
    """One row per customer number of one source, in the order in which they were given out.

    `person` is an index into the persons, `copy` is 0 for a person's first number here, and `start` is the
    day of the history on which it was given out, negative for before the history.
    """

    source: str
    person: Ints
    copy: Ints
    start: Ints
    number: Texts

    def __len__(self) -> int:
        """Return how many customer numbers there are."""
        return len(self.person)

    def first_of(self, n_persons: int) -> Ints:
        """Return the row of each person's first number, -1 for who is not in this source."""
        first = np.full(n_persons, -1)
        own = np.flatnonzero(self.copy == 0)
        first[self.person[own]] = own
        return first

    def last_of(self, n_persons: int) -> Ints:
        """Return the row of each person's last number, -1 for who is not in this source."""
        last = np.full(n_persons, -1)
        order = np.argsort(self.copy, kind="stable")
        last[self.person[order]] = order
        return last

    def start_of(self, rows: Ints) -> Ints:
        """Return the first day of the numbers in `rows`; for row -1, nobody's, that is after the history."""
        return np.append(self.start, N_DAYS)[rows]


def make_registrations(habits: Habits, seed: int) -> tuple[Registrations, Registrations]:
    """Return the registrations in the CRM and in the web shop; everybody stands in at least one."""
    rng = stream(seed, "registrations")
    n = len(habits.online)
    in_webshop = chance(rng, 0.08 + 0.9 * habits.online, n)
    in_crm = chance(rng, 0.88 - 0.3 * habits.online, n) | ~in_webshop
    return _register(rng, CRM, np.flatnonzero(in_crm)), _register(rng, WEBSHOP, np.flatnonzero(in_webshop))


def _register(rng: np.random.Generator, source: str, persons: Ints) -> Registrations:
    spot, twice = rng.random(len(persons)), TWICE[source]
    times = 1 + (spot < twice) + (spot < twice / 8)
    person = np.repeat(persons, times)
    copy = np.arange(len(person)) - np.repeat(np.cumsum(times) - times, times)
    started = _starts(rng, source, len(persons))
    start = np.repeat(started, times)
    later = np.floor((N_DAYS - start) * (copy + rng.random(len(person))) / 3).astype(np.int64)
    start = np.minimum(np.where(copy > 0, start + later, start), N_DAYS - 1)
    order = np.lexsort((copy, person, start))
    return Registrations(source, person[order], copy[order], start[order], _numbers(source, len(order)))


def _starts(rng: np.random.Generator, source: str, n: int) -> Ints:
    spot = rng.random(n)
    before = -1 - np.floor(spot * YEARS_BEFORE[source] * 365).astype(np.int64)
    return np.where(chance(rng, RECENT[source], n), np.floor(spot * N_DAYS).astype(np.int64), before)


def _numbers(source: str, n: int) -> Texts:
    """Return customer numbers; seven digits or a letter in front, so none looks like a BSN."""
    given_out = np.arange(n) * 3 + np.arange(n) % 2
    return digits(1_000_000 + given_out) if source == CRM else join("W", digits(10_000 + given_out, 7))
