"""How reliable surveys are, as it is told."""

from __future__ import annotations

import numpy as np
import pytest

from klantprofiel.errors import NotFoundError
from klantprofiel.profiles.survey import Reliability
from klantprofiel.profiles.survey.reliability import ITEM_VERDICTS, VERDICTS
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
    assert summary["facts"] == {"Schalen en metingen": 2, "Goed of voldoende": 0, "Laag": 2}
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


def test_a_release_without_a_survey_is_told_apart() -> None:
    with pytest.raises(NotFoundError, match="no survey"):
        Reliability(given())
