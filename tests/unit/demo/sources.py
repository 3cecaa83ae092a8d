"""One small world, and what its sources deliver, made once for the tests that look at it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc

from klantprofiel.demo.company import KINDS
from klantprofiel.demo.deliveries import SOURCES
from klantprofiel.demo.world import World, make_world

if TYPE_CHECKING:
    from klantprofiel.demo.dated import Dated
    from klantprofiel.demo.deliveries import Source
    from klantprofiel.demo.draws import Ints

N_PERSONS = 12_000
DAYS = 200
OWN = (
    "klantcontacten.jsonl",
    "reviews.jsonl",
    "onderzoek.xlsx",
    "vragen.csv",
    "toezeggingen.csv",
    "abonnementen.csv",
    "abonnementsvormen.csv",
    "campagnes.csv",
    "zakelijke_klanten.csv",
    "zakelijke_bestellingen.csv",
)
KIND_NAMES = tuple(kind.name for kind in KINDS)


def source(name: str) -> Source:
    return next(each for each in SOURCES if each.name == name)


@cache
def world() -> World:
    return make_world(N_PERSONS, seed=5, days=DAYS)


@cache
def made(name: str) -> Dated:
    return source(name).make(world())


def column(name: str, header: str) -> list[Any]:
    values: list[Any] = made(name).rows[header].to_pylist()
    return values


def person_of(name: str, header: str = "klantnr") -> Ints:
    """Return the person behind each row of a source, -1 where no number stands."""
    registered = world().webshop if header == "accountnr" else world().crm
    row = pc.index_in(made(name).rows[header], value_set=registered.number)
    row = row.combine_chunks().fill_null(-1).to_numpy()
    return np.where(row >= 0, registered.person[row], -1)


def kind_of(name: str, header: str = "klantnr") -> list[str]:
    """Return the planted kind behind each row of a source, empty where no number stands."""
    person = person_of(name, header)
    return [KIND_NAMES[world().people.kind[each]] if each >= 0 else "" for each in person]
