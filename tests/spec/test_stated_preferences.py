"""preference_days and stated_preferences: what each customer last said to prefer."""

from __future__ import annotations

from klantprofiel.profiles.experience import PREFERENCES
from tests.spec.ascii import given, shown, table

REGISTRY = """
| record_id | customer_id | source |
| crm/1     | K-000001    | crm    |
| crm/2     | K-000002    | crm    |
"""


def made(name: str, promises: str, like: str) -> str:
    run = given({"identity.promises": promises, "identity.customer_records": REGISTRY})
    for facts in PREFERENCES.facts:
        run.make(facts.statement(), types=facts.types)
    PREFERENCES.make_in(run)
    return shown(run, name, like)


def test_the_last_word_about_each_subject_counts() -> None:
    promises = """
    | record_id | promise_id | kind       | subject         | preference | stated_at           |
    | crm/1     | V1         | preference | contact_channel | email      | 2026-08-01 09:00:00 |
    | crm/1     | V2         | preference | contact_channel | Phone      | 2026-09-01 09:00:00 |
    | crm/1     | V3         | preference | delivery        | evening    | 2026-07-01 09:00:00 |
    | crm/1     | V4         | preference | contact_channel | post       | 2026-10-01 09:00:00 |
    | crm/2     | V5         | preference | interest        | garden     | 2026-09-01 09:00:00 |
    """
    then = """
    | customer_id | preferred_channel | preferred_delivery | preferred_interest |
    | K-000001    | phone             | evening            |                    |
    | K-000002    |                   |                    | garden             |
    """
    assert made("stated_preferences", promises, then) == table(then)


def test_of_words_on_one_day_the_last_counts_then_the_highest_number() -> None:
    promises = """
    | record_id | promise_id | kind       | subject         | preference | stated_at           |
    | crm/1     | V1         | preference | contact_channel | email      | 2026-09-01 09:00:00 |
    | crm/1     | V2         | preference | contact_channel | phone      | 2026-09-01 08:00:00 |
    | crm/2     | V3         | preference | contact_channel | email      | 2026-09-01 09:00:00 |
    | crm/2     | V4         | preference | contact_channel | phone      | 2026-09-01 09:00:00 |
    """
    then = """
    | customer_id | stated_on  | subject         | preference |
    | K-000001    | 2026-09-01 | contact_channel | email      |
    | K-000002    | 2026-09-01 | contact_channel | phone      |
    """
    assert made("preference_days", promises, then) == table(then)


def test_promises_other_subjects_and_text_of_no_closed_list_are_no_preferences() -> None:
    promises = """
    | record_id | promise_id | kind       | subject         | content            | preference              | stated_at           |
    | crm/1     | V1         | preference | contact_channel | Liefst per e-mail  |                         | 2026-09-01 09:00:00 |
    | crm/1     | V2         | preference | contact_channel |                    | bel Jan op 0612345678   | 2026-09-01 09:00:00 |
    | crm/1     | V3         | preference | betaling        |                    | email                   | 2026-09-01 09:00:00 |
    | crm/1     | T1         | promise    | contact_channel |                    | email                   | 2026-09-01 09:00:00 |
    | crm/9     | V4         | preference | contact_channel |                    | email                   | 2026-09-01 09:00:00 |
    | crm/1     | V5         | preference | contact_channel |                    | email                   |                     |
    """  # noqa: E501  a table is as wide as it is
    then = "| customer_id | subject |"
    assert made("preference_days", promises, then) == table(then)
