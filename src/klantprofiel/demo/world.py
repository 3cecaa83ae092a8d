"""The fictional world that one seed stands for: who lives there, how they behave and what they bought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from klantprofiel.demo.assortment import Assortment, make_assortment
from klantprofiel.demo.dated import Calendar
from klantprofiel.demo.habits import Habits, make_habits
from klantprofiel.demo.people import People, make_people
from klantprofiel.demo.purchases import Lines, Orders, make_lines, make_orders
from klantprofiel.demo.registrations import Registrations, make_registrations

if TYPE_CHECKING:
    from klantprofiel.demo.draws import Flags


@dataclass(frozen=True)
class World:
    """Everything that happened, before anybody wrote it down, and the days on which it is delivered."""

    seed: int
    calendar: Calendar
    people: People
    habits: Habits
    crm: Registrations
    webshop: Registrations
    assortment: Assortment
    orders: Orders
    lines: Lines

    @property
    def is_online(self) -> Flags:
        """Whether each order line was bought online."""
        return self.orders.online[self.lines.order]

    @property
    def in_crm(self) -> Flags:
        """Whether each person has a customer number in the CRM."""
        return np.isin(np.arange(len(self.people)), self.crm.person)


def make_world(customers: int, seed: int, days: int) -> World:
    """Make the world of `seed` with so many persons; it is the same however many days it is delivered in.

    >>> world = make_world(100, seed=1, days=365)
    >>> len(world.people), len(world.people.addresses.place) < 100  # some live together
    (100, True)
    """
    people = make_people(customers, seed)
    habits = make_habits(people.kind, seed)
    crm, webshop = make_registrations(habits, seed)
    assortment = make_assortment(seed)
    orders = make_orders(habits, crm, webshop, seed)
    lines = make_lines(orders, habits, assortment, seed)
    return World(seed, Calendar(days), people, habits, crm, webshop, assortment, orders, lines)
