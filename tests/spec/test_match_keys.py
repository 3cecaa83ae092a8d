"""identity.match_keys: the exact keys of each record, and how many hold them."""

from __future__ import annotations

from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

MATCH_KEYS = load_sql("klantprofiel.unification.clusters", "match_keys")


def keys(records: str, like: str) -> str:
    return made(given({"identity.link_records": records}), MATCH_KEYS, like, cap=2)


def test_a_record_holds_the_keys_that_are_known_of_it() -> None:
    records = """
    | record_id | email             | phone  | surname | other_surname | id_number | iban   |
    | crm/1     | anna@voorbeeld.nl | +31201 | vries   |               | NL1234    | NL91AB |
    | web/9     | anna@voorbeeld.nl |        | vries   |               | NL1234    |        |
    """
    then = """
    | record_id | rule           | key_value         | n_records |
    | crm/1     | email          | anna@voorbeeld.nl | 2         |
    | crm/1     | iban           | NL91AB            | 1         |
    | crm/1     | loyalty_number | NL1234            | 2         |
    | crm/1     | phone_surname  | +31201 vries      | 1         |
    | web/9     | email          | anna@voorbeeld.nl | 2         |
    | web/9     | loyalty_number | NL1234            | 2         |
    """
    assert keys(records, then) == table(then)


def test_a_phone_number_is_a_key_only_beside_a_surname_and_beside_either_of_two() -> None:
    records = """
    | record_id | email | phone  | surname | other_surname | id_number | iban |
    | crm/1     |       | +31201 |         |               |           |      |
    | crm/2     |       | +31201 | jansen  | vries         |           |      |
    | crm/3     |       | +31201 | vries   |               |           |      |
    | crm/4     |       |        | vries   |               |           |      |
    """
    then = """
    | record_id | rule          | key_value     | n_records |
    | crm/2     | phone_surname | +31201 jansen | 1         |
    | crm/2     | phone_surname | +31201 vries  | 2         |
    | crm/3     | phone_surname | +31201 vries  | 2         |
    """
    assert keys(records, then) == table(then)


def test_a_surname_that_is_written_twice_is_one_key() -> None:
    records = """
    | record_id | email | phone  | surname | other_surname | id_number | iban |
    | crm/1     |       | +31201 | vries   | vries         |           |      |
    """
    then = """
    | record_id | rule          | key_value    | n_records |
    | crm/1     | phone_surname | +31201 vries | 1         |
    """
    assert keys(records, then) == table(then)


def test_a_value_that_more_records_hold_than_the_cap_is_withdrawn() -> None:
    records = """
    | record_id | email              | phone | surname | other_surname | id_number | iban |
    | crm/1     | balie@voorbeeld.nl |       |         |               |           |      |
    | crm/2     | balie@voorbeeld.nl |       |         |               |           |      |
    | crm/3     | balie@voorbeeld.nl |       |         |               | NL1234    |      |
    """
    then = """
    | record_id | rule           | n_records | is_withdrawn |
    | crm/1     | email          | 3         | true         |
    | crm/2     | email          | 3         | true         |
    | crm/3     | email          | 3         | true         |
    | crm/3     | loyalty_number | 1         | false        |
    """
    assert keys(records, then) == table(then)
