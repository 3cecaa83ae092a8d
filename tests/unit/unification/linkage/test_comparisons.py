from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
import sqlglot

from klantprofiel.unification.linkage import keep_model, score, score_pairs, train
from klantprofiel.unification.linkage.comparisons import OTHERWISE, comparisons_of
from klantprofiel.unification.linkage.engine import FOLDED

from .linked import deliver, people, record

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run

ALL = """
given_name initials second_initial surname other_surname birth_date email_year sex email phone id_number iban
street postal_code place source
"""
KINDS = frozenset(ALL.split())


@pytest.mark.parametrize("portable", [True, False])
def test_the_presets_of_each_comparison_are_shares(portable: bool) -> None:  # noqa: FBT001
    for comparison in comparisons_of(KINDS, portable=portable):
        assert sum(level.m for level in comparison.levels) == pytest.approx(1, abs=0.011), comparison.name
        assert sum(level.u for level in comparison.levels) == pytest.approx(1, abs=0.011), comparison.name
        assert comparison.levels[0].m > comparison.levels[0].u
        assert comparison.levels[-1].condition == OTHERWISE


def test_an_address_is_compared_once_and_a_place_alone_as_an_address() -> None:
    whole = comparisons_of({"street", "house_number", "postal_code", "place"})
    alone = comparisons_of({"place"})

    assert [each.name for each in whole] == ["address"]
    assert [(each.name, each.label) for each in alone] == [("address", "Woonplaats")]


def test_what_is_compared_on_every_engine_uses_only_what_every_engine_has() -> None:
    conditions = [
        condition
        for comparison in comparisons_of(KINDS, portable=True)
        for condition in (comparison.empty, *(level.condition for level in comparison.levels[:-1]))
    ]

    assert not [condition for condition in conditions if "jaro" in condition]
    functions = set(re.findall(r"([a-z_]+)\(", " ".join(conditions))) - {"in", "and", "or", "not", "when"}
    assert functions == {"abs", "damerau_levenshtein", "datediff", "length", "levenshtein", "starts_with"}
    for condition in conditions:
        sqlglot.parse_one(condition, dialect="duckdb").sql("spark")


def test_what_every_engine_measures_a_distance_of_is_ascii() -> None:
    """DuckDB counts bytes of text, Spark signs: of `andre` and `andr\u00e9` 2 and 1."""
    conditions = [
        level.condition for comparison in comparisons_of(KINDS, portable=True) for level in comparison.levels
    ]

    measured = set(re.findall(r"levenshtein\(([a-z_]+)_l, ", " ".join(conditions)))
    ascii_by_form = {"birth_digits", "phone", "iban"}
    assert {"given_name", "surname_long", "street", "email", "id_number"} <= measured
    assert measured - ascii_by_form <= set(FOLDED)


def test_another_mailbox_of_the_same_name_is_another_mailbox(run: Run) -> None:
    anna = {"given_name": "anna", "surname": "hof", "email_user": "annahof"}
    namesakes = [
        record("shop/1x", **anna, email="anna.hof@web.example"),
        record("shop/2x", **anna, email="annahof@post.example"),
        record("shop/3x", given_name="bert", surname="zand", email="bzz@web.example", email_user="bzz"),
        record("shop/4x", given_name="bert", surname="zand", email="bzz@post.example", email_user="bzz"),
    ]
    deliver(run, [*people(900), *namesakes])
    model = train(run)
    keep_model(run, model)
    pairs = pa.table({"first_record_id": ["shop/1x", "shop/3x"], "record_id": ["shop/2x", "shop/4x"]})

    named, unnamed = score_pairs(run, model, pairs)["email"].to_pylist()

    assert named < 0 < unnamed


def test_a_portable_model_finds_the_same_people(run: Run) -> None:
    deliver(run, people(900))
    model = train(run, portable=True)
    keep_model(run, model)

    score(run, model)

    found = set(run.rows("select first_record_id, record_id from identity.link_pairs where score > 0"))
    true = {(f"club/{number:05}", f"shop/{number:05}") for number in range(0, 900, 3)}
    assert model.portable
    assert len(found & true) >= 0.95 * len(true)
    assert len(found - true) <= 0.02 * len(true)
