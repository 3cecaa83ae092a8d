"""Records to link, made of a few lists by arithmetic; every third person stands in a second source."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable

    from klantprofiel.warehouse import Run

COLUMNS = """
record_id source given_name initials surname surname_long other_surname birth_date sex email email_user
phone id_number iban street house_number house_number_addition postal_code place country
"""
GIVEN = """
anna bert carla david els frank greet hans iris jan karin leo mia noor otto petra rik sara tom willem
"""
SYLLABLES = """
ber den hof kamp laar meer rood sloot veld wijk zand dijk
"""
NAMES, PARTS = GIVEN.split(), SYLLABLES.split()


def record(record_id: str, **values: object) -> dict[str, object]:
    """One record, of which what is not given is unknown."""
    row = (
        dict.fromkeys(COLUMNS.split())
        | {"record_id": record_id, "source": record_id.partition("/")[0]}
        | values
    )
    if row["given_name"] and not row["initials"]:
        row["initials"] = str(row["given_name"])[0]
    row["surname_long"] = row["surname_long"] or row["surname"]
    return row


def person(number: int) -> dict[str, object]:
    """What is known of a person; people of one household, four by four, share surname and address."""
    home = number // 4
    surname = PARTS[home % 12] + PARTS[home // 12 % 12] + PARTS[home // 144 % 12]
    return {
        "given_name": NAMES[(number * 7 + number // 20) % 20],
        "surname": surname,
        "birth_date": dt.date(1940, 1, 1) + dt.timedelta(days=number * 7919 % 23000),
        "email": f"{number * 7907 % 10007}x@post{number * 31 % 97}.example",
        "email_user": f"{number * 7907 % 10007}x",
        "street": PARTS[home % 12] + "straat",
        "house_number": str(home % 89 + 1),
        "postal_code": f"{1000 + home % 400}AB",
        "place": PARTS[home % 7],
    }


def people(n_people: int) -> list[dict[str, object]]:
    """Everybody in the shop's file, and every third person in the club's too, often with a typing error."""
    records = [record(f"shop/{number:05}", **person(number)) for number in range(n_people)]
    for number in range(0, n_people, 3):
        known = person(number)
        if number % 2:
            known["surname"] = str(known["surname"])[::-1][1:][::-1]
        if number % 4 == 0:
            known["email"] = known["email_user"] = None
        if number % 5 == 0:
            known["birth_date"] = None
        records.append(record(f"club/{number:05}", **known))
    return records


def deliver(run: Run, records: Iterable[dict[str, object]], touched: Iterable[str] | None = None) -> None:
    """Make `identity.link_records` of the records, and touch all of them or those that are named."""
    table = _table(records)
    run.write("identity.link_records", table, describes="records.", grain="One row per record.")
    names = table["record_id"].to_pylist() if touched is None else list(touched)
    run.write(
        "identity.touched_records",
        pa.table({"record_id": pa.array(names, pa.string())}),
        describes="touched.",
        grain="One row per record.",
    )


def _table(records: Iterable[dict[str, object]]) -> Any:  # noqa: ANN401  pyarrow ships no types
    types = {name: pa.date32() if name == "birth_date" else pa.string() for name in COLUMNS.split()}
    return pa.Table.from_pylist(list(records), schema=pa.schema(list(types.items())))
