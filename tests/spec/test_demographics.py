"""demographics: age, household and life stage of each customer, as of the date."""

from __future__ import annotations

from klantprofiel.profiles.people import DEMOGRAPHICS
from tests.spec.ascii import given, made, table


def demographics(living: str, then: str) -> str:
    """Make demographics as of 30 September 2026."""
    return made(given({"living": living}), DEMOGRAPHICS.statement(), then)


def test_age_rises_on_the_first_of_the_month_after_birth_and_never_earlier() -> None:
    living = """
    | customer_id | valid_from | born_in    | household_id | household_size | age_band |
    | K-000001    | 2026-01-01 | 1980-08-01 |              |                |          |
    | K-000002    | 2026-01-01 | 1980-09-01 |              |                |          |
    | K-000003    | 2026-01-01 | 1980-10-01 |              |                |          |
    | K-000004    | 2026-01-01 | 2026-09-01 |              |                |          |
    """
    then = """
    | customer_id | age_years | age_band |
    | K-000001    | 46        | 45-54    |
    | K-000002    | 45        | 45-54    |
    | K-000003    | 45        | 45-54    |
    | K-000004    | 0         | 0-17     |
    """
    assert demographics(living, then) == table(then)


def test_without_a_birth_date_the_delivered_age_band_counts() -> None:
    living = """
    | customer_id | valid_from | born_in    | household_id | household_size | age_band |
    | K-000001    | 2026-01-01 |            |              |                | 65+      |
    | K-000002    | 2026-01-01 | 2015-01-01 |              |                | 65+      |
    | K-000003    | 2026-01-01 |            |              |                |          |
    """
    then = """
    | customer_id | age_years | age_band |
    | K-000001    |           | 65+      |
    | K-000002    | 11        | 0-17     |
    | K-000003    |           |          |
    """
    assert demographics(living, then) == table(then)


def test_a_birth_that_cannot_be_is_unknown() -> None:
    living = """
    | customer_id | valid_from | born_in    | household_id | household_size | age_band |
    | K-000001    | 2026-01-01 | 2027-01-01 |              | 1              |          |
    | K-000002    | 2026-01-01 | 1900-02-01 |              | 1              | 35-44    |
    """
    then = """
    | customer_id | age_years | age_band | life_stage |
    | K-000001    |           |          |            |
    | K-000002    |           | 35-44    |            |
    """
    assert demographics(living, then) == table(then)


def test_a_life_stage_follows_from_age_and_persons_and_is_unknown_without_one_of_them() -> None:
    living = """
    | customer_id | valid_from | born_in    | household_id | household_size | age_band |
    | K-000001    | 2026-01-01 | 1995-01-01 | H-000001     | 1              |          |
    | K-000002    | 2026-01-01 | 1980-01-01 | H-000002     | 1              |          |
    | K-000003    | 2026-01-01 | 1950-01-01 | H-000003     | 1              |          |
    | K-000004    | 2026-01-01 | 1995-01-01 | H-000004     | 2              |          |
    | K-000005    | 2026-01-01 | 1980-01-01 | H-000005     | 2              |          |
    | K-000006    | 2026-01-01 | 1950-01-01 | H-000006     | 2              |          |
    | K-000007    | 2026-01-01 | 1980-01-01 | H-000007     | 5+             |          |
    | K-000008    | 2026-01-01 | 2010-01-01 | H-000008     |                |          |
    | K-000009    | 2026-01-01 | 1980-01-01 | H-000009     |                |          |
    | K-000010    | 2026-01-01 | 1980-01-01 | H-000010     | 2+             |          |
    | K-000011    | 2026-01-01 |            | H-000011     | 1              |          |
    """
    then = """
    | customer_id | life_stage              |
    | K-000001    | jong alleenstaand       |
    | K-000002    | alleenstaand            |
    | K-000003    | alleenstaand 65-plus    |
    | K-000004    | jong, met zijn tweeën   |
    | K-000005    | met zijn tweeën         |
    | K-000006    | met zijn tweeën, 65-plus |
    | K-000007    | met zijn drieën of meer |
    | K-000008    | minderjarig             |
    | K-000009    |                         |
    | K-000010    |                         |
    | K-000011    |                         |
    """
    assert demographics(living, then) == table(then)


def test_two_generations_of_customers_in_one_household_make_a_family() -> None:
    living = """
    | customer_id | valid_from | born_in    | household_id | household_size | age_band |
    | K-000001    | 2026-01-01 | 1970-01-01 | H-000001     | 2              |          |
    | K-000002    | 2026-01-01 | 2000-01-01 | H-000001     |                |          |
    | K-000003    | 2026-01-01 | 1940-01-01 | H-000003     | 2              |          |
    | K-000004    | 2026-01-01 | 1965-01-01 | H-000003     | 2              |          |
    | K-000005    | 2026-01-01 | 1985-01-01 | H-000005     |                |          |
    | K-000006    | 2026-01-01 | 1987-01-01 | H-000005     |                |          |
    | K-000007    | 2026-01-01 | 1983-01-01 | H-000005     | 1              |          |
    """
    then = """
    | customer_id | n_household_customers | life_stage               |
    | K-000001    | 2                     | gezin met kinderen       |
    | K-000002    | 2                     | jong, thuiswonend        |
    | K-000003    | 2                     | met zijn tweeën, 65-plus |
    | K-000004    | 2                     | met zijn tweeën          |
    | K-000005    | 3                     | met zijn drieën of meer  |
    | K-000006    | 3                     | met zijn drieën of meer  |
    | K-000007    | 3                     | met zijn drieën of meer  |
    """
    assert demographics(living, then) == table(then)


def test_a_home_counts_from_its_day_and_a_birth_always() -> None:
    living = """
    | customer_id | valid_from | born_in    | household_id | household_size | age_band |
    | K-000001    | 2025-01-01 | 1980-01-01 | H-000001     | 1              |          |
    | K-000001    | 2026-06-01 | 1980-01-01 | H-000002     | 2              |          |
    | K-000001    | 2026-12-01 | 1981-01-01 | H-000003     | 3              |          |
    | K-000002    | 2026-12-01 | 1990-01-01 | H-000002     | 2              |          |
    """
    then = """
    | customer_id | age_years | household_size | n_household_customers | life_stage      |
    | K-000001    | 45        | 2              | 1                     | met zijn tweeën |
    | K-000002    | 36        |                |                       |                 |
    """
    assert demographics(living, then) == table(then)
