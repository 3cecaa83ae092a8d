"""Questionnaires as ASCII: a list of items, and one line per questionnaire with a column per item."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from klantprofiel.warehouse import load_sql
from tests.spec.ascii import AS_OF, given_rows, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from klantprofiel.warehouse import Run

PACKAGE: Final = "klantprofiel.profiles.survey"
ABOUT: Final = ("record_id", "survey_id", "wave", "answered_at", "seconds", "source")
ITEMS: Final = """
| item_id | construct | measures | lowest | highest | is_reversed |
| A1      | gemak     | motive   | 1      | 5       | false       |
| A2      | gemak     | motive   | 1      | 5       | true        |
| A3      | gemak     | motive   | 1      | 5       |             |
| A4      | gemak     | motive   | 1      | 5       | false       |
| B1      | belang    | need     | 1      | 5       | false       |
| B2      | belang    | need     | 1      | 5       | false       |
"""


def surveyed(
    questionnaires: str,
    items: str = ITEMS,
    *,
    steps: Sequence[str] = (),
    customers: Mapping[str, str | None] | None = None,
    as_of: date = AS_OF,
) -> Run:
    """Return a run with the facts of surveys, and the tables of `steps`; record crm/1 is customer K-000001.

    `customers` says otherwise of some records; None is nobody.
    """
    return surveyed_rows(read(questionnaires), read(items), steps=steps, customers=customers, as_of=as_of)


def surveyed_rows(
    questionnaires: Iterable[Mapping[str, object]],
    items: Iterable[Mapping[str, object]],
    *,
    steps: Sequence[str] = (),
    customers: Mapping[str, str | None] | None = None,
    as_of: date = AS_OF,
) -> Run:
    """Return the same of rows, which name their columns."""
    run = given_rows(survey_tables(questionnaires, items, customers or {}), as_of=as_of)
    make_steps(run, steps)
    return run


def make_steps(run: Run, steps: Sequence[str]) -> None:
    """Make the list of items, the facts and the tables of `steps`."""
    for step in ("survey_items", "survey_answers", *steps):
        run.make(load_sql(PACKAGE, step))


def survey_tables(
    questionnaires: Iterable[Mapping[str, object]],
    items: Iterable[Mapping[str, object]],
    customers: Mapping[str, str | None] = MappingProxyType({}),
) -> dict[str, list[dict[str, object]]]:
    """Return the rows of the canonical tables and of the registry."""
    wide = [
        {"source": "bureau", "answered_at": "2026-09-01", "wave": "w1", "survey_id": "s"} | dict(row)
        for row in questionnaires
    ]
    known = {str(row["record_id"]): f"K-{int(str(row['record_id']).rpartition('/')[2]):06}" for row in wide}
    return {
        "identity.survey_answers": [
            {name: row.get(name) for name in ABOUT} | {"item_id": item, "answer": answer}
            for row in wide
            for item, answer in row.items()
            if item not in ABOUT
        ],
        "identity.survey_items": [{"source": "bureau"} | dict(row) for row in items],
        "identity.customer_records": [
            {"record_id": record, "customer_id": customer}
            for record, customer in (known | dict(customers)).items()
            if customer
        ],
    }
