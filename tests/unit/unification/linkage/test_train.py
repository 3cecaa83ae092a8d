from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from klantprofiel.unification.linkage import Model, estimates, keep_model, load_model, score, train

from .linked import deliver, people, record

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run


def test_a_model_tells_of_each_comparison_that_it_was_trained(trained_run: tuple[Run, Model]) -> None:
    _, model = trained_run

    assert model.comparison_names == (
        "given_name",
        "surname",
        "birth_date",
        "email",
        "address",
        "source",
    )
    assert {each.origin for each in model.trained} == {"trained"}
    assert "geleerd van" in model.notes[0]


def test_the_classes_are_found_about_as_large_as_they_are(trained_run: tuple[Run, Model]) -> None:
    _, model = trained_run

    assert model.class_sizes["match"] == pytest.approx(667, rel=0.05)
    assert model.class_sizes["household"] > 1000


def test_the_same_records_give_the_same_model_in_any_order(trained_run: tuple[Run, Model], run: Run) -> None:
    _, model = trained_run
    deliver(run, reversed(people(2000)))

    again = train(run)

    assert again.to_json() == model.to_json()
    assert again.frequencies.equals(model.frequencies)


@pytest.mark.parametrize(("n_failing", "origin"), [(1, "trained"), (99, "preset")])
def test_where_splink_gives_up_fewer_rounds_or_presets_have_to_do(
    run: Run, monkeypatch: pytest.MonkeyPatch, n_failing: int, origin: str
) -> None:
    """Splink raises ValueError for a weight below 1e-300, as it did on a million generated records."""
    deliver(run, people(2000))
    trained, asked = estimates._trained, []  # noqa: SLF001  there is no data this small that does it

    def giving_up(*given: Any, rounds: int) -> dict[str, Any]:  # noqa: ANN401  handed on
        asked.append(rounds)
        if len(asked) <= n_failing:
            raise ValueError
        return trained(*given, rounds=rounds)

    monkeypatch.setattr(estimates, "_trained", giving_up)
    model = train(run)

    assert {each.origin for each in model.trained if each.comparison.name == "surname"} == {origin}
    assert asked == list(estimates.ROUNDS[: n_failing + 1])


def test_a_kept_model_is_read_back_as_it_was(trained_run: tuple[Run, Model]) -> None:
    run, model = trained_run

    assert load_model(run) == model
    assert run.rows("select count(*) from link_levels where comparison = 'email' and level = -1") == [(1,)]


def test_there_is_no_model_before_the_first(run: Run) -> None:
    assert load_model(run) is None


def test_few_records_give_presets_and_the_model_says_why(run: Run) -> None:
    deliver(run, people(30))

    model = train(run)

    assert {each.origin for each in model.trained} == {"preset"}
    assert all(each.because == "er zijn te weinig paren om van te leren" for each in model.trained)
    assert model.notes[0].startswith("Vooraf gegeven gewichten, want er zijn te weinig paren")


def test_presets_tell_a_person_from_a_relative(run: Run) -> None:
    known = {"surname": "hof", "street": "dorpsstraat", "house_number": "1", "postal_code": "1234AB"}
    deliver(
        run,
        [
            record("a/1", given_name="anna", email="anna@hof.example", **known),
            record("b/1", given_name="anna", email="anna@hof.example", **known),
            record("b/2", given_name="bert", email="bert@hof.example", **known),
        ],
    )
    model = train(run)
    keep_model(run, model)

    score(run, model)

    above = "select first_record_id, record_id from identity.link_pairs where score > 0"
    assert run.rows(above) == [("a/1", "b/1")]


@pytest.mark.parametrize("records", [[], [record("a/1", sex="female")], [record("a/1"), record("b/1")]])
def test_records_without_anything_to_compare_give_a_model_that_finds_nobody(
    run: Run, records: list[dict[str, object]]
) -> None:
    deliver(run, records)
    model = train(run)
    keep_model(run, model)

    score(run, model)

    assert run.rows("from identity.link_pairs") == []


def test_nothing_of_the_training_is_left_in_the_release(run: Run) -> None:
    deliver(run, people(600))
    before = run.rows("select table_catalog, table_name from information_schema.tables order by all")

    train(run)

    assert run.rows("select table_catalog, table_name from information_schema.tables order by all") == before
    assert run.rows("select database_name from duckdb_databases() where database_name like 'linkage%'") == []


def test_data_without_anybody_twice_do_not_make_matches_of_relatives(run: Run) -> None:
    deliver(run, [each for each in people(1500) if each["source"] == "shop"])
    model = train(run)
    keep_model(run, model)

    score(run, model)

    ((n_pairs,),) = run.rows("select count(*) from identity.link_pairs where score > 0")
    assert n_pairs <= 15


def test_names_are_as_common_as_few_records_show_and_mailboxes_as_rare_as_they_usually_are(run: Run) -> None:
    """Under a Dirichlet process: k / (n + 1/u - 1), and a village is some of 5,000 at most."""
    shared = {"given_name": "anna", "surname": "hof", "email": "hof@post.example"}
    deliver(run, [record(f"shop/{number}", **shared if number < 8 else {}) for number in range(8)])

    model = train(run)

    frequencies = {row["comparison"]: row["frequency"] for row in model.frequencies.to_pylist()}
    assert frequencies["given_name"] == pytest.approx(8 / (8 + 249))
    assert frequencies["surname"] == pytest.approx(8 / (8 + 499))
    assert frequencies["email"] == pytest.approx(8 / 5000)


def test_a_mailbox_of_a_family_does_not_teach_that_one_person_has_several_names(run: Run) -> None:
    """Half of all pairs with one e-mail address are of parent and child."""
    records = people(900)
    for number in range(0, 120, 2):
        parent, child = records[number], records[number + 1]
        mailbox = {"email": f"familie{number}@post.example", "email_user": "familie"}
        home = {name: parent[name] for name in ("surname", "surname_long", "street", "house_number")}
        child.update(home | mailbox | {"birth_date": None})
        parent.update(mailbox | {"birth_date": None})
    deliver(run, records)

    model = train(run)

    (given,) = (each for each in model.trained if each.comparison.name == "given_name")
    assert given.weights[-1].m < 0.06
