"""tenure: since when each customer is known."""

from __future__ import annotations

from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

TENURE = load_sql("klantprofiel.profiles", "tenure")


def test_a_customer_is_known_since_registration_or_first_order_whichever_came_first() -> None:
    run = given(
        {
            "identity.golden_record": """
            | customer_id | registered_on |
            | K-000001    | 2020-01-01    |
            | K-000002    | 2024-01-01    |
            | K-000003    |               |
            | K-000004    | 2020-01-01    |
            | K-000005    | 2027-01-01    |
            """,
            "behaviour": """
            | customer_id | first_ordered_on |
            | K-000001    | 2021-05-05       |
            | K-000002    | 2021-05-05       |
            | K-000003    | 2021-05-05       |
            """,
        }
    )
    then = """
    | customer_id | registered_on | first_ordered_on | known_since_on |
    | K-000001    | 2020-01-01    | 2021-05-05       | 2020-01-01     |
    | K-000002    | 2024-01-01    | 2021-05-05       | 2021-05-05     |
    | K-000003    |               | 2021-05-05       | 2021-05-05     |
    | K-000004    | 2020-01-01    |                  | 2020-01-01     |
    """
    assert made(run, TENURE, then) == table(then)
