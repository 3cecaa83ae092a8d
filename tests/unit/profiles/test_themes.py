"""A variable is one SQL file and its declaration, and what is wrong with either is said by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klantprofiel.errors import DeclarationError
from klantprofiel.profiles import Profiles
from klantprofiel.profiles.build import build_profiles, make_profiles
from klantprofiel.profiles.themes import HOUSE, themes_of
from klantprofiel.project import Project
from tests.unit.profiles.village import village

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.warehouse import Run

SQL = """-- bezoek: on how many days each customer ordered up to and including $as_of.
-- One row per customer with an order.
select customer_id, count(*) as order_days
from purchase_days
where booked_on <= $as_of and n_orders > 0
group by customer_id
"""
DECLARED = """
from klantprofiel.profiles import Variable

VARIABLES = (
    Variable(
        name="order_days", label="Besteldagen", facet="gegevens", basis="behavioural", kind="count",
        unit="dagen", missing="nog nooit besteld",
    ),
)
"""


def project_with(folder: Path, sql: str = SQL, declared: str = DECLARED, name: str = "bezoek") -> Project:
    """Return a project that adds one theme."""
    place = folder / "schemas" / "variables"
    place.mkdir(parents=True)
    (place / f"{name}.sql").write_text(sql, encoding="utf-8")
    (place / f"{name}.py").write_text(declared, encoding="utf-8")
    return Project(root=folder, name="winkel", warehouse_path=folder / "klanten")


@pytest.fixture
def run() -> Run:
    run = village()
    build_profiles(run)
    return run


def test_a_project_adds_a_variable_with_one_sql_file_and_its_declaration(tmp_path: Path, run: Run) -> None:
    make_profiles(run, themes_of(project_with(tmp_path)))
    profiles = Profiles(run)
    assert profiles.to_arrow(["order_days"])["order_days"].to_pylist() == [2, 1, None]
    (variable,) = (v for v in profiles.variables() if v.name == "order_days")
    assert variable.label == "Besteldagen"
    assert run.rows("select theme, source_tables from variables where name = 'order_days'") == [
        ("bezoek", ["purchase_days"])
    ]


def test_two_rows_for_one_customer_are_refused_by_the_name_of_the_file(tmp_path: Path, run: Run) -> None:
    twice = SQL.replace("group by customer_id", "group by customer_id, booked_on")
    with pytest.raises(DeclarationError, match=r"bezoek.sql gives more than one row for 1 customers"):
        make_profiles(run, themes_of(project_with(tmp_path, twice)))


def test_columns_that_are_not_declared_are_refused(tmp_path: Path, run: Run) -> None:
    more = SQL.replace("as order_days", "as order_days, min(booked_on) as first_on")
    with pytest.raises(DeclarationError, match=r"bezoek.sql gives the columns .*first_on"):
        make_profiles(run, themes_of(project_with(tmp_path, more)))


def test_a_variable_that_the_house_has_already_is_refused(tmp_path: Path, run: Run) -> None:
    sql, declared = (text.replace("order_days", "frequency") for text in (SQL, DECLARED))
    with pytest.raises(DeclarationError, match="bezoek and purchasing both have a variable 'frequency'"):
        make_profiles(run, themes_of(project_with(tmp_path, sql, declared)))


def test_a_theme_that_the_house_has_already_is_refused(tmp_path: Path) -> None:
    project = project_with(tmp_path, SQL.replace("bezoek:", "rhythm:"), name="rhythm")
    with pytest.raises(DeclarationError, match="rhythm, which klantprofiel makes already"):
        themes_of(project)


@pytest.mark.parametrize("declared", ["", "VARIABLES = ()", "VARIABLES = [1]"])
def test_a_theme_without_declared_variables_is_refused(tmp_path: Path, declared: str) -> None:
    with pytest.raises(DeclarationError, match=r"bezoek.py declares no variables"):
        themes_of(project_with(tmp_path, declared=declared))


def test_every_variable_of_the_house_stands_in_one_theme() -> None:
    names = [variable.name for theme in HOUSE for variable in theme.variables]
    assert len(names) == len(set(names))
    for theme in HOUSE:
        assert theme.make is not None or theme.statement().table == theme.name


def test_facts_hold_no_moment_of_reading_and_themes_read_no_identities() -> None:
    for theme in HOUSE:
        for facts in theme.facts:
            assert "as_of" not in facts.statement().parameters
            assert facts.statement().columns[0] == "customer_id"
        if theme.make is None:
            assert not any(table.startswith("identity.") for table in theme.statement().tables)
