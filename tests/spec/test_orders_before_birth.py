"""orders_before_birth: order lines of a day before their customer was born."""

from __future__ import annotations

from klantprofiel.profiles.purchases import ORDERS_BEFORE_BIRTH
from tests.spec.ascii import given, made, table

REGISTRY = """
| record_id | customer_id |
| crm/1     | K-000001    |
| web/7     | K-000001    |
| crm/2     | K-000002    |
"""
SOURCES = """
| table_name | maps_to | source | customers_of | rank |
| web_orders | orders  | web    | web          | 1    |
| web_stock  | stores  | web    |              | 2    |
"""
BATCHES = """
| batch_id | table_name | file_name |
| f00d     | web_orders | mei.csv   |
| f00d     | web_stock  | mei.csv   |
"""


def lines(births: str, orders: str, like: str) -> str:
    run = given(
        {
            "sources": SOURCES,
            "batches": BATCHES,
            "identity.customer_records": REGISTRY,
            "identity.golden_record": births,
            "identity.orders": orders,
        }
    )
    return made(run, ORDERS_BEFORE_BIRTH.statement(), like)


def test_a_line_before_its_customer_was_born_is_listed_by_file_and_line() -> None:
    births = "| customer_id | birth_date |\n| K-000001    | 2001-05-06 |"
    orders = """
    | record_id | order_id | ordered_at          | batch_id | line_number |
    | web/7     | b1       | 2001-05-05 23:59:59 | f00d     | 4           |
    | web/7     | b2       | 2001-05-06 00:00:00 | f00d     | 5           |
    """
    then = """
    | customer_id | record_id | source | booked_on  | batch_id | table_name | file_name | line_number |
    | K-000001    | web/7     | web    | 2001-05-05 | f00d     | web_orders | mei.csv   | 4           |
    """
    assert lines(births, orders, then) == table(then)


def test_who_has_no_birth_date_or_is_nobody_ordered_before_no_birth() -> None:
    births = """
    | customer_id | birth_date |
    | K-000001    | 2001-05-06 |
    | K-000002    |            |
    """
    orders = """
    | record_id | order_id | ordered_at |
    | crm/2     | b1       | 1950-01-01 |
    |           | b2       | 1950-01-01 |
    """
    then = "| record_id |"
    assert lines(births, orders, then) == table(then)
