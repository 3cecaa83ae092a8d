from __future__ import annotations

import math
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pytest
from splink import DuckDBAPI, Linker

from klantprofiel.unification.linkage import Model, keep_model, score, score_pairs, train
from klantprofiel.unification.linkage.blocking import LARGEST_BLOCK
from klantprofiel.unification.linkage.engine import make_records, settings_of

from .linked import deliver, people, record

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run

PAIRS = "from identity.link_pairs order by first_record_id, record_id"
LARGE = "from identity.large_blocks order by all"


def test_the_pairs_of_one_person_score_and_those_of_a_household_do_not(
    trained_run: tuple[Run, Model],
) -> None:
    run, model = trained_run
    deliver(run, people(2000))

    score(run, model)

    found = set(run.rows("select first_record_id, record_id from identity.link_pairs where score > 0"))
    true = {(f"club/{number:05}", f"shop/{number:05}") for number in range(0, 2000, 3)}
    assert len(found & true) >= 0.97 * len(true)
    assert len(found - true) <= 0.01 * len(true)


def test_a_given_pair_scores_exactly_as_it_does_among_all(trained_run: tuple[Run, Model]) -> None:
    run, model = trained_run
    deliver(run, people(2000))
    score(run, model)
    kept = run.arrow(PAIRS)

    given = score_pairs(run, model, kept.select(["first_record_id", "record_id"]).slice(3, 40))

    assert given.equals(kept.slice(3, 40))


def test_pairs_may_be_given_as_a_table_and_none_is_left_out(trained_run: tuple[Run, Model]) -> None:
    run, model = trained_run
    deliver(run, people(2000))
    pairs = pa.table(
        {"first_record_id": ["shop/00001", "club/00000"], "record_id": ["shop/00900", "shop/00000"]}
    )
    run.write("identity.wanted", pairs, describes="pairs.", grain="One row per pair.")

    given = score_pairs(run, model, "identity.wanted")
    run.drop("identity.wanted")

    assert given["first_record_id"].to_pylist() == ["club/00000", "shop/00001"]
    assert given["score"][0].as_py() > 0 > given["score"][1].as_py()


def test_no_pairs_give_no_scores_with_the_same_columns(trained_run: tuple[Run, Model]) -> None:
    run, model = trained_run
    nothing = pa.table({"first_record_id": pa.array([], pa.string()), "record_id": pa.array([], pa.string())})

    given = score_pairs(run, model, nothing)

    assert given.num_rows == 0
    assert given.column_names == [
        "first_record_id",
        "record_id",
        *model.comparison_names,
        "score",
        "p_household",
    ]


def test_the_bits_and_what_was_said_beforehand_add_up_to_the_score(trained_run: tuple[Run, Model]) -> None:
    run, model = trained_run
    deliver(run, people(2000))
    score(run, model)

    for pair in run.arrow(PAIRS).slice(0, 20).to_pylist():
        q = pair["p_household"]
        start = (1 - q) * model.match_bits + q * model.household_bits
        told = sum(pair[name] or 0.0 for name in model.comparison_names)
        doubt = -sum(share * _log2(share) for share in (q, 1 - q))
        assert start + told - doubt == pytest.approx(pair["score"], abs=1e-6)


def _log2(share: float) -> float:
    return math.log2(share) if share > 0 else 0.0


def test_an_incremental_run_ends_as_a_full_one_does(trained_run: tuple[Run, Model]) -> None:
    run, model = trained_run
    before = people(2000)
    deliver(run, before)
    score(run, model)
    changed = {each["record_id"]: each for each in people(2000)}
    changed["shop/00006"]["surname"] = "anders"
    changed["club/00009"]["email"] = "nieuw@post.example"
    del changed["shop/00012"]
    changed["web/1"] = record("web/1", given_name="iris", surname="kampber", email="7907x@post31.example")

    deliver(run, changed.values(), touched=["shop/00006", "club/00009", "shop/00012", "web/1"])
    score(run, model)
    incremental = run.arrow(PAIRS), run.arrow(LARGE)
    deliver(run, changed.values())
    score(run, model)

    assert incremental[0].equals(run.arrow(PAIRS))
    assert incremental[1].equals(run.arrow(LARGE))


