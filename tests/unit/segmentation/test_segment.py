from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from sklearn.metrics import adjusted_rand_score

from klantprofiel.display import to_html, to_json
from klantprofiel.errors import ConfigurationError, NotFoundError, PermissionRefusedError
from klantprofiel.segmentation import KMeansSegmenter, RuleSegmenter, Segmentation, segment
from klantprofiel.warehouse import open_stored
from tests.unit.segmentation.village import AS_OF, SIZES, planted, register_in, village

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from klantprofiel.profiles import Profiles
    from klantprofiel.warehouse import Run

THREE = KMeansSegmenter(n_segments=3)
TRUTH = np.repeat([0, 1, 2], SIZES)


@pytest.fixture(scope="module")
def profiles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Profiles]:
    with village(tmp_path_factory.mktemp("village") / "klanten") as found:
        yield found


def run_of(profiles: Profiles) -> Run:
    return cast("Run", profiles.tables)


def labels(segmentation: Segmentation) -> list[str]:
    members: list[str] = segmentation.members().column("segment_id").to_pylist()
    return members


def test_planted_groups_come_back_from_two_bases(profiles: Profiles) -> None:
    segmentation = segment(profiles, bases=["behavioural", "demographic"], using=THREE)
    assert adjusted_rand_score(TRUTH, labels(segmentation)) > 0.85
    assert segmentation.bases == ("demographic", "behavioural")
    assert segmentation.segment_ids == ("S1", "S2", "S3")
    assert segmentation.as_of == AS_OF


def test_every_customer_is_accounted_for(profiles: Profiles) -> None:
    segmentation = segment(profiles, bases=["behavioural"], using=THREE)
    sizes = segmentation.sizes().to_pylist()
    assert sum(row["size"] for row in sizes) == segmentation.members().num_rows == 300
    assert [row["size"] for row in sizes] == sorted((row["size"] for row in sizes), reverse=True)
    assert sum(row["share"] for row in sizes) == pytest.approx(1)
    assert segmentation.n_unassigned == 1
    assert "K-999999" not in segmentation.members().column("customer_id").to_pylist()
    assert "Niet ingedeeld: 1;" in str(segmentation)


def test_customers_with_a_value_missing_are_in_a_segment_and_counted(profiles: Profiles) -> None:
    segmentation = segment(profiles, bases=["behavioural", "demographic"], using=THREE)
    assert segmentation.n_incomplete == 30
    assert "Onvolledig bekend: 30;" in str(segmentation)


def test_who_objected_is_neither_in_the_fit_nor_in_a_segment(tmp_path: Path) -> None:
    objectors = ("K-000001", "K-000200")
    register = register_in(tmp_path)
    with village(tmp_path / "a", objectors=objectors) as profiles:
        with_objections = segment(
            profiles, ["behavioural"], purpose="onderzoek", using=THREE, register=register
        )
    frame = planted()
    kept = frame.filter(pc.invert(pc.is_in(frame["customer_id"], pa.array(objectors))))
    with village(tmp_path / "b", kept) as profiles:
        without_them = segment(profiles, ["behavioural"], purpose="onderzoek", using=THREE, register=register)
    assert with_objections.n_excluded == 2
    assert with_objections.members().equals(without_them.members())
    assert with_objections.profile().equals(without_them.profile())
    assert with_objections.quality() == without_them.quality()


def test_the_order_of_the_profiles_changes_nothing(tmp_path: Path) -> None:
    frame = planted()
    shuffled = frame.take(np.random.default_rng(9).permutation(frame.num_rows))
    found = []
    for number, profiles in enumerate((frame, shuffled)):
        with village(tmp_path / str(number), profiles) as open_village:
            found.append(segment(open_village, ["behavioural", "geographic"], using=THREE))
    assert found[0] == found[1]


def test_special_categories_are_used_only_when_chosen_by_name(profiles: Profiles) -> None:
    by_basis = segment(profiles, ["demographic"], using=THREE)
    assert by_basis.variables == ("age_years",)
    assert "Niet gebruikt: health (beschermd kenmerk" in str(by_basis)
    by_name = segment(profiles, variables=["age_years", "health"], using=THREE)
    assert by_name.variables == ("age_years", "health")
    assert "Beschermd kenmerk, bij naam gekozen: health." in by_name.notes


def test_variables_that_say_nothing_are_left_out_with_the_reason(profiles: Profiles) -> None:
    segmentation = segment(profiles, ["behavioural", "geographic", "psychological"], using=THREE)
    assert set(segmentation.variables) == {"frequency", "monetary_eur", "channel_main", "region"}
    assert "Niet gebruikt: country (bij alle klanten gelijk)." in segmentation.notes
    assert "Niet gebruikt: nickname (bij bijna elke klant anders)." in segmentation.notes
    assert "Niet gebruikt: first_order_on (geen getal, tekst of vlag)." in segmentation.notes
    assert segmentation.bases == ("geographic", "behavioural")


