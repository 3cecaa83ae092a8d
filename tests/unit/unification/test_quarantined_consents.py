"""A statement that cannot be read is no permission."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from klantprofiel import schema as s
from klantprofiel.ingestion import Delivery, ingest
from klantprofiel.unification import unify
from klantprofiel.validation import validate
from klantprofiel.warehouse import Warehouse
from tests.spec.ascii import given

if TYPE_CHECKING:
    from pathlib import Path

FIRST = date(2026, 9, 1)
SECOND = date(2026, 9, 2)
END_OF_FIRST = datetime(2026, 9, 1, 23, 59, 59)  # noqa: DTZ001  stored moments are UTC without a zone
Row = tuple[str, str, str, str, datetime]


class Members(s.CustomerTable, maps_to=s.canonical.Customers):
    """Leden: one row per member."""

    source = "crm"
    purpose = "uitvoering overeenkomst"
    retention = s.years(7)
    customer_id = s.Text(label="Lidnummer", key=True)


class Statements(s.EventTable, maps_to=s.canonical.Consents):
    """Toestemmingen: one row per statement."""

    source = "crm"
    purpose = "wettelijke plicht"
    retention = s.years(7)
    quarantine = s.at_most(share=1.0)
    customer_id = s.Text(label="Lidnummer", key=True)
    about = s.Text(label="Doel", name="purpose", key=True)
    channel = s.Choice(label="Kanaal", key=True, values={"e-mail": "email", "post": "post"})
    stated_at = s.Timestamp(label="Verklaard op", key=True)
    status = s.Choice(label="Status", key=True, values={"ja": "given", "nee": "withdrawn"})


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "klanten")


def consents(warehouse: Warehouse, statements: str, *, as_of: date = FIRST) -> list[Row]:
    """Deliver member 1 and statements in a run, and return the consents that follow."""
    folder = warehouse.store.root.parent
    members, stated = folder / "leden.csv", folder / f"toestemmingen-{as_of}.csv"
    members.write_text("customer_id\n1\n")
    stated.write_text(f"customer_id;purpose;channel;stated_at;status\n{statements}\n")
    with warehouse.run("nightly", as_of=as_of) as run:
        ingest(run, [Delivery(table=Members, path=members), Delivery(table=Statements, path=stated)])
        validate(run)
        unify(run)
        return run.rows("select customer_id, purpose, channel, status, stated_at from consents order by all")


GIVEN = "1;nieuwsbrief;e-mail;01-08-2026 10:00:00;ja"
LOADED = ("K-000001", "nieuwsbrief", "email", "given", datetime(2026, 8, 1, 8))  # noqa: DTZ001  the same; 10:00 in Amsterdam


def unclear(purpose: str, channel: str) -> Row:
    return ("K-000001", purpose, channel, "unclear", END_OF_FIRST)


@pytest.mark.parametrize(
    ("line", "purpose", "channel"),
    [
        ("1;nieuwsbrief;e-mail;02-08-2026 10:00:00;misschien", "nieuwsbrief", "email"),
        (" 1 ;catalogus;post;vorige week;nee", "catalogus", "post"),
        ("1;nieuwsbrief;duif;02-08-2026 10:00:00;nee", "nieuwsbrief", "all"),
        ("1;;e-mail;02-08-2026 10:00:00;nee", "all", "email"),
        ("1;mw. Jansen, 0612345678;e-mail;02-08-2026 10:00:00;?", "all", "email"),
    ],
    ids=["status", "moment", "channel", "purpose", "free text"],
)
def test_a_statement_in_quarantine_is_unclear_from_the_end_of_its_day(
    warehouse: Warehouse, line: str, purpose: str, channel: str
) -> None:
    found = consents(warehouse, f"{GIVEN}\n{line}")
    assert sorted(found) == sorted([LOADED, unclear(purpose, channel)])


@pytest.mark.parametrize(
    "line",
    [
        GIVEN,
        "99;nieuwsbrief;e-mail;02-08-2026 10:00:00;misschien",
        ";nieuwsbrief;e-mail;02-08-2026 10:00:00;nee",
        "1;nieuwsbrief",
    ],
    ids=["an exact repeat", "a stranger", "nobody", "a record that has no fields"],
)
def test_nothing_follows_from_what_names_no_customer_or_adds_nothing(warehouse: Warehouse, line: str) -> None:
    assert consents(warehouse, f"{GIVEN}\n{line}") == [LOADED]


def test_what_was_read_with_its_declaration_stays_in_a_run_without_that_delivery(
    warehouse: Warehouse,
) -> None:
    lines = f"{GIVEN}\n{GIVEN}\n1;catalogus;post;vorige week;nee"
    before = consents(warehouse, lines)
    with warehouse.run("nightly", as_of=SECOND) as run:
        validate(run)
        unify(run)
        after = run.rows("select customer_id, purpose, channel, status, stated_at from consents order by all")

    assert after == before == [unclear("catalogus", "post"), LOADED]


def test_without_a_declaration_only_words_that_loaded_statements_use_are_believed() -> None:
    run = given(
        {
            "sources": """
            | table_name   | maps_to  | source | customers_of | rank |
            | crm_consents | consents | crm    | crm          | 100  |
            """,
            "identity.crm_consents": "| customer_id |\n| 1           |",
            "identity.customers": "| record_id |\n| crm/1     |",
            "identity.consents": """
            | record_id | purpose     | channel | stated_at           | status |
            | crm/1     | nieuwsbrief | email   | 2026-08-01 10:00:00 | given  |
            """,
            "identity.quarantine": """
            | batch_id | table_name | line_number | record |
            | b1 | crm_consents | 3 | {"customer_id":"1","purpose":"nieuwsbrief","channel":"e-mail"} |
            """,
            "batches": """
            | batch_id | table_name   | delivered_on | file_name |
            | b1       | crm_consents | 2026-09-01   | a.csv     |
            """,
        }
    )
    run.execute("alter table identity.quarantine add column rules varchar[]")
    run.execute("alter table identity.quarantine alter line_number type bigint")
    unify(run)

    found = run.rows("select customer_id, purpose, channel, stated_at from consents where status = 'unclear'")
    assert found == [("K-000001", "nieuwsbrief", "all", END_OF_FIRST)]
