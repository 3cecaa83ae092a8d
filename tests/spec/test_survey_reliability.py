"""survey_reliability: how well the statements about one thing hang together."""

from __future__ import annotations

from datetime import date

import numpy as np

from tests.spec.ascii import shown, table
from tests.spec.questionnaires import surveyed, surveyed_rows

STEPS = ("survey_quality", "survey_reliability")


def test_alpha_is_over_who_answered_all_statements_and_needs_have_none() -> None:
    run = surveyed(
        """
        | record_id | A1 | A2 | A3 | A4 | B1 | B2 |
        | crm/1     | 5  | 1  | 5  | 5  | 1  | 5  |
        | crm/2     | 3  | 3  | 3  | 3  | 2  | 1  |
        | crm/3     | 1  | 5  | 1  | 1  | 5  | 5  |
        | crm/4     | 1  |    | 5  | 2  | 1  | 1  |
        """,
        steps=STEPS,
    )
    then = """
    | construct | item_id | n_items | n_complete | alpha | alpha_standardised | item_rest_r | item_sd |
    | gemak     | A1      | 4       | 3          | 1.0   | 1.0                | 1.0         | 2.0     |
    | gemak     | A2      | 4       | 3          | 1.0   | 1.0                | 1.0         | 2.0     |
    | gemak     | A3      | 4       | 3          | 1.0   | 1.0                | 1.0         | 2.0     |
    | gemak     | A4      | 4       | 3          | 1.0   | 1.0                | 1.0         | 2.0     |
    """
    assert shown(run, "survey_reliability", then) == table(then)
    assert run.rows("select distinct alpha_low, alpha_high, verdict from survey_reliability") == [
        (None, None, "unknown")
    ]


def test_a_construct_of_one_item_has_no_reliability() -> None:
    run = surveyed(
        """
        | record_id | A1 |
        | crm/1     | 5  |
        | crm/2     | 1  |
        """,
        """
        | item_id | construct | measures | lowest | highest |
        | A1      | gemak     | motive   | 1      | 5       |
        """,
        steps=STEPS,
    )
    assert run.rows("select count(*) from survey_reliability") == [(0,)]


def test_answers_without_spread_say_nothing() -> None:
    run = surveyed(
        """
        | record_id | A1 | A3 |
        | crm/1     | 4  | 5  |
        | crm/2     | 4  | 5  |
        """,
        steps=STEPS,
    )
    then = """
    | item_id | n_complete | alpha | alpha_standardised | item_sd | item_rest_r | verdict | item_verdict |
    | A1      | 2          |       |                    | 0.0     |             | unknown | unknown      |
    | A3      | 2          |       |                    | 0.0     |             | unknown | unknown      |
    """
    assert shown(run, "survey_reliability", then) == table(then)


def test_of_two_items_none_can_be_left_out_and_each_wave_has_its_own_alpha() -> None:
    run = surveyed(
        """
        | record_id | wave | answered_at | A1 | A3 |
        | crm/1     | w1   | 2026-09-01  | 1  | 1  |
        | crm/2     | w1   | 2026-09-01  | 5  | 4  |
        | crm/1     | w2   | 2026-09-02  | 1  | 5  |
        | crm/2     | w2   | 2026-09-02  | 2  | 5  |
        | crm/1     | w3   | 2026-09-03  | 1  | 5  |
        """,
        steps=STEPS,
        as_of=date(2026, 9, 2),
    )
    rows = run.rows(
        "select wave, item_id, n_complete, round(alpha, 6), alpha_without_item "
        "from survey_reliability order by 1, 2"
    )
    assert rows == [
        ("w1", "A1", 2, 0.979592, None),  # 2 (1 - (8 + 4.5) / 24.5)
        ("w1", "A3", 2, 0.979592, None),
        ("w2", "A1", 2, 0.0, None),
        ("w2", "A3", 2, 0.0, None),
    ]


def test_the_verdict_tells_good_scales_from_bad_and_finds_the_item_that_was_not_turned() -> None:
    """Sixty persons: four statements about one thing, one listed the wrong way round; three of none."""
    chance = np.random.default_rng(1)
    felt = chance.normal(3, 1.2, (60, 1))
    said = np.clip(np.rint(felt + chance.normal(0, 0.5, (60, 4))), 1, 5).astype(int)
    said[:, 3] = 6 - said[:, 3]
    loose = chance.integers(1, 6, (60, 3))
    names = ("A1", "A2", "A3", "A4", "L1", "L2", "L3", "A5")
    persons = [
        {"record_id": f"crm/{number}"} | dict(zip(names, row, strict=True))
        for number, row in enumerate(np.hstack([said, loose, said[:, :1]]).tolist(), start=1)
    ]
    items = [
        {"item_id": name, "construct": construct, "measures": "value", "lowest": 1, "highest": 5}
        for name, construct in (
            ("A1", "plezier"),
            ("A2", "plezier"),
            ("A3", "plezier"),
            ("A4", "plezier"),
            ("L1", "los"),
            ("L2", "los"),
            ("L3", "los"),
        )
    ]
    run = surveyed_rows(persons, items, steps=STEPS)
    verdicts = dict(run.rows("select item_id, item_verdict from survey_reliability"))
    assert verdicts["A4"] == "opposed"
    assert {verdicts["L1"], verdicts["L2"], verdicts["L3"]} <= {"weak", "opposed"}
    assert run.rows("select distinct verdict from survey_reliability") == [("low",)]

    turned = [item | {"is_reversed": item["item_id"] == "A4"} for item in items]
    run = surveyed_rows(persons, turned, steps=STEPS)
    assert set(run.rows("select construct, verdict from survey_reliability")) == {
        ("plezier", "good"),
        ("los", "low"),
    }

    twice = [item | {"construct": "dubbel"} for item in items[:1]] + [
        items[0] | {"item_id": "A5", "construct": "dubbel"}
    ]
    run = surveyed_rows(persons, twice, steps=STEPS)
    assert run.rows("select distinct verdict from survey_reliability") == [("redundant",)]
