"""identity.link_records: what is compared of each source record, every value in standard form."""

from __future__ import annotations

from klantprofiel.unification.standard import find_placeholders, link_records, standardise
from tests.spec.ascii import given, made, put, table


def compared(customers: str, like: str, *, touched: tuple[str, ...] = ()) -> str:
    run = given({"identity.customers": customers})
    standardise(run)
    find_placeholders(run)
    records = touched or [record for (record,) in run.rows("select record_id from identity.customers")]
    put(run, "identity.touched_records", [{"record_id": record} for record in sorted(set(records))])
    return made(run, link_records(), like)


def test_names_are_compared_with_and_without_prefix_and_each_of_a_double_name() -> None:
    customers = """
    | record_id | given_name | initials | surname_prefix | surname          |
    | crm/1     | Élise      | E.M.     | van den        | Bérg             |
    | crm/2     | Jan-Willem |          |                | Berg, v.d.       |
    | crm/3     | J.         |          | de             | de Vries-Jansen  |
    | crm/4     | onbekend   |          |                | Jansen - de Vries |
    """
    then = """
    | record_id | given_name | initials | surname | surname_long | other_surname |
    | crm/1     | elise      | em       | berg    | vandenberg   |               |
    | crm/2     | janwillem  | jw       | berg    | vandeberg    |               |
    | crm/3     |            | j        | vries   | devries      | jansen        |
    | crm/4     |            |          | jansen  | jansen       | vries         |
    """
    assert compared(customers, then) == table(then)


def test_a_house_number_and_its_addition_are_found_in_whichever_field_they_stand() -> None:
    customers = """
    | record_id | street           | house_number | house_number_addition | postal_code |
    | crm/1     | Dorpsstraat      | 12           | A                     | 1111 ab     |
    | crm/2     | Dorpsstr.        | 12a          |                       | 1111AB      |
    | crm/3     | Dorpsstraat 12-a |              |                       | 1111 AB     |
    | crm/4     | Dorpsstraat 12 A | 12           |                       | nl-1111 AB  |
    | crm/5     | Dorpsstraat      | 12 A         | a                     | 1111AB      |
    | crm/6     | s hwy 701        | 34           | apt number 5          | 00000       |
    | crm/7     | Dorpsstraat      | 12 A         | bis                   | 9999XX      |
    """
    then = """
    | record_id | street          | house_number | house_number_addition | postal_code |
    | crm/1     | dorpsstraat     | 12           | a                     | 1111AB      |
    | crm/2     | dorpsstraat     | 12           | a                     | 1111AB      |
    | crm/3     | dorpsstraat     | 12           | a                     | 1111AB      |
    | crm/4     | dorpsstraat     | 12           | a                     | 1111AB      |
    | crm/5     | dorpsstraat     | 12           | a                     | 1111AB      |
    | crm/6     | southhighway701 | 34           | 5                     |             |
    | crm/7     | dorpsstraat     | 12           | abis                  |             |
    """
    assert compared(customers, then) == table(then)


def test_a_post_office_box_is_no_address_where_someone_lives() -> None:
    customers = """
    | record_id | street      | house_number | house_number_addition | postal_code | place         |
    | crm/1     | Postbus 120 |              |                       | 1000 AA     | Amsterdam     |
    | crm/2     | Postbus     | 120          | a                     | 1000 AA     | 's-Gravenhage |
    """
    then = """
    | record_id | street | house_number | house_number_addition | postal_code | place     |
    | crm/1     |        |              |                       |             | amsterdam |
    | crm/2     |        |              |                       |             | denhaag   |
    """
    assert compared(customers, then) == table(then)


def test_placeholders_and_what_is_shared_are_no_evidence() -> None:
    customers = """
    | record_id | email                | phone       | loyalty_number | birth_date | surname  | place    |
    | crm/1     | info@bakker.nl       | 0600000000  | 000000         | 1900-01-01 | Onbekend | onbekend |
    | crm/2     | noreply@bakker.nl    | geen        | onbekend       | 1980-01-02 | x        | -        |
    | crm/3     | J.Vos+web@hof.nl     | 06-21345678 | NL 123-4       | 1980-01-02 | Vos      | Edam     |
    | crm/4     | j.vos@hofnl          |             |                |            |          |          |
    """
    then = """
    | record_id | email            | email_user | phone        | id_number | birth_date | surname | place |
    | crm/1     |                  |            |              |           |            |         |       |
    | crm/2     |                  |            |              |           | 1980-01-02 |         |       |
    | crm/3     | j.vos+web@hof.nl | jvos       | +31621345678 | NL1234    | 1980-01-02 | vos     | edam  |
    | crm/4     |                  | jvos       |              |           |            |         |       |
    """
    assert compared(customers, then) == table(then)


def test_a_bank_account_is_compared_when_its_check_digits_are_right() -> None:
    customers = """
    | record_id | iban                   |
    | crm/1     | nl91 abna 0417 1643 00 |
    | crm/2     | NL91ABNA0417164300     |
    | crm/3     | NL92ABNA0417164300     |
    """
    then = """
    | record_id | iban               |
    | crm/1     | NL91ABNA0417164300 |
    | crm/2     | NL91ABNA0417164300 |
    | crm/3     |                    |
    """
    assert compared(customers, then) == table(then)


def test_of_a_record_in_two_files_each_part_comes_whole_from_the_latest_row_that_has_it() -> None:
    customers = """
    | record_id | delivered_on | surname  | email       | street    | house_number | country |
    | crm/1     | 2026-01-01   | de Vries | b@hof.nl    | Dorpsweg  | 5 a          | NL      |
    | crm/1     | 2026-02-01   |          | info@hof.nl | Kerkplein | 3            |         |
    | crm/2     | 2026-01-01   | Smit     | b@hof.nl    |           |              | NL      |
    | crm/2     | 2026-01-01   | Bos      | a@hof.nl    |           |              |         |
    """
    then = """
    | record_id | surname | surname_long | email    | street    | house_number | house_number_addition |
    | crm/1     | vries   | devries      | b@hof.nl | kerkplein | 3            |                       |
    | crm/2     | bos     | bos          | a@hof.nl |           |              |                       |
    """
    assert compared(customers, then) == table(then)


def test_only_touched_records_are_made_and_of_vanished_ones_nothing() -> None:
    customers = """
    | record_id | surname |
    | crm/1     | Vos     |
    | crm/2     | Bos     |
    """
    then = """
    | record_id | surname |
    | crm/2     | bos     |
    """
    assert compared(customers, then, touched=("crm/2", "crm/9")) == table(then)


def test_a_value_too_frequent_at_training_is_no_evidence() -> None:
    lines = [f"| crm/{n} | balie@hof.nl | 1985-05-{n % 28 + 1:02} |" for n in range(11)]
    customers = "\n".join(
        ["| record_id | email | birth_date |", *lines, "| web/1 | anna@hof.nl | 1985-05-01 |"]
    )
    then = "| record_id | email |\n" + "\n".join(
        [*(f"| crm/{n} | |" for n in range(11)), "| web/1 | anna@hof.nl |"]
    )
    assert compared(customers, then) == table(then)
