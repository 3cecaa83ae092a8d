from __future__ import annotations

import stat
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from klantprofiel.errors import KlantprofielError, PermissionRefusedError
from klantprofiel.warehouse import Ledger

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite")


def test_runs_are_numbered_on_and_keep_their_given_moment(ledger: Ledger) -> None:
    moment = datetime(2026, 10, 1, 3)  # noqa: DTZ001  moments are UTC without a zone
    first = ledger.begin_run("nightly", date(2026, 10, 1), moment, after=0)
    second = ledger.begin_run("nightly", date(2026, 10, 2), moment, after=6)
    ledger.finish_run(first.run_id, "published")

    assert (first.run_id, second.run_id) == ("000001-nightly", "000007-nightly")
    assert [(entry.outcome, entry.recorded_at) for entry in ledger.runs()] == [
        ("published", moment),
        ("started", moment),
    ]


def test_choices_and_exports_are_kept_as_they_were_made(ledger: Ledger) -> None:
    number = ledger.record_choice({"segments": ["S1"], "by": "CCO", "because": "groei"})
    ledger.record_export("e1", {"rows": 3})

    assert [(choice["choice_id"], choice["by"]) for choice in ledger.choices()] == [(number, "CCO")]
    assert [(export["export_id"], export["rows"]) for export in ledger.exports()] == [("e1", 3)]


def test_decisions_are_numbered_on_and_kept_as_they_were_made(ledger: Ledger) -> None:
    seen: list[list[int]] = []

    def check(rows: list[dict[str, object]]) -> None:
        seen.append([int(str(row["decision_id"])) for row in rows])

    assert ledger.last_decision() == 0
    assert ledger.record_decisions([{"kind": "join", "by": "Els"}], check=check) == [1]
    assert ledger.record_decisions([{"kind": "retract"}, {"kind": "split"}], check=check) == [2, 3]

    assert seen == [[1], [1, 2, 3]]  # with those that are about to be recorded
    assert [row["kind"] for row in ledger.decisions()] == ["join", "retract", "split"]
    assert ledger.decisions()[0]["by"] == "Els"
    assert ledger.last_decision() == 3


def test_a_decision_that_is_refused_leaves_nothing(ledger: Ledger) -> None:
    def refuse(_rows: list[dict[str, object]]) -> None:
        raise KlantprofielError("not so")

    with pytest.raises(KlantprofielError, match="not so"):
        ledger.record_decisions([{"kind": "join"}, {"kind": "split"}], check=refuse)
    assert (ledger.decisions(), ledger.last_decision()) == ([], 0)


def test_draws_are_kept_in_their_order(ledger: Ledger) -> None:
    for seed in (3, 1):
        ledger.record_draw({"random_state": seed, "pairs": [["crm/1", "crm/2"]]})

    assert [draw["random_state"] for draw in ledger.draws()] == [3, 1]
    assert ledger.draws()[0]["pairs"] == [["crm/1", "crm/2"]]


def test_the_ledger_is_for_the_owner_only(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.record_choice({"by": "CCO"})
    assert stat.S_IMODE(ledger.path.stat().st_mode) == 0o600

    def refuse(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr("os.open", refuse)  # tests may run as root, who may open everything
    with pytest.raises(PermissionRefusedError, match="not yours to open"):
        ledger.choices()


def test_a_ledger_that_is_no_ledger_is_said_to_be_so(ledger: Ledger) -> None:
    ledger.path.write_bytes(b"geen grootboek " * 100)
    with pytest.raises(KlantprofielError, match="cannot be read"):
        ledger.runs()
