"""identity.placeholder_values: values that fill a field without saying who someone is."""

from __future__ import annotations

from klantprofiel.unification.standard import find_placeholders, standardise
from tests.spec.ascii import given_rows, shown, table

THEN = "| kind | standard | found_by | n_records |"


def found(rows: list[dict[str, object]]) -> str:
    run = given_rows({"identity.customers": rows})
    standardise(run)
    find_placeholders(run)
    run.execute("delete from identity.placeholder_values where n_records = 0")
    return shown(run, "identity.placeholder_values", THEN)


def records(n: int, **values: object) -> list[dict[str, object]]:
    return [{"record_id": f"crm/{at}", **values} for at in range(n)]


def test_values_of_the_list_are_counted_and_shared_ones_are_values() -> None:
    rows = records(2, email="geen@hof.nl", phone="0611111111", birth_date="1900-01-01")
    rows += records(1, email="info@hof.nl")
    then = """
    | kind       | standard     | found_by | n_records |
    | birth_date | 1900-01-01   | list     | 2         |
    | email      | geen@hof.nl  | list     | 2         |
    | phone      | +31611111111 | list     | 2         |
    """
    assert found(rows) == table(then)


def test_a_value_of_more_than_ten_records_or_a_birth_date_of_more_than_twenty_is_too_frequent() -> None:
    at_most = records(10, email="a@hof.nl", phone="0621345678", loyalty_number="NL12")
    too_many = records(
        11, email="b@hof.nl", phone="0621345679", loyalty_number="NL13", birth_date="1980-01-02"
    )
    born = records(10, birth_date="1980-01-02") + records(20, birth_date="1980-01-03")
    then = """
    | kind           | standard     | found_by  | n_records |
    | birth_date     | 1980-01-02   | frequency | 21        |
    | email          | b@hof.nl     | frequency | 11        |
    | loyalty_number | NL13         | frequency | 11        |
    | phone          | +31621345679 | frequency | 11        |
    """
    assert found(at_most + too_many + born) == table(then)


def test_how_many_are_too_many_grows_with_what_is_filled() -> None:
    others: list[dict[str, object]] = [
        {"record_id": f"web/{n}", "loyalty_number": f"NL{n:06}"} for n in range(40_000)
    ]
    rows = records(20, loyalty_number="NLA1") + records(21, loyalty_number="NLB2") + others
    then = """
    | kind           | standard | found_by  | n_records |
    | loyalty_number | NLB2     | frequency | 21        |
    """
    assert found(rows) == table(then)


def test_a_common_surname_is_no_placeholder() -> None:
    assert found(records(500, surname="de Jong", given_name="Jan", place="Edam")) == table(THEN)
