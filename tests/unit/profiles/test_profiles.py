from __future__ import annotations

import sys
from dataclasses import FrozenInstanceError
from decimal import Decimal

import pyarrow as pa
import pytest

from klantprofiel.errors import ConfigurationError, NotFoundError
from klantprofiel.profiles import VARIABLES, Profiles, build_profiles
from tests.spec.ascii import given
from tests.unit.profiles.village import village_profiles


@pytest.fixture(scope="module")
def profiles() -> Profiles:
    return village_profiles()


def test_profiles_are_one_row_per_customer_sorted_by_id(profiles: Profiles) -> None:
    table = profiles.to_arrow()

    assert table["customer_id"].to_pylist() == ["K-000001", "K-000002", "K-000003"]
    assert len(profiles) == 3


def test_columns_come_as_they_are_asked_for(profiles: Profiles) -> None:
    table = profiles.to_arrow(["monetary_eur", "customer_id"])

    assert table.to_pydict() == {
        "monetary_eur": [Decimal("30.00"), Decimal("10.00"), Decimal("0.00")],
        "customer_id": ["K-000001", "K-000002", "K-000003"],
    }


def test_a_column_that_is_not_there_names_the_nearest(profiles: Profiles) -> None:
    with pytest.raises(NotFoundError, match="did you mean 'frequency'"):
        profiles.to_arrow(["frequence"])


def test_pandas_gets_floats_and_unknown_is_missing(profiles: Profiles) -> None:
    frame = profiles.to_pandas(["customer_id", "monetary_eur", "recency_days", "region"])

    assert frame["monetary_eur"].tolist() == [30.0, 10.0, 0.0]
    assert frame["recency_days"].isna().tolist() == [False, False, True]
    assert frame["region"].isna().tolist() == [False, False, True]


def test_the_arrow_capsule_carries_the_profiles_to_any_library(profiles: Profiles) -> None:
    assert pa.table(profiles).equals(profiles.to_arrow())


def test_polars_that_is_not_installed_is_said_in_words(
    profiles: Profiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)

    with pytest.raises(ConfigurationError, match="polars is not installed") as caught:
        profiles.to_polars()

    assert "to_arrow" in caught.value.todo


def test_variables_are_those_that_were_declared(profiles: Profiles) -> None:
    assert profiles.variables() == VARIABLES


def test_variables_of_a_basis_are_a_part_of_all(profiles: Profiles) -> None:
    assert [v.name for v in profiles.variables(["geographic"])] == ["region", "postal_area"]
    assert profiles.variables(["psychological"]) == ()


def test_a_basis_that_does_not_exist_names_the_nearest(profiles: Profiles) -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'demographic'"):
        profiles.variables(["demografic"])


def test_describe_tells_coverage_and_distribution(profiles: Profiles) -> None:
    rows = {row["name"]: row for row in profiles.describe().to_pylist()}

    assert list(rows) == [variable.name for variable in VARIABLES]
    spent = rows["monetary_eur"]
    assert (spent["n_customers"], spent["n_known"], spent["known_share"]) == (3, 3, 1.0)
    assert (spent["minimum"], spent["median"], spent["maximum"]) == (0.0, 10.0, 30.0)
    assert (spent["q25"], spent["q75"], round(spent["mean"], 9)) == (5.0, 20.0, 13.333333333)
    assert spent["most_common"] is None
    assert rows["recency_days"]["known_share"] == pytest.approx(2 / 3)
    assert (rows["region"]["most_common"], rows["region"]["most_common_share"]) == ("Noord-Holland", 0.5)
    assert rows["category_main"]["n_distinct"] == 1


def test_describe_of_one_basis_has_the_same_columns(profiles: Profiles) -> None:
    whole = profiles.describe()

    assert profiles.describe("geographic").schema == whole.schema
    assert profiles.describe("psychological").schema == whole.schema
    assert profiles.describe("psychological").num_rows == 0


def test_no_customers_are_described_without_a_division_by_zero() -> None:
    run = village_profiles().tables
    assert hasattr(run, "execute")
    run.execute("delete from profiles")
    nobody = Profiles(run)

    assert nobody.to_arrow().num_rows == len(nobody) == 0
    assert set(nobody.describe()["known_share"].to_pylist()) == {None}
    assert nobody.summary()["facts"]["Klanten"] == 0


def test_profiles_show_themselves_in_dutch(profiles: Profiles) -> None:
    assert repr(profiles).splitlines()[0] == "Klantprofielen"
    assert "Provincie" in str(profiles)
    assert "<table" in profiles._repr_html_()


def test_profiles_cannot_be_changed(profiles: Profiles) -> None:
    with pytest.raises(FrozenInstanceError):
        profiles.tables = None  # type: ignore[misc,assignment]


def test_without_profiles_the_error_says_what_makes_them() -> None:
    with pytest.raises(NotFoundError, match="build_profiles"):
        Profiles(given())


def test_building_before_unifying_says_what_to_do() -> None:
    with pytest.raises(ConfigurationError, match="unify"):
        build_profiles(given())