def test_what_is_measured_too_poorly_is_used_only_when_chosen_by_name(profiles: Profiles) -> None:
    segmentation = segment(profiles, ["behavioural", "psychological"], using=THREE)
    assert not {"worry", "pride"} & set(segmentation.variables)
    assert "Niet gebruikt: worry (de vragen ervan hangen te weinig samen (lage alfa))." in segmentation.notes
    assert any(note.startswith("Niet gebruikt: pride (op één stelling") for note in segmentation.notes)
    by_name = segment(profiles, variables=["frequency", "worry"], using=THREE)
    assert by_name.variables == ("frequency", "worry")
    assert "Bij naam gekozen: worry (de vragen ervan hangen te weinig samen (lage alfa))." in by_name.notes


def test_the_profile_tells_each_segment_beside_all_customers(profiles: Profiles) -> None:
    segmentation = segment(profiles, ["behavioural"], using=THREE)
    rows = {(row["segment_id"], row["variable"]): row for row in segmentation.profile().to_pylist()}
    assert set(rows) == {(s, v) for s in ("S1", "S2", "S3") for v in segmentation.variables}
    chosen = set(segmentation.members().filter(pc.field("segment_id") == "S1")["customer_id"].to_pylist())
    frame = planted().to_pylist()
    spend = [row["monetary_eur"] for row in frame if row["customer_id"] in chosen]
    everyone = [row["monetary_eur"] for row in frame if row["monetary_eur"] is not None]
    found = rows["S1", "monetary_eur"]
    assert found["mean"] == pytest.approx(float(sum(spend) / len(spend)))
    assert found["population_mean"] == pytest.approx(float(sum(everyone) / len(everyone)))
    assert found["n_known"] == len(spend)
    web = [row["channel_main"] == "web" for row in frame if row["customer_id"] in chosen]
    found = rows["S1", "channel_main"]
    assert (found["top_category"], found["top_share"]) == ("web", pytest.approx(np.mean(web)))
    assert found["mean"] is None


def test_the_label_of_a_segment_says_what_sets_it_apart(profiles: Profiles) -> None:
    sizes = segment(profiles, ["behavioural"], using=THREE).sizes().to_pylist()
    assert sizes[0]["label"] == "Kanaal web, Aankopen hoog"
    assert sizes[1]["label"] == "Kanaal winkel"


def test_planted_groups_are_stable_and_one_segment_has_no_stability(profiles: Profiles) -> None:
    quality = segment(profiles, ["behavioural"], using=KMeansSegmenter(n_segments=2)).quality()
    assert len(quality.stability) == 15
    assert quality.stability_mean is not None
    assert quality.stability_mean > 0.8
    assert 0 < quality.explained_share < 1
    one = segment(profiles, ["behavioural"], using=KMeansSegmenter(n_segments=1)).quality()
    assert (one.stability, one.stability_mean, one.explained_share) == ((), None, 0.0)
    assert "onbekend" in repr(one)


def test_a_result_shows_itself_as_text_html_and_json(profiles: Profiles) -> None:
    segmentation = segment(profiles, ["behavioural"], using=THREE)
    assert repr(segmentation).splitlines()[0] == "Segmentatie"
    assert "Zonder doel gemaakt" in str(segmentation)
    assert "€ " in to_html(segmentation.summary())
    assert to_json(segmentation.summary())


def test_the_size_of_a_small_segment_is_neither_shown_nor_to_be_computed(profiles: Profiles) -> None:
    segmentation = segment(profiles, ["behavioural"], using=THREE)
    sizes = segmentation.sizes()
    small = sizes.set_column(sizes.column_names.index("size"), "size", pa.array([285, 12, 3], pa.int64()))
    shown = replace(segmentation, segment_table=small)
    rows = [row[2:] for row in shown.summary()["tables"][0]["rows"]]
    assert [n for n, _ in rows] == [285, "afgeschermd", "afgeschermd"]
    assert [share for _, share in rows][1:] == ["afgeschermd", "afgeschermd"]
    assert shown.sizes()["size"].to_pylist() == [285, 12, 3]


def test_what_is_saved_is_what_is_read_back(tmp_path: Path) -> None:
    register = register_in(tmp_path)
    with village(tmp_path / "klanten") as profiles:
        made = segment(profiles, ["behavioural"], purpose="onderzoek", using=THREE, register=register)
        run_of(profiles).save(made, name="gedrag")
        read = Segmentation.read(profiles.tables, "gedrag")
        assert read.name == "gedrag"
        for field in set(Segmentation.__dataclass_fields__) - {"name", "scoring"}:
            assert getattr(read, field) == getattr(made, field), field


def test_other_segmentations_stay_and_the_same_name_is_replaced(tmp_path: Path) -> None:
    register = register_in(tmp_path)
    with village(tmp_path / "klanten") as profiles:
        run = run_of(profiles)
        for name, n_segments in (("eerste", 3), ("tweede", 2), ("eerste", 4)):
            using = KMeansSegmenter(n_segments=n_segments)
            made = segment(profiles, ["behavioural"], purpose="onderzoek", using=using, register=register)
            run.save(made, name=name)
        sizes = {name: len(Segmentation.read(run, name).segment_ids) for name in ("eerste", "tweede")}
        assert sizes == {"eerste": 4, "tweede": 2}
        assert run.rows("select count(*) from segment_members") == [(600,)]


