"""identity.key_pairs: which records have an exact key in common."""

from __future__ import annotations

from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

KEY_PAIRS = load_sql("klantprofiel.unification.clusters", "key_pairs")


def test_every_two_holders_of_a_value_are_a_pair_once_per_rule() -> None:
    run = given(
        {
            "identity.match_keys": """
            | record_id | rule          | key_value         | n_records | is_withdrawn |
            | crm/1     | email         | anna@voorbeeld.nl | 3         | false        |
            | crm/2     | email         | anna@voorbeeld.nl | 3         | false        |
            | web/9     | email         | anna@voorbeeld.nl | 3         | false        |
            | web/8     | email         | bert@voorbeeld.nl | 1         | false        |
            | crm/1     | phone_surname | +31201 vries      | 2         | false        |
            | crm/2     | phone_surname | +31201 vries      | 2         | false        |
            | crm/1     | phone_surname | +31201 jansen     | 2         | false        |
            | crm/2     | phone_surname | +31201 jansen     | 2         | false        |
            """
        }
    )
    then = """
    | first_record_id | record_id | rule          |
    | crm/1           | crm/2     | email         |
    | crm/1           | crm/2     | phone_surname |
    | crm/1           | web/9     | email         |
    | crm/2           | web/9     | email         |
    """
    assert made(run, KEY_PAIRS, then) == table(then)


def test_a_value_that_is_withdrawn_makes_no_pairs() -> None:
    run = given(
        {
            "identity.match_keys": """
            | record_id | rule  | key_value          | n_records | is_withdrawn |
            | crm/1     | email | balie@voorbeeld.nl | 3         | true         |
            | crm/2     | email | balie@voorbeeld.nl | 3         | true         |
            | crm/3     | email | balie@voorbeeld.nl | 3         | true         |
            """
        }
    )
    then = "| first_record_id | record_id | rule |"
    assert made(run, KEY_PAIRS, then) == table(then)


def test_equal_values_of_different_rules_are_no_pair() -> None:
    run = given(
        {
            "identity.match_keys": """
            | record_id | rule           | key_value | n_records | is_withdrawn |
            | crm/1     | loyalty_number | 1234      | 1         | false        |
            | crm/2     | iban           | 1234      | 1         | false        |
            """
        }
    )
    then = "| first_record_id | record_id | rule |"
    assert made(run, KEY_PAIRS, then) == table(then)
