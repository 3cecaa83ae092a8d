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
