"""identity.match_edges: which records are one customer, and by which rule."""

from __future__ import annotations

from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

MATCH_EDGES = load_sql("klantprofiel.unification", "match_edges")


def test_records_with_an_equal_link_value_hang_on_the_first_of_them() -> None:
    run = given(
        {
            "identity.match_keys": """
            | record_id | rule  | link_value        | n_records | born_on |
            | crm/1     | email | anna@voorbeeld.nl | 3         |         |
            | crm/2     | email | anna@voorbeeld.nl | 3         |         |
            | web/9     | email | anna@voorbeeld.nl | 3         |         |
            | web/8     | email | bert@voorbeeld.nl | 1         |         |
            | crm/1     | phone |                   | 40        |         |
            | crm/5     | phone |                   | 40        |         |
            """
        }
    )
    then = """
    | first_record_id | record_id | rule  |
    | crm/1           | crm/2     | email |
    | crm/1           | web/9     | email |
    """
    assert made(run, MATCH_EDGES, then) == table(then)


def test_equal_values_of_different_rules_link_nothing() -> None:
    run = given(
        {
            "identity.match_keys": """
            | record_id | rule           | link_value | n_records | born_on |
            | crm/1     | loyalty_number | 1234       | 1         |         |
            | crm/2     | email          | 1234       | 1         |         |
            """
        }
    )
    then = "| first_record_id | record_id | rule |"
    assert made(run, MATCH_EDGES, then) == table(then)


def test_a_record_without_birth_date_does_not_stand_between_two_with_one() -> None:
    run = given(
        {
            "identity.match_keys": """
            | record_id | rule  | link_value        | n_records | born_on    |
            | crm/1     | email | anna@voorbeeld.nl | 3         |            |
            | crm/2     | email | anna@voorbeeld.nl | 3         | 1980-01-02 |
            | web/9     | email | anna@voorbeeld.nl | 3         | 1980-01-02 |
            """
        }
    )
    then = """
    | first_record_id | record_id | rule  |
    | crm/2           | crm/1     | email |
    | crm/2           | web/9     | email |
    """
    assert made(run, MATCH_EDGES, then) == table(then)
