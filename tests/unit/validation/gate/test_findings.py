from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.validation.gate.child import COUNTS, CUSTOM, OF_ONE_RECORD, kept_of, said
from klantprofiel.validation.gate.findings import Acceptance, Finding, State, results_of
from klantprofiel.validation.gate.page import page_of
from klantprofiel.validation.gate.suites import Expectation, Suite
from klantprofiel.validation.gate.words import DUTCH, ENGLISH, asked_of, found_of, title_of

PERSON = "Achterbergh"
TEXTS = st.just(PERSON) | st.dates().map(str) | st.binary(max_size=3)
COLUMNS = st.sampled_from([PERSON, "observed"])
VALUES = st.recursive(
    TEXTS | st.integers() | st.floats() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(COLUMNS, inner),
    max_leaves=5,
)
KINDS = st.sampled_from([CUSTOM, "expect_column_values_to_be_in_set", *sorted(OF_ONE_RECORD)])
KEYS = st.sampled_from(
    [*COUNTS, "observed_value", "unexpected_list", "partial_unexpected_list", "unexpected_rows"]
)


def finding(kind: str = "expect_column_mean_to_be_between", **known: Any) -> Finding:  # noqa: ANN401
    meta = {"about": known.pop("about", "range"), "because": "dit is een proef"}
    asked = known.pop("asked", {"column": "amount", "min_value": 900, "max_value": 1200})
    expectation = Expectation(kind, asked or {}, meta, known.pop("severity", "critical"))
    return Finding(Suite("orders", (expectation,)), expectation, asked, **known)


@given(KINDS, st.dictionaries(KEYS, VALUES), st.lists(st.dictionaries(COLUMNS, VALUES)))
def test_of_a_result_only_numbers_leave_the_judging_process(
    kind: str, result: dict[str, Any], rows: list[dict[str, Any]]
) -> None:
    kept = kept_of(kind, {"column": "email"}, {**result, "details": {"unexpected_rows": rows}}, [])

    def leaves(value: object) -> list[object]:
        if isinstance(value, dict):
            return [leaf for part in value.values() for leaf in leaves(part)]
        return [leaf for part in value for leaf in leaves(part)] if isinstance(value, list) else [value]

    assert all(isinstance(leaf, (int, float)) for leaf in leaves(kept))
    assert "NaN" not in json.dumps(kept)


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ([{"observed": 3}], {"details": {"unexpected_rows": [{"observed": 3}]}}),
        ([{"observed": PERSON}], {}),
        ([{"observed": 3, "email": PERSON}], {}),
        ([{"observed": 3}, {"observed": 4}], {}),
        ([{PERSON: 3}], {}),
    ],
)
def test_of_rows_only_one_aggregate_is_kept(rows: list[dict[str, Any]], kept: dict[str, Any]) -> None:
    assert kept_of(CUSTOM, {}, {"details": {"unexpected_rows": rows}}, []) == kept


def test_the_largest_value_is_shown_of_columns_that_are_about_no_person() -> None:
    kind, result = "expect_column_max_to_be_between", {"observed_value": date(2026, 9, 1)}
    assert kept_of(kind, {"column": "delivered_on"}, result, ["delivered_on"]) == {
        "observed_value": "2026-09-01"
    }
    assert kept_of(kind, {"column": "born_on"}, result, ["delivered_on"]) == {}
    assert kept_of(kind, {"column": "iban"}, {"observed_value": 7}, []) == {}


@pytest.mark.parametrize("kind", ["Conversion", "InvalidInput", "OutOfRange"])
def test_the_text_of_an_error_that_may_hold_a_value_is_not_told(kind: str) -> None:
    assert said("x", f"(duckdb.X) {kind} Error: could not convert '{PERSON}'\nLINE 1") == f"{kind}Error"
    assert said("KeyError", PERSON) == "KeyError"


def test_only_a_broken_critical_expectation_that_nobody_accepted_stops_publication() -> None:
    accepted = Acceptance("Els", "feestdag")
    states = [
        finding(success=True).state,
        finding(success=False).state,
        finding(success=False, accepted=accepted).state,
        finding(success=True, accepted=accepted).state,
        finding(success=False, severity="warning").state,
        finding(asked=None).state,
    ]
    assert states == [
        State.KEPT, State.BROKEN, State.ACCEPTED, State.KEPT, State.WARNED, State.NOT_JUDGED,
    ]  # fmt: skip


