"""Nights that make only what changed, beside making all anew: whatever comes in, the release is the same."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from hypothesis import example, given, settings
from hypothesis import strategies as st

from klantprofiel.profiles import build_profiles, changed
from klantprofiel.profiles.changed import CHANGED
from klantprofiel.profiles.renewal import RENEWED, Renewal
from tests.spec import ascii as spec
from tests.unit.profiles.company import BEGUN, CUSTOMERS, RECORDS, Company, contents

if TYPE_CHECKING:
    from klantprofiel.profiles.theme import Theme
    from klantprofiel.profiles.variable import Variable

AGO = [0, 1, 29, 181, 182, 183, 363, 364, 365, 366, 700]
"""Days before the date at which something happens: many just in or just out of a window."""

_records = st.integers(0, len(RECORDS) - 1)
ORDERS = st.tuples(
    st.just("orders"),
    st.integers(1, 9),  # few numbers, so that many are delivered again
    _records,
    st.sampled_from(AGO),
    st.tuples(st.sampled_from(["webshop", "winkel"]), st.sampled_from(["p1", "p2"]), st.integers(-3, 9)),
)
CAMPAIGNS = st.tuples(st.just("campaign_contacts"), st.integers(1, 4), _records, st.sampled_from(AGO))
PEOPLE = st.tuples(
    st.just("customers"),
    _records,
    st.sampled_from(["3511AB", "1012CD"]),
    st.integers(0, 2),
    st.sampled_from(AGO),
)
LINKS = st.tuples(st.just("registry"), _records, st.sampled_from(CUSTOMERS))
HOMES = st.tuples(st.just("households"), _records, st.sampled_from(["H-1", "H-2"]))
PRODUCTS = st.tuples(st.just("products"), st.sampled_from(["p1", "p2"]), st.sampled_from(["bol", "plant"]))
STORES = st.tuples(st.just("stores"), st.integers(1, 2), st.sampled_from([-1, 0, 1, 100]))
NIGHT = st.tuples(
    st.sampled_from([0, 1, 1, 1, 2, 30, 182, 365, 400]),  # days that passed
    st.lists(st.one_of(ORDERS, ORDERS, CAMPAIGNS, PEOPLE, LINKS, HOMES, PRODUCTS, STORES), max_size=4),
)


@example(nights=[(1, []), (1, [("orders", 1, 0, 0, ("winkel", "p1", 7))]), (182, [])], most=1)
@example(
    nights=[(1, [("customers", 0, "1012CD", 1, 400)]), (1, [("households", 1, "H-2")]), (30, [])], most=1
)
@example(nights=[(99, []), (1, []), (1, [("registry", 0, "K-000002")])], most=1)
@settings(max_examples=2)
@given(nights=st.lists(NIGHT, min_size=2, max_size=3), most=st.sampled_from([0.3, 1]))
def test_a_night_that_makes_what_changed_is_one_that_makes_all_anew(
    nights: list[tuple[int, list[tuple[Any, ...]]]], most: float
) -> None:
    run, company = spec.given(), Company()
    company.receive(BEGUN)
    for passed, arrivals in [(0, []), *nights]:
        company.as_of += timedelta(days=passed)
        company.receive(arrivals)
        company.put_into(run)
        with patch.object(changed, "MOST_CHANGED", most):
            build_profiles(run)
    renewed = contents(run)
    with patch.object(changed, "MOST_CHANGED", -1):
        build_profiles(run)
    anew = contents(run)
    for table in anew:
        assert renewed[table] == anew[table], table


def renewed_in(nights: list[tuple[int, list[tuple[Any, ...]]]], most: float = 1) -> dict[str, int]:
    """Return of how many customers each theme was made again in the last of some nights."""
    run, company = spec.given(), Company()
    company.receive(BEGUN)
    counted: dict[str, int] = {}
    renew = Renewal.renew

    def count(renewal: Renewal, theme: Theme) -> tuple[Variable, ...]:
        ((counted[theme.name],),) = run.rows(
            f"select count(distinct customer_id) from ({' union '.join(renewal._concerned(theme))})"  # noqa: SLF001
        )
        return renew(renewal, theme)

    with patch.object(changed, "MOST_CHANGED", most), patch.object(Renewal, "renew", count):
        for passed, arrivals in [(0, []), *nights]:
            counted.clear()
            company.as_of += timedelta(days=passed)
            company.receive(arrivals)
            company.put_into(run)
            build_profiles(run)
    assert not run.has(CHANGED)
    assert not run.has(RENEWED)
    return counted


def test_a_night_in_which_nothing_came_makes_nobody_again() -> None:
    assert set(renewed_in([(1, [])]).values()) == {0}


def test_who_bought_is_made_again_and_nobody_else() -> None:
    counted = renewed_in([(1, [("orders", 9, 0, 0, ("webshop", "p1", 3))])])
    assert set(counted.values()) == {1}


def test_who_bought_half_a_year_ago_is_made_again_where_a_window_ends() -> None:
    counted = renewed_in([(161, []), (1, [])])
    assert (counted["purchasing"], counted["rhythm"]) == (1, 0), "20 days and 162 are 182"


def test_a_changed_reference_makes_all_anew() -> None:
    assert renewed_in([(1, [("products", "p1", "plant")])]) == {}


def test_a_file_of_all_customers_makes_states_anew_and_facts_of_who_bought() -> None:
    all_customers = [arrival for arrival in BEGUN if arrival[0] == "customers"]
    counted = renewed_in([(1, [*all_customers, ("orders", 9, 0, 0, ("webshop", "p1", 3))])], most=0.3)
    assert counted["purchasing"] == 1
    assert not {"region", "tenure"} & set(counted), "these read how customers live"


def test_a_store_that_opens_makes_all_regions_anew() -> None:
    assert "region" in renewed_in([(99, [])])
    assert "region" not in renewed_in([(100, [])])
