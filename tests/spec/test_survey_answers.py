"""survey_answers and survey_account: what customers answered, and what became of every answer."""

from __future__ import annotations

from tests.spec.ascii import shown, table
from tests.spec.questionnaires import surveyed


def test_a_reversed_item_is_turned_around_on_its_own_scale() -> None:
    run = surveyed("""
    | record_id | A1 | A2 | B1 |
    | crm/1     | 5  | 5  | 2  |
    """)
    then = """
    | customer_id | source | survey_id | wave | item_id | answered_on | answer | scored |
    | K-000001    | bureau | s         | w1   | A1      | 2026-09-01  | 5      | 5      |
    | K-000001    | bureau | s         | w1   | A2      | 2026-09-01  | 5      | 1      |
    | K-000001    | bureau | s         | w1   | B1      | 2026-09-01  | 2      | 2      |
    """
    assert shown(run, "survey_answers", then) == table(then)


def test_what_was_skipped_or_lies_off_the_scale_is_no_answer() -> None:
    run = surveyed("""
    | record_id | A1 | A2 | A3  | A4   | B1 | B2  |
    | crm/1     |    | 6  | 3.5 | veel | 0  | 4.0 |
    """)
    then = """
    | item_id | answer |
    | B2      | 4      |
    """
    assert shown(run, "survey_answers", then) == table(then)


def test_a_questionnaire_counts_from_the_day_on_which_it_was_finished() -> None:
    run = surveyed("""
    | record_id | answered_at         | A1 | A2 | seconds |
    | crm/1     | 2026-09-01 23:58:00 | 1  |    | 300     |
    | crm/1     | 2026-09-02 00:03:00 |    | 2  | 300     |
    """)
    then = """
    | item_id | answered_on | seconds |
    | A1      | 2026-09-02  | 300     |
    | A2      | 2026-09-02  | 300     |
    """
    assert shown(run, "survey_answers", then) == table(then)


def test_of_two_questionnaires_of_a_customer_in_a_wave_the_first_counts_whole() -> None:
    run = surveyed(
        """
        | record_id | wave | answered_at | A1 | A3 | A4 |
        | crm/1     | w1   | 2026-09-02  | 1  | 1  |    |
        | crm/2     | w1   | 2026-09-01  | 2  |    | 2  |
        | crm/1     | w2   | 2026-09-20  | 3  |    |    |
        """,
        customers={"crm/2": "K-000001"},
    )
    then = """
    | customer_id | wave | item_id | answer |
    | K-000001    | w1   | A1      | 2      |
    | K-000001    | w1   | A4      | 2      |
    | K-000001    | w2   | A1      | 3      |
    """
    assert shown(run, "survey_answers", then) == table(then)


def test_on_one_day_the_fuller_questionnaire_counts() -> None:
    run = surveyed(
        """
        | record_id | A1 | A3 | A4 |
        | crm/1     | 1  |    |    |
        | crm/2     | 2  |    | 2  |
        """,
        customers={"crm/2": "K-000001"},
    )
    then = """
    | item_id | answer |
    | A1      | 2      |
    | A4      | 2      |
    """
    assert shown(run, "survey_answers", then) == table(then)


def test_every_answer_is_accounted_for() -> None:
    run = surveyed(
        """
        | record_id | wave | answered_at | A1 | A2 | A3  | X9 |
        | crm/1     | w1   | 2026-09-01  | 1  | 9  |     | 3  |
        | crm/2     | w1   | 2026-09-01  | 1  | 2  | 2.5 |    |
        | crm/3     | w2   |             | 1  | 1  |     |    |
        | crm/4     | w2   | 2026-09-01  | 1  |    |     | 1  |
        """,
        customers={"crm/4": None},
        steps=("survey_account",),
    )
    then = """
    | source | wave | n_answers | n_usable | n_skipped | n_off_scale | n_unknown_item | n_without_customer |
    | bureau | w1   | 8         | 3        | 2         | 2           | 1              | 0                  |
    | bureau | w2   | 8         | 0        | 0         | 0           | 0              | 4                  |
    """
    assert shown(run, "survey_account", then) == table(then)
    assert run.rows("""
        select count(*) from survey_account
        where n_answers <>
            n_usable + n_skipped + n_off_scale + n_unknown_item + n_without_customer + n_without_date
    """) == [(0,)]