def test_two_findings_are_the_same_when_all_but_the_last_digits_are() -> None:
    one = finding(success=False, result={"observed_value": 0.1 + 0.2}).fingerprint
    assert finding(success=False, result={"observed_value": 0.3}).fingerprint == one
    assert finding(success=False, result={"observed_value": 0.31}).fingerprint != one
    assert finding(success=False, result={"observed_value": 0.3}, asked={"column": "x"}).fingerprint != one


@pytest.mark.parametrize(
    ("known", "asked", "found"),
    [
        ({"result": {"observed_value": 512}}, "900 tot en met 1.200", "512"),
        ({"result": {"observed_value": 1234.5678}, "asked": {"min_value": 0.75}}, "minstens 0,75", "1.235"),
        ({"asked": {"max_value": "2026-09-01"}}, "hoogstens 2026-09-01", ""),
        (
            {
                "asked": {"value_set": list("abcdefghij"), "mostly": 0.9},
                "bounds": (0.9, None),
                "result": {
                    "element_count": 12,
                    "missing_count": 2,
                    "unexpected_count": 5,
                    "unexpected_percent": 50.0,
                },
            },
            "alleen a, b, c, d, e, f, g, h en 2 andere bij minstens 90% van de records",
            "5 van 10 wijken af (50%)",
        ),
        (
            {"kind": CUSTOM, "asked": {}, "result": {"observed_value": 3}},
            "geen enkele afwijking",
            "3 afwijkingen",
        ),
        (
            {"kind": CUSTOM, "asked": {}, "bounds": (0.5, None), "result": {"observed_value": 0}},
            "minstens 0,5",
            "binnen de grens",
        ),
        (
            {
                "kind": CUSTOM,
                "asked": {},
                "bounds": (None, 0.1),
                "result": {"observed_value": 1, "details": {"unexpected_rows": [{"observed": 0.4}]}},
            },
            "hoogstens 0,1",
            "0,4",
        ),
    ],
)
def test_what_was_asked_and_found_is_told_in_dutch(known: dict[str, Any], asked: str, found: str) -> None:
    one = finding(success=False, **known)
    assert (asked_of(one, DUTCH), found_of(one, DUTCH)) == (asked, found)
    assert asked_of(one, ENGLISH) != asked or "2026" not in asked


@pytest.mark.parametrize(
    ("kind", "dutch", "english"),
    [
        ("expect_column_distinct_values_to_contain_set", "in elk geval a, b", "at least a, b"),
        ("expect_column_distinct_values_to_equal_set", "precies a, b", "exactly a, b"),
        ("expect_column_distinct_values_to_be_in_set", "alleen a, b", "only a, b"),
        ("expect_column_values_to_be_in_set", "alleen a, b", "only a, b"),
        ("expect_column_values_to_not_be_in_set", "niet a, b", "not a, b"),
    ],
)
def test_what_is_asked_of_names_is_told_as_great_expectations_means_it(
    kind: str, dutch: str, english: str
) -> None:
    one = finding(kind, asked={"column": "place", "value_set": ["a", "b"]})
    assert (asked_of(one, DUTCH), asked_of(one, ENGLISH)) == (dutch, english)


def test_the_page_shows_what_is_broken_first_and_escapes_what_people_wrote() -> None:
    findings = [
        finding(success=True),
        finding(success=False, result={"observed_value": 2}, about="volume"),
        finding(success=False, accepted=Acceptance("<b>Els</b>", "feestdag")),
        finding(asked=None),
    ]
    page = page_of(findings, run_id="000001-nightly", as_of=date(2026, 10, 1))

    table = page.partition("Beoordeeld")[2]
    assert table.index("geweigerd") < table.index("geaccepteerd") < table.index("voldoet")
    assert "geaccepteerd door &lt;b&gt;Els&lt;/b&gt; omdat feestdag" in page
    assert "Nog geen geschiedenis" in page
    assert title_of(findings[1]) == "aantal van amount"
    results = results_of(findings, run_id="000001-nightly", as_of="2026-10-01")
    assert results["success"] is False
    assert results["statistics"]["evaluated_expectations"] == 3
    assert len(results["suites"][0]["meta"]["not_judged"]) == 1
