"""tenure: how long each customer is known, as of the date."""

from __future__ import annotations

from klantprofiel.profiles.people import TENURE
from tests.spec.ascii import given, made, table


def test_a_customer_is_known_since_registration_or_first_order_whichever_came_first() -> None:
    run = given(
        {
            "customers": """
            | customer_id | n_records |
            | K-000001    | 1         |
            | K-000002    | 1         |
            | K-000003    | 1         |
            | K-000004    | 1         |
            | K-000005    | 1         |
            | K-000006    | 1         |
            """,
            "living": """
            | customer_id | valid_from | registered_on |
            | K-000001    | 2026-01-01 | 2026-09-20    |
            | K-000002    | 2026-01-01 | 2026-09-28    |
            | K-000004    | 2026-12-01 | 2026-09-20    |
            | K-000005    | 2026-01-01 | 2027-01-01    |
            """,
            "purchase_days": """
            | customer_id | booked_on  | n_orders |
            | K-000001    | 2026-09-25 | 1        |
            | K-000002    | 2026-09-25 | 1        |
            | K-000002    | 2026-09-10 | 0        |
            | K-000003    | 2026-09-25 | 2        |
            | K-000003    | 2026-09-29 | 1        |
            | K-000006    | 2026-10-02 | 1        |
            """,
        }
    )
    then = """
    | customer_id | tenure_days |
    | K-000001    | 10          |
    | K-000002    | 5           |
    | K-000003    | 5           |
    | K-000004    | 10          |
    """
    assert made(run, TENURE.statement(), then) == table(then)
