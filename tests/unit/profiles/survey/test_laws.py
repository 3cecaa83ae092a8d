"""What must hold for scores and reliability, whatever people answer."""

from __future__ import annotations

from functools import cache
from itertools import permutations
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spec.ascii import given_rows, put
from tests.spec.questionnaires import make_steps, survey_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from klantprofiel.warehouse import Run

NAMES: Final = ("A1", "A2", "A3", "A4")
STEPS: Final = ("survey_quality", "survey_scores", "survey_reliability")
STATISTICS: Final = (
    "select item_id, n_complete, alpha, alpha_standardised, inter_item_r, item_rest_r, alpha_without_item "
    "from survey_reliability order by item_id"
)
SCORES: Final = "select customer_id, n_answered, score from survey_scores order by customer_id"
ANSWERS = st.lists(
    st.tuples(*(st.one_of(st.none(), st.integers(1, 5)) for _ in NAMES)), min_size=1, max_size=12
)
FEW = settings(max_examples=10, deadline=None)
Rows = list[tuple[Any, ...]]


@cache
def run_of_laws() -> Run:
    """Return the run in which every example is measured anew."""
    return given_rows({})


def measured(
    answered: Sequence[Mapping[str, object]], listed: Sequence[Mapping[str, object]]
) -> tuple[Rows, Rows]:
    """Return the scores of customers and the statistics of items."""
    run = run_of_laws()
    for name, rows in survey_tables(answered, listed).items():
        put(run, name, rows)
    make_steps(run, STEPS)
    return run.rows(SCORES), run.rows(STATISTICS)


def persons(answers: Sequence[Sequence[int | None]]) -> list[Mapping[str, object]]:
    return [
        {"record_id": f"crm/{number}"} | dict(zip(NAMES, row, strict=True))
        for number, row in enumerate(answers, start=1)
    ]


def items(reversed_items: Sequence[str] = ()) -> list[Mapping[str, object]]:
    return [
        {
            "item_id": name,
            "construct": "x",
            "measures": "value",
            "lowest": 1,
            "highest": 5,
            "is_reversed": name in reversed_items,
        }
        for name in NAMES
    ]


@FEW
@given(st.lists(st.tuples(*(st.integers(1, 5) for _ in range(3))), min_size=1, max_size=6))
def test_the_alpha_of_parallel_items_is_that_of_spearman_and_brown(rows: list[tuple[int, ...]]) -> None:
    """Each answer to each item in turn makes items alike: alpha is then k r / (1 + (k - 1) r)."""
    parallel = [order for row in rows for order in permutations(row)]
    scores = np.array(parallel, float)
    _, ((_, _, alpha, standardised, mean_r, _, _), *_) = measured(
        [
            {"record_id": f"crm/{at}"} | dict(zip(NAMES, row, strict=False))
            for at, row in enumerate(parallel, 1)
        ],
        items()[:3],
    )
    if scores[:, 0].std() == 0:
        assert (alpha, standardised, mean_r) == (None, None, None)
    elif abs(1 + 2 * np.corrcoef(scores, rowvar=False)[0, 1]) > 1e-9:
        r = np.corrcoef(scores, rowvar=False)[0, 1]
        assert mean_r == pytest.approx(r, abs=1e-9)
        assert alpha == pytest.approx(3 * r / (1 + 2 * r), rel=1e-6, abs=1e-9)
        assert standardised == pytest.approx(alpha, rel=1e-6, abs=1e-9)


@FEW
@given(ANSWERS, st.sets(st.sampled_from(NAMES)))
def test_turning_items_around_and_their_answers_too_changes_nothing(
    answers: list[tuple[int | None, ...]], turned: set[str]
) -> None:
    mirrored = [
        tuple(6 - a if a is not None and name in turned else a for name, a in zip(NAMES, row, strict=True))
        for row in answers
    ]
    assert measured(persons(mirrored), items(sorted(turned))) == measured(persons(answers), items())


@FEW
@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_persons_and_items_changes_nothing(
    answers: list[tuple[int | None, ...]], chance: Random
) -> None:
    rows, listed = persons(answers), items()
    shuffled = [dict(chance.sample(list(row.items()), len(row))) for row in chance.sample(rows, len(rows))]
    assert measured(shuffled, chance.sample(listed, len(listed))) == measured(rows, listed)


@FEW
@given(ANSWERS)
def test_a_score_is_the_mean_of_what_was_answered_and_half_is_enough(
    answers: list[tuple[int | None, ...]],
) -> None:
    expected = [
        (f"K-{number:06}", len(said), sum(said) / len(said))
        for number, row in enumerate(answers, start=1)
        if len(said := [answer for answer in row if answer is not None]) >= 2
    ]
    assert measured(persons(answers), items())[0] == expected


@FEW
@given(ANSWERS)
def test_the_statistics_are_those_of_the_complete_cases_by_another_way(
    answers: list[tuple[int | None, ...]],
) -> None:
    _, found = measured(persons(answers), items())
    asked = [at for at in range(len(NAMES)) if any(row[at] is not None for row in answers)]
    whole = np.array(
        [[row[at] for at in asked] for row in answers if all(row[at] is not None for at in asked)]
    )
    if len(asked) < 2 or len(whole) == 0:
        assert found == []
        return
    assert [row[:2] for row in found] == [(NAMES[at], len(whole)) for at in asked]
    if len(whole) > 1 and whole.sum(axis=1).std() > 0:
        k, covariance = len(asked), np.cov(whole.astype(float), rowvar=False)
        alpha = k / (k - 1) * (1 - np.trace(covariance) / covariance.sum())
        assert found[0][2] == pytest.approx(alpha, rel=1e-6, abs=1e-9)
    else:
        assert found[0][2] is None
