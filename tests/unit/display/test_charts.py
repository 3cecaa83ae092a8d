from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.display import (
    Bar,
    Bars,
    Box,
    Boxes,
    Columns,
    Dot,
    Euro,
    Flow,
    Matrix,
    Share,
    Verdict,
    to_page,
)
from klantprofiel.display.drawing import drawn


def bars(*given_bars: Bar, full: float | None = None) -> list[dict[str, Any]]:
    chart = Bars("Groot", given_bars, things="Segment", measure="Klanten", full=full)
    found: list[dict[str, Any]] = drawn(chart)["bars"]
    return found


def test_a_bar_is_as_long_as_its_value_beside_the_largest() -> None:
    found = bars(Bar("a", 30), Bar("b", Decimal("7.5")), Bar("c", 0))
    assert [bar["width"] for bar in found] == ["100", "25", "0"]


def test_a_bar_is_measured_against_what_is_full_when_that_is_said() -> None:
    assert [bar["width"] for bar in bars(Bar("a", Share(0.25)), full=1)] == ["25"]
    assert [bar["width"] for bar in bars(Bar("a", 3), full=2)] == ["100"]


def test_what_is_not_known_has_no_bar_and_says_so() -> None:
    unknown, withheld = bars(Bar("a", None), Bar("b", None, shown="afgeschermd"))
    assert (unknown["width"], unknown["shown"]) == (None, "onbekend")
    assert (withheld["width"], withheld["shown"]) == (None, "afgeschermd")


def test_an_interval_fits_in_the_drawing_and_is_told_in_words() -> None:
    (bar,) = bars(Bar("a", 50, interval=(25, 100), verdict=Verdict.DOUBT))
    assert (bar["width"], bar["low"], bar["high"], bar["interval"]) == ("50", "25", "100", "25 tot 100")
    assert (bar["verdict"], bar["sign"]) == ("doubt", "!")


def test_an_interval_without_width_is_not_told() -> None:
    (bar,) = bars(Bar("a", Euro("5.00"), interval=(Euro("5.00"), Euro("5.00"))))
    assert (bar["shown"], bar["interval"]) == ("€ 5,00", "")


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), Decimal("NaN")])
def test_a_number_without_length_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="expected a number of 0 or more"):
        Bar("a", value)
    with pytest.raises(ValueError, match="expected a number of 0 or more"):
        Bar("a", 1, interval=(0, value))


def test_a_dot_outside_the_matrix_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0 to 100"):
        Dot("S1", 20, 101)


def columns(*values: int | None) -> Columns:
    found = tuple(Bar(f"dag {number}", value) for number, value in enumerate(values, start=1))
    return Columns("Per dag", found, things="Dag", measure="Records")


def test_columns_stand_as_high_as_their_value_and_nothing_stands_where_nothing_is_known() -> None:
    shape = drawn(columns(4, None, 2))
    assert shape["paths"] == {"none": "M3.33 100V0h26.67V100zM70 100V50h26.67V100z"}
    assert shape["top"] == "4 records"


def test_columns_are_told_in_words_and_number_by_number() -> None:
    shape = drawn(columns(4, None, 2))
    assert shape["words"] == "Records: hoogst 4 (dag 1), laagst 2 (dag 3), 1 zonder getal."
    assert shape["rows"] == [("dag 1", "4", ""), ("dag 2", "onbekend", ""), ("dag 3", "2", "")]


def test_the_height_of_the_drawing_is_told_in_what_is_counted_also_of_one() -> None:
    tops = [
        drawn(Columns("Per dag", (Bar("ma", n),), things="Dag", measure="Records"))["top"] for n in (1, 1200)
    ]
    assert tops == ["1 record", "1.200 records"]


def test_columns_of_which_nothing_is_known_are_drawn_empty() -> None:
    shape = drawn(columns(None, None))
    assert (shape["paths"], shape["words"]) == ({}, "Geen getallen om te tonen.")
    assert drawn(columns())["labels"] == []


def test_the_ends_of_a_row_of_columns_are_named_and_the_middle_when_there_is_one() -> None:
    assert [label for *_, label in drawn(columns(*range(5)))["labels"]] == ["dag 1", "dag 3", "dag 5"]
    assert [label for *_, label in drawn(columns(*range(6)))["labels"]] == ["dag 1", "dag 6"]
    assert [label for *_, label in drawn(columns(1))["labels"]] == ["dag 1"]


