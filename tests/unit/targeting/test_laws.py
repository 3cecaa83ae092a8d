"""What holds of every scorecard, whatever the numbers: checked on drawn criteria, measures and judgements."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.targeting.cells import cells_of
from klantprofiel.targeting.criteria import Definition
from klantprofiel.targeting.judgements import Judgement
from klantprofiel.targeting.ranking import rank_segments

if TYPE_CHECKING:
    from random import Random

    from klantprofiel.targeting.ranking import Ranked

AS_OF = date(2026, 10, 1)

# Kracka, Brauers & Zavadskas (2010), Ranking heating losses in a building by applying the MULTIMOORA,
# Inzinerine Ekonomika 21(4) 352-359: shares of the sum, what should be small inverted, equal weights.
KRACKA_MATRIX = (
    ("33.95", "23.78", "11.45", "39.97", "29.44", "167.1", "3.852"),
    ("38.9", "4.17", "6.32", "0.01", "4.29", "132.52", "25.184"),
    ("37.59", "9.36", "8.23", "4.35", "10.22", "136.71", "10.845"),
    ("30.44", "37.59", "13.91", "74.08", "45.1", "198.34", "2.186"),
    ("36.21", "14.79", "9.17", "17.77", "17.06", "148.3", "6.61"),
    ("37.8", "8.55", "7.97", "2.35", "9.25", "134.83", "11.935"),
)
KRACKA_OBJECTIVES = ["min", "min", "min", "min", "max", "min", "max"]
KRACKA_SCORES = [0.12040426, 0.3458235, 0.13838192, 0.12841246, 0.12346084, 0.14351701]
KRACKA_RANKS = [6, 1, 3, 4, 5, 2]
NUMBERS = st.decimals(0, 10, places=2)

Case: TypeAlias = "tuple[Definition, list[str], list[Judgement]]"


def definition_of(weights: list[Decimal], directions: list[str]) -> Definition:
    return Definition.model_validate(
        {
            "dated": AS_OF,
            "decided_by": "directie",
            "competitors": ("Bol",),
            "criteria": {
                f"c{number}": {
                    "question": "strategic",
                    "axis": "attractiveness",
                    "label": f"Criterium {number}",
                    "unit": "",
                    "source": "judged",
                    "direction": direction,
                    "low": 0,
                    "high": 10,
                    "weight": weight,
                }
                for number, (weight, direction) in enumerate(zip(weights, directions, strict=True))
            },
        }
    )


def judgement(segment: str, criterion: str, low: Decimal, high: Decimal) -> Judgement:
    return Judgement(
        segment=segment,
        criterion=criterion,
        competitor="",
        low=low,
        mode=low,
        high=high,
        who="x",
        source="y",
        judged_on=AS_OF,
        valid_until=AS_OF + timedelta(days=1),
        line=2,
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a definition, segments, and judgements of some of the cells."""
    n_criteria = draw(st.integers(1, 4))
    weights = draw(st.lists(st.decimals("0.01", 9, places=2), min_size=n_criteria, max_size=n_criteria))
    directions = draw(st.lists(st.sampled_from(["more", "less"]), min_size=n_criteria, max_size=n_criteria))
    segments = [f"S{number}" for number in range(1, draw(st.integers(1, 5)) + 1)]
    judgements = []
    for segment in segments:
        for number in range(n_criteria):
            if draw(st.booleans()):
                low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
                judgements.append(judgement(segment, f"c{number}", low, high))
    return definition_of(weights, directions), segments, judgements


def ranking(definition: Definition, segments: list[str], judgements: list[Judgement]) -> dict[str, Ranked]:
    cells = cells_of(segments, definition, {}, judgements, AS_OF)
    return {row.segment_id: row for row in rank_segments({s: s for s in segments}, cells)}


def changed(definition: Definition, criteria: dict[str, dict[str, object]]) -> Definition:
    return Definition.model_validate({**definition.model_dump(), "criteria": criteria})


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(case: Case, random: Random) -> None:
    definition, segments, judgements = case
    expected = ranking(definition, segments, judgements)
    names, shuffled, criteria = [*segments], [*judgements], [*definition.criteria.items()]
    random.shuffle(names)
    random.shuffle(shuffled)
    random.shuffle(criteria)
    found = ranking(changed(definition, {n: c.model_dump() for n, c in criteria}), names, shuffled)
    assert found == expected


