"""orders_account: what became of every order line."""

from __future__ import annotations

from klantprofiel.profiles.purchases import ORDERS_BEFORE_BIRTH
from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

ORDERS_ACCOUNT = load_sql("klantprofiel.profiles", "orders_account")


def test_every_line_counts_in_profiles_or_is_later_or_nobodys_or_before_a_birth() -> None:
    run = given(
        {
            "identity.customer_records": """
            | record_id | customer_id |
            | crm/1     | K-000001    |
            | web/1     | K-000002    |
            """,
            "identity.golden_record": """
            | customer_id | birth_date |
            | K-000001    | 1980-02-29 |
            | K-000002    | 2026-09-02 |
            """,
            "identity.orders": """
            | record_id | source | order_id | ordered_at          | amount_eur | is_return |
            | crm/1     | kassa  | b1       | 2026-09-30 23:59:59 | 10.00      | false     |
            | crm/1     | kassa  | b1       | 2026-09-30 23:59:59 | 4.00       | true      |
            | crm/1     | kassa  | b2       | 2026-10-01 00:00:00 | 1.00       | false     |
            |           | kassa  | b3       | 2026-09-01 00:00:00 | 2.00       | false     |
            |           | kassa  | b4       | 2026-10-01 00:00:00 | 3.00       | false     |
            | web/1     | web    | b1       | 2026-09-01 00:00:00 |            |           |
            | web/1     | web    | b2       | 2026-09-02 00:00:00 |            |           |
            """,
        }
    )
    run.make(ORDERS_BEFORE_BIRTH.statement())
    then = """
    | source | n_lines | n_in_profiles | n_after | n_without_customer | n_before_birth | net_eur |
    | kassa  | 5       | 2             | 2       | 1                  | 0              | 12.00   |
    | web    | 2       | 1             | 0       | 0                  | 1              |         |
    """
    assert made(run, ORDERS_ACCOUNT, then) == table(then)
