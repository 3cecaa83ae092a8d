"""areas: the postal areas as reference files describe them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klantprofiel.profiles.areas import AREAS, POSTCODE_PROVINCES
from tests.spec.ascii import given, made, table

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run

RANGES = """
| pc4  | province      |
| 1012 | Noord-Holland |
| 6211 | Limburg       |
"""


def areas(delivered: str, then: str) -> str:
    run = given({"identity.areas": delivered, "postcode_provinces": RANGES})
    return made(run, AREAS.statement(), then)


def of_provinces(run: Run) -> dict[str, str]:
    run.make(POSTCODE_PROVINCES.statement())
    return dict(run.rows("select pc4, province from postcode_provinces"))


def test_what_cbs_writes_as_unknown_is_null_and_no_number() -> None:
    delivered = """
    | source | pc4  | population | households | urbanity | latitude | longitude |
    | cbs    | 1012 | 8500       | -99997     | 1        | 52.3731  | 4.8926    |
    | cbs    | 1013 | -99997     | -99997     | -99995   |          | 4.8926    |
    | cbs    | 1014 | 0          | 0          | 6        | 520.0000 | 4.8926    |
    """
    then = """
    | pc4  | population | households | urbanity | latitude | longitude |
    | 1012 | 8500       |            | 1        | 52.3731  | 4.8926    |
    | 1013 |            |            |          |          |           |
    | 1014 | 0          | 0          |          |          |           |
    """
    assert areas(delivered, then) == table(then)


def test_the_type_of_area_follows_from_urbanity_unless_it_is_delivered() -> None:
    delivered = """
    | source | pc4  | urbanity | area_type  |
    | cbs    | 1011 | 1        |            |
    | cbs    | 1012 | 2        |            |
    | cbs    | 1013 | 3        |            |
    | cbs    | 1014 | 4        |            |
    | cbs    | 1015 | 5        | nieuwbouw  |
    | cbs    | 1016 |          |            |
    """
    then = """
    | pc4  | area_type        |
    | 1011 | stedelijk gebied |
    | 1012 | stedelijk gebied |
    | 1013 | overgangsgebied  |
    | 1014 | landelijk gebied |
    | 1015 | nieuwbouw        |
    | 1016 |                  |
    """
    assert areas(delivered, then) == table(then)


def test_a_province_that_no_file_tells_follows_from_the_postal_ranges_and_says_so() -> None:
    delivered = """
    | source | pc4  | province |
    | cbs    | 1012 | Utrecht  |
    | cbs    | 6211 |          |
    | cbs    | 8911 | Fryslân  |
    | cbs    | 9999 |          |
    """
    then = """
    | pc4  | province  | province_from |
    | 1012 | Utrecht   | reference     |
    | 6211 | Limburg   | postal ranges |
    | 8911 | Friesland | reference     |
    | 9999 |           |               |
    """
    assert areas(delivered, then) == table(then)


def test_of_a_source_only_the_latest_file_counts() -> None:
    delivered = """
    | source | pc4  | population | delivered_on |
    | cbs    | 1012 | 100        | 2026-01-01   |
    | cbs    | 1013 | 200        | 2026-02-01   |
    | other  | 1014 | 300        | 2026-01-01   |
    """
    then = """
    | pc4  | population |
    | 1013 | 200        |
    | 1014 | 300        |
    """
    assert areas(delivered, then) == table(then)


def test_sources_fill_in_what_those_of_later_days_leave_open() -> None:
    delivered = """
    | source | pc4  | population | area_type | delivered_on |
    | cbs    | 1012 | 100        |           | 2026-02-01   |
    | own    | 1012 | 90         | winkels   | 2026-01-01   |
    """
    then = """
    | pc4  | population | area_type |
    | 1012 | 100        | winkels   |
    """
    assert areas(delivered, then) == table(then)


def test_what_is_no_postal_area_is_left_out() -> None:
    delivered = "| source | pc4  |\n| cbs    | 0123 |\n| cbs    | 101  |\n| cbs    | NL   |"
    assert areas(delivered, "| pc4 |") == table("| pc4 |")


def test_the_postal_ranges_tell_one_province_per_four_digits() -> None:
    run = given()
    provinces = of_provinces(run)
    ((n_rows,),) = run.rows("select count(*) from postcode_provinces")
    assert n_rows == len(provinces)
    assert (provinces["3511"], provinces["9711"], provinces["6211"]) == ("Utrecht", "Groningen", "Limburg")
    assert len(set(provinces.values())) == 12
    assert "0999" not in provinces
