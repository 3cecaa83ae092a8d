"""customers and consents: who the customers are, and what they stated."""

from __future__ import annotations

from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

CUSTOMERS = load_sql("klantprofiel.unification", "customers")
CONSENTS = load_sql("klantprofiel.unification", "consents")
REGISTRY = """
| record_id | customer_id | source |
| crm/1     | K-000001    | crm    |
| crm/2     | K-000001    | crm    |
| web/1     | K-000001    | web    |
| kassa/7   | K-000002    | kassa  |
"""


def test_a_customer_counts_its_numbers_and_the_sources_that_gave_them() -> None:
    run = given(
        {
            "identity.source_records": "| record_id |\n| crm/1 |\n| crm/2 |\n| web/1 |\n| kassa/7 |",
            "identity.customer_records": REGISTRY,
        }
    )
    then = """
    | customer_id | n_records | n_sources |
    | K-000001    | 3         | 2         |
    | K-000002    | 1         | 1         |
    """
    assert made(run, CUSTOMERS, then) == table(then)


def test_a_number_that_no_source_knows_at_present_does_not_count() -> None:
    run = given(
        {"identity.source_records": "| record_id |\n| crm/2 |", "identity.customer_records": REGISTRY}
    )
    then = """
    | customer_id | n_records | n_sources |
    | K-000001    | 1         | 1         |
    """
    assert made(run, CUSTOMERS, then) == table(then)


def test_what_a_person_stated_under_any_number_is_what_the_customer_stated() -> None:
    run = given(
        {
            "identity.customer_records": REGISTRY,
            "identity.consents": """
            | record_id | purpose     | channel | stated_at           | status    |
            | crm/1     | nieuwsbrief | email   | 2026-01-01 10:00:00 | given     |
            | crm/2     | nieuwsbrief | email   | 2026-01-01 10:00:00 | given     |
            | web/1     | nieuwsbrief | email   | 2026-02-01 10:00:00 | withdrawn |
            """,
            "identity.quarantined_consents": """
            | record_id | purpose     | channel | stated_at           | source | is_repeat |
            | crm/1     | nieuwsbrief | all     | 2026-03-01 23:59:59 | crm    | false     |
            | crm/1     | nieuwsbrief | email   | 2026-03-01 23:59:59 | crm    | true      |
            | crm/77    | nieuwsbrief | email   | 2026-03-01 23:59:59 | crm    | false     |
            """,
        }
    )
    then = """
    | customer_id | purpose     | channel | status    | stated_at           | source |
    | K-000001    | nieuwsbrief | all     | unclear   | 2026-03-01 23:59:59 | crm    |
    | K-000001    | nieuwsbrief | email   | given     | 2026-01-01 10:00:00 | crm    |
    | K-000001    | nieuwsbrief | email   | withdrawn | 2026-02-01 10:00:00 | web    |
    """
    assert made(run, CONSENTS, then) == table(then)
