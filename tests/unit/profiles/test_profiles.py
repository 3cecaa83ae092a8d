from __future__ import annotations

import sys
from dataclasses import FrozenInstanceError
from decimal import Decimal

import pyarrow as pa
import pytest

from klantprofiel.display import Bars, Columns
from klantprofiel.errors import ConfigurationError, NotFoundError
from klantprofiel.labels import FINDINGS
from klantprofiel.profiles import Profiles, build_profiles
from klantprofiel.profiles.themes import HOUSE
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


def test_polars_reads_exact_amounts_and_unknown_as_null(profiles: Profiles) -> None:
    pytest.importorskip("polars")
    frame = profiles.to_polars(["monetary_eur", "recency_days"])

    assert frame["monetary_eur"].to_list() == [Decimal("30.00"), Decimal("10.00"), Decimal("0.00")]
    assert frame["recency_days"].null_count() == 1


def test_polars_that_is_not_installed_is_said_in_words(
    profiles: Profiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)

    with pytest.raises(ConfigurationError, match="polars is not installed") as caught:
        profiles.to_polars()

    assert "to_arrow" in caught.value.todo


def test_variables_are_those_that_were_declared(profiles: Profiles) -> None:
    declared = [variable for theme in HOUSE for variable in theme.variables]
    assert [variable for variable in profiles.variables() if variable in declared] == declared


def test_variables_of_a_basis_are_a_part_of_all(profiles: Profiles) -> None:
    geographic = profiles.variables(["geographic"])
    assert {"region", "postal_area"} <= {variable.name for variable in geographic}
    assert set(geographic) < set(profiles.variables())
    assert {variable.basis for variable in geographic} == {"geographic"}
    assert profiles.variables("geographic") == geographic, "one name is one name, not its letters"


def test_a_basis_that_does_not_exist_names_the_nearest(profiles: Profiles) -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'demographic'"):
        profiles.variables(["demografic"])


def test_describe_tells_coverage_and_distribution(profiles: Profiles) -> None:
    rows = {row["name"]: row for row in profiles.describe().to_pylist()}

    assert list(rows) == [variable.name for variable in profiles.variables()]
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
    assert 0 < profiles.describe("geographic").num_rows < whole.num_rows


def test_no_customers_are_described_without_a_division_by_zero() -> None:
    run = village_profiles().tables
    assert hasattr(run, "execute")
    run.execute("delete from profiles")
    nobody = Profiles(run)

    assert nobody.to_arrow().num_rows == len(nobody) == 0
    assert set(nobody.describe()["known_share"].to_pylist()) == {None}
    assert nobody.summary()["facts"]["Klanten"] == 0


def with_variables(values: dict[str, list[float | None]], found: dict[str, str] | None = None) -> Profiles:
    """Return profiles of numbers that are declared and nothing more, but for what was `found` of some."""
    run = given()
    n_customers = len(next(iter(values.values())))
    run.write(
        "profiles",
        pa.table({"customer_id": [f"K-{n:06d}" for n in range(n_customers)], **values}),
        describes="given.",
        grain="One row per customer.",
    )
    names = list(values)
    fields: dict[str, object] = {"facet": "ervaring", "basis": None, "kind": "number", "unit": "punten"}
    declared: dict[str, object] = {
        "missing": "",
        "purpose": "",
        "protected": False,
        "special": False,
    } | fields
    registry = {"name": names, "label": [name.title() for name in names]}
    if found:
        registry["finding"] = [found.get(name, "") for name in names]
    run.write(
        "variables",
        pa.table(registry | {name: [value] * len(names) for name, value in declared.items()}),
        describes="given.",
        grain="One row per variable.",
    )
    return Profiles(run)


def test_what_a_theme_found_is_told_of_a_variable_that_tells_anything_at_all() -> None:
    numbers: list[float | None] = [*map(float, range(10))]
    values: dict[str, list[float | None]] = {
        "loose": numbers,
        "single": numbers,
        "nothing": [None] * 10,
        "good": numbers,
    }
    profiles = with_variables(
        values, {"loose": "unreliable", "single": "single_item", "nothing": "unreliable"}
    )
    assert profiles.describe()["finding"].to_pylist() == ["unreliable", "single_item", "empty", None]
    assert [variable.finding for variable in profiles.variables()] == [
        "unreliable", "single_item", "unreliable", "",
    ]  # fmt: skip
    told = [row[-1] for row in profiles.summary()["tables"][0]["rows"]]
    assert told[:2] == [FINDINGS["unreliable"], FINDINGS["single_item"]]


