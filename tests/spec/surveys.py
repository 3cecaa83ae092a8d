"""Survey tables as the survey theme leaves them, written in ASCII."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from tests.spec.ascii import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from klantprofiel.warehouse import Run

ITEMS: Final = """
| source    | item_id | measures       | lowest | highest |
| onderzoek | Q1      | recommendation | 0      | 10      |
| onderzoek | Q2      | satisfaction   | 1      | 10      |
| onderzoek | Q3      | satisfaction   | 1      | 5       |
| onderzoek | Q4      | attitude       | 0      | 10      |
| onderzoek | Q5      | recommendation | 1      | 5       |
"""
KINDS: Final[dict[str, tuple[pa.DataType, Callable[[str], object]]]] = {
    "answer": (pa.int64(), int),
    "lowest": (pa.int64(), int),
    "highest": (pa.int64(), int),
    "answered_on": (pa.date32(), date.fromisoformat),
    "is_careless": (pa.bool_(), lambda text: text == "true"),
}
CARELESS: Final = "| customer_id | source | survey_id | wave | is_careless |"


def put_survey(run: Run, answers: str, *, items: str = ITEMS, careless: str = CARELESS) -> None:
    """Write survey_answers (of source `onderzoek` and survey `s`), survey_items and survey_quality."""
    given = [{"source": "onderzoek", "survey_id": "s"} | row for row in read(answers)]
    columns = ("customer_id", "source", "survey_id", "wave", "item_id", "answered_on", "answer")
    _write(run, "survey_answers", columns, given)
    _write(run, "survey_items", tuple(read(items)[0]), read(items))
    _write(
        run,
        "survey_quality",
        ("customer_id", "source", "survey_id", "wave", "is_careless"),
        read(careless),
    )


def _write(run: Run, name: str, columns: tuple[str, ...], rows: list[dict[str, object]]) -> None:
    arrays = {}
    for column in columns:
        kind, of = KINDS.get(column, (pa.string(), str))
        values = [row.get(column) for row in rows]
        arrays[column] = pa.array([None if value is None else of(str(value)) for value in values], kind)
    run.write(name, pa.table(arrays), describes="given.", grain="One row per line.")
