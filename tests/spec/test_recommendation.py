"""recommendation: how each customer last answered whether he recommends us, and how satisfied he is."""

from __future__ import annotations

from klantprofiel.profiles.experience import THEMES
from tests.spec.ascii import given, shown, table
from tests.spec.surveys import put_survey

RECOMMENDATION = next(theme for theme in THEMES if theme.name == "recommendation")


def recommendation(answers: str, like: str) -> str:
    run = given()
    put_survey(run, answers)
    RECOMMENDATION.make_in(run)
    return shown(run, "recommendation", like)


def test_the_last_answer_up_to_the_date_counts_with_its_group() -> None:
    answers = """
    | customer_id | wave    | item_id | answered_on | answer |
    | K-000001    | 2026-K1 | Q1      | 2026-02-10  | 3      |
    | K-000001    | 2026-K2 | Q1      | 2026-05-10  | 9      |
    | K-000001    | 2026-K4 | Q1      | 2026-10-01  | 0      |
    | K-000002    | 2026-K2 | Q1      | 2026-05-10  | 8      |
    | K-000003    | 2026-K2 | Q1      | 2026-05-10  | 6      |
    | K-000004    | 2026-K2 | Q1      | 2026-05-10  | 7      |
    | K-000005    | 2026-K2 | Q1      | 2026-05-10  | 0      |
    """
    then = """
    | customer_id | nps_score | nps_group | nps_recency_days |
    | K-000001    | 9         | promotor  | 143              |
    | K-000002    | 8         | passief   | 143              |
    | K-000003    | 6         | criticus  | 143              |
    | K-000004    | 7         | passief   | 143              |
    | K-000005    | 0         | criticus  | 143              |
    """
    assert recommendation(answers, then) == table(then)


def test_of_two_waves_on_one_day_the_later_wave_counts() -> None:
    answers = """
    | customer_id | wave    | item_id | answered_on | answer |
    | K-000001    | 2026-K2 | Q1      | 2026-05-10  | 10     |
    | K-000001    | 2026-K1 | Q1      | 2026-05-10  | 1      |
    """
    then = """
    | customer_id | nps_score |
    | K-000001    | 10        |
    """
    assert recommendation(answers, then) == table(then)


def test_a_question_is_known_by_what_it_measures_and_on_which_scale() -> None:
    answers = """
    | customer_id | wave    | item_id | answered_on | answer |
    | K-000001    | 2026-K1 | Q4      | 2026-02-10  | 10     |
    | K-000002    | 2026-K1 | Q5      | 2026-02-10  | 5      |
    """
    then = "| customer_id | nps_score |"
    assert recommendation(answers, then) == table(then)


def test_satisfaction_is_the_mean_of_the_last_wave_as_a_share_of_each_scale() -> None:
    answers = """
    | customer_id | wave    | item_id | answered_on | answer |
    | K-000001    | 2026-K1 | Q2      | 2026-02-10  | 1      |
    | K-000001    | 2026-K2 | Q2      | 2026-05-10  | 10     |
    | K-000001    | 2026-K2 | Q3      | 2026-05-10  | 3      |
    | K-000001    | 2026-K3 | Q1      | 2026-08-10  | 8      |
    | K-000002    | 2026-K2 | Q3      | 2026-05-10  | 1      |
    """
    then = """
    | customer_id | satisfaction_score | nps_score | nps_group |
    | K-000001    | 75.0               | 8         | passief   |
    | K-000002    | 0.0                |           |           |
    """
    assert recommendation(answers, then) == table(then)
