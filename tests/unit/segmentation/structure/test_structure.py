"""How many segments, how stable, and the verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from klantprofiel.errors import NotFoundError
from klantprofiel.segmentation import KMeansSegmenter
from klantprofiel.segmentation.columns import Numbers
from klantprofiel.segmentation.mixture.estimator import MixtureSegmenter
from klantprofiel.segmentation.patterns import Patterns, patterns_of, taken
from klantprofiel.segmentation.structure import Kind, Structure, choose_k, structure
from klantprofiel.segmentation.structure.sample import sampled
from klantprofiel.segmentation.structure.verdict import judge
from tests.unit.segmentation.structure.customers import BASES, grouped, one_cloud

if TYPE_CHECKING:
    from klantprofiel.segmentation.estimator import Segmenter

ENGINES = [MixtureSegmenter(2), KMeansSegmenter(2)]


@pytest.fixture(scope="module")
def found() -> Structure:
    random = np.random.default_rng(0)
    customers = random.normal(size=(240, 5)) + 5 * random.normal(size=(3, 5)).repeat(80, axis=0)
    return structure(KMeansSegmenter(2), customers, k=range(1, 6), n_samples=5)


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: type(engine).__name__)
def test_groups_far_apart_are_counted(engine: Segmenter) -> None:
    assert choose_k(engine, grouped(), BASES, k=range(1, 6)).n_segments == 3


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: type(engine).__name__)
@pytest.mark.parametrize("freedom", [np.inf, 3.0])
def test_one_cloud_is_one_segment(engine: Segmenter, freedom: float) -> None:
    assert choose_k(engine, one_cloud(n=500, freedom=freedom), BASES, k=range(1, 5)).n_segments == 1


def test_a_weight_of_two_is_that_customer_twice_and_order_is_nothing() -> None:
    patterns = grouped(n=90)
    doubled = replace(patterns, weights=patterns.weights * 2)
    twice = np.random.default_rng(0).permutation(np.arange(90).repeat(2))
    shuffled = patterns_of([taken(column, twice) for column in patterns.columns], np.ones(180))
    one, other = (choose_k(MixtureSegmenter(2), given, BASES, k=range(1, 4)) for given in (doubled, shuffled))
    assert one == other


def test_a_sample_keeps_shares() -> None:
    values = Numbers("x", np.arange(4.0))
    found = sampled(Patterns((values,), np.array([4e5, 3e5, 2e5, 1e5])))
    assert found.weights.tolist() == [800, 600, 400, 200]
    many = sampled(Patterns((Numbers("x", np.arange(9000.0)),), np.ones(9000)))
    assert (len(many), many.weights.sum()) == (2000, 2000)


def test_weights_that_do_not_count_customers_are_drawn_by_their_proportion() -> None:
    values = Numbers("x", np.arange(3.0))
    assert sampled(Patterns((values,), np.array([0.5, 0.25, 0.25]))).weights.sum() == 3


def test_fewer_customers_than_segments_are_no_error() -> None:
    few = grouped(n=12)
    rows = np.arange(4)
    tiny = Patterns(tuple(taken(column, rows) for column in few.columns), few.weights[rows])
    assert choose_k(KMeansSegmenter(2), tiny, BASES).n_segments <= 4


def test_clear_groups_are_natural_and_told_in_dutch(found: Structure) -> None:
    assert (found.verdict.kind, found.verdict.n_segments, found.verdict.is_clear) == (Kind.NATURAL, 3, True)
    assert "natuurlijk" in str(found)
    assert found.verdict.sentence.startswith("Natuurlijke segmenten: 3")


def test_every_pair_of_samples_is_kept(found: Structure) -> None:
    pairs = found.pairs().to_pylist()
    assert len(pairs) == 4 * 10
    assert {(row["sample"], row["other_sample"]) for row in pairs if row["n_segments"] == 3} == {
        (one, other) for one in range(5) for other in range(one + 1, 5)
    }


def test_every_segment_of_every_number_has_its_stability(found: Structure) -> None:
    rows = found.segments().to_pylist()
    assert len(rows) == 1 + 2 + 3 + 4 + 5
    three = [row for row in rows if row["n_segments"] == 3]
    assert all(row["within"] > 0.95 for row in three)
    assert sum(row["share"] for row in three) == pytest.approx(1)
    assert all(row["across"] is None for row in rows if row["n_segments"] <= 2)
    assert all(0 <= row["across"] <= 1 for row in rows if row["n_segments"] > 2)


def test_the_number_of_the_groups_is_more_stable_than_more(found: Structure) -> None:
    stability = {row["n_segments"]: row["stability"] for row in found.solutions().to_pylist()}
    assert stability[3] > max(stability[4], stability[5])
    assert stability[1] is None


def test_the_largest_number_is_no_clear_structure(found: Structure) -> None:
    count = replace(found.count, n_segments=5, reason="largest")
    verdict = judge(count, found.stabilities)
    assert (verdict.is_clear, verdict.kind) == (False, Kind.REPRODUCIBLE)
    assert "Geen duidelijke structuur" in str(count)


def test_one_cloud_that_divides_alike_is_reproducible_and_else_constructed(found: Structure) -> None:
    count = replace(found.count, n_segments=1, reason="one_cloud")
    assert judge(count, found.stabilities).kind is Kind.REPRODUCIBLE
    unstable = [replace(one, pairs=tuple((a, b, 0.3) for a, b, _ in one.pairs)) for one in found.stabilities]
    assert judge(count, unstable).kind is Kind.CONSTRUCTED


def test_the_gorge_of_clear_segments_is_empty_in_the_middle(found: Structure) -> None:
    rows = found.gorge(3).to_pylist()
    assert sum(row["share"] for row in rows) == pytest.approx(3)
    assert sum(row["share"] for row in rows if 0.2 <= row["similarity_from"] < 0.8) < 0.1


def test_segments_lie_apart_where_they_are_drawn(found: Structure) -> None:
    rows = found.separation(3).to_pylist()
    assert len({(round(row["x"], 1), round(row["y"], 1)) for row in rows}) == 3
    assert all(row["x_low"] <= row["x"] <= row["x_high"] for row in rows)


def test_the_plots_are_one_page_without_a_script(found: Structure) -> None:
    page = found.plots()
    assert "<script" not in page
    for title in ("Stabiliteit", "Van indeling naar indeling", "Gelijkenis", "Profiel", "Scheiding"):
        assert title in page
    assert page == found.plots(3)


def test_a_number_that_was_not_measured_is_refused(found: Structure) -> None:
    with pytest.raises(NotFoundError, match="9 segments"):
        found.profile(9)


def test_wrong_settings_are_refused() -> None:
    customers = np.random.default_rng(0).normal(size=(20, 2))
    with pytest.raises(ValueError, match="n_samples should be >= 2"):
        structure(KMeansSegmenter(2), customers, n_samples=1)
    with pytest.raises(ValueError, match="k should be"):
        structure(KMeansSegmenter(2), customers, k=range(3))


def test_the_same_customers_in_another_order_give_the_same() -> None:
    random = np.random.default_rng(1)
    customers = random.normal(size=(90, 3)) + 4 * random.normal(size=(3, 3)).repeat(30, axis=0)
    one, other = (
        structure(KMeansSegmenter(2), given, k=range(1, 4), n_samples=3)
        for given in (customers, customers[random.permutation(90)])
    )
    assert one.pairs().equals(other.pairs())
    assert one.solutions().equals(other.solutions())
    assert one.segments().equals(other.segments())
