"""Dirt: rows that no contract should let through, planted in the deliveries and told of in the truth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klantprofiel.demo.company import DIRT_SHARE

if TYPE_CHECKING:
    from klantprofiel.demo.registers import Frame


@dataclass(frozen=True)
class Stain:
    """One kind of dirt: the column it falls in and what stands there then; None makes the field empty."""

    kind: str
    column: str
    value: Any


DIRTY_CRM: Final = (
    Stain("unreadable date", "geboortedatum", "31-02-1980"),
    Stain("unreadable date", "ingeschreven_op", "2019/04/12"),
    Stain("unknown choice", "geslacht", "K"),
    Stain("missing", "klantnr", None),
    Stain("missing", "ingeschreven_op", None),
    Stain("future", "ingeschreven_op", "14-03-2062"),
)
DIRTY_CONSENTS: Final = (
    Stain("unknown choice", "verklaring", "misschien"),
    Stain("unknown choice", "kanaal", "duif"),
    Stain("missing", "klantnr", None),
    Stain("unreadable date", "vastgelegd_op", "vorige week"),
    Stain("future", "vastgelegd_op", "01-10-2062 09:30:00"),
)
DIRTY_RECEIPTS: Final = (
    Stain("negative", "aantal", "-3"),
    Stain("unreadable date", "tijdstip", "30-02-2025 14:10:00"),
    Stain("unreadable number", "bedrag", "12.50 euro"),
    Stain("unknown choice", "retour", "X"),
    Stain("missing", "bonnr", None),
    Stain("missing", "tijdstip", None),
    Stain("future", "tijdstip", "02-09-2062 11:45:00"),
)
DIRTY_ACCOUNTS: Final = (
    Stain("missing", "accountnr", None),
    Stain("missing", "aangemaakt_op", None),
    Stain("future", "aangemaakt_op", date(2062, 5, 4)),
)
DIRTY_WEB_ORDERS: Final = (
    Stain("negative", "aantal", -1),
    Stain("missing", "bestelnr", None),
    Stain("missing", "besteld_op", None),
    Stain("unknown choice", "retour", "?"),
    Stain("future", "besteld_op", datetime(2062, 9, 1, 12, 0)),  # noqa: DTZ001 - delivered in UTC, without a zone
)


def plant(rng: np.random.Generator, table: Frame, stains: tuple[Stain, ...]) -> tuple[Frame, Frame]:
    """Return the table with one row in a hundred stained, and which rows those are.

    The second table has one row per stained row: `record` (its number in the file, the first is 1), `kind`
    and `column`. Kinds take turns, so a file with enough rows holds them all.
    """
    rows = np.sort(rng.choice(table.num_rows, int(table.num_rows * DIRT_SHARE), replace=False))
    turn = rng.permutation(len(rows)) % len(stains)
    for number, stain in enumerate(stains):
        mask = np.zeros(table.num_rows, bool)
        mask[rows[turn == number]] = True
        at = table.column_names.index(stain.column)
        column = table.column(at)
        value = pa.scalar(stain.value, column.type)
        table = table.set_column(at, stain.column, pc.if_else(pa.array(mask), value, column))
    planted = {
        "record": pa.array(rows + 1, pa.int64()),
        "kind": pa.array([stains[number].kind for number in turn], pa.string()),
        "column": pa.array([stains[number].column for number in turn], pa.string()),
    }
    return table, pa.table(planted)
