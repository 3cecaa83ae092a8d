"""channel_mix: over which channels each customer ordered."""

from __future__ import annotations

from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

CHANNEL_MIX = load_sql("klantprofiel.profiles", "channel_mix")


def channels(orders: str, like: str) -> str:
    return made(given({"identity.customer_orders": orders}), CHANNEL_MIX, like)


def test_channels_count_orders_and_the_most_used_goes_first() -> None:
    orders = """
    | customer_id | order_id | ordered_on | channel |
    | K-000001    | b1       | 2026-09-01 | winkel  |
    | K-000001    | b2       | 2026-08-01 | Webshop |
    | K-000001    | b3       | 2026-07-01 | webshop |
    | K-000001    | b4       | 2026-09-02 | app     |
    """
    then = """
    | customer_id | channel_rank | channel | n_orders | order_share | is_online | last_ordered_on |
    | K-000001    | 1            | webshop | 2        | 0.5         | true      | 2026-08-01      |
    | K-000001    | 2            | app     | 1        | 0.25        | true      | 2026-09-02      |
    | K-000001    | 3            | winkel  | 1        | 0.25        | false     | 2026-09-01      |
    """
    assert channels(orders, then) == table(then)


def test_of_channels_used_equally_and_on_one_day_the_first_of_the_alphabet_wins() -> None:
    orders = """
    | customer_id | order_id | ordered_on | channel |
    | K-000001    | b1       | 2026-09-01 | winkel  |
    | K-000001    | b2       | 2026-09-01 | telefoon |
    """
    then = """
    | channel_rank | channel  |
    | 1            | telefoon |
    | 2            | winkel   |
    """
    assert channels(orders, then) == table(then)


def test_returns_and_orders_over_an_unknown_channel_are_left_out() -> None:
    orders = """
    | customer_id | order_id | ordered_on | channel |
    | K-000001    | b1       |            | winkel  |
    | K-000001    | b2       | 2026-09-01 |         |
    """
    then = "| customer_id | channel |"
    assert channels(orders, then) == table(then)


def test_text_that_is_no_name_of_a_channel_is_left_out() -> None:
    orders = """
    | customer_id | order_id | ordered_on | channel                      |
    | K-000001    | b1       | 2026-09-01 | bel 0612345678               |
    | K-000001    | b2       | 2026-09-01 | jan@voorbeeld.nl             |
    | K-000001    | b3       | 2026-09-01 | afgegeven bij de buren       |
    | K-000001    | b4       | 2026-09-01 | fysieke winkel               |
    """
    then = """
    | channel        | n_orders | order_share |
    | fysieke winkel | 1        | 1.0         |
    """
    assert channels(orders, then) == table(then)
