"""What is really so, for tests and benchmarks: who is behind each number, and which rows are dirt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from klantprofiel.demo import attitudes, experiences, survey
from klantprofiel.demo.company import KINDS
from klantprofiel.demo.draws import digits, join, pick, read_list, texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from klantprofiel.demo.dated import Frame
    from klantprofiel.demo.draws import Ints, Texts
    from klantprofiel.demo.files import GeneratedFile
    from klantprofiel.demo.registrations import Registrations
    from klantprofiel.demo.world import World


def write(world: World, files: Sequence[GeneratedFile], stained: Sequence[Frame], folder: Path) -> None:
    """Write all that is true in a folder, as Parquet."""
    tables = {
        "personen": persons(world),
        "huishoudens": households(world),
        "registraties": records(world),
        "vuil": pa.concat_tables(stained),
        "bestanden": manners(files),
        "houdingen": attitudes.truth(world),
        "tevredenheid": experiences.truth(world),
        "respondenten": survey.truth(world),
    }
    for name, table in tables.items():
        pq.write_table(table.combine_chunks(), folder / f"{name}.parquet", compression="zstd")


def persons(world: World) -> Frame:
    """Return one row per person: household, planted kind, and the values as that person would write them."""
    people, towns = world.people, read_list("municipalities")
    home = people.household
    place = people.addresses.place[home]
    return pa.table(
        {
            "person_id": _person_ids(np.arange(len(people))),
            "household_id": _household_ids(home),
            "kind": pick(texts(tuple(kind.name for kind in KINDS)), people.kind),
            "sex": pick(texts(("M", "V")), people.is_woman.astype(np.int64)),
            "born_on": pa.array(people.born_on),
            "given_name": people.given_name,
            "surname_prefix": people.prefix,
            "surname": people.surname,
            "email": people.email,
            "second_email": people.second_email,
            "mobile": people.mobile,
            "landline": people.landline,
            "loyalty_number": people.card,
            "street": pick(people.addresses.street, home),
            "house_number": pick(people.addresses.number, home),
            "house_number_addition": pick(people.addresses.addition, home),
            "postal_code": pick(people.addresses.postal_code, home),
            "place": pick(texts(towns["place"]), place),
            "province": pick(texts(towns["province"]), place),
        }
    )


def households(world: World) -> Frame:
    """Return one row per household: how many people live there, and how many of them are customers."""
    people = world.people
    heads = np.flatnonzero(people.is_head())
    return pa.table(
        {
            "household_id": _household_ids(people.household[heads]),
            "head_person_id": _person_ids(heads),
            "size": pick(people.household_size, heads),
            "n_customers": pa.array(np.bincount(people.household)),
        }
    )


def records(world: World) -> Frame:
    """Return one row per customer number of each source: the person behind it, and whether it is a second."""
    days = texts(tuple(day.isoformat() for day in world.calendar.delivery_days))
    registers = (
        (registered, pick(days, world.calendar.delivery_of(registered.start)))
        for registered in (world.crm, world.webshop)
    )
    return pa.concat_tables([_records(registered, delivered_on) for registered, delivered_on in registers])


def manners(files: Sequence[GeneratedFile]) -> Frame:
    """Return one row per file: the days on which it came and of which it holds the news, and how it came."""
    return pa.table(
        {
            "file": pa.array([file.path.as_posix() for file in files], pa.string()),
            "delivered_on": pa.array([file.delivered_on for file in files], pa.date32()),
            "of_day": pa.array([file.of_day for file in files], pa.date32()),
            "manner": pa.array([file.manner for file in files], pa.string()),
            "n_records": pa.array([file.n_records for file in files], pa.int64()),
            "n_dirty": pa.array([file.n_dirty for file in files], pa.int64()),
        }
    )


def _records(registered: Registrations, delivered_on: Texts) -> Frame:
    return pa.table(
        {
            "source": pa.array([registered.source] * len(registered), pa.string()),
            "customer_number": registered.number,
            "person_id": _person_ids(registered.person),
            "is_second_number": pa.array(registered.copy > 0),
            "delivered_on": delivered_on,
        }
    )


def _household_ids(index: Ints) -> Texts:
    return join("H-", digits(index, 8))


def _person_ids(index: Ints) -> Texts:
    return join("P-", digits(index, 8))
