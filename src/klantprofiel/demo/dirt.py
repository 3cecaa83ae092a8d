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
    from klantprofiel.demo.dated import Frame
    from klantprofiel.demo.draws import Ints


ROW_BEFORE: Final = object()


@dataclass(frozen=True)
class Stain:
    """One kind of dirt: the column it falls in and what stands there then.

    None makes the field empty, ROW_BEFORE repeats what the row before it in the file holds.
    """

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


def plant(
    rng: np.random.Generator, table: Frame, files: Ints, stains: tuple[Stain, ...]
) -> tuple[Frame, Frame]:
    """Return the table with one row in a hundred of each file stained, and which rows those are.

    `files` holds where each file begins, and at the end where the last one ends. The second table has one row
    per stained row: `file` (its place in `files`), `record` (its number in the file, the first is 1), `kind`
    and `column`. Kinds take turns, so enough rows hold them all; a file of less than a hundred stays clean.
    """
    sizes = np.diff(files)
    n_stained = (sizes * (DIRT_SHARE if stains else 0)).astype(np.int64)
    number = np.repeat(np.arange(len(sizes)), n_stained)
    rows = files[number] + np.concatenate(
        [np.zeros(0, np.int64)]
        + [np.sort(rng.choice(sizes[file], n, replace=False)) for file, n in enumerate(n_stained) if n]
    )
    record = rows - files[number] + 1
    turn = rng.permutation(len(rows)) % max(len(stains), 1)
    repeats = np.array([stain.value is ROW_BEFORE for stain in stains] + [False])
    has_clean_before = (record > 1) & ~np.isin(rows - 1, rows)
    turn = np.where(repeats[turn] & ~has_clean_before, (turn + 1) % max(len(stains), 1), turn)
    for place, stain in enumerate(stains):
        table = _stained(table, rows[turn == place], stain)
    planted = {
        "file": pa.array(number, pa.int64()),
        "record": pa.array(record, pa.int64()),
        "kind": pa.array([stains[place].kind for place in turn], pa.string()),
        "column": pa.array([stains[place].column for place in turn], pa.string()),
    }
    return table, pa.table(planted)


def _stained(table: Frame, rows: Ints, stain: Stain) -> Frame:
    at = table.column_names.index(stain.column)
    column = table.column(at).combine_chunks()
    mask = np.zeros(table.num_rows, bool)
    mask[rows] = True
    if stain.value is ROW_BEFORE:
        column = pc.replace_with_mask(column, pa.array(mask), column.take(pa.array(rows - 1)))
    else:
        column = pc.if_else(pa.array(mask), pa.scalar(stain.value, column.type), column)
    return table.set_column(at, stain.column, column)
