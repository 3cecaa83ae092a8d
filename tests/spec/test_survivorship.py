"""identity.survivorship: what each source record says of its customer, the best record first."""

from __future__ import annotations

from klantprofiel.unification.golden import known_customers
from klantprofiel.unification.standard.standard_values import standardise
from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

SURVIVORSHIP = load_sql("klantprofiel.unification.golden", "survivorship")
REGISTRY = """
| record_id | customer_id | source |
| crm/1     | K-000001    | crm    |
| crm/2     | K-000001    | crm    |
| web/1     | K-000001    | web    |
| pos/1     | K-000001    | pos    |
| crm/9     | K-000002    | crm    |
"""
TOUCHED = "| customer_id |\n| K-000001    |\n| K-000002    |"


def claims(customers: str, like: str) -> str:
    run = given(
        {
            "identity.customers": customers,
            "identity.customer_records": REGISTRY,
            "identity.touched_customers": TOUCHED,
        }
    )
    standardise(run)
    run.view(known_customers())
    return made(run, SURVIVORSHIP, like)


def test_the_better_source_goes_first_and_of_one_source_the_latest_record() -> None:
    customers = """
    | record_id | updated_on |
    | crm/1     | 2024-01-01 |
    | crm/2     | 2025-01-01 |
    | web/1     | 2026-01-01 |
    | crm/9     |            |
    """
    then = """
    | customer_id | survival_rank | record_id | source_rank | known_on   | n_claims |
    | K-000001    | 1             | crm/2     | 1           | 2025-01-01 | 3        |
    | K-000001    | 2             | crm/1     | 1           | 2024-01-01 | 3        |
    | K-000001    | 3             | web/1     | 2           | 2026-01-01 | 3        |
    | K-000002    | 1             | crm/9     | 1           | 2026-09-01 | 1        |
    """
    assert claims(customers, then) == table(then)


def test_without_a_moment_of_its_own_a_record_is_as_recent_as_its_delivery() -> None:
    customers = """
    | record_id | updated_on | delivered_on |
    | crm/1     |            | 2026-03-01   |
    | crm/2     | 2026-02-01 | 2026-09-01   |
    """
    then = """
    | record_id | survival_rank | known_on   |
    | crm/1     | 1             | 2026-03-01 |
    | crm/2     | 2             | 2026-02-01 |
    """
    assert claims(customers, then) == table(then)


def test_equally_good_records_go_in_order_of_their_numbers_and_unknown_sources_last() -> None:
    customers = """
    | record_id |
    | crm/2     |
    | pos/1     |
    | crm/1     |
    """
    then = """
    | survival_rank | record_id | source_rank |
    | 1             | crm/1     | 1           |
    | 2             | crm/2     | 1           |
    | 3             | pos/1     | 100         |
    """
    assert claims(customers, then) == table(then)


def test_placeholders_are_unknown_and_addresses_and_numbers_in_standard_form() -> None:
    customers = """
    | record_id | given_name | birth_date | email                | phone       | place |
    | crm/1     | onbekend   | 1900-01-01 | NoReply@Voorbeeld.nl | 0600000000  | -     |
    | crm/2     | Anna       | 1980-01-02 | Info@Bakker.nl       | 06 21345678 | Edam  |
    """
    then = """
    | record_id | given_name | birth_date | email          | phone        | place |
    | crm/1     |            |            |                |              |       |
    | crm/2     | Anna       | 1980-01-02 | info@bakker.nl | +31621345678 | Edam  |
    """
    assert claims(customers, then) == table(then)


def test_two_files_of_one_source_about_one_record_are_two_claims() -> None:
    customers = """
    | record_id | email             | surname  |
    | crm/1     | anna@voorbeeld.nl |          |
    | crm/1     |                   | de Vries |
    """
    then = """
    | customer_id | survival_rank | record_id |
    | K-000001    | 1             | crm/1     |
    | K-000001    | 2             | crm/1     |
    """
    assert claims(customers, then) == table(then)
