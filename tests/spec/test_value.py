"""value, and what it is computed from: purchases and subscriptions as the models take them."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from klantprofiel.warehouse import load_sql
from tests.spec.ascii import AS_OF, drawn, given, made, put, read, table

PACKAGE = "klantprofiel.profiles.value"

DAYS = """
| customer_id | booked_on  | channel | n_orders | bought_eur | why                              |
| K-1         | 2026-01-01 | web     | 1        | 10.00      | his first day                    |
| K-1         | 2026-01-11 | web     | 2        | 20.00      | one day, two channels: one day   |
| K-1         | 2026-01-11 | winkel  | 1        | 5.00       | the same                         |
| K-1         | 2026-02-01 | web     | 0        | 0.00       | only brought something back      |
| K-1         | 2026-04-01 | web     | 1        |            | nobody knows for how much        |
| K-1         | 2026-09-20 | web     | 1        | 7.00       | after the model stopped learning |
| K-1         | 2026-10-01 | web     | 1        | 9.00       | tomorrow                         |
| K-2         | 2026-06-30 | web     | 1        | 30.00      | on the last day, and never again |
| K-3         | 2026-07-01 | web     | 1        | 30.00      | came a day later                 |
| K-4         | 2026-01-01 | web     | 0        | 0.00       | never bought                     |
"""


def test_a_history_is_days_with_a_purchase_and_how_many_of_them_came_after_a_date() -> None:
    then = """
    | customer_id | n_repeats | last_days | n_repeats_then | last_days_then | age_days_then | n_later |
    | K-1         | 3         | 262       | 2              | 90             | 180           | 1       |
    | K-2         | 0         | 0         | 0              | 0              | 0             | 0       |
    | K-3         | 0         | 0         |                |                |               | 1       |
    """
    statement = load_sql(PACKAGE, "purchase_histories")
    assert made(given({"purchase_days": DAYS}), statement, then, until=date(2026, 6, 30)) == table(then)


def test_spending_is_of_days_after_the_first_of_which_the_amount_is_known() -> None:
    days = (
        DAYS.rstrip()
        + """
    | K-5         | 2026-01-01 | web     | 1        |            | his first day, for nobody knows how much |
    | K-5         | 2026-01-02 | web     | 1        | 8.00       |                                  |
    | K-5         | 2026-01-03 | web     | 1        | 0.00       | a gift                           |
    | K-6         | 2026-01-01 | web     | 1        | 0.00       | a gift to begin with             |
    | K-6         | 2026-01-02 | web     | 1        | 4.00       |                                  |
    """
    )
    then = """
    | customer_id | n_repeats | age_days | n_paid | paid_eur |
    | K-1         | 3         | 272      | 2      | 32.00    |
    | K-2         | 0         | 92       | 0      | 0.00     |
    | K-3         | 0         | 91       | 0      | 0.00     |
    | K-5         | 2         | 272      | 1      | 8.00     |
    | K-6         | 1         | 272      | 1      | 4.00     |
    """
    statement = load_sql(PACKAGE, "purchase_histories")
    assert made(given({"purchase_days": days}), statement, then, until=AS_OF) == table(then)


def test_subscriptions_are_periods_of_customers_and_equal_ones_are_put_together() -> None:
    run = given(
        {
            "identity.customer_records": """
            | record_id | customer_id |
            | crm/1     | K-1         |
            | web/1     | K-1         |
            | crm/2     | K-2         |
            """,
            "identity.subscriptions": """
            | record_id | subscription_id | started_on | ended_on   | amount_eur |
            | crm/1     | A1              | 2026-01-15 |            | 14.95      |
            | web/1     | A2              | 2026-01-15 |            | 5.00       |
            | crm/1     | A3              | 2026-01-15 | 2026-03-01 | 6.95       |
            | crm/2     | A4              | 2026-01-15 |            | 6.95       |
            | crm/2     | A5              | 2026-01-15 |            |            |
            | crm/2     | A6              | 2026-01-15 | 2026-01-14 | 6.95       |
            | crm/2     | A7              |            | 2026-01-14 | 6.95       |
            """,
        }
    )
    then = """
    | customer_id | started_on | ended_on   | n_subscriptions | amount_eur |
    | K-1         | 2026-01-15 |            | 2               | 19.95      |
    | K-1         | 2026-01-15 | 2026-03-01 | 1               | 6.95       |
    | K-2         | 2026-01-15 |            | 2               |            |
    """
    assert made(run, load_sql(PACKAGE, "subscription_periods"), then) == table(then)


def test_a_subscription_has_come_so_many_whole_months_and_ends_in_one() -> None:
    assert date(2026, 9, 30) == AS_OF
    run = given(
        {
            "subscription_periods": """
            | customer_id            | started_on | ended_on   | n_subscriptions | amount_eur |
            | began today            | 2026-09-30 |            | 1               | 1.00       |
            | renews tomorrow        | 2026-07-31 |            | 1               | 1.00       |
            | renewed today          | 2026-07-30 |            | 1               | 1.00       |
            | a year and a half      | 2025-03-15 |            | 1               | 1.00       |
            | ended on a whole month | 2026-01-15 | 2026-03-15 | 1               | 1.00       |
            | ended within one       | 2026-01-15 | 2026-03-16 | 1               | 1.00       |
            | ended as it began      | 2026-01-15 | 2026-01-15 | 1               | 1.00       |
            | ended today            | 2026-08-30 | 2026-09-30 | 1               | 1.00       |
            | ends in two months     | 2026-08-30 | 2026-11-30 | 1               | 1.00       |
            | ends within a month    | 2026-08-30 | 2026-10-15 | 1               | 1.00       |
            | ends in ten years      | 2026-08-30 | 2036-09-30 | 1               | 1.00       |
            | begins tomorrow        | 2026-10-01 |            | 1               | 1.00       |
            """
        }
    )
    then = """
    | customer_id            | is_ended | n_months | n_months_left |
    | began today            | false    | 0        | 36            |
    | renews tomorrow        | false    | 1        | 36            |
    | renewed today          | false    | 2        | 36            |
    | a year and a half      | false    | 18       | 36            |
    | ended on a whole month | true     | 2        | 0             |
    | ended within one       | true     | 3        | 0             |
    | ended as it began      | true     | 1        | 0             |
    | ended today            | true     | 1        | 0             |
    | ends in two months     | false    | 1        | 2             |
    | ends within a month    | false    | 1        | 0             |
    | ends in ten years      | false    | 1        | 36            |
    """
    statement = load_sql(PACKAGE, "contract_courses")
    assert made(run, statement, then, horizon_months=36) == table(then)


CUSTOMERS = {
    "purchase_histories": """
    | customer_id | n_repeats | last_days | age_days | n_paid | paid_eur |
    | buys        | 2         | 90        | 180      | 2      | 40.00    |
    | bought once | 0         | 0         | 10       | 0      | 0.00     |
    | both        | 2         | 90        | 180      | 0      | 0.00     |
    """,
    "contract_courses": """
    | customer_id       | amount_eur | is_ended | n_months | n_months_left |
    | both              | 10.00      | false    | 3        | 36            |
    | both              | 20.00      | false    | 4        | 36            |
    | ended             | 10.00      | true     | 3        | 0             |
    | amount not known  |            | false    | 3        | 36            |
    | one of two ended  | 10.00      | true     | 3        | 0             |
    | one of two ended  | 10.00      | false    | 3        | 36            |
    """,
}
FUTURES = pa.table(
    {
        "n_repeats": [0, 2],
        "last_days": [0, 90],
        "age_days": [10, 180],
        "p_alive": [1.0, 0.5],
        "expected_purchases_365": [0.25, 2.0],
        "residual_purchases": [1.0, 4.0],
    }
)
CONTRACTS = pa.table({"n_months": [3, 4], "n_months_left": [36, 36], "residual_months": [10.0, 12.0]})
SPEND = {"p": 6.0, "q": 4.0, "gamma": 15.0, "kept_share": 0.5}
COLUMNS = ("customer_id", "customer_setting", "p_alive", "expected_purchases_365", "residual_value_eur")


def valued(**other: object) -> str:
    """Return the table as ASCII, of what the models say unless it is said otherwise."""
    run = given()
    for name, text in CUSTOMERS.items():
        put(run, name, read(text))
    said = {"purchase_futures": FUTURES, "contract_futures": CONTRACTS, **SPEND, **other}
    types = {"residual_value_eur": "DECIMAL(18,2)"}
    names = ", ".join(f"cast({column} as varchar)" for column in COLUMNS)
    rows = run.rows(f"select {names} from ({load_sql(PACKAGE, 'value').sql(types)}) order by all", **said)
    return drawn([COLUMNS, *rows])


def test_value_is_what_purchases_and_running_contracts_will_bring() -> None:
    """`buys` spends 6 (15 + 40) / (6 * 2 + 4 - 1) = 22 a time, 4 times, of which half is kept."""
    assert valued() == table("""
    | customer_id      | customer_setting     | p_alive | expected_purchases_365 | residual_value_eur |
    | amount not known | abonnement           | 1.0     |                        |                    |
    | both             | abonnement           | 1.0     | 2.0                    | 400.00             |
    | bought once      | losse aankopen       | 1.0     | 0.25                   | 15.00              |
    | buys             | losse aankopen       | 0.5     | 2.0                    | 44.00              |
    | ended            | abonnement beëindigd | 0.0     |                        | 0.00               |
    | one of two ended | abonnement           | 1.0     |                        | 100.00             |
    """)


def test_without_a_model_of_purchases_only_contracts_have_a_value() -> None:
    unknown = pa.nulls(2, pa.float64())
    futures = FUTURES
    for name in ("p_alive", "expected_purchases_365", "residual_purchases"):
        futures = futures.set_column(futures.column_names.index(name), name, unknown)
    assert valued(purchase_futures=futures) == table("""
    | customer_id      | customer_setting     | p_alive | expected_purchases_365 | residual_value_eur |
    | amount not known | abonnement           | 1.0     |                        |                    |
    | both             | abonnement           | 1.0     |                        |                    |
    | bought once      | losse aankopen       |         |                        |                    |
    | buys             | losse aankopen       |         |                        |                    |
    | ended            | abonnement beëindigd | 0.0     |                        | 0.00               |
    | one of two ended | abonnement           | 1.0     |                        | 100.00             |
    """)


def test_without_a_model_of_amounts_purchases_are_known_and_their_value_is_not() -> None:
    found = valued(p=None, q=None, gamma=None)
    assert [line.split("|")[4:6] for line in found.splitlines() if "buys" in line] == [
        [" 2.0                    ", "                    "]
    ]
