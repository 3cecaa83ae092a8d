"""survey_quality: who answered a survey without reading it."""

from __future__ import annotations

from datetime import date

from tests.spec.ascii import shown, table
from tests.spec.questionnaires import surveyed

ITEMS = """
| item_id | construct | measures | lowest | highest | is_reversed |
| A1      | gemak     | motive   | 1      | 5       | false       |
| A2      | gemak     | motive   | 1      | 5       | true        |
| A3      | gemak     | motive   | 1      | 5       | false       |
| A4      | prijs     | attitude | 1      | 5       | false       |
| A5      | prijs     | attitude | 1      | 5       | true        |
| A6      | prijs     | attitude | 1      | 5       | false       |
| B1      | belang    | need     | 1      | 5       | false       |
"""
SAME = "\n".join(
    [
        "| item_id | construct | measures | lowest | highest |",
        *(f"| C{number} | plezier | value | 1 | 5 |" for number in range(10)),
    ]
)


def test_one_answer_to_statements_and_their_opposites_is_a_straight_line() -> None:
    run = surveyed(
        """
        | record_id | A1 | A2 | A3 | A4 | A5 | A6 | B1 |
        | crm/1     | 4  | 4  | 4  | 4  | 4  | 4  | 1  |
        | crm/2     | 4  | 4  | 4  | 4  | 4  | 5  | 4  |
        """,
        ITEMS,
        steps=("survey_quality",),
    )
    then = """
    | customer_id | n_answered | is_straight | is_careless |
    | K-000001    | 7          | true        | true        |
    | K-000002    | 7          | false       | false       |
    """
    assert shown(run, "survey_quality", then) == table(then)


def test_of_few_statements_it_cannot_be_told() -> None:
    run = surveyed(
        """
        | record_id | A1 | A2 | A3 | A4 | A5 | A6 | B1 |
        | crm/1     | 3  | 3  | 3  | 3  | 3  |    | 3  |
        """,
        ITEMS,
        steps=("survey_quality",),
    )
    then = """
    | customer_id | is_straight | is_careless |
    | K-000001    |             | false       |
    """
    assert shown(run, "survey_quality", then) == table(then)


def test_without_an_opposite_a_straight_line_is_longer() -> None:
    items = [f"C{number}" for number in range(10)]
    run = surveyed(
        f"""
        | record_id | {" | ".join(items)} |
        | crm/1     | {" | ".join("5" for _ in items)} |
        | crm/2     | {" | ".join("5" for _ in items[:9])} | |
        """,
        SAME,
        steps=("survey_quality",),
    )
    then = """
    | customer_id | is_straight |
    | K-000001    | true        |
    | K-000002    |             |
    """
    assert shown(run, "survey_quality", then) == table(then)


def test_three_times_faster_per_answer_than_the_median_of_the_wave_is_hurried() -> None:
    others = "\n".join(f"| crm/{number} | 4 | 2 | 60 |" for number in range(3, 12))
    run = surveyed(
        f"""
        | record_id | A1 | A2 | seconds |
        | crm/1     | 4  | 2  | 19      |
        | crm/2     | 4  |    | 19      |
        | crm/12    | 4  | 2  | 20      |
        | crm/13    | 4  | 2  |         |
        {others}
        """,
        steps=("survey_quality",),
    )
    rows = run.rows(
        "select customer_id, seconds, is_hurried, is_careless from survey_quality "
        "where customer_id in ('K-000001', 'K-000002', 'K-000012', 'K-000013') order by 1"
    )
    assert rows == [
        ("K-000001", 19, True, True),
        ("K-000002", 19, False, False),  # half the answers
        ("K-000012", 20, False, False),  # exactly three times
        ("K-000013", None, None, False),
    ]


def test_the_median_of_a_few_is_no_norm() -> None:
    lines = "\n".join(f"| crm/{number} | 4 | {60 if number else 1} |" for number in range(9))
    run = surveyed(f"| record_id | A1 | seconds |\n{lines}", steps=("survey_quality",))
    assert run.rows("select distinct pace_share, is_hurried from survey_quality") == [(None, None)]


def test_answers_of_later_days_are_not_known_yet() -> None:
    run = surveyed(
        """
        | record_id | wave | answered_at | A1 |
        | crm/1     | w1   | 2026-09-01  | 4  |
        | crm/1     | w2   | 2026-09-02  | 4  |
        """,
        steps=("survey_quality",),
        as_of=date(2026, 9, 1),
    )
    then = """
    | customer_id | wave | answered_on |
    | K-000001    | w1   | 2026-09-01  |
    """
    assert shown(run, "survey_quality", then) == table(then)
