"""demographics: age and household of each customer, as of the date."""

from __future__ import annotations

from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

DEMOGRAPHICS = load_sql("klantprofiel.profiles", "demographics")


def demographics(golden_record: str, like: str) -> str:
    """Make demographics as of 30 September 2026."""
    return made(given({"identity.golden_record": golden_record}), DEMOGRAPHICS, like)


def test_age_is_in_full_years_and_rises_on_the_birthday() -> None:
    golden_record = """
    | customer_id | birth_date | age_band | household_size |
    | K-000001    | 1980-09-30 |          | 2              |
    | K-000002    | 1980-10-01 |          |                |
    | K-000003    | 2008-02-29 |          | 5+             |
    """
    then = """
    | customer_id | age_years | age_band | household_size |
    | K-000001    | 46        | 45-54    | 2              |
    | K-000002    | 45        | 45-54    |                |
    | K-000003    | 18        | 18-24    | 5+             |
    """
    assert demographics(golden_record, then) == table(then)


def test_without_a_birth_date_the_delivered_age_band_counts() -> None:
    golden_record = """
    | customer_id | birth_date | age_band | household_size |
    | K-000001    |            | 65+      |                |
    | K-000002    | 2015-01-01 | 65+      |                |
    | K-000003    |            |          |                |
    """
    then = """
    | customer_id | age_years | age_band |
    | K-000001    |           | 65+      |
    | K-000002    | 11        | 0-17     |
    | K-000003    |           |          |
    """
    assert demographics(golden_record, then) == table(then)


def test_a_birth_date_that_cannot_be_is_unknown() -> None:
    golden_record = """
    | customer_id | birth_date | age_band | household_size |
    | K-000001    | 2027-01-01 |          |                |
    | K-000002    | 1900-02-01 | 35-44    |                |
    """
    then = """
    | customer_id | age_years | age_band |
    | K-000001    |           |          |
    | K-000002    |           | 35-44    |
    """
    assert demographics(golden_record, then) == table(then)


def test_text_that_is_no_number_or_range_is_unknown() -> None:
    golden_record = """
    | customer_id | birth_date | age_band   | household_size |
    | K-000001    |            | 04-03-1980 | 0612345678     |
    | K-000002    |            | < 18       | mw. Jansen     |
    | K-000003    |            | 45 - 54    | 3              |
    """
    then = """
    | customer_id | age_band | household_size |
    | K-000001    |          |                |
    | K-000002    | < 18     |                |
    | K-000003    | 45 - 54  | 3              |
    """
    assert demographics(golden_record, then) == table(then)