def test_the_same_segmentation_gives_an_equal_digest(tmp_path: Path) -> None:
    register = register_in(tmp_path)
    digests = []
    for name in ("a", "b"):
        with village(tmp_path / name) as profiles:
            made = segment(profiles, ["behavioural"], purpose="onderzoek", using=THREE, register=register)
            run_of(profiles).save(made, name="gedrag")
        with open_stored(tmp_path / name) as release:
            digests.append(release.digests())
    assert digests[0] == digests[1]


def test_without_a_purpose_it_cannot_be_saved(profiles: Profiles) -> None:
    segmentation = segment(profiles, ["behavioural"], using=THREE)
    with pytest.raises(PermissionRefusedError, match="was made without a purpose"):
        run_of(profiles).save(segmentation, name="gedrag")
    assert not profiles.tables.has("segmentations")


def test_what_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    register = register_in(tmp_path)
    with village(tmp_path / "klanten") as profiles:
        with pytest.raises(NotFoundError, match="no segmentation 'gedrag'"):
            Segmentation.read(profiles.tables, "gedrag")
        made = segment(profiles, ["behavioural"], purpose="onderzoek", using=THREE, register=register)
        run_of(profiles).save(made, name="gedrag")
        with pytest.raises(NotFoundError, match="did you mean 'gedrag'"):
            Segmentation.read(profiles.tables, "gedrga")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "no bases were chosen"),
        ({"bases": ["behavioral"]}, "no basis 'behavioral', did you mean 'behavioural'"),
        ({"bases": ["demographic"], "variables": ["frequency"]}, "no variable in these bases 'frequency'"),
        ({"variables": ["frequencyy"]}, "did you mean 'frequency'"),
        ({"variables": ["country"]}, "'country' cannot be used: bij alle klanten gelijk"),
        ({"variables": ["nickname"]}, "'nickname' cannot be used: bij bijna elke klant anders"),
        ({"variables": ["first_order_on"]}, "'first_order_on' cannot be used: geen getal"),
        ({"bases": ["psychological"]}, "none of the variables can be used"),
        (
            {"bases": ["behavioural"], "using": KMeansSegmenter(n_segments=999)},
            "999 segments were asked of 301",
        ),
        (
            {"variables": ["channel_main"], "using": KMeansSegmenter(n_segments=3)},
            "should be <= 2, the number of",
        ),
        ({"bases": ["behavioural"], "using": KMeansSegmenter(n_segments=0)}, "should be >= 1"),
    ],
)
def test_what_cannot_be_segmented_is_said(
    profiles: Profiles, arguments: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        segment(profiles, **arguments)  # type: ignore[arg-type]  # wrong on purpose


def test_an_unknown_purpose_is_refused(profiles: Profiles, tmp_path: Path) -> None:
    with pytest.raises(PermissionRefusedError, match="did you mean 'onderzoek'"):
        segment(profiles, ["behavioural"], purpose="onderzoeken", register=register_in(tmp_path))


def test_no_customers_is_said(tmp_path: Path) -> None:
    nobody = planted().slice(0, 0)
    with (
        village(tmp_path / "klanten", nobody) as profiles,
        pytest.raises(NotFoundError, match="no customers to segment"),
    ):
        segment(profiles, ["behavioural"])


def test_a_named_variable_that_is_empty_for_these_customers_is_refused(tmp_path: Path) -> None:
    stranger = planted().slice(300)
    with (
        village(tmp_path / "klanten", stranger) as profiles,
        pytest.raises(ConfigurationError, match="bij geen enkele klant bekend"),
    ):
        segment(profiles, variables=["region"])


def test_the_scoring_in_sql_gives_the_members(profiles: Profiles) -> None:
    made = segment(profiles, ["behavioural", "geographic"], using=THREE)
    query = f"select * from ({made.scoring_sql()}) where segment_id is not null order by customer_id"
    assert profiles.tables.rows(query) == [tuple(row.values()) for row in made.members().to_pylist()]
    assert made.scoring_sql("spark").startswith("SELECT customer_id, CASE WHEN segment = 0")


def test_rules_divide_customers_by_the_variables_chosen(profiles: Profiles) -> None:
    rules = {"vaak": "frequency >= 5", "ouder": "age_years >= 60"}
    made = segment(profiles, variables=["frequency", "age_years"], using=RuleSegmenter(rules))
    assert made.sizes()["label"].to_pylist() == ["vaak", "ouder"]
    assert made.quality().stability == ()
    query = f"select * from ({made.scoring_sql()}) where segment_id is not null order by customer_id"
    assert profiles.tables.rows(query) == [tuple(row.values()) for row in made.members().to_pylist()]
    with pytest.raises(ConfigurationError, match="no rule holds for any customer"):
        segment(profiles, variables=["frequency"], using=RuleSegmenter({"nooit": "frequency < -1"}))
    with pytest.raises(ConfigurationError, match="no column of this table"):
        segment(profiles, variables=["frequency"], using=RuleSegmenter({"ouder": "age_years >= 60"}))
