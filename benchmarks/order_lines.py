"""Order lines with their customer, as a web shop might deliver them: the declaration, and files of any size.

Twelve columns: texts, an e-mail address, dates as dd-mm-yyyy, an amount with a decimal comma, a whole number,
a flag, a choice, and empty values. One line in a hundred is soiled, each in one of eight ways.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from klantprofiel import schema as s

AS_OF: Final = date(2026, 10, 1)
ORDER_ID: Final = "B[0-9]{9}"
CHANNELS: Final = ("web", "winkel", "telefoon", "app")


class BenchOrders(s.EventTable):
    """Orderregels met hun klant: one row per order line."""

    purpose = "meting"
    retention = s.years(1)

    order_id = s.Text(label="Bestelnummer", source="bestelnr", key=True, pattern=ORDER_ID)
    customer_id = s.Text(label="Klantnummer", source="klantnr")
    surname = s.Surname(label="Achternaam", source="achternaam")
    email = s.Email(label="E-mailadres", nullable=True)
    postal_code = s.PostalCode(label="Postcode", source="postcode")
    place = s.Place(label="Woonplaats", source="woonplaats")
    birth_date = s.BirthDate(label="Geboortedatum", source="geboortedatum", nullable=True)
    ordered_on = s.Date(label="Besteld op", source="besteld_op")
    quantity = s.Integer(label="Aantal", source="aantal", unit="stuks", minimum=1)
    paid_eur = s.Amount(label="Betaald", source="betaald", unit="EUR", minimum=0)
    is_return = s.Flag(label="Retour", source="retour", values={"J": True, "N": False})
    sales_channel = s.Choice(label="Verkoopkanaal", source="kanaal", values=CHANNELS)

    not_in_future = s.rule("ordered_on <= $as_of", because="klok van de leverancier liep eens voor")


HEADERS: Final = tuple(column.header for column in BenchOrders.columns.values())

DRAW: Final = "create macro draw(i, salt, n) as cast(hash(i * 31 + salt) % n as bigint)"
LINES: Final = Path(__file__).with_suffix(".sql")


def write(path: Path, n_lines: int) -> None:
    """Write a CSV file of so many lines; the same number gives the same file."""
    header = ";".join(HEADERS)
    with duckdb.connect() as connection:
        connection.execute(DRAW)
        lines = connection.sql(LINES.read_text(encoding="utf-8"), params={"n_lines": n_lines})
        with path.open("w", encoding="utf-8") as file:
            file.write(f"{header}\n")
            for batch in lines.to_arrow_reader():
                file.write("\n".join([*batch.column("line").to_pylist(), ""]))
