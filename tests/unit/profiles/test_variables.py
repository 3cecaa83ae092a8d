"""The registry of variables: what each column of the profiles means, told once."""

from __future__ import annotations

from klantprofiel.labels import BASES, FACETS
from klantprofiel.profiles.themes import HOUSE
from klantprofiel.schema import canonical
from tests.unit.profiles.village import village_profiles

VARIABLES = [variable for theme in HOUSE for variable in theme.variables]
MADE_FROM = {"age_years": "birth_date", "age_band": "age_band", "household_size": "household_size"}
SUFFIXES = {"EUR": "_eur", "dagen": "_days", "seconden": "_seconds", "km": "_km"}


def test_columns_are_those_of_the_registry_in_its_order_with_the_type_of_their_kind() -> None:
    profiles = village_profiles()
    found = profiles.tables.columns("profiles")
    declared = {variable.name: variable.sql_type for variable in profiles.variables()}
    assert list(found) == ["customer_id", *declared]
    assert found == {"customer_id": "VARCHAR"} | declared


def test_what_the_house_declares_is_what_the_registry_tells() -> None:
    told = {variable.name: variable for variable in village_profiles().variables()}
    assert {variable.name: variable for variable in VARIABLES}.items() <= told.items()


def test_every_variable_says_what_it_means() -> None:
    for variable in VARIABLES:
        assert variable.label
        assert variable.missing
        assert variable.facet in FACETS
        assert variable.basis is None or variable.basis in BASES
        assert bool(variable.unit) == (variable.kind != "category"), variable.name


def test_labels_are_not_shared() -> None:
    labels = [variable.label for variable in VARIABLES]
    assert len(labels) == len(set(labels))


def test_a_variable_carries_its_unit_in_its_name() -> None:
    for variable in VARIABLES:
        assert (variable.kind == "share") == variable.name.endswith(("_share", "p_alive")), variable.name
        assert variable.name.endswith(SUFFIXES.get(variable.unit.split(",")[0].split(" omzet")[0], ""))


def test_every_variable_names_the_tables_behind_it() -> None:
    rows = village_profiles().tables.rows("select name, source_tables from variables")
    assert [name for name, sources in rows if not sources] == []


def test_what_is_made_of_a_protected_column_is_protected() -> None:
    for variable in VARIABLES:
        column = canonical.Customers.columns.get(MADE_FROM.get(variable.name, ""))
        if column is not None:
            assert variable.protected == column.protected, variable.name
