"""Cronbach's alpha, its interval and the item-total statistics, as published and by another formula."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from tests.spec.questionnaires import surveyed_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# Denis, Applied Univariate, Bivariate, and Multivariate Statistics (Wiley): ten persons, five items, and what
# SPSS RELIABILITY says of them (section on Cronbach's alpha).
DENIS: Final = (
    (10, 12, 15, 11, 12),
    (12, 18, 12, 12, 1),
    (8, 16, 14, 14, 4),
    (6, 8, 16, 8, 6),
    (4, 7, 8, 7, 5),
    (6, 6, 3, 7, 3),
    (3, 4, 6, 5, 8),
    (7, 3, 7, 9, 9),
    (8, 9, 4, 10, 10),
    (9, 5, 6, 11, 12),
)
DENIS_CORRELATIONS: Final = (0.679, 0.351, 0.827, 0.022, 0.612, 0.743, -0.463, 0.462, -0.129, -0.011)

# Statology, How to Calculate Cronbach's Alpha in Python, with pingouin: ten customers, three items on 1 to 3.
STATOLOGY: Final = (
    (1, 1, 1), (2, 1, 1), (2, 1, 2), (3, 2, 1), (2, 3, 2),
    (2, 3, 3), (3, 2, 3), (3, 3, 3), (2, 3, 2), (3, 3, 3),
)  # fmt: skip


def reliability(answers: Sequence[Sequence[int]], highest: int) -> list[dict[str, Any]]:
    """Return what the library says of persons by items, one row per item."""
    names = [f"A{number}" for number in range(len(answers[0]))]
    run = surveyed_rows(
        [
            {"record_id": f"crm/{person}"} | dict(zip(names, row, strict=True))
            for person, row in enumerate(answers, start=1)
        ],
        [
            {"item_id": name, "construct": "x", "measures": "attitude", "lowest": 1, "highest": highest}
            for name in names
        ],
        steps=("survey_quality", "survey_reliability"),
    )
    rows: list[dict[str, Any]] = run.arrow("select * from survey_reliability order by item_id").to_pylist()
    return rows


def test_alpha_is_that_of_spss() -> None:
    first, *_ = reliability(DENIS, 20)
    assert (first["n_items"], first["n_complete"]) == (5, 10)
    assert first["alpha"] == pytest.approx(0.633, abs=0.0005)
    assert first["alpha_standardised"] == pytest.approx(0.691, abs=0.0005)
    assert first["inter_item_r"] == pytest.approx(np.mean(DENIS_CORRELATIONS), abs=0.0005)


def test_the_statistics_of_items_are_those_of_spss() -> None:
    rows = reliability(DENIS, 20)
    assert [row["item_mean"] for row in rows] == pytest.approx([7.3, 8.8, 9.1, 9.4, 7.0])
    assert [row["item_sd"] for row in rows] == pytest.approx(
        [2.71006, 5.05085, 4.74810, 2.71621, 3.80058], abs=0.000005
    )
    assert rows[0]["item_rest_r"] == pytest.approx(0.712, abs=0.0005)


def test_alpha_is_that_of_pingouin_and_its_interval_nearly_so() -> None:
    first, *_ = reliability(STATOLOGY, 3)
    assert first["alpha"] == pytest.approx(0.7734375, abs=1e-12)
    assert first["alpha_low"] < 0.336 + 0.02  # pingouin gives the interval of Feldt, which knows that n is 10
    assert first["alpha_high"] == pytest.approx(0.939, abs=0.02)


def test_the_interval_is_that_of_bonett() -> None:
    # statpsych::ci.cronbach(.05, .85, 7, 89), by Bonett himself: SE 0.02456518.
    rows = reliability(STATOLOGY, 3)
    alpha, k, n = rows[0]["alpha"], 3, 10
    half = (math.log(1 - rows[0]["alpha_low"]) - math.log(1 - alpha)) / 1.959964
    assert half == pytest.approx(math.sqrt(2 * k / ((k - 1) * (n - 2))), abs=1e-9)
    assert 0.15 * math.sqrt(2 * 7 / (6 * 87)) == pytest.approx(0.02456518, abs=5e-9)


@pytest.mark.parametrize("answers", [DENIS, STATOLOGY], ids=["denis", "statology"])
def test_another_formula_gives_the_same(answers: Sequence[Sequence[int]]) -> None:
    scores = np.array(answers, float)
    covariance = np.cov(scores, rowvar=False)
    rows = reliability(answers, 20)
    assert rows[0]["alpha"] == pytest.approx(of_covariances(covariance), abs=1e-12)
    for place, row in enumerate(rows):
        others = np.delete(scores, place, axis=1)
        rest = others.sum(axis=1)
        assert row["item_rest_r"] == pytest.approx(np.corrcoef(scores[:, place], rest)[0, 1], abs=1e-12)
        without = of_covariances(np.cov(others, rowvar=False))
        assert row["alpha_without_item"] == pytest.approx(without, abs=1e-12)


def of_covariances(covariance: NDArray[np.float64]) -> float:
    """Alpha as k times the mean covariance over the mean variance plus k - 1 times the mean covariance."""
    k = len(covariance)
    variance = np.trace(covariance) / k
    mean = (covariance.sum() - np.trace(covariance)) / (k * (k - 1))
    return float(k * mean / (variance + (k - 1) * mean))
