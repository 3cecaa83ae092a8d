"""service_experience: what each customer went through with customer service, as of a date."""

from __future__ import annotations

from datetime import date

from klantprofiel.profiles.experience import THEMES
from tests.spec.ascii import AS_OF, given, shown, table

SERVICE = next(theme for theme in THEMES if theme.name == "service_experience")
REGISTRY = """
| record_id | customer_id | source |
| crm/1     | K-000001    | crm    |
| crm/2     | K-000002    | crm    |
"""
CUSTOMERS = "| customer_id |\n| K-000001 |\n| K-000002 |"


def service(contacts: str, like: str, *, as_of: date = AS_OF) -> str:
    tables = {"identity.contacts": contacts, "identity.customer_records": REGISTRY, "customers": CUSTOMERS}
    run = given(tables, as_of=as_of)
    for facts in SERVICE.facts:
        run.make(facts.statement(), types=facts.types)
    SERVICE.make_in(run)
    return shown(run, "service_experience", like)


def test_contacts_and_complaints_count_for_a_year_and_the_last_contact_for_ever() -> None:
    contacts = """
    | record_id | contact_id | contacted_at        | is_complaint |
    | crm/1     | C1         | 2025-09-30 23:59:59 | true         |
    | crm/1     | C2         | 2025-10-01 00:00:00 | true         |
    | crm/1     | C3         | 2026-09-20 09:00:00 | false        |
    | crm/1     | C4         | 2026-09-20 10:00:00 |              |
    | crm/1     | C5         | 2026-10-01 00:00:00 | true         |
    | crm/2     | C6         | 2025-01-01 09:00:00 | true         |
    """
    then = """
    | customer_id | n_contacts_365 | n_complaints_365 | contact_recency_days |
    | K-000001    | 3              | 1                | 10                   |
    | K-000002    | 0              | 0                | 637                  |
    """
    assert service(contacts, then) == table(then)


def test_who_never_had_contact_has_none_where_others_did_and_the_rest_is_unknown() -> None:
    contacts = "| record_id | contact_id | contacted_at |\n| crm/2 | C1 | 2026-09-01 09:00:00 |"
    then = """
    | customer_id | n_contacts_365 | n_complaints_365 | n_complaints_open | contact_recency_days | first_contact_resolution_share | csat_last | ces_mean |
    | K-000001    | 0              | 0                | 0                 |                      |                                |           |          |
    | K-000002    | 1              | 0                | 0                 | 29                   |                                |           |          |
    """  # noqa: E501  a table is as wide as it is
    assert service(contacts, then) == table(then)


def test_where_no_source_tells_of_contacts_by_then_nothing_is_known() -> None:
    then = "| customer_id | n_contacts_365 |"
    assert service("", then) == table(then)
    contacts = "| record_id | contact_id | contacted_at |\n| crm/2 | C1 | 2026-09-01 09:00:00 |"
    assert service(contacts, then, as_of=date(2026, 8, 31)) == table(then)


def test_the_first_contact_is_resolved_or_not_and_repeats_do_not_count() -> None:
    contacts = """
    | record_id | contact_id | contacted_at        | subject  | is_resolved |
    | crm/1     | C1         | 2026-09-01 09:00:00 | retour   | false       |
    | crm/1     | C2         | 2026-09-03 09:00:00 | retour   | true        |
    | crm/1     | C3         | 2026-09-04 09:00:00 | betaling | true        |
    | crm/1     | C4         | 2026-09-05 09:00:00 | levering | true        |
    | crm/1     | C5         | 2026-09-06 09:00:00 | advies   |             |
    | crm/1     | C6         | 2026-09-07 09:00:00 | defect   | false       |
    | crm/2     | C7         | 2026-09-07 09:00:00 | defect   |             |
    """
    then = """
    | customer_id | first_contact_resolution_share |
    | K-000001    | 0.5                            |
    | K-000002    |                                |
    """
    assert service(contacts, then) == table(then)


def test_a_complaint_is_open_until_a_contact_about_its_subject_resolves_it() -> None:
    contacts = """
    | record_id | contact_id | contacted_at        | subject  | is_complaint | is_resolved |
    | crm/1     | C1         | 2026-09-01 09:00:00 | retour   | true         | false       |
    | crm/1     | C2         | 2026-09-01 12:00:00 | retour   | false        | true        |
    | crm/1     | C3         | 2026-09-02 09:00:00 | levering | true         | false       |
    | crm/1     | C4         | 2026-09-03 09:00:00 | betaling | false        | true        |
    | crm/1     | C5         | 2026-09-04 09:00:00 | betaling | true         | false       |
    | crm/1     | C6         | 2026-10-02 09:00:00 | betaling | false        | true        |
    | crm/2     | C7         | 2026-09-01 09:00:00 | retour   | true         | true        |
    | crm/2     | C8         | 2026-09-02 09:00:00 | levering | true         |             |
    | crm/2     | C9         | 2025-03-02 09:00:00 | levering | true         | false       |
    | crm/2     | CA         | 2026-09-05 09:00:00 | defect   | false        | true        |
    | crm/2     | CB         | 2026-09-05 12:00:00 | defect   | true         | false       |
    """
    then = """
    | customer_id | n_complaints_365 | n_complaints_open |
    | K-000001    | 3                | 2                 |
    | K-000002    | 3                | 1                 |
    """
    assert service(contacts, then) == table(then)
    resolved = then.replace("| 3                | 2 ", "| 3                | 1 ")
    assert service(contacts, then, as_of=date(2026, 10, 2)) == table(resolved)


def test_the_main_channel_is_used_most_in_the_year_then_last_then_first_in_the_alphabet() -> None:
    contacts = """
    | record_id | contact_id | contacted_at        | channel |
    | crm/1     | C1         | 2026-09-03 09:00:00 | chat    |
    | crm/1     | C2         | 2026-09-01 09:00:00 | phone   |
    | crm/1     | C3         | 2026-09-02 09:00:00 | phone   |
    | crm/1     | C4         | 2024-09-02 09:00:00 | chat    |
    | crm/1     | C5         | 2024-09-02 09:00:00 | chat    |
    | crm/2     | C6         | 2026-09-02 10:00:00 | phone   |
    | crm/2     | C7         | 2026-09-02 09:00:00 | email   |
    | crm/2     | C8         | 2026-09-01 09:00:00 | chat    |
    """
    then = """
    | customer_id | service_channel_main |
    | K-000001    | phone                |
    | K-000002    | email                |
    """
    assert service(contacts, then) == table(then)


def test_answers_give_the_last_one_ever_and_the_mean_of_the_year() -> None:
    contacts = """
    | record_id | contact_id | contacted_at        | satisfaction | ease | waiting_seconds |
    | crm/1     | C1         | 2026-08-01 09:00:00 | 5            | 7    | 10              |
    | crm/1     | C2         | 2026-09-01 09:00:00 | 4            | 2    | 300             |
    | crm/1     | C3         | 2026-09-01 10:00:00 | 2            |      | 20              |
    | crm/1     | C4         | 2026-09-02 10:00:00 |              |      |                 |
    | crm/2     | C5         | 2024-09-02 10:00:00 | 1            | 3    | 40              |
    """
    then = """
    | customer_id | csat_last | csat_mean         | ces_last | ces_mean | waiting_median_seconds |
    | K-000001    | 2         | 3.6666666666666665 | 2       | 4.5      | 20.0                   |
    | K-000002    | 1         |                   | 3        |          |                        |
    """
    assert service(contacts, then) == table(then)
