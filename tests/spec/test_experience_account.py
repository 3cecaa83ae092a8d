"""experience_account: what became of every contact, review, promise and preference that sources delivered."""

from __future__ import annotations

from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

ACCOUNT = load_sql("klantprofiel.profiles.experience", "experience_account")
REGISTRY = "| record_id | customer_id | source |\n| crm/1 | K-000001 | crm |"


def test_every_event_is_in_the_profiles_or_has_no_moment_or_is_nobodys() -> None:
    run = given(
        {
            "identity.customer_records": REGISTRY,
            "identity.contacts": """
            | record_id | source | contact_id | contacted_at        |
            | crm/1     | bel    | C1         | 2026-09-01 09:00:00 |
            | crm/1     | bel    | C2         |                     |
            |           | bel    | C3         | 2026-09-01 09:00:00 |
            | crm/9     | chat   | C4         |                     |
            """,
            "identity.reviews": """
            | record_id | source | review_id | reviewed_at         |
            | crm/1     | web    | R1        | 2026-09-01 09:00:00 |
            """,
            "identity.promises": """
            | record_id | source | promise_id | kind       | stated_at           |
            | crm/1     | crm    | T1         | promise    | 2026-09-01 09:00:00 |
            | crm/1     | crm    | V1         | preference | 2026-09-01 09:00:00 |
            | crm/1     | crm    | V2         | preference | 2026-09-01 09:00:00 |
            """,
        }
    )
    then = """
    | source | kind        | n_events | n_of_customers | n_without_moment | n_without_customer |
    | bel    | contacts    | 3        | 1             | 1                | 1                  |
    | chat   | contacts    | 1        | 0             | 0                | 1                  |
    | crm    | preferences | 2        | 2             | 0                | 0                  |
    | crm    | promises    | 1        | 1             | 0                | 0                  |
    | web    | reviews     | 1        | 1             | 0                | 0                  |
    """
    assert made(run, ACCOUNT, then) == table(then)
