from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

import pytest

from klantprofiel.errors import ConfigurationError, NotFoundError
from klantprofiel.reading import open_release
from klantprofiel.targeting import Scorecard, score
from klantprofiel.warehouse import Warehouse
from tests.unit.targeting.village import AS_OF, JUDGEMENTS, files, segmentation, village

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.warehouse import Run


class Who(TypedDict):
    by: str
    because: str


WHO: Who = {"by": "CCO", "because": "hoogste score"}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    path = tmp_path_factory.mktemp("choice")
    with village(path / "klanten") as run:
        keep(run, path)
    return Warehouse(path / "klanten")


def keep(run: Run, path: Path) -> Scorecard:
    criteria, judgements = files(path)
    run.save(segmentation(run), name="gedrag")
    made = score(segmentation(run), criteria=criteria, judgements=judgements)
    run.save(made, name="kaart")
    return made


def test_the_top_of_the_ranking_can_be_chosen_and_is_recorded(warehouse: Warehouse) -> None:
    with open_release(warehouse.store.root) as release:
        choice = release.scorecard("kaart").select(top=2, **WHO)
    assert choice.segments == ("S2", "S1")
    assert choice.is_recorded
    recorded = warehouse.ledger.choices()[-1]
    assert recorded["choice_id"] == choice.choice_id
    assert recorded["segments"] == ["S2", "S1"]
    assert (recorded["by"], recorded["because"]) == ("CCO", "hoogste score")
    assert recorded["release_id"] == warehouse.current() == choice.release_id
    assert recorded["segmentation"] == "gedrag"
    assert choice.as_of == AS_OF
    assert json.loads(json.dumps(choice.as_dict()))["scorecard"] == "kaart"
    assert "Vastgelegd ja" in repr(choice)


def test_segments_can_be_chosen_by_name(warehouse: Warehouse) -> None:
    with open_release(warehouse.store.root) as release:
        choice = release.scorecard("kaart").select("S3", "S1", "S3", by=" CCO ", because="strategie")
    assert choice.segments == ("S3", "S1")
    assert choice.by == "CCO"


def test_a_choice_is_not_recorded_by_who_may_not_write_the_ledger(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_before = len(warehouse.ledger.choices())
    monkeypatch.setattr("klantprofiel.warehouse.ledger.os.access", lambda *_: False)
    with open_release(warehouse.store.root) as release:
        choice = release.scorecard("kaart").select(top=1, **WHO)
    assert not choice.is_recorded
    assert "Niet vastgelegd" in str(choice)
    assert len(warehouse.ledger.choices()) == n_before


def test_a_choice_from_a_segmentation_that_is_not_kept_is_not_recorded(tmp_path: Path) -> None:
    with village(tmp_path / "klanten") as run:
        criteria, judgements = files(tmp_path)
        choice = score(segmentation(run), criteria=criteria, judgements=judgements).select(top=1, **WHO)
        assert not choice.is_recorded
        assert run.warehouse.ledger.choices() == []


def test_a_choice_made_in_a_run_names_the_release_that_it_makes(tmp_path: Path) -> None:
    with village(tmp_path / "klanten") as run:
        keep(run, tmp_path)
        choice = Scorecard.read(run, "kaart").select(top=1, **WHO)
    assert choice.is_recorded
    assert choice.release_id == Warehouse(tmp_path / "klanten").current()


def test_segments_made_anew_must_be_scored_anew(tmp_path: Path) -> None:
    with village(tmp_path / "klanten") as run:
        keep(run, tmp_path)
        changed = segmentation(run)
        run.save(replace(changed, member_table=changed.member_table.slice(1)), name="gedrag")
        read = Scorecard.read(run, "kaart")
        assert read.rows()
        with pytest.raises(ConfigurationError, match="'gedrag' was made anew after this scorecard"):
            read.select(top=1, **WHO)


def test_a_choice_needs_segments_somebody_and_a_reason(warehouse: Warehouse) -> None:
    with open_release(warehouse.store.root) as release:
        scorecard = release.scorecard("kaart")
    for arguments, message in (
        ({}, "no segments were chosen"),
        ({"top": 0}, "a top of 0 of 3 segments"),
        ({"top": 4}, "a top of 4 of 3 segments"),
        ({"top": 1, "by": " "}, "a choice without by="),
        ({"top": 1, "because": ""}, "a choice without because="),
    ):
        with pytest.raises(ConfigurationError, match=message):
            scorecard.select(**{**WHO, **arguments})  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ConfigurationError, match="both segments and a top"):
        scorecard.select("S1", top=1, **WHO)
    with pytest.raises(NotFoundError, match="no segment 'S4'"):
        scorecard.select("S4", **WHO)


def test_a_tie_is_decided_by_somebody_not_by_the_order_of_names(tmp_path: Path) -> None:
    criteria = """\
dated: 2026-09-01
decided_by: directie
criteria:
  threat: {question: opportunities, axis: attractiveness, label: Bedreiging, unit: schaal 0-10,
           source: judged, direction: less, low: 0, high: 10, weight: 1}
"""
    equal = (JUDGEMENTS[3], JUDGEMENTS[3].replace("S1", "S2"))
    with village(tmp_path / "klanten") as run:
        definition, judgements = files(tmp_path, *equal, criteria=criteria)
        scorecard = score(segmentation(run), criteria=definition, judgements=judgements)
        assert [row.rank for row in scorecard.rows()] == [1, 1, 3]
        with pytest.raises(ConfigurationError, match="top 1 is not decided: S1, S2 have the same score"):
            scorecard.select(top=1, **WHO)
        assert scorecard.select(top=2, **WHO).segments == ("S1", "S2")
