"""category_mix: what kinds of products each customer bought."""

from __future__ import annotations

from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

CATEGORY_MIX = load_sql("klantprofiel.profiles", "category_mix")
TABLES = {
    "identity.customer_records": "| record_id | customer_id |\n| crm/1     | K-000001    |",
    "identity.products": """
    | product_id | category | delivered_on |
    | p1         | planten  | 2026-01-01   |
    | p2         | potten   | 2026-01-01   |
    | p3         | potten   | 2026-01-01   |
    | p4         | zaden    | 2025-01-01   |
    | p4         | planten  | 2026-01-01   |
    | p5         |          | 2026-01-01   |
    """,
}


def categories(lines: str, like: str) -> str:
    return made(given(TABLES | {"identity.orders": lines}), CATEGORY_MIX, like)


def test_spending_is_shared_out_over_categories_and_the_largest_goes_first() -> None:
    lines = """
    | record_id | order_id | ordered_at | product_id | amount_eur |
    | crm/1     | b1       | 2026-09-01 | p1         | 10.00      |
    | crm/1     | b1       | 2026-09-01 | p2         | 20.00      |
    | crm/1     | b2       | 2026-09-02 | p3         | 10.00      |
    """
    then = """
    | customer_id | category_rank | category | n_lines | bought_eur | spend_share |
    | K-000001    | 1             | potten   | 2       | 30.00      | 0.75        |
    | K-000001    | 2             | planten  | 1       | 10.00      | 0.25        |
    """
    assert categories(lines, then) == table(then)


def test_a_product_has_the_category_that_was_delivered_last() -> None:
    lines = """
    | record_id | order_id | ordered_at | product_id | amount_eur |
    | crm/1     | b1       | 2026-09-01 | p4         | 10.00      |
    """
    then = """
    | category | bought_eur |
    | planten  | 10.00      |
    """
    assert categories(lines, then) == table(then)


def test_returns_later_lines_and_products_without_a_category_are_left_out() -> None:
    lines = """
    | record_id | order_id | ordered_at | product_id | amount_eur | is_return |
    | crm/1     | b1       | 2026-09-01 | p1         | 10.00      | true      |
    | crm/1     | b2       | 2026-09-01 | p1         | -10.00     |           |
    | crm/1     | b3       | 2026-10-01 | p1         | 10.00      | false     |
    | crm/1     | b4       | 2026-09-01 | p5         | 10.00      | false     |
    | crm/1     | b5       | 2026-09-01 | p9         | 10.00      | false     |
    """
    then = "| customer_id | category |"
    assert categories(lines, then) == table(then)


def test_without_amounts_the_category_with_most_lines_goes_first_and_shares_are_unknown() -> None:
    lines = """
    | record_id | order_id | ordered_at | product_id |
    | crm/1     | b1       | 2026-09-01 | p1         |
    | crm/1     | b1       | 2026-09-01 | p2         |
    | crm/1     | b1       | 2026-09-01 | p3         |
    """
    then = """
    | category_rank | category | n_lines | bought_eur | spend_share |
    | 1             | potten   | 2       |            |             |
    | 2             | planten  | 1       |            |             |
    """
    assert categories(lines, then) == table(then)
