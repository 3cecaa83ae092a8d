from __future__ import annotations

from klantprofiel.labels import BASES, FACETS
from klantprofiel.profiles import VARIABLES
from klantprofiel.profiles.build import THEMES, provinces
from klantprofiel.schema import canonical
from klantprofiel.warehouse import load_sql
from tests.unit.profiles.village import village_profiles

MADE_FROM = {"age_years": "birth_date", "age_band": "age_band", "household_size": "household_size"}
SUFFIXES = {"EUR": "_eur", "dagen": "_days"}


def test_every_column_of_the_profiles_is_declared_once_and_in_its_order() -> None:
    columns = load_sql("klantprofiel.profiles", "profiles").columns
    assert columns == ("customer_id", *(variable.name for variable in VARIABLES))


def test_columns_have_the_type_of_their_kind() -> None:
    profiles = village_profiles()
    found = profiles.tables.columns("profiles")
    assert {v.name: v.sql_type for v in VARIABLES} | {"customer_id": "VARCHAR"} == found


def test_every_variable_says_what_it_means() -> None:
    for variable in VARIABLES:
        assert variable.label
        assert variable.missing
        assert variable.facet in FACETS
        assert variable.basis in BASES
        assert bool(variable.unit) == (variable.kind != "category")


def test_a_variable_carries_its_unit_in_its_name() -> None:
    for variable in VARIABLES:
        assert (variable.kind == "share") == variable.name.endswith("_share")
        assert variable.name.endswith(SUFFIXES.get(variable.unit, ""))


def test_a_variable_comes_from_tables_that_profiles_read() -> None:
    read = load_sql("klantprofiel.profiles", "profiles").tables
    assert {source for variable in VARIABLES for source in variable.sources} <= set(read)


def test_what_is_made_of_a_protected_column_is_protected() -> None:
    for variable in VARIABLES:
        column = canonical.Customers.columns.get(MADE_FROM.get(variable.name, ""))
        assert variable.protected == (column is not None and column.protected)


def test_every_theme_has_its_sql_file() -> None:
    for theme in THEMES:
        assert load_sql("klantprofiel.profiles", theme).table.removeprefix("identity.") == theme


def test_every_possible_postal_code_has_one_province() -> None:
    listed = list(provinces())
    assert [digits for digits, _ in listed] == [str(digits) for digits in range(1000, 10_000)]
    assert len({province for _, province in listed}) == 12


def test_provincial_capitals_and_border_towns_lie_where_they_lie() -> None:
    province = dict(provinces())
    places = {
        "1012": "Noord-Holland", "1315": "Flevoland", "2011": "Noord-Holland", "2511": "Zuid-Holland",
        "3511": "Utrecht", "3811": "Utrecht", "4331": "Zeeland", "5211": "Noord-Brabant",
        "5301": "Gelderland", "5911": "Limburg", "6211": "Limburg", "6511": "Gelderland",
        "6811": "Gelderland", "7411": "Overijssel", "7811": "Drenthe", "8011": "Overijssel",
        "8232": "Flevoland", "8911": "Friesland", "9401": "Drenthe", "9711": "Groningen",
    }  # fmt: skip
    assert {digits: province[digits] for digits in places} == places
