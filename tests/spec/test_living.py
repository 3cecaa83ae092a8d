"""living: how and where each customer lives, without what points out a person."""

from __future__ import annotations

from klantprofiel.profiles.people import LIVING
from tests.spec.ascii import given, made, table

CUSTOMERS = """
| record_id | updated_on | registered_on | delivered_on |
| crm/1     | 2026-03-01 | 2020-01-01    | 2026-09-01   |
| web/1     |            | 2021-05-05    | 2026-09-02   |
| crm/2     |            | 2024-02-02    | 2026-09-01   |
| crm/3     | 2027-01-01 |               | 2026-09-01   |
| web/4     |            |               | 2026-09-03   |
"""
REGISTRY = """
| record_id | customer_id | source |
| crm/1     | K-000001    | crm    |
| web/1     | K-000001    | web    |
| crm/2     | K-000002    | crm    |
| crm/3     | K-000003    | crm    |
| web/4     | K-000004    | web    |
"""
HOMES = """
| record_id | household_id |
| crm/1     | H-000001     |
| web/1     | H-000001     |
| crm/2     | H-000001     |
| crm/3     | H-000003     |
"""
GOLDEN = """
| customer_id | birth_date | postal_code | country  | household_size | age_band   | registered_on |
| K-000001    | 1980-09-30 | 3511 AB     | NL       | 2              |            | 2020-01-01    |
| K-000002    | 1990-02-28 | 1012ab      |          | mw. Jansen     | 45 - 54    | 2024-02-02    |
| K-000003    |            | 1012        | BE       | 5+             | 04-03-1980 |               |
| K-000004    |            | SW1A 1AA    |          |                |            |               |
| K-000005    | 1970-01-01 | 3511AB      |          |                |            |               |
"""


READ = """
| record_id | customer_id |
| crm/9     | K-000009    |
"""


def living(then: str, read: str = READ) -> str:
    run = given(
        {
            "identity.customers": CUSTOMERS,
            "identity.customer_records": REGISTRY,
            "identity.households": HOMES,
            "identity.golden_record": GOLDEN,
            "identity.read_records": read,
        }
    )
    return made(run, LIVING.statement(), then)


def test_of_an_address_four_digits_remain_and_of_a_birthday_the_month() -> None:
    then = """
    | customer_id | pc4  | born_in    | household_id | registered_on |
    | K-000001    | 3511 | 1980-09-01 | H-000001     | 2020-01-01    |
    | K-000002    | 1012 | 1990-02-01 | H-000001     | 2024-02-02    |
    | K-000003    |      |            | H-000003     |               |
    | K-000004    |      |            |              |               |
    """
    assert living(then) == table(then)


def test_a_customer_lives_so_since_the_last_change_that_any_source_tells() -> None:
    then = """
    | customer_id | valid_from |
    | K-000001    | 2026-03-01 |
    | K-000002    | 2024-02-02 |
    | K-000003    | 2026-09-01 |
    | K-000004    | 2026-09-03 |
    """
    assert living(then) == table(then)


def test_a_record_that_was_there_before_is_so_since_its_source_changed_or_delivered_it() -> None:
    then = """
    | customer_id | valid_from |
    | K-000001    | 2026-09-02 |
    | K-000002    | 2026-09-01 |
    | K-000003    | 2026-09-01 |
    | K-000004    | 2026-09-03 |
    """
    assert living(then, read=REGISTRY) == table(then)


def test_text_that_is_no_number_or_range_is_unknown() -> None:
    then = """
    | customer_id | household_size | age_band |
    | K-000001    | 2              |          |
    | K-000002    |                | 45 - 54  |
    | K-000003    | 5+             |          |
    | K-000004    |                |          |
    """
    assert living(then) == table(then)


def test_nothing_in_it_names_a_person() -> None:
    columns = set(LIVING.statement().columns)
    assert not columns & {"birth_date", "postal_code", "house_number", "street", "place", "surname", "email"}
