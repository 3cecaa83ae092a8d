"""What every table of the experience keeps to: facts without names, themes without identities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klantprofiel.labels import BASES, FACETS
from klantprofiel.profiles.experience import THEMES
from klantprofiel.profiles.experience.measures import MEASURES
from tests.spec.ascii import given

if TYPE_CHECKING:
    from klantprofiel.profiles.theme import Facts, Theme

FACTS = [facts for theme in THEMES for facts in theme.facts]
VARIABLES = [variable for theme in THEMES for variable in theme.variables]
WORDS = {"customer_id", "channel", "subject", "preference"}  # the only texts, each of a short list of words


@pytest.mark.parametrize("facts", FACTS, ids=lambda facts: facts.name)
def test_facts_hold_a_day_first_and_no_free_text_or_number_of_a_contact(facts: Facts) -> None:
    run = given({"identity.customer_records": "| record_id | customer_id |\n| crm/1 | K-000001 |"})
    statement = facts.statement()
    run.make(statement, types=facts.types)
    columns = run.columns(statement.table)
    assert statement.parameters == ()
    assert next(iter(columns)) == "customer_id"
    assert next(name for name, kind in columns.items() if kind == "DATE").endswith("ed_on")
    assert {name for name, kind in columns.items() if kind == "VARCHAR"} <= WORDS
    assert "TIMESTAMP" not in columns.values()


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_themes_yield_what_they_declare_from_pseudonymous_tables_as_of_a_date(theme: Theme) -> None:
    statement = theme.statement()
    assert statement.parameters == ("as_of",)
    assert not [table for table in statement.tables if table.startswith("identity.")]


def test_every_variable_says_what_it_means() -> None:
    assert len({variable.name for variable in VARIABLES}) == len(VARIABLES)
    for variable in VARIABLES:
        assert variable.label
        assert variable.missing
        assert variable.facet in ("ervaring", "verwachtingen")
        assert variable.facet in FACETS
        assert variable.basis is None or variable.basis in BASES
        assert bool(variable.unit) == (variable.kind != "category")
        assert (variable.kind == "share") == variable.name.endswith("_share")


def test_what_was_answered_for_research_is_not_for_choosing_customers() -> None:
    answered = next(theme for theme in THEMES if theme.name == "recommendation")
    assert {(variable.basis, variable.purpose) for variable in answered.variables} == {(None, "onderzoek")}


def test_every_measure_has_a_label_and_a_name_of_its_own() -> None:
    assert len({measure.name for measure in MEASURES}) == len(MEASURES)
    assert all(measure.label and measure.unit for measure in MEASURES)
