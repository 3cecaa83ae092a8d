"""Who moves: since when, by what sources tell of it, and where he lived before."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from klantprofiel.profiles import build_profiles
from tests.spec.ascii import given
from tests.unit.profiles.company import BEGUN, FIRST, Company

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run

MOVES = ("customers", 0, "1012CD", 1, 376)  # registered 366 days before the first day, as before
LIVED = """
select valid_from, pc4, replaced_at is null from living_history where customer_id = 'K-000001' order by all
"""


def moved(arrival: tuple[object, ...] = MOVES) -> Run:
    """Return the run of the night, ten days after the first, in which K-000001 moves."""
    run, company = given(), Company()
    company.receive(BEGUN)
    company.put_into(run)
    build_profiles(run)
    company.as_of += timedelta(days=10)
    company.receive([arrival])
    company.put_into(run)
    build_profiles(run)
    return run


def test_an_address_without_a_day_of_change_holds_since_it_was_delivered() -> None:
    run = moved()
    assert run.rows(LIVED) == [
        (FIRST - timedelta(days=366), "3511", True),
        (FIRST + timedelta(days=10), "1012", True),
    ]
    known = run.rows("select valid_from from living_history where customer_id = 'K-000002'")
    assert known == [(date(2025, 1, 30),)], "of who did not move nothing else is known than his registration"


def test_an_address_that_is_delivered_again_changes_nothing() -> None:
    again = ("customers", 0, "3511AB", 1, 376)
    assert moved(again).rows(LIVED) == [(FIRST - timedelta(days=366), "3511", True)]
