"""purchase_days: what each customer bought and brought back, by the day."""

from __future__ import annotations

from klantprofiel.profiles.purchases import ORDERS_BEFORE_BIRTH, PURCHASE_DAYS
from tests.spec.ascii import given, made, table

REGISTRY = """
| record_id | customer_id |
| crm/1     | K-000001    |
| web/1     | K-000001    |
| crm/2     | K-000002    |
"""


BIRTHS = """
| customer_id | birth_date |
| K-000001    | 1980-02-29 |
| K-000002    |            |
"""


def days(lines: str, like: str, births: str = BIRTHS) -> str:
    run = given(
        {"identity.customer_records": REGISTRY, "identity.orders": lines, "identity.golden_record": births}
    )
    run.make(ORDERS_BEFORE_BIRTH.statement())
    return made(run, PURCHASE_DAYS.statement(), like, types=PURCHASE_DAYS.types)


def test_lines_of_one_day_add_up_over_orders_and_sources() -> None:
    lines = """
    | record_id | source | order_id | line_id | ordered_at          | amount_eur | discount_eur | channel |
    | crm/1     | kassa  | b1       | 1       | 2026-09-01 10:00:00 | 10.00      | 2.50         | winkel  |
    | crm/1     | kassa  | b1       | 2       | 2026-09-01 10:00:00 | 5.55       | 0            | winkel  |
    | web/1     | web    | b1       | 1       | 2026-09-01 11:00:00 | 1.00       |              | Winkel  |
    | crm/2     | kassa  | b2       | 1       | 2026-09-01 12:00:00 | 4.00       |              | winkel  |
    """
    then = """
    | customer_id | booked_on  | channel | n_orders | n_lines | bought_eur | net_eur | discount_eur |
    | K-000001    | 2026-09-01 | winkel  | 2        | 3       | 16.55      | 16.55   | 2.50         |
    | K-000002    | 2026-09-01 | winkel  | 1        | 1       | 4.00       | 4.00    |              |
    """
    assert days(lines, then) == table(then)


def test_an_order_counts_on_its_first_day_and_over_the_channel_of_that_day() -> None:
    lines = """
    | record_id | order_id | ordered_at | amount_eur | channel |
    | crm/1     | b1       | 2026-09-01 | 10.00      | winkel  |
    | crm/1     | b1       | 2026-09-03 | 2.00       | app     |
    """
    then = """
    | booked_on  | channel | n_orders | n_lines | net_eur |
    | 2026-09-01 | winkel  | 1        | 1       | 10.00   |
    | 2026-09-03 | app     | 0        | 1       | 2.00    |
    """
    assert days(lines, then) == table(then)


def test_a_return_is_negative_however_the_source_signs_it_and_begins_no_order() -> None:
    lines = """
    | record_id | order_id | ordered_at | amount_eur | is_return |
    | crm/1     | b1       | 2026-09-01 | 10.00      | false     |
    | crm/1     | b1       | 2026-09-05 | 4.00       | true      |
    | crm/1     | b2       | 2026-09-06 | -3.00      | true      |
    | crm/1     | b3       | 2026-09-07 | -2.00      |           |
    | crm/1     | b4       | 2026-09-08 | -1.00      | false     |
    """
    then = """
    | booked_on  | n_orders | n_lines | n_return_lines | bought_eur | net_eur |
    | 2026-09-01 | 1        | 1       | 0              | 10.00      | 10.00   |
    | 2026-09-05 | 0        | 1       | 1              |            | -4.00   |
    | 2026-09-06 | 0        | 1       | 1              |            | -3.00   |
    | 2026-09-07 | 0        | 1       | 1              |            | -2.00   |
    | 2026-09-08 | 1        | 1       | 0              | -1.00      | -1.00   |
    """
    assert days(lines, then) == table(then)


def test_what_a_discount_is_taken_from_counts_only_where_the_discount_is_known() -> None:
    lines = """
    | record_id | order_id | ordered_at | amount_eur | discount_eur | is_return |
    | crm/1     | b1       | 2026-09-01 | 10.00      | 2.00         | false     |
    | crm/1     | b1       | 2026-09-01 | 50.00      |              | false     |
    | crm/1     | b1       | 2026-09-01 | 5.00       | 1.00         | true      |
    """
    then = """
    | discountable_eur | discount_eur |
    | 10.00            | 2.00         |
    """
    assert days(lines, then) == table(then)


def test_text_that_is_no_name_of_a_channel_counts_as_unknown() -> None:
    lines = """
    | record_id | order_id | ordered_at | channel                |
    | crm/1     | b1       | 2026-09-01 | bel 0612345678         |
    | crm/1     | b2       | 2026-09-01 | jan@voorbeeld.nl       |
    | crm/1     | b3       | 2026-09-01 | afgegeven bij de buren |
    | crm/1     | b4       | 2026-09-01 |                        |
    | crm/1     | b5       | 2026-09-01 | fysieke winkel         |
    """
    then = """
    | channel        | n_orders |
    |                | 4        |
    | fysieke winkel | 1        |
    """
    assert days(lines, then) == table(then)


def test_lines_of_nobody_are_nobodys() -> None:
    then = "| customer_id | booked_on |"
    assert days("| record_id | order_id | ordered_at |\n| | b1 | 2026-09-01 |", then) == table(then)


def test_lines_of_a_day_before_the_customer_was_born_are_left_out_and_their_order_counts_on_a_later_day() -> (
    None
):
    lines = """
    | record_id | order_id | line_id | ordered_at | amount_eur |
    | web/1     | b1       | 1       | 1980-02-28 | 10.00      |
    | web/1     | b1       | 2       | 1980-02-29 | 2.00       |
    | crm/2     | b2       | 1       | 1880-01-01 | 3.00       |
    """
    then = """
    | customer_id | booked_on  | n_orders | n_lines | net_eur |
    | K-000001    | 1980-02-29 | 1        | 1       | 2.00    |
    | K-000002    | 1880-01-01 | 1        | 1       | 3.00    |
    """
    assert days(lines, then) == table(then)
