"""What is really so, for tests and benchmarks: who is behind each number, and which rows are dirt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from klantprofiel.demo.company import DELIVERY_DAYS, KINDS, delivery_of
from klantprofiel.demo.draws import digits, join, pick, read_list, texts

if TYPE_CHECKING:
    from klantprofiel.demo.deliveries import DeliveredFile
    from klantprofiel.demo.draws import Ints, Texts
    from klantprofiel.demo.registers import Frame
    from klantprofiel.demo.registrations import Registrations
    from klantprofiel.demo.world import World


def persons(world: World) -> Frame:
    """Return one row per person: household, planted kind, and the values as that person would write them."""
    people, towns = world.people, read_list("municipalities")
    home = people.household
    place = people.addresses.place[home]
    return pa.table(
        {
            "person_id": _person_ids(np.arange(len(people))),
            "household_id": join("H-", digits(home, 8)),
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


def records(world: World) -> Frame:
    """Return one row per customer number of each source: the person behind it, and whether it is a second."""
    return pa.concat_tables([_records(registered) for registered in (world.crm, world.webshop)])


def stained_rows(files: list[DeliveredFile]) -> Frame:
    """Return one row per planted dirty row: file, record in that file, kind and column."""
    return pa.concat_tables(
        [
            file.stained.add_column(
                0, "file", pa.array([file.path.as_posix()] * file.stained.num_rows, pa.string())
            )
            for file in files
        ]
    )


def _records(registered: Registrations) -> Frame:
    days = texts(tuple(day.isoformat() for day in DELIVERY_DAYS))
    return pa.table(
        {
            "source": pa.array([registered.source] * len(registered), pa.string()),
            "customer_number": registered.number,
            "person_id": _person_ids(registered.person),
            "is_second_number": pa.array(registered.copy > 0),
            "delivered_on": pick(days, delivery_of(registered.start)),
        }
    )


def _person_ids(index: Ints) -> Texts:
    return join("P-", digits(index, 8))
