"""contact_days: the contacts of each customer, in their order within a day."""

from __future__ import annotations

from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

CONTACT_DAYS = load_sql("klantprofiel.profiles.experience", "contact_days")
REGISTRY = """
| record_id | customer_id | source |
| crm/1     | K-000001    | crm    |
| web/1     | K-000001    | web    |
| crm/2     | K-000002    | crm    |
"""


def contacts(rows: str, like: str) -> str:
    run = given({"identity.contacts": rows, "identity.customer_records": REGISTRY})
    return made(run, CONTACT_DAYS, like)


def test_contacts_of_one_customer_in_two_sources_stand_in_their_order_of_time() -> None:
    rows = """
    | record_id | source | contact_id | contacted_at        | channel | subject | is_complaint | waiting_seconds | ease | satisfaction |
    | crm/1     | bel    | C2         | 2026-09-01 15:00:00 | phone   | retour  | true         | 30              | 2    | 1            |
    | web/1     | chat   | C1         | 2026-09-01 09:00:00 | chat    | betaling | false       | 0               |      | 5            |
    | crm/1     | bel    | C3         | 2026-09-03 15:00:00 |         |         |              |                 |      |              |
    """  # noqa: E501  a table is as wide as it is
    then = """
    | customer_id | contacted_on | contact_rank | channel | subject  | is_complaint | waiting_seconds | ease | satisfaction |
    | K-000001    | 2026-09-01   | 1            | chat    | betaling | false        | 0               |      | 5            |
    | K-000001    | 2026-09-01   | 2            | phone   | retour   | true         | 30              | 2    | 1            |
    | K-000001    | 2026-09-03   | 1            |         |          |              |                 |      |              |
    """  # noqa: E501  the same
    assert contacts(rows, then) == table(then)


def test_of_two_contacts_at_one_moment_the_source_and_the_number_decide() -> None:
    rows = """
    | record_id | source | contact_id | contacted_at        | channel |
    | crm/1     | bel    | C9         | 2026-09-01 09:00:00 | phone   |
    | crm/1     | bel    | C8         | 2026-09-01 09:00:00 | email   |
    | crm/1     | aan    | C9         | 2026-09-01 09:00:00 | counter |
    """
    then = """
    | contact_rank | channel |
    | 1            | counter |
    | 2            | email   |
    | 3            | phone   |
    """
    assert contacts(rows, then) == table(then)


def test_a_repeat_is_about_the_same_subject_within_thirty_days() -> None:
    rows = """
    | record_id | contact_id | contacted_at        | subject  |
    | crm/1     | C1         | 2026-08-01 09:00:00 | retour   |
    | crm/1     | C2         | 2026-08-01 12:00:00 | retour   |
    | crm/1     | C3         | 2026-08-02 09:00:00 | betaling |
    | crm/1     | C4         | 2026-08-31 09:00:00 | Retour   |
    | crm/1     | C5         | 2026-10-01 09:00:00 | retour   |
    | crm/2     | C6         | 2026-08-02 09:00:00 | retour   |
    """
    then = """
    | customer_id | contacted_on | contact_rank | subject  | is_repeat |
    | K-000001    | 2026-08-01   | 1            | retour   | false     |
    | K-000001    | 2026-08-01   | 2            | retour   | true      |
    | K-000001    | 2026-08-02   | 1            | betaling | false     |
    | K-000001    | 2026-08-31   | 1            | retour   | true      |
    | K-000001    | 2026-10-01   | 1            | retour   | false     |
    | K-000002    | 2026-08-02   | 1            | retour   | false     |
    """
    assert contacts(rows, then) == table(then)


def test_contacts_about_an_unknown_subject_repeat_one_another() -> None:
    rows = """
    | record_id | contact_id | contacted_at        | subject |
    | crm/1     | C1         | 2026-08-01 09:00:00 |         |
    | crm/1     | C2         | 2026-08-02 09:00:00 |         |
    """
    then = """
    | contacted_on | is_repeat |
    | 2026-08-01   | false     |
    | 2026-08-02   | true      |
    """
    assert contacts(rows, then) == table(then)


def test_text_that_may_name_a_person_is_no_channel_and_no_subject() -> None:
    rows = """
    | record_id | contact_id | contacted_at        | channel          | subject                         |
    | crm/1     | C1         | 2026-09-01 09:00:00 | bel 0612345678   | factuur of betaling             |
    | crm/1     | C2         | 2026-09-02 09:00:00 | jan@voorbeeld.nl | mevrouw wil dat Jan haar belt   |
    | crm/1     | C3         | 2026-09-03 09:00:00 | WhatsApp         | abcdefghijklmno pqrstuvwxyzabcde |
    """
    then = """
    | contacted_on | channel  | subject             |
    | 2026-09-01   |          | factuur of betaling |
    | 2026-09-02   |          |                     |
    | 2026-09-03   | whatsapp |                     |
    """
    assert contacts(rows, then) == table(then)


def test_contacts_of_nobody_or_of_no_moment_are_left_out() -> None:
    rows = """
    | record_id | contact_id | contacted_at        |
    |           | C1         | 2026-09-01 09:00:00 |
    | crm/9     | C2         | 2026-09-01 09:00:00 |
    | crm/1     | C3         |                     |
    """
    then = "| customer_id | contacted_on |"
    assert contacts(rows, then) == table(then)
