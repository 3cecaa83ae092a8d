"""behaviour: what each customer bought and brought back, as dates, counts and sums."""

from __future__ import annotations

from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

BEHAVIOUR = load_sql("klantprofiel.profiles", "behaviour")


def test_orders_of_a_customer_add_up_over_all_sources() -> None:
    run = given(
        {
            "identity.customer_orders": """
            | customer_id | order_id | ordered_on | n_lines | n_return_lines | net_eur | bought_eur | discountable_eur | discount_eur | recent_eur | before_eur |
            | K-000001    | b1       | 2026-09-01 | 2       | 0              | 15.55   | 15.55      | 15.55            | 2.50         | 15.55      |            |
            | K-000001    | b2       | 2026-01-01 | 1       | 0              | 1.00    | 1.00       |                  |              |            | 1.00       |
            | K-000001    | b3       |            | 1       | 1              | -3.00   |            |                  |              | -3.00      |            |
            | K-000002    | b4       |            | 1       | 1              | -3.00   |            |                  |              | -3.00      |            |
            """  # noqa: E501  a table is as wide as it is
        }
    )
    then = """
    | customer_id | first_ordered_on | last_ordered_on | n_orders | n_lines | n_return_lines | net_eur |
    | K-000001    | 2026-01-01       | 2026-09-01      | 2        | 4       | 1              | 13.55   |
    | K-000002    |                  |                 | 0        | 1       | 1              | -3.00   |
    """
    assert made(run, BEHAVIOUR, then) == table(then)
    then = """
    | customer_id | bought_eur | discountable_eur | discount_eur | recent_eur | before_eur |
    | K-000001    | 16.55      | 15.55            | 2.50         | 12.55      | 1.00       |
    | K-000002    |            |                  |              | -3.00      |            |
    """
    assert made(run, BEHAVIOUR, then) == table(then)
