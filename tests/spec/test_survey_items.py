"""survey_items: what each item of the surveys measures, and on which scale."""

from __future__ import annotations

from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

SURVEY_ITEMS = load_sql("klantprofiel.profiles.survey", "survey_items")


def items(rows: str, like: str) -> str:
    return made(given({"identity.survey_items": rows}), SURVEY_ITEMS, like)


def test_statements_form_a_scale_and_what_is_asked_about_by_itself_stands_for_itself() -> None:
    rows = """
    | source | item_id | construct    | measures       | lowest | highest |
    | bureau | A1      | gemak        | motive         | 1      | 5       |
    | bureau | A2      | zuinigheid   | value          | 1      | 5       |
    | bureau | A3      | prijs        | attitude       | 1      | 5       |
    | bureau | B1      | belang       | need           | 1      | 5       |
    | bureau | E1      | verwachting  | expectation    | 1      | 72      |
    | bureau | M1      | media        | media          | 1      | 5       |
    | bureau | N1      | aanbeveling  | recommendation | 0      | 10      |
    | bureau | T1      | tevredenheid | satisfaction   | 1      | 10      |
    | bureau | U1      | moeite       | effort         | 1      | 7       |
    | bureau | I1      | betaalbaar   | image          | 0      | 1       |
    """
    then = """
    | item_id | score_of   | is_statement |
    | A1      | gemak      | true         |
    | A2      | zuinigheid | true         |
    | A3      | prijs      | true         |
    | B1      | B1         | false        |
    | E1      | E1         | false        |
    | M1      | M1         | false        |
    | N1      |            | false        |
    | T1      |            | false        |
    | U1      |            | false        |
    | I1      |            | false        |
    """
    assert items(rows, then) == table(then)


def test_an_item_is_as_it_was_delivered_last_and_its_number_is_that_of_its_source() -> None:
    rows = """
    | source | item_id | construct | measures | lowest | highest | is_reversed | item_text | delivered_on |
    | bureau | A1      | gemak     | motive   | 1      | 5       | false       | Snel      | 2026-01-01   |
    | bureau | A1      | gemak     | motive   | 1      | 7       | true        | Rustig    | 2026-02-01   |
    | ander  | A1      | plezier   | motive   | 1      | 5       |             |           | 2026-01-01   |
    """
    then = """
    | source | item_id | construct | highest | is_reversed | item_text |
    | bureau | A1      | gemak     | 7       | true        | Rustig    |
    | ander  | A1      | plezier   | 5       | false       | A1        |
    """
    assert items(rows, then) == table(then)


def test_an_item_is_special_only_when_the_list_says_so() -> None:
    rows = """
    | source | item_id | construct | measures | lowest | highest | is_special |
    | bureau | A1      | geloof    | value    | 1      | 5       | true       |
    | bureau | A2      | gemak     | motive   | 1      | 5       | false      |
    | bureau | A3      | gemak     | motive   | 1      | 5       |            |
    """
    then = """
    | item_id | is_special |
    | A1      | true       |
    | A2      | false      |
    | A3      | false      |
    """
    assert items(rows, then) == table(then)


def test_an_item_without_a_scale_from_low_to_high_is_left_out() -> None:
    rows = """
    | source | item_id | construct | measures | lowest | highest |
    | bureau | A1      | gemak     | motive   | 5      | 1       |
    | bureau | A2      | gemak     | motive   | 3      | 3       |
    """
    then = "| item_id |"
    assert items(rows, then) == table(then)
