"""The calendar of the deliveries, and rows that know in which of them they come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from klantprofiel.demo.company import N_DAYS, delivery_days

if TYPE_CHECKING:
    from datetime import date

    from klantprofiel.demo.draws import Ints

Frame: TypeAlias = Any  # a pyarrow table; pyarrow ships no types


@dataclass(frozen=True)
class Calendar:
    """How many daily deliveries follow the first one, which holds all history before it."""

    days: int

    @property
    def delivery_days(self) -> tuple[date, ...]:
        """The days on which something is delivered, the first with all history."""
        return delivery_days(self.days)

    @property
    def first(self) -> int:
        """The day of the history, counted from 0, on which the first delivery comes."""
        return N_DAYS - self.days

    def delivery_of(self, numbers: Ints) -> Ints:
        """Return which delivery, counted from 0, is the first to hold what happened on these days.

        What happens on a day is delivered the night after it.

        >>> Calendar(days=2).delivery_of(np.array([-5, N_DAYS - 3, N_DAYS - 2, N_DAYS - 1])).tolist()
        [0, 0, 1, 2]
        """
        return np.clip(numbers - self.first + 1, 0, self.days)


def latest(key: Ints, delivery: Ints) -> Ints:
    """Return the rows that are the last of their key in their delivery; rows stand by key, then in time.

    >>> latest(np.array([7, 7, 7, 8]), np.array([0, 0, 2, 0])).tolist()
    [1, 2, 3]
    """
    is_followed = (key[1:] == key[:-1]) & (delivery[1:] == delivery[:-1])
    return np.flatnonzero(np.append(~is_followed, True)[: len(key)])


@dataclass(frozen=True)
class Dated:
    """The rows of one source; `day` is the delivery, counted from 0, that holds each of them."""

    rows: Frame
    day: Ints
