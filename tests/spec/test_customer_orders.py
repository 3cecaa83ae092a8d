"""identity.customer_orders: the orders of customers, of lines up to and including the date."""

from __future__ import annotations

from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

CUSTOMER_ORDERS = load_sql("klantprofiel.profiles", "customer_orders")
REGISTRY = """
| record_id | customer_id | source |
| crm/1     | K-000001    | crm    |
| web/1     | K-000001    | web    |
"""


def orders(lines: str, like: str) -> str:
    """Make the orders as of 30 September 2026."""
    run = given({"identity.orders": lines, "identity.customer_records": REGISTRY})
    return made(run, CUSTOMER_ORDERS, like)


def test_lines_of_one_order_add_up() -> None:
    lines = """
    | record_id | source | order_id | line_id | ordered_at          | amount_eur | discount_eur | channel |
    | crm/1     | kassa  | b1       | 1       | 2026-09-01 10:00:00 | 10.00      | 2.50         | winkel  |
    | crm/1     | kassa  | b1       | 2       | 2026-09-01 10:00:00 | 5.55       | 0            | winkel  |
    | web/1     | web    | b1       | 1       | 2026-09-02 10:00:00 | 1.00       |              | app     |
    """
    then = """
    | customer_id | source | order_id | ordered_on | channel | n_lines | bought_eur | net_eur | discount_eur |
    | K-000001    | kassa  | b1       | 2026-09-01 | winkel  | 2       | 15.55      | 15.55   | 2.50         |
    | K-000001    | web    | b1       | 2026-09-02 | app     | 1       | 1.00       | 1.00    |              |
    """
    assert orders(lines, then) == table(then)


def test_lines_count_up_to_and_including_the_date() -> None:
    lines = """
    | record_id | order_id | ordered_at          | amount_eur |
    | crm/1     | b1       | 2026-09-30 23:59:59 | 1.00       |
    | crm/1     | b2       | 2026-10-01 00:00:00 | 2.00       |
    """
    then = """
    | order_id | net_eur |
    | b1       | 1.00    |
    """
    assert orders(lines, then) == table(then)


def test_a_return_is_negative_however_the_source_signs_it_and_is_no_purchase() -> None:
    lines = """
    | record_id | order_id | ordered_at | amount_eur | is_return |
    | crm/1     | b1       | 2026-09-01 | 10.00      | false     |
    | crm/1     | b1       | 2026-09-05 | 4.00       | true      |
    | crm/1     | b2       | 2026-09-06 | -3.00      | true      |
    | crm/1     | b3       | 2026-09-07 | -2.00      |           |
    | crm/1     | b4       | 2026-09-08 | -1.00      | false     |
    """
    then = """
    | order_id | ordered_on | n_lines | n_return_lines | bought_eur | net_eur |
    | b1       | 2026-09-01 | 2       | 1              | 10.00      | 6.00    |
    | b2       |            | 1       | 1              |            | -3.00   |
    | b3       |            | 1       | 1              |            | -2.00   |
    | b4       | 2026-09-08 | 1       | 0              | -1.00      | -1.00   |
    """
    assert orders(lines, then) == table(then)


def test_spending_is_summed_over_the_last_26_weeks_and_the_26_before() -> None:
    lines = """
    | record_id | order_id | ordered_at | amount_eur |
    | crm/1     | b1       | 2026-09-30 | 1.00       |
    | crm/1     | b1       | 2026-04-02 | 2.00       |
    | crm/1     | b1       | 2026-04-01 | 4.00       |
    | crm/1     | b1       | 2025-10-02 | 8.00       |
    | crm/1     | b1       | 2025-10-01 | 16.00      |
    """
    then = """
    | order_id | recent_eur | before_eur | net_eur |
    | b1       | 3.00       | 12.00      | 31.00   |
    """
    assert orders(lines, then) == table(then)


def test_what_a_discount_is_taken_from_counts_only_where_the_discount_is_known() -> None:
    lines = """
    | record_id | order_id | ordered_at | amount_eur | discount_eur | is_return |
    | crm/1     | b1       | 2026-09-01 | 10.00      | 2.00         | false     |
    | crm/1     | b1       | 2026-09-01 | 50.00      |              | false     |
    | crm/1     | b1       | 2026-09-09 | 5.00       | 1.00         | true      |
    """
    then = """
    | order_id | discountable_eur | discount_eur |
    | b1       | 10.00            | 2.00         |
    """
    assert orders(lines, then) == table(then)


def test_lines_of_nobody_are_no_orders_of_customers() -> None:
    then = "| customer_id | order_id |"
    assert orders("| record_id | order_id | ordered_at |\n| | b1 | 2026-09-01 |", then) == table(then)
