"""category_days and categories: what kinds of products each customer buys."""

from __future__ import annotations

from klantprofiel.profiles.purchases import (
    CATEGORIES,
    CATEGORY_DAYS,
    ORDERS_BEFORE_BIRTH,
    PRODUCT_CATEGORIES,
)
from tests.spec.ascii import given, made, table

TABLES = {
    "identity.customer_records": "| record_id | customer_id |\n| crm/1     | K-000001    |",
    "identity.golden_record": "| customer_id | birth_date |\n| K-000001    | 2020-05-05 |",
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


def days(lines: str, like: str) -> str:
    run = given(TABLES | {"identity.orders": lines})
    run.make(PRODUCT_CATEGORIES.statement())
    run.make(ORDERS_BEFORE_BIRTH.statement())
    return made(run, CATEGORY_DAYS.statement(), like, types=CATEGORY_DAYS.types)


def categories(facts: str, like: str) -> str:
    return made(given({"category_days": facts}), CATEGORIES.statement(), like)


def test_purchases_are_counted_per_day_and_category() -> None:
    lines = """
    | record_id | order_id | ordered_at | product_id | amount_eur |
    | crm/1     | b1       | 2026-09-01 | p1         | 10.00      |
    | crm/1     | b1       | 2026-09-01 | p2         | 20.00      |
    | crm/1     | b2       | 2026-09-01 | p3         | 10.00      |
    | crm/1     | b3       | 2026-09-02 | p3         |            |
    """
    then = """
    | customer_id | booked_on  | category | n_lines | bought_eur |
    | K-000001    | 2026-09-01 | planten  | 1       | 10.00      |
    | K-000001    | 2026-09-01 | potten   | 2       | 30.00      |
    | K-000001    | 2026-09-02 | potten   | 1       |            |
    """
    assert days(lines, then) == table(then)


def test_a_product_has_the_category_that_was_delivered_last() -> None:
    lines = "| record_id | order_id | ordered_at | product_id |\n| crm/1 | b1 | 2026-09-01 | p4 |"
    then = "| category |\n| planten  |"
    assert days(lines, then) == table(then)


def test_returns_and_products_without_a_category_are_left_out() -> None:
    lines = """
    | record_id | order_id | ordered_at | product_id | amount_eur | is_return |
    | crm/1     | b1       | 2026-09-01 | p1         | 10.00      | true      |
    | crm/1     | b2       | 2026-09-01 | p1         | -10.00     |           |
    | crm/1     | b4       | 2026-09-01 | p5         | 10.00      | false     |
    | crm/1     | b5       | 2026-09-01 | p9         | 10.00      | false     |
    """
    then = "| customer_id | category |"
    assert days(lines, then) == table(then)


def test_lines_of_a_day_before_the_customer_was_born_are_left_out() -> None:
    lines = """
    | record_id | order_id | ordered_at | product_id | amount_eur |
    | crm/1     | b1       | 2020-05-04 | p1         | 10.00      |
    | crm/1     | b2       | 2020-05-05 | p2         | 10.00      |
    """
    then = "| booked_on  | category |\n| 2020-05-05 | potten   |"
    assert days(lines, then) == table(then)


def test_spending_up_to_the_date_is_shared_out_over_categories() -> None:
    facts = """
    | customer_id | booked_on  | category | n_lines | bought_eur |
    | K-000001    | 2026-09-01 | potten   | 2       | 20.00      |
    | K-000001    | 2026-09-30 | potten   | 1       | 10.00      |
    | K-000001    | 2026-09-01 | planten  | 1       | 5.00       |
    | K-000001    | 2026-09-02 | zaden    | 1       | 4.00       |
    | K-000001    | 2026-09-02 | gieters  | 1       | 1.00       |
    | K-000001    | 2026-10-01 | planten  | 1       | 900.00     |
    """
    then = """
    | category_main | n_categories | category_main_share | category_top3_share |
    | potten        | 4            | 0.75                | 0.975               |
    """
    assert categories(facts, then) == table(then)


def test_without_amounts_the_category_with_most_lines_is_the_main_one_and_shares_are_unknown() -> None:
    facts = """
    | customer_id | booked_on  | category | n_lines | bought_eur |
    | K-000001    | 2026-09-01 | planten  | 1       |            |
    | K-000001    | 2026-09-01 | potten   | 2       |            |
    """
    then = """
    | category_main | n_categories | category_main_share | category_entropy |
    | potten        | 2            |                     |                  |
    """
    assert categories(facts, then) == table(then)
