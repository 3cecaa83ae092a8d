"""survey_scores: where customers stand on what the surveys measure."""

from __future__ import annotations

from datetime import date

from tests.spec.ascii import shown, table
from tests.spec.questionnaires import surveyed

STEPS = ("survey_quality", "survey_scores")


def test_a_score_is_the_mean_of_the_items_of_a_scale_reversed_ones_turned() -> None:
    run = surveyed(
        """
        | record_id | A1 | A2 | A3 | A4 | B1 | B2 |
        | crm/1     | 5  | 2  | 4  | 4  | 1  | 2  |
        """,
        steps=STEPS,
    )
    then = """
    | customer_id | survey_id | wave | measures | score_of | n_items | n_answered | score |
    | K-000001    | s         | w1   | motive   | gemak    | 4       | 4          | 4.25  |
    | K-000001    | s         | w1   | need     | B1       | 1       | 1          | 1.0   |
    | K-000001    | s         | w1   | need     | B2       | 1       | 1          | 2.0   |
    """
    assert shown(run, "survey_scores", then) == table(then)


def test_half_of_the_items_is_enough_and_less_is_not() -> None:
    run = surveyed(
        """
        | record_id | A1 | A2 | A3 | A4 |
        | crm/1     | 5  | 1  |    |    |
        | crm/2     | 5  |    |    |    |
        | crm/3     |    |    |    |    |
        | crm/4     | 5  | 5  | 5  | 5  |
        """,
        steps=STEPS,
    )
    then = """
    | customer_id | n_items | n_answered | score |
    | K-000001    | 4       | 2          | 5.0   |
    | K-000004    | 4       | 4          | 4.0   |
    """
    assert shown(run, "survey_scores", then) == table(then)


def test_of_three_items_two_are_needed_and_of_two_one() -> None:
    items = """
    | item_id | construct | measures | lowest | highest |
    | A1      | gemak     | motive   | 1      | 5       |
    | A2      | gemak     | motive   | 1      | 5       |
    | A3      | gemak     | motive   | 1      | 5       |
    | V1      | plezier   | value    | 1      | 7       |
    | V2      | plezier   | value    | 1      | 7       |
    """
    run = surveyed(
        """
        | record_id | A1 | A2 | A3 | V1 | V2 |
        | crm/1     | 5  |    |    | 6  |    |
        | crm/2     | 5  | 4  |    |    | 7  |
        | crm/3     |    |    | 1  |    |    |
        """,
        items,
        steps=STEPS,
    )
    then = """
    | customer_id | score_of | n_items | n_answered | score |
    | K-000001    | plezier  | 2       | 1          | 6.0   |
    | K-000002    | gemak    | 3       | 2          | 4.5   |
    | K-000002    | plezier  | 2       | 1          | 7.0   |
    """
    assert shown(run, "survey_scores", then) == table(then)


def test_items_that_a_wave_left_out_count_as_not_answered() -> None:
    run = surveyed(
        """
        | record_id | wave | A1 | A2 | A3 | A4 |
        | crm/1     | w1   | 5  | 1  | 5  |    |
        | crm/1     | w2   | 3  |    |    |    |
        """,
        steps=STEPS,
    )
    then = """
    | customer_id | wave | n_items | n_answered | score |
    | K-000001    | w1   | 4       | 3          | 5.0   |
    """
    assert shown(run, "survey_scores", then) == table(then)


def test_careless_answers_and_those_of_later_days_do_not_count() -> None:
    items = """
    | item_id | construct | measures | lowest | highest | is_reversed |
    | A1      | gemak     | motive   | 1      | 5       | false       |
    | A2      | gemak     | motive   | 1      | 5       | true        |
    | A3      | gemak     | motive   | 1      | 5       | false       |
    | A4      | gemak     | motive   | 1      | 5       | true        |
    | A5      | gemak     | motive   | 1      | 5       | false       |
    | A6      | gemak     | motive   | 1      | 5       | true        |
    """
    run = surveyed(
        """
        | record_id | answered_at | A1 | A2 | A3 | A4 | A5 | A6 |
        | crm/1     | 2026-09-01  | 3  | 3  | 3  | 3  | 3  | 3  |
        | crm/2     | 2026-09-01  | 4  | 2  | 4  | 2  | 4  | 2  |
        | crm/3     | 2026-09-02  | 5  | 1  | 5  | 1  | 5  | 1  |
        """,
        items,
        steps=STEPS,
        as_of=date(2026, 9, 1),
    )
    then = """
    | customer_id | score |
    | K-000002    | 4.0   |
    """
    assert shown(run, "survey_scores", then) == table(then)
