"""campaign_days and campaigns: how customers were approached, and what followed."""

from __future__ import annotations

from klantprofiel.profiles.purchases import CAMPAIGN_DAYS, CAMPAIGNS
from tests.spec.ascii import given, made, table

REGISTRY = "| record_id | customer_id |\n| crm/1     | K-000001    |\n| web/1     | K-000001    |"


def test_contacts_of_one_day_add_up_and_what_nobody_followed_is_not_counted_as_followed() -> None:
    contacts = """
    | record_id | campaign_id | contacted_at        | response |
    | crm/1     | c1          | 2026-09-01 10:00:00 | none     |
    | web/1     | c2          | 2026-09-01 12:00:00 | redeemed |
    | crm/1     | c3          | 2026-09-02 10:00:00 |          |
    | crm/1     | c4          | 2026-09-03 10:00:00 | opened   |
    |           | c5          | 2026-09-03 10:00:00 | clicked  |
    """
    then = """
    | customer_id | contacted_on | n_contacts | n_followed | n_responses | n_redeemed |
    | K-000001    | 2026-09-01   | 2          | 2          | 1           | 1          |
    | K-000001    | 2026-09-02   | 1          | 0          | 0           | 0          |
    | K-000001    | 2026-09-03   | 1          | 1          | 0           | 0          |
    """
    run = given({"identity.customer_records": REGISTRY, "identity.campaign_contacts": contacts})
    assert made(run, CAMPAIGN_DAYS.statement(), then) == table(then)


def test_the_response_is_that_of_the_last_year_and_unknown_when_nobody_followed() -> None:
    facts = """
    | customer_id | contacted_on | n_contacts | n_followed | n_responses |
    | K-000001    | 2025-09-30   | 9          | 9          | 9           |
    | K-000001    | 2025-10-01   | 1          | 1          | 0           |
    | K-000001    | 2026-09-20   | 2          | 1          | 1           |
    | K-000001    | 2026-10-01   | 5          | 5          | 5           |
    | K-000002    | 2025-01-01   | 1          | 1          | 1           |
    | K-000003    | 2026-09-29   | 1          | 0          | 0           |
    """
    then = """
    | customer_id | campaign_recency_days | campaign_contacts_365 | campaign_response_share |
    | K-000001    | 10                    | 3                     | 0.5                     |
    | K-000002    | 637                   | 0                     |                         |
    | K-000003    | 1                     | 1                     |                         |
    """
    assert made(given({"campaign_days": facts}), CAMPAIGNS.statement(), then) == table(then)
