"""rhythm and channels: how regularly customers buy, in which season, and over which channels."""

from __future__ import annotations

from klantprofiel.profiles.purchases import CHANNELS, RHYTHM
from tests.spec.ascii import given, made, table


def rhythm(facts: str, like: str) -> str:
    return made(given({"purchase_days": facts}), RHYTHM.statement(), like)


def channels(facts: str, like: str) -> str:
    return made(given({"purchase_days": facts}), CHANNELS.statement(), like)


def test_the_cadence_is_the_median_interval_between_days_with_an_order() -> None:
    facts = """
    | customer_id | booked_on  | n_orders |
    | K-000001    | 2026-09-01 | 1        |
    | K-000001    | 2026-09-01 | 2        |
    | K-000001    | 2026-09-05 | 1        |
    | K-000001    | 2026-09-07 | 0        |
    | K-000001    | 2026-09-15 | 1        |
    | K-000001    | 2026-09-30 | 1        |
    | K-000001    | 2026-10-01 | 1        |
    """
    then = """
    | customer_id | cadence_days | cadence_variation  |
    | K-000001    | 10.0         | 0.5697486773054589 |
    """  # intervals of 4, 10 and 15 days: sample deviation 5.5076 over a mean of 9.6667
    assert rhythm(facts, then) == table(then)


def test_who_buys_every_week_varies_nothing_and_three_days_are_no_pattern() -> None:
    facts = """
    | customer_id | booked_on  | n_orders |
    | K-000001    | 2026-09-01 | 1        |
    | K-000001    | 2026-09-08 | 1        |
    | K-000001    | 2026-09-15 | 1        |
    | K-000001    | 2026-09-22 | 1        |
    | K-000002    | 2026-09-01 | 1        |
    | K-000002    | 2026-09-08 | 1        |
    | K-000002    | 2026-09-15 | 1        |
    """
    then = """
    | customer_id | cadence_days | cadence_variation |
    | K-000001    | 7.0          | 0.0               |
    | K-000002    |              |                   |
    """
    assert rhythm(facts, then) == table(then)


def test_a_season_takes_four_days_over_a_year_and_the_latest_wins_a_tie() -> None:
    facts = """
    | customer_id | booked_on  | n_orders |
    | K-000001    | 2025-04-01 | 1        |
    | K-000001    | 2025-12-01 | 1        |
    | K-000001    | 2026-02-28 | 1        |
    | K-000001    | 2026-05-31 | 1        |
    | K-000002    | 2026-04-01 | 1        |
    | K-000002    | 2026-04-08 | 1        |
    | K-000002    | 2026-04-15 | 1        |
    | K-000002    | 2026-04-22 | 1        |
    """
    then = """
    | customer_id | season_main | season_main_share |
    | K-000001    | lente       | 0.5               |
    | K-000002    |             |                   |
    """
    assert rhythm(facts, then) == table(then)


def test_the_channel_with_most_orders_is_the_main_one_and_the_latest_wins_a_tie() -> None:
    facts = """
    | customer_id | booked_on  | channel | n_orders |
    | K-000001    | 2026-08-01 | webshop | 1        |
    | K-000001    | 2026-09-01 | winkel  | 1        |
    | K-000001    | 2026-07-01 | app     | 1        |
    | K-000001    | 2026-10-01 | app     | 9        |
    | K-000001    | 2026-09-01 |         | 3        |
    | K-000002    | 2026-09-01 | winkel  | 0        |
    """
    then = """
    | customer_id | channel_main | n_channels | online_share       |
    | K-000001    | winkel       | 3          | 0.6666666666666666 |
    """
    assert channels(facts, then) == table(then)


def test_of_channels_used_equally_and_on_one_day_the_first_of_the_alphabet_wins() -> None:
    facts = """
    | customer_id | booked_on  | channel  | n_orders |
    | K-000001    | 2026-09-01 | winkel   | 1        |
    | K-000001    | 2026-09-01 | telefoon | 1        |
    """
    then = "| channel_main |\n| telefoon     |"
    assert channels(facts, then) == table(then)