def test_what_was_expected_is_drawn_behind_and_verdicts_apart() -> None:
    found = (Bar("a", 4, interval=(2, 4)), Bar("b", 1, interval=(2, 4), verdict=Verdict.BAD))
    shape = drawn(Columns("Per dag", found, things="Dag", measure="Records"))
    assert set(shape["paths"]) == {"none", "bad"}
    assert shape["band"].count("M") == 2
    assert [between for *_, between in shape["rows"]] == ["2 tot 4", "2 tot 4"]


def matrix(*dots: Dot) -> dict[str, Any]:
    return drawn(Matrix("Matrix", dots, x="Kracht", y="Aantrekkelijkheid", size="Klanten"))


def test_more_is_further_right_and_higher() -> None:
    low, high = matrix(Dot("a", 10, 10, size=1), Dot("b", 90, 90, size=1))["dots"]
    assert float(low["x"]) < float(high["x"])
    assert float(low["y"]) > float(high["y"])


@given(st.integers(1, 10_000))
def test_the_area_of_a_dot_is_its_size(size: int) -> None:
    largest, other = matrix(Dot("a", 1, 1, size=10_000), Dot("b", 2, 2, size=size))["dots"]
    assert float(other["radius"]) == pytest.approx(
        max(5.0, float(largest["radius"]) * (size / 10_000) ** 0.5), abs=0.01
    )


def test_a_dot_without_place_is_named_and_one_without_size_is_small() -> None:
    shape = matrix(Dot("a", None, 5), Dot("b", 5, 5, shown="afgeschermd"), Dot("c", 6, 6, size=40))
    assert shape["unplaced"] == ["a"]
    assert {dot["label"]: dot["radius"] for dot in shape["dots"]} == {"b": "5", "c": "34"}
    assert shape["words"][1] == "b: aantrekkelijkheid 5, kracht 5, klanten afgeschermd"


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**9)), max_size=400))
def test_columns_never_leave_their_drawing(values: list[int | None]) -> None:
    for path in drawn(columns(*values))["paths"].values():
        numbers = [float(number) for number in re.findall(r"[0-9.]+", path)]
        assert all(0 <= number <= 100 for number in numbers)


def test_a_box_goes_from_quartile_to_quartile() -> None:
    chart = Boxes("Stabiliteit", (Box("3", (0, 0.25, 0.5, 0.75, 1)),), things="Segmenten", measure="ARI")
    (box,) = drawn(chart)["boxes"]
    assert (box["low"], box["quarter"], box["middle"], box["width"], box["high"]) == (
        "0", "25", "50", "50", "100",
    )  # fmt: skip
    assert (box["shown"], box["between"]) == ("0,50", "0,25 tot 0,75")


@pytest.mark.parametrize("values", [(1, 2, 3, 4), (0, 0.5, 0.25, 0.75, 1)])
def test_a_box_of_other_than_five_numbers_in_order_is_refused(values: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="five numbers, the lowest first"):
        Box("3", values)


def flow() -> Flow:
    links = (((0.5, 0.0), (0.1, 0.4)),)
    return Flow("Herkomst", ((0.5, 0.5), (0.6, 0.4)), links, ((0.35, 1.0),), things="Segmenten")


def test_a_flow_has_a_line_per_link_that_holds_someone_and_a_dot_per_part() -> None:
    shape = drawn(flow())
    assert [(line["y1"], line["y2"], line["width"]) for line in shape["lines"]] == [
        ("25", "25", "30"), ("75", "25", "6"), ("75", "75", "24"),
    ]  # fmt: skip
    assert len(shape["dots"]) == 4
    assert shape["lines"][2]["opacity"] > shape["lines"][0]["opacity"]


def test_a_flow_is_told_in_words() -> None:
    assert drawn(flow())["words"] == ["2 segmenten, S1: 83% uit S1", "2 segmenten, S2: 100% uit S2"]


def test_links_that_do_not_fit_their_layers_are_refused() -> None:
    with pytest.raises(ValueError, match="expected"):
        Flow("Herkomst", ((1.0,), (0.5, 0.5)), (((1.0,),),), ((1.0,),), things="Segmenten")


def test_boxes_and_flows_stand_on_a_page() -> None:
    box = Boxes("Stabiliteit", (Box("3", (0, 0.25, 0.5, 0.75, 1)),), things="Segmenten", measure="ARI")
    page = to_page("Structuur", (box, flow()))
    assert page.count("<figure") == 2
    assert 'stroke-width="30"' in page
