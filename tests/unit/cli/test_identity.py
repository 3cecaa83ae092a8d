"""Who is who, decided and looked at as an operator types it."""

from __future__ import annotations

import csv
import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.unit.unification import doubt

from klantprofiel.cli.identity import identity
from klantprofiel.unification.decisions import decided, preview
from klantprofiel.warehouse import Warehouse

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Terminal

SIGNED = ("--by", "Els", "--because", "zelfde adres")


@pytest.fixture
def linked(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Return a terminal in a project of which a release with doubtful records is in force."""
    monkeypatch.setattr(preview, "regroup", doubt.regroup)
    monkeypatch.setattr("klantprofiel.unification.decisions.doubtful.threshold_bits", lambda _release: 0.0)
    doubt.publish(warehouse_of(terminal))
    return terminal


def words(text: str) -> str:
    return " ".join(text.split())


def warehouse_of(terminal: Terminal) -> Warehouse:
    return Warehouse(terminal.project.warehouse_path)


def test_help_names_every_command_of_the_group(terminal: Terminal) -> None:
    answer = terminal("identity", "--help")

    assert answer.code == 0
    assert set(identity.commands) == {"decisions", "join", "precision", "retract", "review", "split", "train"}
    assert all(f"\n  {name} " in answer.out for name in identity.commands)
    assert "..." not in answer.out.partition("Commands:")[2]


def test_the_way_of_a_wrong_join(linked: Terminal) -> None:
    tried = linked("identity", "join", "K-1", "web/2", *SIGNED, "--dry-run")
    assert tried.code == 0, tried.err
    assert tried.out.startswith("Samengevoegd (proef, niets vastgelegd)\n")
    assert tried.out.endswith("\nnothing was recorded\n")

    joined = linked("identity", "join", "K-1", "web/2", *SIGNED)
    assert joined.out.endswith("\ndecision 1 is recorded; the next run follows it\n")
    assert tried.out.splitlines()[1:-1] == joined.out.splitlines()[1:-1]
    assert "gaat op in K-000002 K-000001 1" in words(joined.out)

    apart = ("identity", "split", "web/2", "--from", "crm/1", "--by", "Piet", "--because", "broers")
    refused = linked(*apart)
    assert (refused.code, refused.out) == (1, "")
    assert "decision 1 (join, Els, " in refused.err
    assert "this split by Piet" in refused.err

    answer = linked(*apart, "--instead-of", "1")
    assert answer.out.endswith("\ndecision 3 is recorded; the next run follows it\n"), answer.err

    listed = linked("identity", "decisions").out
    assert words(listed).startswith("Besluiten over wie wie is Besluiten 3 In kracht 1 ")
    assert [word in listed for word in ("K-1, web/2", "besluit 1", "broers", "Piet", "nee", "ja")] == [
        True
    ] * 6

    assert linked("identity", "retract", "3", *SIGNED).code == 0
    assert not any(decision.is_in_force for decision in decided(warehouse_of(linked).ledger))


def test_before_the_first_decision_the_list_is_empty(linked: Terminal) -> None:
    assert "Er is nog niets besloten." in linked("identity", "decisions").out


def test_a_record_is_split_off_its_customer(linked: Terminal) -> None:
    answer = linked("identity", "split", "web/4", *SIGNED)

    assert answer.code == 0, answer.err
    assert "splitst af K-000003 nieuw 1" in words(answer.out)


def test_review_shows_pairs_and_groups_masked(linked: Terminal) -> None:
    answer = linked("identity", "review")

    assert answer.code == 0, answer.err
    assert answer.out.startswith("Een blik waard\n")
    assert all(word in answer.out for word in ("Paren", "Groepen", "crm/1", "web/2", "a*** v***"))
    assert "vries" not in answer.out
    assert len(answer.out) > len(linked("identity", "review", "--n", "1").out)


def test_review_is_json_and_csv_for_who_asks(linked: Terminal) -> None:
    items = json.loads(linked("identity", "review", "--json").out)
    assert items["release"] == "000001-nightly"
    assert [item["what"] for item in items["items"]] == ["pair", "pair", "group", "group"]

    rows = list(csv.DictReader(linked("identity", "review", "--csv").out.splitlines(), delimiter=";"))
    assert [row["first_record_id"] for row in rows] == [item["first_record_id"] for item in items["items"]]
    assert rows[0]["score_bits"] == "-0,5"


def test_a_sample_is_drawn_labelled_and_estimated(linked: Terminal) -> None:
    drawn = linked("identity", "review", "--sample", "4", "--seed", "1")
    assert drawn.out.startswith("Steekproef 1: 4 van 4 paren\n"), drawn.err
    linked("identity", "join", "K-000003", *SIGNED)

    answer = linked("identity", "precision")
    assert answer.code == 0, answer.err
    assert "100,0%" in answer.out
    assert "Beoordeeld 3" in words(answer.out)


def test_train_calls_what_retrains_and_shows_its_report(
    linked: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    class Report:
        def summary(self) -> dict[str, object]:
            return {"title": "Opnieuw geleerd", "facts": {}, "tables": [], "notes": []}

    def retrain(warehouse: Warehouse, as_of: date, *, dry_run: bool) -> Report:
        asked.append((warehouse.store.root, as_of, dry_run))
        return Report()

    monkeypatch.setattr("klantprofiel.unification.retrain.retrain", retrain)

    assert linked("identity", "train", "--as-of", "2026-10-01").out == "Opnieuw geleerd\n"
    tried = linked("identity", "train", "--as-of", "2026-10-01", "--dry-run")
    assert tried.out == "Opnieuw geleerd\nnothing was changed\n"
    root = linked.project.warehouse_path
    assert asked == [(root, date(2026, 10, 1), False), (root, date(2026, 10, 1), True)]


@pytest.mark.parametrize(
    "arguments",
    [
        ("join", "crm/1", "web/2"),
        ("join", "crm/1", "web/2", "--by", "Els"),
        ("join", *SIGNED),
        ("join", "crm/1", *SIGNED),
        ("join", "crm/1", "web/2", "--by", " ", "--because", "zomaar"),
        ("split", "crm/1", "--by", "Els", "--because", ""),
        ("split", "K-000003", *SIGNED),
        ("retract", "een", *SIGNED),
        ("review", "--n", "0"),
        ("review", "--sample", "3"),
        ("review", "--seed", "3"),
        ("review", "--sample", "100000", "--seed", "3"),
        ("train",),
    ],
)
def test_wrong_usage_gives_2_and_decides_nothing(linked: Terminal, arguments: tuple[str, ...]) -> None:
    answer = linked("identity", *arguments)

    assert (answer.code, answer.out) == (2, "")
    assert answer.err
    assert decided(warehouse_of(linked).ledger) == ()


@pytest.mark.parametrize(
    "arguments",
    [
        ("join", "crm/1", "web/2", *SIGNED),
        ("split", "crm/1", *SIGNED),
        ("retract", "1", *SIGNED),
        ("decisions",),
        ("review",),
        ("review", "--sample", "3", "--seed", "1"),
        ("precision",),
    ],
)
def test_without_a_warehouse_nothing_is_made(terminal: Terminal, arguments: tuple[str, ...]) -> None:
    answer = terminal("identity", *arguments)

    assert (answer.code, answer.out) == (1, "")
    assert "What to do: run a pipeline first" in answer.err
    assert not terminal.project.warehouse_path.exists()


def test_a_release_made_before_pairs_were_scored_says_what_to_do(terminal: Terminal) -> None:
    doubt.publish_unlinked(warehouse_of(terminal))
    for arguments in (("join", "crm/1", "web/2", *SIGNED), ("review",), ("retract", "1", *SIGNED)):
        answer = terminal("identity", *arguments)
        assert answer.code == 1
        assert "identity.link_pairs" in answer.err
        assert "run the pipeline again" in answer.err


def test_a_ledger_that_is_not_ours_to_write_is_said_to_be_so(
    linked: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os  # noqa: PLC0415  the real one is put back in place around the ledger

    opened = os.open

    def refuse(path: object, flags: int, *mode: int) -> int:
        if str(path).endswith("ledger.sqlite"):
            raise PermissionError
        return opened(str(path), flags, *mode)

    monkeypatch.setattr("os.open", refuse)
    answer = linked("identity", "join", "crm/1", "web/2", *SIGNED)
    assert answer.code == 1
    assert "is not yours to open" in answer.err