def test_a_value_that_too_many_records_share_finds_no_pairs_until_they_are_fewer_again(
    trained_run: tuple[Run, Model],
) -> None:
    run, model = trained_run
    shared = {"email": "kassa@winkel.example", "email_user": "kassa", "given_name": "kas", "surname": "sa"}
    few = [record(f"till/{number:04}", **shared) for number in range(LARGEST_BLOCK)]
    more = [*few, record("till/9999", **shared)]
    deliver(run, few)
    score(run, model)
    with_few = run.arrow(PAIRS)

    deliver(run, more, touched=["till/9999"])
    score(run, model)
    touched = run.rows("select count(*) from identity.touched_records")
    with_more = run.arrow(PAIRS)
    deliver(run, few, touched=["till/9999"])
    score(run, model)

    assert with_few.num_rows == LARGEST_BLOCK * (LARGEST_BLOCK - 1) // 2
    assert with_more.num_rows == 0
    assert touched == [(LARGEST_BLOCK + 1,)]
    assert run.arrow(PAIRS).equals(with_few)


def test_the_score_against_strangers_is_splinks_own(run: Run) -> None:
    """Where no household is in question, a score is the match weight that Splink's predict gives."""

    deliver(run, [each for each in people(300) if int(str(each["record_id"])[-5:]) % 4 == 0])
    model = train(run)
    keep_model(run, model)
    settings = settings_of(tuple(each.comparison for each in model.trained))
    for each, declared in zip(model.trained, settings["comparisons"], strict=True):
        for weight, level in zip(each.weights, declared["comparison_levels"][1:], strict=True):
            level |= {"m_probability": weight.m, "u_probability": weight.u}
    settings["probability_two_random_records_match"] = model.match_share / (1 - model.household_share)
    settings["blocking_rules_to_generate_predictions"] = ["l.surname = r.surname"]
    with run.workspace() as cursor:
        make_records(cursor)
        cursor.execute("create temp table compared as select *, false as is_common_domain from records")
        alone = duckdb.connect()
        alone.register("given", cursor.sql("from compared").to_arrow_table())
        alone.execute("create table compared as from given")
    linker = Linker(DuckDBAPI(alone).register("compared"), settings, log_level=None, validate_settings=False)
    theirs = {
        (row["number_l"], row["number_r"]): row["match_weight"]
        for row in linker.inference.predict().as_record_list()
    }
    numbers = dict(alone.execute("select record_id, number from compared").fetchall())

    ours = score_pairs(run, model, _pairs_of(numbers, theirs)).to_pylist()

    assert len(theirs) > 20
    for pair in ours:
        splinks = theirs[numbers[pair["first_record_id"]], numbers[pair["record_id"]]]
        frequencies = _frequency_bits(run, model, pair)
        against_strangers = splinks + frequencies
        assert pair["score"] == pytest.approx(against_strangers + _log2(1 - pair["p_household"]), abs=1e-6)


def _pairs_of(numbers: dict[str, int], wanted: dict[tuple[int, int], float]) -> pa.Table:
    names = {number: name for name, number in numbers.items()}
    return pa.table(
        {
            "first_record_id": [names[first] for first, _ in wanted],
            "record_id": [names[second] for _, second in wanted],
        }
    )


def _frequency_bits(run: Run, model: Model, pair: dict[str, object]) -> float:
    """What equal values tell beside their level, because they are rarer or more common than usual."""
    total = 0.0
    for each in model.trained:
        column = each.comparison.frequency
        if column is None:
            continue
        value = {"street_and_number": "street || ' ' || house_number"}.get(column, column)
        ((first, second, share),) = run.rows(
            f"select a.value, b.value, coalesce(max(f.frequency), {each.rarest!r}) "
            f"from (select {value} as value from identity.link_records where record_id = $first) as a, "
            f"(select {value} as value from identity.link_records where record_id = $second) as b "
            f"left join identity.term_frequencies as f on f.comparison = '{each.comparison.name}' "
            "and f.value = a.value group by all",
            first=pair["first_record_id"],
            second=pair["record_id"],
        )
        if first is not None and first == second:
            total += _log2(each.weights[0].u / share)
    return total