@given(cases(), st.decimals("0.01", 1000, places=2))
def test_scaling_all_weights_changes_nothing(case: Case, factor: Decimal) -> None:
    definition, segments, judgements = case
    criteria = {
        name: {**criterion.model_dump(), "weight": criterion.weight * factor}
        for name, criterion in definition.criteria.items()
    }
    scaled = changed(definition, criteria)
    assert ranking(scaled, segments, judgements) == ranking(definition, segments, judgements)


@given(cases(), cases())
def test_adding_a_segment_reverses_no_ranks(case: Case, other: Case) -> None:
    definition, segments, judgements = case
    extra = [
        judgement("S9", one.criterion, one.low, one.high)
        for one in other[2]
        if one.segment == "S1" and one.criterion in definition.criteria
    ]
    before = ranking(definition, segments, judgements)
    after = ranking(definition, [*segments, "S9"], [*judgements, *extra])
    for one in segments:
        assert after[one].score == before[one].score
        for another in segments:
            assert (before[one].rank < before[another].rank) == (after[one].rank < after[another].rank)


@given(cases(), st.data())
def test_improving_a_cell_never_lowers_the_score(case: Case, data: st.DataObject) -> None:
    definition, segments, judgements = case
    if not judgements:
        return
    place = data.draw(st.integers(0, len(judgements) - 1))
    one = judgements[place]
    step = data.draw(NUMBERS)
    if definition.criteria[one.criterion].direction == "less":
        better = judgement(
            one.segment, one.criterion, max(one.low - step, Decimal(0)), max(one.high - step, Decimal(0))
        )
    else:
        better = judgement(
            one.segment, one.criterion, min(one.low + step, Decimal(10)), min(one.high + step, Decimal(10))
        )
    before = ranking(definition, segments, judgements)[one.segment]
    after = ranking(definition, segments, [*judgements[:place], better, *judgements[place + 1 :]])[
        one.segment
    ]
    assert after.score_low >= before.score_low
    assert after.score >= before.score
    assert after.score_high >= before.score_high
    assert after.rank <= before.rank


@given(cases(), st.data())
def test_knowing_more_never_widens_a_score(case: Case, data: st.DataObject) -> None:
    definition, segments, judgements = case
    known = {(one.segment, one.criterion) for one in judgements}
    unknown = [(s, c) for s in segments for c in definition.criteria if (s, c) not in known]
    if not unknown:
        return
    segment, criterion = data.draw(st.sampled_from(unknown))
    low, high = sorted((data.draw(NUMBERS), data.draw(NUMBERS)))
    before = ranking(definition, segments, judgements)[segment]
    after = ranking(definition, segments, [*judgements, judgement(segment, criterion, low, high)])[segment]
    assert before.score_low <= after.score_low <= after.score_high <= before.score_high
    assert after.coverage_share > before.coverage_share


@given(cases())
def test_a_rank_lies_between_its_best_and_its_worst(
    case: Case,
) -> None:
    for row in ranking(*case).values():
        assert 1 <= row.rank_best <= row.rank <= row.rank_worst <= len(case[1])
        assert 0 <= row.score_low <= row.score <= row.score_high <= Decimal("1.000002")


def test_the_weighted_sum_of_a_textbook_comes_out() -> None:
    columns = []
    for column, objective in zip(zip(*KRACKA_MATRIX, strict=True), KRACKA_OBJECTIVES, strict=True):
        larger_is_better = [Fraction(x) if objective == "max" else 1 / Fraction(x) for x in column]
        columns.append([x / sum(larger_is_better) * 10 for x in larger_is_better])
    definition = definition_of([Decimal(20)] * len(columns), ["more"] * len(columns))
    segments = [f"S{number}" for number in range(1, len(KRACKA_MATRIX) + 1)]
    judgements = [
        judgement(segment, f"c{number}", *[Decimal(round(x[row] * 10**12)) / 10**12] * 2)
        for number, x in enumerate(columns)
        for row, segment in enumerate(segments)
    ]
    found = ranking(definition, segments, judgements)
    assert [found[segment].rank for segment in segments] == KRACKA_RANKS
    scores = [float(found[segment].score) for segment in segments]
    assert scores == pytest.approx(KRACKA_SCORES, abs=1e-7)
