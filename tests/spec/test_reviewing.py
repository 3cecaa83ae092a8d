"""review_days and reviewing: what each customer wrote in reviews, by the day and as of a date."""

from __future__ import annotations

from datetime import date

from klantprofiel.profiles.experience import REVIEWING
from tests.spec.ascii import AS_OF, given, shown, table

REGISTRY = """
| record_id | customer_id | source |
| web/1     | K-000001    | web    |
| web/9     | K-000001    | web    |
| web/2     | K-000002    | web    |
"""
CUSTOMERS = "| customer_id |\n| K-000001 |\n| K-000002 |"
REVIEWS = """
| record_id | review_id | reviewed_at         | rating |
| web/1     | R1        | 2026-09-01 00:00:00 | 5      |
| web/9     | R2        | 2026-09-01 23:59:59 | 2      |
| web/1     | R3        | 2026-09-02 09:00:00 |        |
| web/1     | R4        | 2026-10-01 09:00:00 | 1      |
| web/3     | R5        | 2026-09-02 09:00:00 | 1      |
|           | R6        | 2026-09-02 09:00:00 | 1      |
| web/2     | R7        |                     | 1      |
"""


def made(name: str, reviews: str, like: str, *, as_of: date = AS_OF) -> str:
    tables = {"identity.reviews": reviews, "identity.customer_records": REGISTRY, "customers": CUSTOMERS}
    run = given(tables, as_of=as_of)
    for facts in REVIEWING.facts:
        run.make(facts.statement(), types=facts.types)
    REVIEWING.make_in(run)
    return shown(run, name, like)


def test_reviews_add_up_by_the_day_of_whoever_wrote_them() -> None:
    then = """
    | customer_id | reviewed_on | n_reviews | n_ratings | rating_sum |
    | K-000001    | 2026-09-01  | 2         | 2         | 7          |
    | K-000001    | 2026-09-02  | 1         | 0         |            |
    | K-000001    | 2026-10-01  | 1         | 1         | 1          |
    """
    assert made("review_days", REVIEWS, then) == table(then)


def test_the_mean_is_of_the_stars_given_and_who_wrote_nothing_has_none() -> None:
    then = """
    | customer_id | n_reviews | review_rating_mean |
    | K-000001    | 3         | 3.5                |
    | K-000002    | 0         |                    |
    """
    assert made("reviewing", REVIEWS, then) == table(then)


def test_where_no_source_tells_of_reviews_by_then_nothing_is_known() -> None:
    then = "| customer_id | n_reviews |"
    assert made("reviewing", "", then) == table(then)
    assert made("reviewing", REVIEWS, then, as_of=date(2026, 8, 31)) == table(then)
