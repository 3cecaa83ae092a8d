"""How reliable surveys are, as it is told."""

from __future__ import annotations

import numpy as np
import pytest

from klantprofiel.errors import NotFoundError
from klantprofiel.profiles.survey import Reliability
from klantprofiel.profiles.survey.reliability import ITEM_VERDICTS, LOW, VERDICTS
from tests.spec.ascii import given
from tests.spec.questionnaires import surveyed_rows

ITEMS = [
    {"item_id": name, "construct": construct, "measures": "value", "lowest": 1, "highest": 7}
    for name, construct in (
        ("A1", "plezier"),
        ("A2", "plezier"),
        ("A3", "plezier"),
        ("B1", "rust"),
        ("B2", "rust"),
    )
]


def test_scales_are_told_with_their_verdict_and_items_that_do_not_fit_are_named() -> None:
    chance = np.random.default_rng(3)
    felt = chance.normal(4, 1.5, (80, 1))
    said = np.clip(np.rint(felt + chance.normal(0, 0.7, (80, 3))), 1, 7).astype(int)
    said[:, 2] = 8 - said[:, 2]  # and the list does not say so
    loose = chance.integers(1, 8, (80, 2))
    run = surveyed_rows(
        [
            {"record_id": f"crm/{number}"} | dict(zip(("A1", "A2", "A3", "B1", "B2"), row, strict=True))
            for number, row in enumerate(np.hstack([said, loose]).tolist(), start=1)
        ],
        ITEMS,
        steps=("survey_quality", "survey_reliability"),
    )
    summary = Reliability(run).summary()
    assert summary["facts"] == {
        "Schalen en metingen": 2,
        "Goed of voldoende": 0,
        "Laag": 2,
        "Te weinig antwoorden": 0,
    }
    scales, items = summary["tables"]
    assert [row[-1] for row in scales["rows"]] == [VERDICTS["low"]] * 2
    assert ITEM_VERDICTS["opposed"] in {row[-1] for row in items["rows"] if row[0] == "A3"}
    assert "omgekeerd" in str(Reliability(run))


def test_where_every_item_fits_none_is_named() -> None:
    run = surveyed_rows(
        [
            {
                "record_id": f"crm/{number}",
                "A1": 1 + number % 7,
                "A2": 1 + number % 7,
                "A3": 1 + (number + number % 3) % 7,
            }
            for number in range(1, 43)
        ],
        ITEMS[:3],
        steps=("survey_quality", "survey_reliability"),
    )
    assert len(Reliability(run).summary()["tables"]) == 1


def test_one_scale_can_be_asked_for_and_a_misspelt_one_is_recognised() -> None:
    items = [*ITEMS, {"item_id": "C1", "construct": "trots", "measures": "value", "lowest": 1, "highest": 7}]
    run = surveyed_rows(
        [{"record_id": f"crm/{n}", "A1": 3, "A2": 4, "A3": 1 + n, "B1": 1, "B2": n} for n in (1, 2)],
        items,
        steps=("survey_quality", "survey_reliability"),
    )
    assert set(Reliability(run).to_arrow()["construct"].to_pylist()) == {"plezier", "rust"}
    assert set(Reliability(run, "rust").to_arrow()["construct"].to_pylist()) == {"rust"}
    assert "plezier" not in str(Reliability(run, "rust").summary())
    assert "Eén stelling en dus geen alfa" in str(Reliability(run).summary())
    assert Reliability(run).summary()["notes"][-1].endswith(": trots.")
    with pytest.raises(NotFoundError, match="did you mean 'plezier'") as caught:
        Reliability(run, "plesier")
    assert caught.value.expected == "one of plezier, rust, trots"


def test_of_too_few_answers_no_alpha_is_shown_and_all_statistics_can_still_be_had() -> None:
    answers = [{"record_id": f"crm/{n}", "B1": 1 + n % 7, "B2": 1 + n % 7} for n in range(29)]
    found = Reliability(surveyed_rows(answers, ITEMS, steps=("survey_quality", "survey_reliability")))
    (row,) = found.summary()["tables"][0]["rows"]
    assert tuple(row) == ("rust", "w1", 2, 29, "", "", "", VERDICTS["unknown"])
    assert found.summary()["facts"]["Te weinig antwoorden"] == 1
    assert found.to_arrow()["alpha"].to_pylist() == [1.0, 1.0]


def test_that_a_low_scale_is_not_used_is_said_where_one_is_low() -> None:
    alike = [{"record_id": f"crm/{n}", "A1": 1 + n % 7, "A2": 1 + n % 7, "A3": 1 + n % 7} for n in range(50)]
    loose = [{"record_id": f"crm/{n}", "B1": 1 + n % 7, "B2": 1 + n // 7 % 7} for n in range(49)]
    for answers, is_low in ((alike, False), (loose, True)):
        run = surveyed_rows(answers, ITEMS, steps=("survey_quality", "survey_reliability"))
        assert (LOW in Reliability(run).summary()["notes"]) is is_low


def test_a_release_without_a_survey_is_told_apart() -> None:
    with pytest.raises(NotFoundError, match="no survey"):
        Reliability(given())
