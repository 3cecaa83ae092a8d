"""Which values so many records hold that they say nothing of a person: found at training, then frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from klantprofiel.unification.standard.placeholders import BIRTH_DATES
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run

TABLE: Final = "identity.placeholder_values"
COLUMNS: Final = {"kind": "VARCHAR", "standard": "VARCHAR", "found_by": "VARCHAR", "n_records": "BIGINT"}


def find_placeholders(run: Run) -> None:
    """Write `identity.placeholder_values` anew from `identity.customers` and `identity.standard_values`.

    Called when a model is trained; until the next time `identity.link_records` leaves out what it holds.
    Only e-mail addresses, phone numbers, id numbers and birth dates can be too frequent: a common surname is
    a name.
    """
    statement = load_sql(__package__, "placeholder_values")
    run.make(statement, types={"n_records": "BIGINT"}, listed_days=list(BIRTH_DATES))
    _list_birth_dates(run)


def make_placeholders(run: Run) -> None:
    """Make `identity.placeholder_values` unless the release has it; what is listed always stands in it."""
    if not run.has(TABLE):
        run.create(
            TABLE,
            COLUMNS,
            describes="values that fill a field without saying who someone is; they never link anybody.",
            grain="One row per kind and standard value; found_by is list (declared) or frequency.",
            made_from=("identity.customers", "identity.standard_values"),
        )
    _list_birth_dates(run)


def _list_birth_dates(run: Run) -> None:
    run.execute(
        f"insert into {TABLE} select 'birth_date', listed, 'list', 0 from (select unnest($days) as listed) "
        f"anti join {TABLE} as known on known.kind = 'birth_date' and known.standard = listed",
        days=[day.isoformat() for day in BIRTH_DATES],
    )
