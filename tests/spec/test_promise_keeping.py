"""promise_days and promise_keeping: whether we did what we promised each customer."""

from __future__ import annotations

from datetime import date

from klantprofiel.profiles.experience import PROMISE_KEEPING
from tests.spec.ascii import AS_OF, given, shown, table

REGISTRY = """
| record_id | customer_id | source |
| crm/1     | K-000001    | crm    |
| crm/2     | K-000002    | crm    |
"""
CUSTOMERS = "| customer_id |\n| K-000001 |\n| K-000002 |"


def made(name: str, promises: str, like: str, *, as_of: date = AS_OF) -> str:
    tables = {"identity.promises": promises, "identity.customer_records": REGISTRY, "customers": CUSTOMERS}
    run = given(tables, as_of=as_of)
    for facts in PROMISE_KEEPING.facts:
        run.make(facts.statement(), types=facts.types)
    PROMISE_KEEPING.make_in(run)
    return shown(run, name, like)


def test_promises_add_up_by_the_day_their_term_and_their_outcome() -> None:
    promises = """
    | record_id | promise_id | kind       | stated_at           | due_on     | is_kept |
    | crm/1     | T1         | promise    | 2026-09-01 09:00:00 | 2026-09-03 | true    |
    | crm/1     | T2         | promise    | 2026-09-01 19:00:00 | 2026-09-03 | true    |
    | crm/1     | T3         | promise    | 2026-09-01 19:00:00 | 2026-09-03 |         |
    | crm/1     | V1         | preference | 2026-09-01 19:00:00 |            |         |
    | crm/1     | T4         | promise    |                     | 2026-09-03 |         |
    | crm/9     | T5         | promise    | 2026-09-01 19:00:00 | 2026-09-03 |         |
    """
    then = """
    | customer_id | stated_on  | due_on     | is_kept | n_promises |
    | K-000001    | 2026-09-01 | 2026-09-03 | true    | 2          |
    | K-000001    | 2026-09-01 | 2026-09-03 |         | 1          |
    """
    assert made("promise_days", promises, then) == table(then)


def test_a_promise_is_judged_from_the_day_on_which_it_was_due_for_a_year() -> None:
    promises = """
    | record_id | promise_id | kind    | stated_at           | due_on     | is_kept |
    | crm/1     | T1         | promise | 2026-09-01 09:00:00 | 2026-09-30 | true    |
    | crm/1     | T2         | promise | 2025-09-01 09:00:00 | 2025-10-01 | false   |
    | crm/1     | T3         | promise | 2025-09-01 09:00:00 | 2025-09-30 | false   |
    | crm/1     | T4         | promise | 2026-09-01 09:00:00 | 2026-10-01 | false   |
    | crm/2     | T5         | promise | 2026-09-01 09:00:00 | 2026-09-02 | false   |
    """
    then = """
    | customer_id | promise_kept_share | n_promises_open | n_promises_overdue |
    | K-000001    | 0.5                | 1               | 0                  |
    | K-000002    | 0.0                | 0               | 0                  |
    """
    assert made("promise_keeping", promises, then) == table(then)


def test_what_is_not_settled_is_open_and_overdue_after_its_day() -> None:
    promises = """
    | record_id | promise_id | kind    | stated_at           | due_on     | is_kept |
    | crm/1     | T1         | promise | 2026-09-01 09:00:00 | 2026-09-29 |         |
    | crm/1     | T2         | promise | 2026-09-01 09:00:00 | 2026-09-30 |         |
    | crm/1     | T3         | promise | 2026-09-01 09:00:00 |            |         |
    | crm/1     | T4         | promise | 2026-10-01 09:00:00 | 2026-10-02 |         |
    """
    then = """
    | customer_id | promise_kept_share | n_promises_open | n_promises_overdue |
    | K-000001    |                    | 3               | 1                  |
    | K-000002    |                    | 0               | 0                  |
    """
    assert made("promise_keeping", promises, then) == table(then)


def test_where_no_source_tells_of_promises_by_then_nothing_is_known() -> None:
    promises = """
    | record_id | promise_id | kind       | stated_at           | due_on     |
    | crm/1     | T1         | promise    | 2026-09-01 09:00:00 | 2026-09-29 |
    | crm/1     | V1         | preference | 2026-08-01 09:00:00 |            |
    """
    then = "| customer_id | n_promises_open |"
    assert made("promise_keeping", "", then) == table(then)
    assert made("promise_keeping", promises, then, as_of=date(2026, 8, 31)) == table(then)
