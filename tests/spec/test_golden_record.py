"""identity.survivors and identity.golden_record: the best known value of each attribute, and whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klantprofiel.schema import canonical
from klantprofiel.unification.golden.statements import golden_record
from tests.spec.ascii import read, shown, table
from tests.unit.unification.golden.village import golden

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run


def unified(customers: str, orders: str = "") -> Run:
    """Return a run in which crm goes before web, and all records are one customer."""
    records = [str(row["record_id"]) for row in [*read(customers), *read(orders)]]
    return golden(customers, dict.fromkeys(records, "K-000001"), orders)


def test_each_attribute_comes_from_the_best_record_that_knows_it() -> None:
    run = unified("""
    | record_id | loyalty_number | email             | phone      | sex    |
    | crm/1     | 1077           |                   | 0621345678 | female |
    | web/1     | 1077           | anna@voorbeeld.nl | 0687654329 | male   |
    """)
    then = """
    | customer_id | email             | phone        | sex    |
    | K-000001    | anna@voorbeeld.nl | +31621345678 | female |
    """
    assert shown(run, "identity.golden_record", then) == table(then)
    then = """
    | customer_id | n_claims | email_rank | phone_rank | sex_rank | age_band_rank |
    | K-000001    | 2        | 2          | 1          | 1        |               |
    """
    assert shown(run, "identity.survivors", then) == table(then)


def test_an_address_comes_whole_from_one_record() -> None:
    run = unified("""
    | record_id | loyalty_number | street     | house_number | house_number_addition | postal_code | place   |
    | crm/1     | 1077           | Dorpsplein | 1            |                       | 1131AB      | Edam    |
    | web/1     | 1077           | Kade       | 22           | b                     | 3511AB      | Utrecht |
    """)
    then = """
    | street     | house_number | house_number_addition | postal_code | place |
    | Dorpsplein | 1            |                       | 1131AB      | Edam  |
    """
    assert shown(run, "identity.golden_record", then) == table(then)


def test_a_complete_address_goes_before_half_a_one_of_a_better_source() -> None:
    run = unified("""
    | record_id | loyalty_number | street     | house_number | postal_code | place   |
    | crm/1     | 1077           |            |              |             | Edam    |
    | web/1     | 1077           | Kade       | 22           | 3511AB      | Utrecht |
    """)
    then = """
    | street | house_number | postal_code | place   |
    | Kade   | 22           | 3511AB      | Utrecht |
    """
    assert shown(run, "identity.golden_record", then) == table(then)


def test_half_an_address_is_better_than_none() -> None:
    run = unified("| record_id | place |\n| crm/1     | Edam  |")
    then = """
    | street | postal_code | place |
    |        |             | Edam  |
    """
    assert shown(run, "identity.golden_record", then) == table(then)


def test_a_name_comes_whole_from_one_record() -> None:
    run = unified("""
    | record_id | loyalty_number | given_name | initials | surname_prefix | surname |
    | crm/1     | 1077           |            | A.       |                | Smit    |
    | web/1     | 1077           | Annelies   |          | de             | Vries   |
    """)
    then = """
    | given_name | initials | surname_prefix | surname |
    | Annelies   |          | de             | Vries   |
    """
    assert shown(run, "identity.golden_record", then) == table(then)


def test_a_customer_was_registered_at_the_earliest_and_updated_at_the_latest_date() -> None:
    run = unified("""
    | record_id | loyalty_number | registered_on | updated_on |
    | crm/1     | 1077           | 2018-05-01    | 2025-01-01 |
    | web/1     | 1077           | 2012-01-01    | 2026-01-01 |
    """)
    then = """
    | registered_on | updated_on |
    | 2012-01-01    | 2026-01-01 |
    """
    assert shown(run, "identity.golden_record", then) == table(then)


def test_a_customer_whom_only_events_mention_has_an_empty_golden_record() -> None:
    run = unified("", "| record_id | order_id |\n| kassa/7   | b1       |")
    then = """
    | customer_id | surname | email |
    | K-000001    |         |       |
    """
    assert shown(run, "identity.golden_record", then) == table(then)


def test_a_golden_record_tells_every_canonical_attribute() -> None:
    attributes = [name for name in canonical.Customers.columns if name != "customer_id"]
    assert list(golden_record().columns) == ["customer_id", *attributes]
