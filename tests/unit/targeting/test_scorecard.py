from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from klantprofiel.display import to_html, to_json
from klantprofiel.errors import ConfigurationError, NotFoundError
from klantprofiel.reading import open_release
from klantprofiel.targeting import Scorecard, score
from tests.unit.targeting.village import AS_OF, CRITERIA, JUDGEMENTS, files, segmentation, village

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from klantprofiel.targeting.cells import Cell
    from klantprofiel.warehouse import Run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with village(tmp_path_factory.mktemp("village") / "klanten") as found:
        yield found


@pytest.fixture
def scorecard(run: Run, tmp_path: Path) -> Scorecard:
    return scored(run, tmp_path)


def scored(run: Run, path: Path, *lines: str, criteria: str = CRITERIA) -> Scorecard:
    definition, judgements = files(path, *lines, criteria=criteria)
    return score(segmentation(run), criteria=definition, judgements=judgements)


def cell(scorecard: Scorecard, segment_id: str, criterion: str) -> Cell:
    (found,) = (c for c in scorecard.cells() if (c.segment_id, c.criterion) == (segment_id, criterion))
    return found


def test_volume_is_counted_and_value_and_growth_are_exact(scorecard: Scorecard) -> None:
    assert [cell(scorecard, s, "volume").low for s in ("S1", "S2", "S3")] == [3, 2, 1]
    assert cell(scorecard, "S1", "value").low == Decimal("150.150000")  # two known of three
    assert cell(scorecard, "S2", "value").low == Decimal("0.150000")
    assert cell(scorecard, "S1", "growth").low == Decimal("-0.285714")  # 2(30 - 40)/70
    assert cell(scorecard, "S2", "growth").low == 1  # 2(90 - 30)/120
    assert "2 klanten" in cell(scorecard, "S1", "value").why


def test_what_is_not_known_is_neither_zero_nor_a_default(scorecard: Scorecard) -> None:
    for criterion in ("growth", "value", "advantage", "threat"):
        unknown = cell(scorecard, "S3", criterion)
        assert unknown.status == "unknown"
        assert (unknown.low, unknown.mode, unknown.high) == (None, None, None)
        assert [unknown.value_low, unknown.value_high] == [0, 1]
    (row,) = (row for row in scorecard.rows() if row.segment_id == "S3")
    assert row.coverage_share == Decimal("0.125")
    assert row.score_low == Decimal("0.03125")
    assert row.score_high == Decimal("0.90625")
    assert "Niet (geheel) bekend: Voordeel voor S3 (onbekend)." in scorecard.summary()["notes"]


def test_contributions_add_up_exactly_to_the_score(scorecard: Scorecard) -> None:
    for row in scorecard.rows():
        own = [c for c in scorecard.cells() if c.segment_id == row.segment_id]
        assert len(own) == 5
        assert sum(c.contribution_low for c in own) == row.score_low
        assert sum(c.contribution for c in own) == row.score
        assert sum(c.contribution_high for c in own) == row.score_high


def test_against_several_competitors_the_least_favourable_counts(scorecard: Scorecard) -> None:
    found = cell(scorecard, "S1", "advantage")
    assert [found.low, found.mode, found.high] == [2, Decimal("2.5"), 3]
    assert (found.value_low, found.value_high) == (Decimal("0.25"), Decimal("0.5"))
    assert "(tegen Bol)" in found.why
    assert "(tegen Coolblue)" in found.why


def test_less_can_be_better(scorecard: Scorecard) -> None:
    assert (
        cell(scorecard, "S1", "threat").value_low
        == cell(scorecard, "S1", "threat").value_high
        == Decimal("0.8")
    )


def test_an_expired_judgement_is_shown_as_expired_and_counts_as_unknown(scorecard: Scorecard) -> None:
    found = cell(scorecard, "S2", "threat")
    assert found.status == "expired"
    assert [found.value_low, found.value_high] == [0, 1]
    assert found.why == "verlopen op 30-09-2026"
    assert "verlopen" in str(scorecard)


