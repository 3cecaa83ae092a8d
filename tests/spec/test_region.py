"""region: where each customer lives, and how far the nearest store is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klantprofiel.profiles.areas import AREAS, REGION, STORE_PLACES
from tests.spec.ascii import given, made, table

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run

RANGES = """
| pc4  | province      |
| 1012 | Noord-Holland |
| 1014 | Noord-Holland |
| 6211 | Limburg       |
| 9712 | Groningen     |
"""
# 1016 lies at the Westertoren in Amsterdam, 9712 at the Martinitoren in Groningen.
AREA_FILE = """
| source | pc4  | municipality | urbanity | latitude | longitude |
| cbs    | 1012 | Amsterdam    | 1        | 52.3731  | 4.8926    |
| cbs    | 1016 | Amsterdam    | 1        | 52.3745  | 4.8835    |
| cbs    | 9712 | Groningen    | 2        | 53.2194  | 6.5682    |
| cbs    | 6211 | Maastricht   | 3        |          |           |
"""
STORES = """
| source | store_id | postal_code | opened_on  | closed_on  |
| kassa  | H01      | 1016 AB     | 1998-03-15 |            |
| kassa  | H02      | 1012 AB     | 1998-03-15 | 2026-09-30 |
| kassa  | H03      | 1012 AC     | 2026-10-01 |            |
| kassa  | H04      | 6211 AB     |            |            |
"""


def village(living: str, *, stores: str = STORES, area_file: str = AREA_FILE) -> Run:
    tables = {"living": living, "identity.stores": stores, "identity.areas": area_file}
    run = given(tables | {"postcode_provinces": RANGES})
    for reference in (AREAS, STORE_PLACES):
        run.make(reference.statement())
    return run


def homes(*areas: str) -> str:
    lines = (f"| K-{number:06} | 2026-01-01 | {pc4} |" for number, pc4 in enumerate(areas, 1))
    return "\n".join(["| customer_id | valid_from | pc4 |", *lines])


def test_four_digits_tell_the_area_its_municipality_and_its_province() -> None:
    then = """
    | customer_id | pc4  | postal_area | municipality | region        | urbanity | area_type        |
    | K-000001    | 1012 | 10          | Amsterdam    | Noord-Holland | 1        | stedelijk gebied |
    | K-000002    | 6211 | 62          | Maastricht   | Limburg       | 3        | overgangsgebied  |
    """
    assert made(village(homes("1012", "6211")), REGION.statement(), then) == table(then)


def test_without_a_reference_file_the_postal_ranges_tell_the_province() -> None:
    run = village(homes("1014", "8888"), area_file="")
    then = """
    | customer_id | postal_area | municipality | region        | region_from     | distance_store_km |
    | K-000001    | 10          |              | Noord-Holland | postcodereeksen |                   |
    | K-000002    | 88          |              |               |                 |                   |
    """
    assert made(run, REGION.statement(), then) == table(then)


def test_who_has_no_dutch_postal_code_has_no_row() -> None:
    living = "| customer_id | valid_from | pc4 |\n| K-000001 | 2026-01-01 | |"
    assert made(village(living), REGION.statement(), "| customer_id |") == table("| customer_id |")


def test_an_address_counts_from_its_day() -> None:
    living = """
    | customer_id | valid_from | pc4  |
    | K-000001    | 2026-01-01 | 1012 |
    | K-000001    | 2026-09-30 | 6211 |
    | K-000001    | 2026-10-01 | 9712 |
    | K-000002    | 2026-10-01 | 9712 |
    """
    then = """
    | customer_id | pc4  |
    | K-000001    | 6211 |
    """
    assert made(village(living), REGION.statement(), then) == table(then)


def test_the_nearest_store_is_one_that_is_open_and_of_which_the_place_is_known() -> None:
    then = """
    | customer_id | store_nearest |
    | K-000001    | H01           |
    | K-000002    | H01           |
    | K-000003    |               |
    """
    assert made(village(homes("1012", "1016", "6211")), REGION.statement(), then) == table(then)


def test_a_distance_is_that_of_the_great_circle_between_two_areas() -> None:
    run = village(homes("1016", "9712"))
    run.make(REGION.statement())
    (here,), (there,) = run.rows("select distance_store_km from region order by customer_id")
    assert here == 0
    # On the Dutch grid the towers stand at (120700.723, 487525.501) and (233883.131, 582065.167).
    assert there == pytest.approx(147.47, rel=0.004)


def test_the_distance_of_a_published_example_is_found() -> None:
    # Nashville (BNA) to Los Angeles (LAX): 2887.2599506 km with a radius of 6372.8 km (Rosetta Code,
    # "Haversine formula").
    area_file = """
    | source | pc4  | latitude | longitude |
    | cbs    | 1012 | 36.1200  | -86.6700  |
    | cbs    | 1016 | 33.9400  | -118.4000 |
    """
    run = village(homes("1012"), area_file=area_file)
    run.make(REGION.statement())
    ((distance,),) = run.rows("select distance_store_km from region")
    assert distance == pytest.approx(2887.2599506 * 6371.0088 / 6372.8, rel=1e-9)


def test_without_stores_nobody_is_near_one() -> None:
    then = """
    | customer_id | distance_store_km | store_nearest |
    | K-000001    |                   |               |
    """
    assert made(village(homes("1012"), stores=""), REGION.statement(), then) == table(then)


def test_a_theme_never_reads_what_points_out_a_person() -> None:
    tables = set(REGION.statement().tables)
    assert tables == {"areas", "living", "postcode_provinces", "store_places"}
