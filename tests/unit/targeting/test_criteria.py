from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.errors import DeclarationError
from klantprofiel.targeting.criteria import Criterion, load_criteria
from tests.unit.targeting.village import CRITERIA

if TYPE_CHECKING:
    from pathlib import Path


def criterion(direction: str = "more", low: str = "0", high: str = "10") -> Criterion:
    return Criterion.model_validate(
        {
            "question": "value",
            "axis": "attractiveness",
            "label": "Waarde",
            "unit": "EUR",
            "source": "measured",
            "direction": direction,
            "low": Decimal(low),
            "high": Decimal(high),
            "weight": 1,
        }
    )


def test_a_definition_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "targeting.yaml"
    file.write_text(CRITERIA, encoding="utf-8")
    definition = load_criteria(file)
    assert list(definition.criteria) == ["growth", "value", "volume", "advantage", "threat"]
    assert definition.competitors == ("Bol", "Coolblue")
    assert definition.criteria["value"].high == 300
    assert sum(definition.weight_share(name) for name in definition.criteria) == 1
    assert definition.weight_share("advantage") == Fraction(3, 8)


def test_a_tenth_is_a_tenth(tmp_path: Path) -> None:
    file = tmp_path / "targeting.yaml"
    file.write_text(CRITERIA.replace("weight: 2", "weight: 0.1"), encoding="utf-8")
    assert load_criteria(file).criteria["growth"].weight == Decimal("0.1")


def test_the_value_goes_in_a_straight_line_from_low_to_high_and_no_further() -> None:
    found = [criterion().value(Decimal(x)) for x in ("-1", "0", "2.5", "10", "11")]
    assert found == [0, 0, Fraction(1, 4), 1, 1]
    assert criterion("less").value(Decimal("2.5")) == Fraction(3, 4)


@given(st.decimals(-20, 20, places=3), st.decimals(-20, 20, places=3))
def test_better_is_never_worth_less(one: Decimal, other: Decimal) -> None:
    worse, better = sorted((one, other))
    assert criterion("more").value(worse) <= criterion("more").value(better)
    assert criterion("less").value(worse) >= criterion("less").value(better)


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("high: 300,", "", r"line 7: criteria.value.high is missing"),
        (
            "low: 0, high: 4",
            "low: 4, high: 4",
            r"line 9: criteria.volume has low 4, which is not below high 4",
        ),
        ("weight: 3", "weight: -3", r"line 12: criteria.advantage.weight is -3"),
        ("weight: 3", "weight: 0", r"criteria.advantage.weight is 0"),
        ("weight: 3", "weight: veel", r"criteria.advantage.weight is not a number"),
        ("weight: 3", "weight: .inf", r"criteria.advantage.weight"),
        ("weight: 3", "weight: 1.1234567", r"at most 6 decimals"),
        ("question: growth", "question: grwth", r"line 5: .*is 'grwth', did you mean 'growth'"),
        ("question: growth", "question: 3", r"growth.question is 3"),
        ("source: judged", "source: measured", r"advantage is measured, and advantage can only be judged"),
        (
            "axis: strength",
            "axes: strength",
            r"is not a key here, did you mean 'axis'|criteria.advantage.axis is missing",
        ),
        ("competitors: [Bol, Coolblue]", "competitors: Bol", r"line 3: competitors"),
        ("competitors: [Bol, Coolblue]", "competitor: [Bol]", r"line 3: competitor is not a key here"),
        ("dated: 2026-09-01", "dated: gisteren", r"line 1: dated"),
        ("decided_by: directie", "decided_by: ''", r"line 2: decided_by"),
        ("  growth:", "  Groei!:", r"line 5: criteria.Groei! is not a name"),
        ("  growth:", "  value:", r"line 7 has the key 'value' again"),
        (CRITERIA, "", r"line 1: the file"),
        (CRITERIA, "criteria: {}", r"missing|at least 1"),
        (CRITERIA, "criteria: [", r"is not YAML"),
    ],
)
def test_a_wrong_definition_is_named_with_its_line(
    tmp_path: Path, wrong: str, right: str, message: str
) -> None:
    assert wrong in CRITERIA
    file = tmp_path / "targeting.yaml"
    file.write_text(CRITERIA.replace(wrong, right, 1), encoding="utf-8")
    with pytest.raises(DeclarationError, match=message) as caught:
        load_criteria(file)
    assert caught.value.expected


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="no file"):
        load_criteria(tmp_path / "targeting.yaml")
