"""identity.match_keys: the exact keys of each record, and what they link it by."""

from __future__ import annotations

from klantprofiel.unification.standard_values import standardise
from klantprofiel.unification.survivorship import known_customers
from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

MATCH_KEYS = load_sql("klantprofiel.unification", "match_keys")


def keys(customers: str, like: str, *, cap: int = 10) -> str:
    run = given({"identity.customers": customers})
    standardise(run)
    run.view(known_customers())
    return made(run, MATCH_KEYS, like, cap=cap)


def test_keys_are_compared_in_standard_form() -> None:
    customers = """
    | record_id | email             | phone          | surname      | loyalty_number |
    | crm/1     | Anna@Voorbeeld.nl | 06-21 34 56 78 | van der Bérg | NL 123-4       |
    | web/9     | anna@voorbeeld.nl | +31621345678   | Berg, v.d.   | nl1234         |
    """
    then = """
    | record_id | rule           | key_value         | n_records | link_value        |
    | crm/1     | email          | anna@voorbeeld.nl | 2         | anna@voorbeeld.nl |
    | crm/1     | loyalty_number | NL1234            | 2         | NL1234            |
    | crm/1     | phone_surname  | +31621345678 berg | 2         | +31621345678 berg |
    | web/9     | email          | anna@voorbeeld.nl | 2         | anna@voorbeeld.nl |
    | web/9     | loyalty_number | NL1234            | 2         | NL1234            |
    | web/9     | phone_surname  | +31621345678 berg | 2         | +31621345678 berg |
    """
    assert keys(customers, then) == table(then)


def test_a_phone_number_is_a_key_only_beside_a_surname() -> None:
    customers = """
    | record_id | phone      | surname  |
    | crm/1     | 0621345678 |          |
    | crm/2     | 0621345678 | de Vries |
    | crm/3     |            | de Vries |
    """
    then = """
    | record_id | rule          | key_value          |
    | crm/2     | phone_surname | +31621345678 vries |
    """
    assert keys(customers, then) == table(then)


def test_placeholders_and_shared_mailboxes_are_no_keys() -> None:
    customers = """
    | record_id | email                | phone      | surname  | loyalty_number |
    | crm/1     | noreply@voorbeeld.nl | 0600000000 | de Vries | 0000000        |
    | crm/2     | info@voorbeeld.nl    | 0621345678 | Onbekend | onbekend       |
    | crm/3     | test@voorbeeld.nl    | geen       | x        |                |
    """
    then = "| record_id | rule | key_value |"
    assert keys(customers, then) == table(then)


def test_a_value_that_more_records_hold_than_the_cap_links_none_of_them() -> None:
    customers = """
    | record_id | email              |
    | crm/1     | balie7@voorbeeld.nl |
    | crm/2     | balie7@voorbeeld.nl |
    | crm/3     | balie7@voorbeeld.nl |
    """
    then = """
    | record_id | n_records | link_value |
    | crm/1     | 3         |            |
    | crm/2     | 3         |            |
    | crm/3     | 3         |            |
    """
    assert keys(customers, then, cap=2) == table(then)


def test_who_share_a_value_with_different_birth_dates_are_linked_only_to_their_own() -> None:
    customers = """
    | record_id | email             | birth_date |
    | crm/1     | thuis@voorbeeld.nl | 1980-01-02 |
    | crm/2     | thuis@voorbeeld.nl | 1982-03-04 |
    | web/3     | thuis@voorbeeld.nl | 1980-01-02 |
    | web/4     | thuis@voorbeeld.nl |            |
    """
    then = """
    | record_id | link_value                    |
    | crm/1     | thuis@voorbeeld.nl 1980-01-02 |
    | crm/2     | thuis@voorbeeld.nl 1982-03-04 |
    | web/3     | thuis@voorbeeld.nl 1980-01-02 |
    | web/4     |                               |
    """
    assert keys(customers, then) == table(then)


def test_a_birth_date_that_a_system_filled_in_divides_nobody() -> None:
    customers = """
    | record_id | email             | birth_date |
    | crm/1     | anna@voorbeeld.nl | 1980-01-02 |
    | web/2     | anna@voorbeeld.nl | 1900-01-01 |
    """
    then = """
    | record_id | link_value        |
    | crm/1     | anna@voorbeeld.nl |
    | web/2     | anna@voorbeeld.nl |
    """
    assert keys(customers, then) == table(then)


def test_a_couple_with_one_phone_and_surname_is_not_one_person_though_one_birth_date_is_unknown() -> None:
    customers = """
    | record_id | given_name | initials | phone      | surname  | birth_date |
    | crm/1     | Marcel     |          | 0621345678 | de Vries |            |
    | crm/2     | Karin      |          | 0621345678 | de Vries | 1982-03-04 |
    | web/3     |            | k.m.     | 0621345678 | Vries    |            |
    | web/4     | onbekend   |          | 0621345678 | Vries    | 1982-03-04 |
    """
    then = """
    | record_id | link_value           |
    | crm/1     | +31621345678 vries m |
    | crm/2     | +31621345678 vries k |
    | web/3     | +31621345678 vries k |
    | web/4     |                      |
    """
    assert keys(customers, then) == table(then)


def test_people_of_several_birth_dates_and_initials_are_linked_only_when_both_are_equal() -> None:
    customers = """
    | record_id | given_name | phone      | surname  | birth_date |
    | crm/1     | Émile      | 0621345678 | de Vries | 1982-03-04 |
    | crm/2     | Karin      | 0621345678 | de Vries | 1982-03-04 |
    | crm/3     | Eva        | 0621345678 | de Vries | 2012-05-06 |
    | web/4     | emile      | 0621345678 | de Vries | 1982-03-04 |
    """
    then = """
    | record_id | link_value                      |
    | crm/1     | +31621345678 vries 1982-03-04 e |
    | crm/2     | +31621345678 vries 1982-03-04 k |
    | crm/3     | +31621345678 vries 2012-05-06 e |
    | web/4     | +31621345678 vries 1982-03-04 e |
    """
    assert keys(customers, then) == table(then)


def test_initials_divide_nobody_who_shares_an_email_address() -> None:
    customers = """
    | record_id | given_name | initials | email              |
    | crm/1     | Hans       |          | hans@voorbeeld.nl  |
    | web/2     |            | J.       | hans@voorbeeld.nl  |
    """
    then = """
    | record_id | link_value        |
    | crm/1     | hans@voorbeeld.nl |
    | web/2     | hans@voorbeeld.nl |
    """
    assert keys(customers, then) == table(then)
