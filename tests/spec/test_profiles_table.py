"""profiles: what is known of each customer, in variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klantprofiel.profiles import build_profiles
from klantprofiel.unification import unify
from tests.spec.ascii import given, shown, table

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run

CUSTOMERS = """
| record_id | registered_on | birth_date | postal_code | household_size |
| crm/1     | 2025-09-30    | 1980-01-01 | 3511AB      | 2              |
| crm/2     |               |            |             |                |
"""
PRODUCTS = """
| product_id | category |
| p1         | planten  |
| p2         | potten   |
| p3         | zaden    |
| p4         | gieters  |
"""
NO_ORDERS = "| record_id | order_id | ordered_at |"


def profiled(orders: str) -> Run:
    """Return a run with the profiles as of 30 September 2026."""
    run = given({"identity.customers": CUSTOMERS, "identity.products": PRODUCTS, "identity.orders": orders})
    unify(run)
    build_profiles(run)
    return run


def test_recency_frequency_and_money_follow_from_orders() -> None:
    run = profiled("""
    | record_id | order_id | line_id | ordered_at | amount_eur | discount_eur | is_return |
    | crm/1     | b1       | 1       | 2026-01-01 | 30.00      | 10.00        | false     |
    | crm/1     | b2       | 1       | 2026-09-20 | 20.00      | 0            | false     |
    | crm/1     | b2       | 2       | 2026-09-20 | 10.00      | 0            | false     |
    | crm/1     | b2       | 3       | 2026-09-28 | -10.00     | 0            | true      |
    """)
    then = """
    | customer_id | tenure_days | recency_days | frequency | monetary_eur | basket_eur |
    | K-000001    | 365         | 10           | 2         | 50.00        | 30.00      |
    | K-000002    |             |              | 0         | 0.00         |            |
    """
    assert shown(run, "profiles", then) == table(then)
    then = """
    | customer_id | spend_recent_eur | spend_before_eur | discount_share      | return_share |
    | K-000001    | 20.00            | 30.00            | 0.14285714285714285 | 0.25         |
    | K-000002    | 0.00             | 0.00             |                     |              |
    """
    assert shown(run, "profiles", then) == table(then)


def test_who_only_brought_back_has_no_recency_and_spent_less_than_nothing() -> None:
    run = profiled("""
    | record_id | order_id | ordered_at | amount_eur | is_return |
    | crm/1     | b1       | 2026-01-01 | -10.00     | true      |
    """)
    then = """
    | customer_id | recency_days | frequency | monetary_eur | basket_eur | return_share |
    | K-000001    |              | 0         | -10.00       |            | 1.0          |
    | K-000002    |              | 0         | 0.00         |            |              |
    """
    assert shown(run, "profiles", then) == table(then)


def test_amounts_that_no_source_knows_are_unknown_and_not_zero() -> None:
    run = profiled("| record_id | order_id | ordered_at |\n| crm/1     | b1       | 2026-09-01 |")
    then = """
    | customer_id | frequency | monetary_eur | spend_recent_eur | spend_before_eur | basket_eur |
    | K-000001    | 1         |              |                  |                  |            |
    | K-000002    | 0         | 0.00         | 0.00             | 0.00             |            |
    """
    assert shown(run, "profiles", then) == table(then)


def test_habits_follow_from_channels_and_categories() -> None:
    run = profiled("""
    | record_id | order_id | line_id | ordered_at | amount_eur | channel | product_id |
    | crm/1     | b1       | 1       | 2026-01-01 | 40.00      | winkel  | p1         |
    | crm/1     | b2       | 1       | 2026-01-02 | 40.00      | app     | p2         |
    | crm/1     | b3       | 1       | 2026-01-03 | 10.00      | app     | p3         |
    | crm/1     | b4       | 1       | 2026-01-04 | 10.00      | app     | p4         |
    """)
    then = """
    | customer_id | channel_main | online_share | category_main | n_categories | category_main_share |
    | K-000001    | app          | 0.75         | planten       | 4            | 0.4                 |
    | K-000002    |              |              |               |              |                     |
    """
    assert shown(run, "profiles", then) == table(then)
    then = """
    | customer_id | category_top3_share | category_entropy |
    | K-000001    | 0.9                 | 1.193549604098   |
    | K-000002    |                     |                  |
    """
    assert shown(run, "profiles", then) == table(then)


def test_background_follows_from_the_golden_record() -> None:
    run = profiled(NO_ORDERS)
    then = """
    | customer_id | region  | postal_area | age_years | age_band | household_size |
    | K-000001    | Utrecht | 35          | 46        | 45-54    | 2              |
    | K-000002    |         |             |           |          |                |
    """
    assert shown(run, "profiles", then) == table(then)
