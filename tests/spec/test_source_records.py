"""identity.source_records: every customer number that a source knows."""

from __future__ import annotations

from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

SOURCE_RECORDS = load_sql("klantprofiel.unification", "source_records")


def test_a_customer_number_of_a_customer_file_is_a_record() -> None:
    run = given({"identity.customers": "| record_id |\n| crm/1     |"})
    then = """
    | record_id | source | has_details |
    | crm/1     | crm    | true        |
    """
    assert made(run, SOURCE_RECORDS, then) == table(then)


def test_a_customer_number_that_only_events_mention_is_a_record_too() -> None:
    run = given(
        {
            "identity.customers": "| record_id |\n| crm/1     |",
            "identity.orders": """
            | record_id | order_id |
            | crm/1     | b1       |
            | kassa/7   | b2       |
            | kassa/7   | b3       |
            """,
            "identity.reviews": "| record_id | review_id |\n| web/9     | r1        |",
        }
    )
    then = """
    | record_id | source | has_details |
    | crm/1     | crm    | true        |
    | kassa/7   | kassa  | false       |
    | web/9     | web    | false       |
    """
    assert made(run, SOURCE_RECORDS, then) == table(then)


def test_an_event_of_nobody_is_no_record() -> None:
    run = given({"identity.orders": "| record_id | order_id |\n|           | b1       |"})
    then = "| record_id | source | has_details |"
    assert made(run, SOURCE_RECORDS, then) == table(then)
