"""The theme of surveys: its variables follow from the list of items."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from klantprofiel.errors import ConfigurationError
from klantprofiel.profiles.survey import PSYCHOLOGY, Reliability
from klantprofiel.profiles.survey.constructs import psychology
from tests.spec.ascii import given, shown, table
from tests.spec.questionnaires import ITEMS, make_steps, surveyed, surveyed_rows

if TYPE_CHECKING:
    from klantprofiel.profiles import Variable
    from klantprofiel.warehouse import Run

TWO_WAVES = """
| record_id | wave | answered_at | A1 | A2 | A3 | A4 | B1 | B2 |
| crm/1     | w1   | 2026-08-01  | 1  | 5  | 1  | 1  | 4  | 2  |
| crm/1     | w2   | 2026-09-01  | 5  | 1  | 5  | 5  | 3  |    |
| crm/2     | w1   | 2026-08-11  | 3  | 3  | 3  | 4  |    |    |
| crm/3     | w2   | 2026-09-01  |    |    |    |    |    |    |
"""


def test_who_was_asked_several_times_has_the_last_score_of_each_scale() -> None:
    run = surveyed(TWO_WAVES)
    psychology(run)
    then = """
    | customer_id | survey_recency_days | motive_gemak_score | need_b1_score | need_b2_score |
    | K-000001    | 29                  | 5.0                | 3.0           | 2.0           |
    | K-000002    | 50                  | 3.25               |               |               |
    """
    assert shown(run, "psychology", then) == table(then)


def test_who_never_answered_is_given_no_answers() -> None:
    run = surveyed(TWO_WAVES)
    psychology(run)
    assert run.rows("select customer_id from psychology where customer_id = 'K-000003'") == []


def test_as_of_an_earlier_day_only_what_was_answered_then_is_known() -> None:
    run = surveyed(TWO_WAVES, as_of=date(2026, 8, 1))
    psychology(run)
    then = """
    | customer_id | survey_recency_days | motive_gemak_score | need_b1_score | need_b2_score |
    | K-000001    | 0                   | 1.0                | 4.0           | 2.0           |
    """
    assert shown(run, "psychology", then) == table(then)


def test_variables_follow_from_the_items_and_say_what_they_are() -> None:
    items = """
    | item_id | construct             | measures       | lowest | highest | item_text            | brand   |
    | Q1      | Doe-het-zelf: plezier | motive         | 1      | 7       | Klussen is fijn      |         |
    | Q2      | Doe-het-zelf: plezier | motive         | 1      | 7       | Ik klus graag        |         |
    | Q3      | zuinigheid            | value          | 1      | 5       | Zuinig zijn is goed  |         |
    | Q4      | belang                | need           | 1      | 5       | een lage prijs?      |         |
    | Q5      | bereik                | media          | 1      | 5       | televisie?           |         |
    | Q6      | snelheid              | expectation    | 1      | 72      | binnen hoeveel uur?  |         |
    | Q7      | aanbeveling           | recommendation | 0      | 10      | beveelt u ons aan?   |         |
    | Q8      | betaalbaar            | image          | 0      | 1       | past betaalbaar?     | Anderen |
    """
    variables = psychology(surveyed("| record_id | Q1 |\n| crm/1 | 3 |", items))
    told = [(v.name, v.label, v.facet, v.basis, v.kind, v.unit) for v in variables[1:]]
    assert told == [
        (
            "motive_doe_het_zelf_plezier_score",
            "Doe-het-zelf: plezier",
            "behoeften",
            "psychological",
            "number",
            "schaal 1 t/m 7",
        ),
        ("value_zuinigheid_score", "Zuinigheid", "behoeften", "psychological", "number", "schaal 1 t/m 5"),
        ("need_q4_score", "Een lage prijs?", "behoeften", "psychological", "number", "schaal 1 t/m 5"),
        (
            "expectation_q6_score",
            "Binnen hoeveel uur?",
            "verwachtingen",
            "psychological",
            "number",
            "schaal 1 t/m 72",
        ),
        ("media_q5_score", "Televisie?", "leefwereld", "psychological", "number", "schaal 1 t/m 5"),
    ]
    assert variables[0].name == "survey_recency_days"
    assert all(variable.missing for variable in variables)


def by_name(variables: tuple[Variable, ...]) -> dict[str, Variable]:
    return {variable.name: variable for variable in variables}


def test_what_an_item_of_article_9_counts_towards_is_special_and_nothing_else_is() -> None:
    items = """
    | item_id | construct | measures | lowest | highest | is_special |
    | A1      | geloof    | value    | 1      | 5       |            |
    | A2      | geloof    | value    | 1      | 5       | true       |
    | A3      | gemak     | value    | 1      | 5       | false      |
    | B1      | belang    | need     | 1      | 5       | true       |
    | B2      | belang    | need     | 1      | 5       |            |
    """
    found = by_name(psychology(surveyed("| record_id | A1 |\n| crm/1 | 3 |", items)))
    assert {name for name, variable in found.items() if variable.special} == {
        "value_geloof_score",
        "need_b1_score",
    }


def test_a_scale_of_one_statement_is_found_so_and_an_item_that_stands_for_itself_is_not() -> None:
    items = """
    | item_id | construct | measures | lowest | highest |
    | A1      | gemak     | motive   | 1      | 5       |
    | A2      | plezier   | motive   | 1      | 5       |
    | A3      | plezier   | motive   | 1      | 5       |
    | B1      | belang    | need     | 1      | 5       |
    | M1      | media     | media    | 1      | 5       |
    """
    found = by_name(psychology(surveyed("| record_id | A1 |\n| crm/1 | 3 |", items)))
    assert {name: variable.finding for name, variable in found.items() if variable.finding} == {
        "motive_gemak_score": "single_item"
    }


SCALES = [
    {"item_id": name, "construct": construct, "measures": "motive", "lowest": 1, "highest": 7}
    for name, construct in (("A1", "gemak"), ("A2", "gemak"), ("B1", "plezier"), ("B2", "plezier"))
]


def two_waves(n: int) -> Run:
    """Let 2n answer: on gemak alike in the last wave and by chance before, on plezier the other way round."""
    rows = []
    for person in range(1, n + 1):
        felt, chance = 1 + person % 7, 1 + (person * 3 + person // 7) % 7
        for wave, answered_at, alike, loose in (
            ("w2", "2026-08-01", "B", "A"),
            ("w1", "2026-09-01", "A", "B"),
        ):
            said = {f"{alike}1": felt, f"{alike}2": felt, f"{loose}1": felt, f"{loose}2": chance}
            who = {"record_id": f"crm/{person}", "wave": wave, "answered_at": answered_at}
            rows.append(who | said)
    return surveyed_rows(rows, SCALES)


def test_a_scale_is_unreliable_when_its_alpha_is_low_in_the_last_wave_and_no_name_of_a_wave_decides() -> None:
    run = two_waves(49)
    found = by_name(psychology(run))
    verdicts = run.rows("select distinct wave, construct, verdict from survey_reliability order by 1, 2")
    assert verdicts == [
        ("w1", "gemak", "redundant"),
        ("w1", "plezier", "low"),
        ("w2", "gemak", "low"),
        ("w2", "plezier", "redundant"),
    ]
    assert found["motive_gemak_score"].finding == ""
    assert found["motive_plezier_score"].finding == "unreliable"


def test_of_few_answers_nothing_is_said_against_a_scale() -> None:
    found = by_name(psychology(two_waves(14)))
    assert {variable.finding for variable in found.values()} == {""}


def test_a_company_without_a_survey_has_the_theme_and_nobody_in_it() -> None:
    run = given({"identity.customer_records": "| record_id | customer_id |\n| crm/1 | K-000001 |"})
    make_steps(run, ())
    assert [variable.name for variable in PSYCHOLOGY.make_in(run)] == ["survey_recency_days"]
    assert run.rows("select count(*) from psychology") == [(0,)]


def test_items_of_a_construct_with_different_scales_are_refused_by_name() -> None:
    items = ITEMS.replace(
        "| A4      | gemak     | motive   | 1      | 5 ", "| A4      | gemak     | motive   | 1      | 7 "
    )
    with pytest.raises(ConfigurationError, match=r"'gemak'.*scales of 1 to 5 and 1 to 7"):
        psychology(surveyed(TWO_WAVES, items))


def test_two_constructs_that_would_be_one_variable_are_refused_by_name() -> None:
    items = """
    | item_id | construct | measures | lowest | highest |
    | A1      | ge-mak    | motive   | 1      | 5       |
    | A2      | ge mak    | motive   | 1      | 5       |
    """
    with pytest.raises(ConfigurationError, match="motive_ge_mak_score"):
        psychology(surveyed("| record_id | A1 |\n| crm/1 | 3 |", items))


def test_the_same_run_gives_the_same_table_again() -> None:
    run = surveyed(TWO_WAVES)
    psychology(run)
    once = contents(run)
    psychology(run)
    assert contents(run) == once


def test_reliability_is_told_in_dutch() -> None:
    run = surveyed(TWO_WAVES)
    psychology(run)
    told = str(Reliability(run))
    assert "Betrouwbaarheid" in told
    assert "te weinig antwoorden" in told
    assert Reliability(run).to_arrow().num_rows == 8


def contents(run: Run) -> list[tuple[object, ...]]:
    return [
        row
        for name in ("survey_quality", "survey_scores", "survey_reliability", "psychology")
        for row in run.rows(f"select * from {name}")
    ]
