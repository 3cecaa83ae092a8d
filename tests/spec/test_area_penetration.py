"""area_penetration: customers against inhabitants per area, and what is left; small groups are withheld."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klantprofiel.profiles.areas import AREAS, make_market
from klantprofiel.purposes import MINIMUM_GROUP
from tests.spec.ascii import given, shown, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klantprofiel.warehouse import Run

AREA_FILE = """
| source | pc4  | municipality | province | population | households |
| cbs    | 1011 | Stad         | Noord    | 1000       | 500        |
| cbs    | 1012 | Stad         | Noord    | 1000       | 500        |
| cbs    | 1013 | Dorp         | Noord    | 500        | -99997     |
| cbs    | 2011 | Haven        | Zuid     | 1500       | 700        |
| cbs    | 3011 | Leeg         | Zuid     | 0          | 0          |
| cbs    | 4011 | Geheim       | Zuid     | -99997     | -99997     |
"""


def market(n_customers: Mapping[str, int], *, area_file: str = AREA_FILE, a_home: int = 1) -> Run:
    """Return the market of areas with so many customers each, `a_home` of them in every household."""
    people = [(pc4, number) for pc4, n in n_customers.items() for number in range(n)]
    living = "| customer_id | valid_from | household_id | pc4 | registered_on |\n" + "\n".join(
        f"| K-{place:06} | 2026-01-01 | H-{pc4}{number // a_home} | {pc4} | 2026-01-01 |"
        for place, (pc4, number) in enumerate(people)
    )
    run = given(
        {"identity.areas": area_file, "living": living, "postcode_provinces": "| pc4 | province |\n| 0 | x |"}
    )
    run.make(AREAS.statement())
    make_market(run)
    return run


def test_a_share_is_customers_by_inhabitants_and_the_index_compares_it_with_the_whole_market() -> None:
    run = market({"1011": 40, "1012": 20, "1013": 20, "2011": 40, "4011": 30})
    then = """
    | level        | province | municipality | pc4  | n_customers | n_inhabitants | n_white_space |
    | total        |          |              |      | 120         | 4000          | 0             |
    | province     | Noord    |              |      | 80          | 2500          | 0             |
    | province     | Zuid     |              |      | 40          | 1500          | 5             |
    | municipality | Noord    | Dorp         |      | 20          | 500           | 0             |
    | municipality | Noord    | Stad         |      | 60          | 2000          | 0             |
    | municipality | Zuid     | Haven        |      | 40          | 1500          | 5             |
    | pc4          | Noord    | Stad         | 1011 | 40          | 1000          | 0             |
    | pc4          | Noord    | Stad         | 1012 | 20          | 1000          | 10            |
    | pc4          | Noord    | Dorp         | 1013 | 20          | 500           | 0             |
    | pc4          | Zuid     | Haven        | 2011 | 40          | 1500          | 5             |
    """
    assert shown(run, "area_penetration", then) == table(then)
    ((share, home_share, benchmark, index),) = run.rows(
        "select penetration_share, home_share, benchmark_share, penetration_index "
        "from area_penetration where pc4 = '1011'"
    )
    assert (share, home_share, benchmark) == (0.04, 0.08, 0.03)
    assert index == pytest.approx(400 / 3)


def test_a_home_is_counted_once_and_without_known_households_its_share_is_unknown() -> None:
    run = market({"1011": 40, "1013": 40}, a_home=2)
    rows = run.rows(
        "select pc4, n_customers, n_homes, home_share from area_penetration "
        "where n_homes > 0 and pc4 is not null"
    )
    assert rows == [("1013", 40, 20, None), ("1011", 40, 20, 0.04)]


def test_an_area_of_few_homes_is_withheld_and_so_is_the_next_one_that_would_give_it_away() -> None:
    run = market({"1011": 9, "1012": 30, "1013": 40, "2011": 50})
    then = """
    | level        | municipality | pc4  | is_withheld | n_customers |
    | total        |              |      | false       | 129         |
    | province     |              |      | false       | 79          |
    | province     |              |      | false       | 50          |
    | municipality | Dorp         |      | false       | 40          |
    | municipality | Stad         |      | false       | 39          |
    | municipality | Haven        |      | false       | 50          |
    | pc4          | Stad         | 1011 | true        |             |
    | pc4          | Stad         | 1012 | true        |             |
    | pc4          | Dorp         | 1013 | false       | 40          |
    | pc4          | Haven        | 2011 | false       | 50          |
    """
    assert shown(run, "area_penetration", then) == table(then)
    hidden = run.rows(
        "select n_homes, penetration_share, home_share, penetration_index, n_white_space "
        "from area_penetration where is_withheld"
    )
    assert {value for row in hidden for value in row} == {None}


def test_twenty_customers_in_five_homes_are_withheld_too() -> None:
    run = market({"1011": 20, "1012": 80, "1013": 80}, a_home=4)
    withheld = run.rows("select pc4 from area_penetration where is_withheld order by pc4")
    assert withheld == [("1011",), ("1012",)]


def test_what_lies_in_a_withheld_area_is_withheld_and_nobody_is_shown_as_zero() -> None:
    run = market({"1013": 3, "1011": 20, "2011": 50})
    then = """
    | level        | municipality | pc4  | is_withheld | n_customers |
    | municipality | Dorp         |      | true        |             |
    | municipality | Stad         |      | true        |             |
    | pc4          | Dorp         | 1013 | true        |             |
    | pc4          | Stad         | 1011 | true        |             |
    | pc4          | Stad         | 1012 | false       | 0           |
    """
    lines = shown(run, "area_penetration", then).splitlines()
    assert [line for line in lines if "Dorp" in line or "Stad" in line] == table(then).splitlines()[1:]


def test_a_market_of_few_homes_tells_nothing_but_where_nobody_is() -> None:
    run = market({"1011": 4, "2011": 5})
    rows = run.rows(
        "select distinct is_withheld, n_customers, benchmark_share from area_penetration order by all"
    )
    assert rows == [(False, 0, None), (True, None, None)]


@pytest.mark.parametrize("seed", range(4))
def test_nobody_computes_what_is_withheld_from_what_is_shown(seed: int) -> None:
    sizes = {str(1000 + n): (n * n * (7 + seed) + 3 * seed) % 31 * ((n + seed) % 3) for n in range(40)}
    area_file = "| source | pc4 | municipality | province | population |\n" + "\n".join(
        f"| cbs | {pc4} | M{place // 4} | P{place // 12} | 1000 |" for place, pc4 in enumerate(sizes)
    )
    run = market(sizes, area_file=area_file)
    withheld: dict[tuple[str, ...], list[int]] = {}
    for level, province, municipality, pc4, is_withheld, n_customers in run.rows(
        "select level, province, municipality, pc4, is_withheld, n_customers from area_penetration"
    ):
        n = sum(
            size
            for place, (area, size) in enumerate(sizes.items())
            if (province is None or province == f"P{place // 12}")
            and (municipality is None or municipality == f"M{place // 4}")
            and (pc4 is None or pc4 == area)
        )
        assert n_customers == (None if is_withheld else n)
        assert is_withheld or n == 0 or n >= MINIMUM_GROUP
        around = {"pc4": (level, province, municipality), "municipality": (level, province)}.get(
            level, (level,)
        )
        if is_withheld:
            withheld.setdefault(around, []).append(n)
    shown_around = {
        key
        for key in withheld
        if key[0] in {"province", "total"}
        or not run.rows(
            "select 1 from area_penetration where is_withheld and level = $level and province = $province "
            "and municipality is not distinct from $municipality",
            level="municipality" if len(key) == 3 else "province",
            province=key[1],
            municipality=key[2] if len(key) == 3 else None,
        )
    }
    assert all(
        len(withheld[key]) > 1 and sum(withheld[key]) >= MINIMUM_GROUP for key in shown_around - {("total",)}
    )


def test_who_registered_later_is_no_customer_yet_and_without_areas_there_is_no_market() -> None:
    living = "| customer_id | valid_from | household_id | pc4 | registered_on |\n" + "\n".join(
        f"| K-{n:06} | 2026-01-01 | | 2011 | {'2026-10-01' if n % 2 else '2026-01-01'} |" for n in range(30)
    )
    run = given(
        {"identity.areas": AREA_FILE, "living": living, "postcode_provinces": "| pc4 | province |\n| 0 | x |"}
    )
    run.make(AREAS.statement())
    make_market(run)
    assert run.rows("select n_customers from area_penetration where pc4 = '2011'") == [(15,)]
    run.execute("delete from areas")
    make_market(run)
    assert run.rows("select count(*) from area_penetration where n_customers > 0") == [(0,)]
