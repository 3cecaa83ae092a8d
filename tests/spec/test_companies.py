"""companies, company_days and company_profiles: business customers beside consumers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klantprofiel.profiles.companies import make_companies
from klantprofiel.unification import unify
from tests.spec.ascii import given, put, read, shown, table

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run

COMPANIES = """
| source   | company_id | company_name | sector     | postal_code | customer_since_on | delivered_on |
| zakelijk | Z000002    | Bakker       | Bouw       | 1012 AB     | 2026-09-20        | 2026-09-01   |
| zakelijk | Z000002    | Bakker       | Bouw, klus | 1012 AB     | 2026-09-20        | 2026-09-02   |
| zakelijk | Z000001    | De Vries     | 06-1234    | 6211AB      | 2027-01-01        | 2026-09-01   |
| zakelijk | Z000004    | Jansen       |            |             | 2026-09-10        | 2026-09-01   |
"""
ORDERS = """
| source   | order_id | line_id | company_id | ordered_on | net_amount_eur |
| zakelijk | ZB1      | 1       | Z000002    | 2026-09-10 | 100.00         |
| zakelijk | ZB1      | 2       | Z000002    | 2026-09-11 | 50.00          |
| zakelijk | ZB2      | 1       | Z000002    | 2026-01-10 | 25.00          |
| zakelijk | ZB3      | 1       | Z000003    | 2026-09-30 |                |
| zakelijk | ZB4      | 1       | Z000001    | 2026-10-01 | 10.00          |
"""
AREAS = """
| pc4  | municipality | province      |
| 1012 | Amsterdam    | Noord-Holland |
"""
RANGES = "| pc4  | province |\n| 6211 | Limburg  |"


def village(companies: str = COMPANIES, orders: str = ORDERS) -> Run:
    tables = {"identity.companies": companies, "identity.business_orders": orders}
    run = given(tables | {"areas": AREAS, "postcode_provinces": RANGES})
    make_companies(run)
    return run


def test_a_company_has_a_number_of_ours_and_neither_a_name_nor_its_own() -> None:
    then = """
    | company_id | sector     | pc4  | municipality | region        | customer_since_on |
    | B-000001   |            | 6211 |              | Limburg       | 2027-01-01        |
    | B-000002   | Bouw, klus | 1012 | Amsterdam    | Noord-Holland | 2026-09-20        |
    | B-000003   |            |      |              |               |                   |
    | B-000004   |            |      |              |               | 2026-09-10        |
    """
    run = village()
    assert shown(run, "companies", then) == table(then)
    columns = {
        column for name in ("companies", "company_days", "company_profiles") for column in run.columns(name)
    }
    assert not columns & {"company_name", "kvk_number", "postal_code", "record_id"}


def test_an_order_counts_on_the_day_of_its_first_line() -> None:
    then = """
    | company_id | ordered_on | n_orders | n_lines | net_eur |
    | B-000001   | 2026-10-01 | 1        | 1       | 10.00   |
    | B-000002   | 2026-01-10 | 1        | 1       | 25.00   |
    | B-000002   | 2026-09-10 | 1        | 1       | 100.00  |
    | B-000002   | 2026-09-11 | 0        | 1       | 50.00   |
    | B-000003   | 2026-09-30 | 1        | 1       |         |
    """
    assert shown(village(), "company_days", then) == table(then)


def test_what_companies_bought_counts_up_to_the_date_and_who_bought_nothing_spent_nothing() -> None:
    then = """
    | company_id | tenure_days | recency_days | frequency | monetary_eur | spend_recent_eur | basket_eur |
    | B-000002   | 263         | 20           | 2         | 175.00       | 150.00           | 87.50      |
    | B-000003   | 0           | 0            | 1         |              |                  |            |
    | B-000004   | 20          |              | 0         | 0.00         | 0.00             |            |
    """
    assert shown(village(), "company_profiles", then) == table(then)


def test_a_company_keeps_its_number_when_others_come() -> None:
    run = village(orders="")
    put(run, "identity.business_orders", read(ORDERS.replace("Z000001", "A000001")))
    make_companies(run)
    numbers = dict(run.rows("select record_id, company_id from identity.company_records"))
    assert numbers == {
        "zakelijk/Z000001": "B-000001",
        "zakelijk/Z000002": "B-000002",
        "zakelijk/Z000004": "B-000003",
        "zakelijk/A000001": "B-000004",
        "zakelijk/Z000003": "B-000005",
    }


def test_a_company_never_becomes_a_person() -> None:
    run = given({"identity.companies": COMPANIES, "identity.business_orders": ORDERS})
    unify(run)
    assert run.rows("select count(*) from customers") == [(0,)]


def test_without_business_customers_the_tables_are_empty() -> None:
    run = village("", "")
    for name in ("companies", "company_days", "company_profiles", "identity.company_records"):
        assert run.rows(f"select count(*) from {name}") == [(0,)]
