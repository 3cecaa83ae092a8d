"""region: province and postal area, as far as a Dutch postal code tells."""

from __future__ import annotations

from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

REGION = load_sql("klantprofiel.profiles", "region")
PROVINCES = """
| pc4  | province      |
| 1012 | Noord-Holland |
| 6211 | Limburg       |
"""


def regions(golden_record: str, like: str) -> str:
    run = given({"identity.golden_record": golden_record, "postcode_provinces": PROVINCES})
    return made(run, REGION, like)


def test_a_postal_code_tells_the_province_and_its_first_two_digits_the_area() -> None:
    golden_record = """
    | customer_id | postal_code | country   |
    | K-000001    | 1012AB      | NL        |
    | K-000002    | 6211 xy     |           |
    | K-000003    | 6211        | Nederland |
    """
    then = """
    | customer_id | region        | postal_area |
    | K-000001    | Noord-Holland | 10          |
    | K-000002    | Limburg       | 62          |
    | K-000003    | Limburg       | 62          |
    """
    assert regions(golden_record, then) == table(then)


def test_a_code_of_another_country_or_of_no_shape_tells_nothing() -> None:
    golden_record = """
    | customer_id | postal_code | country |
    | K-000001    | 1012        | BE      |
    | K-000002    | 0123AB      |         |
    | K-000003    | SW1A 1AA    |         |
    | K-000004    |             | NL      |
    """
    then = "| customer_id | region | postal_area |"
    assert regions(golden_record, then) == table(then)


def test_a_code_outside_the_ranges_has_an_area_and_no_province() -> None:
    then = """
    | customer_id | region | postal_area |
    | K-000001    |        | 13          |
    """
    golden_record = "| customer_id | postal_code | country |\n| K-000001    | 1311AB      |         |"
    assert regions(golden_record, then) == table(then)
