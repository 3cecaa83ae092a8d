"""What changes in a customer's life after registering: a new home, e-mail address, telephone or name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow.compute as pc

from klantprofiel.demo.company import N_DAYS
from klantprofiel.demo.draws import Ints, choose, digits, join, scatter, stream
from klantprofiel.demo.people import Addresses, make_addresses

if TYPE_CHECKING:
    from klantprofiel.demo.draws import Texts
    from klantprofiel.demo.people import People
    from klantprofiel.demo.registrations import Registrations

PER_YEAR: Final = 0.19  # changes per customer number that reach the CRM
KINDS_OF_CHANGE: Final = np.array([0.5, 0.25, 0.17, 0.08])  # in this order:
MOVE, EMAIL, PHONE, NAME = range(4)
FIRST = -1  # how it stood at registration


@dataclass(frozen=True)
class Versions:
    """One row per customer number and moment from which its record stood so; by number, then in time.

    `move` and `phone` point at `homes` and `phones`, -1 for those of before; `emails` counts the new e-mail
    addresses so far, `names` the new names.
    """

    row: Ints
    day: Ints
    kind: Ints
    move: Ints
    phone: Ints
    emails: Ints
    names: Ints
    homes: Addresses
    phones: Texts


def make_versions(people: People, crm: Registrations, seed: int) -> Versions:
    """Make every state of every record in the CRM, the first at registration."""
    rng = stream(seed, "changes")
    begin = np.maximum(crm.start + 1, 0)
    changed = np.repeat(np.arange(len(crm)), rng.poisson(PER_YEAR * (N_DAYS - begin) / 365.25))
    day = begin[changed] + np.floor(rng.random(len(changed)) * (N_DAYS - begin[changed])).astype(np.int64)
    kind = choose(rng, KINDS_OF_CHANGE, len(changed))
    person = crm.person[changed]
    other_name = pc.fill_null(pc.not_equal(people.partner_surname, people.surname), False)  # noqa: FBT003
    kind[(kind == NAME) & ~other_name.to_numpy(zero_copy_only=False)[person]] = MOVE
    order = np.lexsort((day, changed))
    row = np.concatenate([np.arange(len(crm)), changed[order]])
    by_number = np.argsort(row, kind="stable")
    row = row[by_number]
    kind = np.concatenate([np.full(len(crm), FIRST), kind[order]])[by_number]
    first = np.flatnonzero(kind == FIRST)[row]
    n_new = int((kind == PHONE).sum())
    return Versions(
        row=row,
        day=np.concatenate([crm.start, day[order]])[by_number],
        kind=kind,
        move=_latest(kind == MOVE, first),
        phone=_latest(kind == PHONE, first),
        emails=_count(kind == EMAIL, first),
        names=_count(kind == NAME, first),
        homes=make_addresses(rng, people.kind[crm.person[row[kind == MOVE]]]),
        phones=join(
            "066", digits(scatter(len(people) + np.arange(n_new), size=10_000_000, offset=3_141_592), 7)
        ),
    )


def _count(happened: Ints, first: Ints) -> Ints:
    """Return how often it happened so far, from the row `first` on."""
    total = np.cumsum(happened)
    return total - total[first]


def _latest(happened: Ints, first: Ints) -> Ints:
    """Return the number of the last time it happened, counted over all rows; -1 when not since `first`."""
    total = np.cumsum(happened)
    return np.where(total > total[first], total - 1, -1)