def test_a_variable_that_tells_nothing_is_found_and_reported() -> None:
    profiles = with_variables(
        {
            "nothing": [None] * 1000,
            "same": [7.0] * 1000,
            "seldom": [*map(float, range(9)), *[None] * 991],
            "enough": [*map(float, range(10)), *[None] * 990],
        }
    )

    assert profiles.describe().select(["name", "finding"]).to_pylist() == [
        {"name": "nothing", "finding": "empty"},
        {"name": "same", "finding": "constant"},
        {"name": "seldom", "finding": "rare"},
        {"name": "enough", "finding": None},
    ]
    summary = profiles.summary()
    assert [(row[0], row[-1]) for row in summary["tables"][0]["rows"]] == [
        ("Nothing", "bij geen enkele klant bekend"),
        ("Same", "bij alle klanten gelijk"),
        ("Seldom", "bij meer dan 99 van de 100 klanten onbekend"),
        ("Enough", ""),
    ]
    assert summary["notes"] == [
        "Niet gebruikt om te segmenteren, want bij geen enkele klant bekend: Nothing.",
        "Niet gebruikt om te segmenteren, want bij alle klanten gelijk: Same.",
        "Niet gebruikt om te segmenteren, want bij meer dan 99 van de 100 klanten onbekend: Seldom.",
    ]
    (chart,) = profiles.coverage().charts
    assert isinstance(chart, Bars)
    assert [(bar.label, bar.value) for bar in chart.bars][1:3] == [
        ("Same (bij alle klanten gelijk)", 1.0),
        ("Seldom (bij meer dan 99 van de 100 klanten onbekend)", 0.009),
    ]


def test_a_distribution_counts_everybody_who_is_known_in_columns_of_a_round_width(profiles: Profiles) -> None:
    figures = profiles.distributions(["monetary_eur", "region", "frequency"])

    spent, provinces, frequency = figures.charts
    assert isinstance(spent, Columns)
    assert sum(column.value for column in spent.columns) == 3  # type: ignore[misc]
    assert (spent.columns[0].label, spent.columns[-1].label) == ("€ 0 tot € 2", "€ 28 tot € 30")
    assert isinstance(provinces, Bars)
    assert [(bar.label, bar.value) for bar in provinces.bars] == [("Noord-Holland", 1), ("Utrecht", 1)]
    assert isinstance(frequency, Columns)
    assert [(column.label, column.value) for column in frequency.columns] == [("0", 1), ("1", 1), ("2", 1)]
    assert "bekend van 2 klanten" in provinces.about


def test_the_tail_of_a_distribution_stands_in_its_last_column() -> None:
    profiles = with_variables({"points": [*map(float, range(200)), 1e6]})
    (chart,) = profiles.distributions("points").charts
    assert isinstance(chart, Columns)
    assert [(column.label, column.value) for column in chart.columns][-2:] == [
        ("180 tot 190", 10),
        ("190 of meer", 11),
    ]


def test_a_variable_that_nobody_has_is_drawn_without_columns() -> None:
    profiles = with_variables({"points": [None, None]})
    (chart,) = profiles.distributions(["points"]).charts
    assert isinstance(chart, Columns)
    assert chart.columns == ()
    assert "<iframe" in profiles.distributions(["points"])._repr_html_()


def test_a_variable_to_draw_that_is_not_there_names_the_nearest(profiles: Profiles) -> None:
    with pytest.raises(NotFoundError, match="did you mean 'recency_days'"):
        profiles.distributions(["recency_day"])
    with pytest.raises(ConfigurationError, match="did you mean 'behavioural'"):
        profiles.coverage("behavioral")
    with pytest.raises(ConfigurationError, match="did you mean 'behavioural'"):
        profiles.describe("behavioral")


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


def test_building_keeps_attributes_over_time(profiles: Profiles) -> None:
    assert profiles.tables.rows("select count(*) from attribute_changes") == [(0,)], "one run changes nothing"
    known = profiles.tables.rows("select customer_id from identity.golden_values order by 1")
    assert known == [("K-000001",), ("K-000002",), ("K-000003",)]


def test_building_before_unifying_says_what_to_do() -> None:
    with pytest.raises(ConfigurationError, match="unify"):
        build_profiles(given())