def test_a_judgement_is_valid_up_to_and_on_its_last_day(run: Run, tmp_path: Path) -> None:
    last_day = JUDGEMENTS[4].replace("2026-09-30", AS_OF.isoformat())
    assert cell(scored(run, tmp_path, last_day), "S2", "threat").status == "known"


def test_an_expired_competitor_could_be_the_strongest(run: Run, tmp_path: Path) -> None:
    expired = JUDGEMENTS[1].replace("2027-08-15", "2026-09-01")
    found = cell(scored(run, tmp_path, JUDGEMENTS[0], expired), "S1", "advantage")
    assert found.status == "partly_expired"
    assert [found.value_low, found.value_high] == [0, Decimal("0.75")]


def test_the_latest_judgement_up_to_the_date_counts(run: Run, tmp_path: Path) -> None:
    old = "S1;threat;;2;2;2;a;b;2026-01-01;2027-01-01"
    newer = "S1;threat;;3;3;3;a;b;2026-10-01;2027-01-01"
    future = "S1;threat;;9;9;9;a;b;2026-10-02;2027-01-01"
    assert cell(scored(run, tmp_path, future, newer, old), "S1", "threat").low == 3
    assert cell(scored(run, tmp_path, future), "S1", "threat").status == "unknown"


def test_the_ranking_says_how_sure_it_is(scorecard: Scorecard) -> None:
    ranking = [(row.segment_id, row.rank, row.rank_best, row.rank_worst) for row in scorecard.rows()]
    assert ranking == [("S2", 1, 1, 2), ("S1", 2, 2, 3), ("S3", 3, 1, 3)]


def test_without_judgements_the_judged_questions_are_open(run: Run, tmp_path: Path) -> None:
    found = score(segmentation(run), criteria=files(tmp_path)[0], judgements=None)
    assert {c.status for c in found.cells() if c.source == "judged"} == {"unknown"}
    assert found.rows()[0].coverage_share == Decimal("0.5")


def test_profiles_that_lack_what_is_measured_are_named(tmp_path: Path) -> None:
    with village(tmp_path / "klanten") as other:
        frame = other.arrow("select customer_id, monetary_eur from profiles")
        other.write("profiles", frame, describes="profiles.", grain="One row per customer.")
        with pytest.raises(ConfigurationError, match="no variable 'spend_recent_eur'"):
            scored(other, tmp_path)


def test_it_shows_itself_as_text_html_and_json(scorecard: Scorecard) -> None:
    assert repr(scorecard).splitlines()[0] == "Scorekaart"
    assert "Hoogst S2" in repr(scorecard)
    assert "Zonder criterium: Strategische waarde." in str(scorecard)
    assert "<table>" in to_html(scorecard.summary())
    assert to_json(scorecard.summary())


def test_what_is_saved_is_what_is_read_back(tmp_path: Path) -> None:
    with village(tmp_path / "klanten") as run:
        run.save(segmentation(run), name="gedrag")
        made = scored(run, tmp_path)
        run.save(made, name="eerste")
        run.save(scored(run, tmp_path, JUDGEMENTS[0]), name="tweede")
        run.save(scored(run, tmp_path, JUDGEMENTS[0]), name="tweede")
        assert run.rows("select count(*) from scorecards") == [(6,)]
    with open_release(tmp_path / "klanten") as release:
        read = release.scorecard("eerste")
        assert read == replace(made, name="eerste")
        assert read.segmentation.name == "gedrag"
        with pytest.raises(NotFoundError, match="did you mean 'tweede'"):
            release.scorecard("tweed")


def test_a_scorecard_is_kept_only_with_its_segmentation(tmp_path: Path) -> None:
    with village(tmp_path / "klanten") as run:
        made = scored(run, tmp_path)
        with pytest.raises(NotFoundError, match="is not kept in this run"):
            run.save(made, name="eerste")
        with pytest.raises(NotFoundError, match="no scorecard 'eerste'"):
            Scorecard.read(run, "eerste")
