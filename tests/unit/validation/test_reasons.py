"""Whatever makes a record unreadable is told in Dutch."""

from __future__ import annotations

from klantprofiel.ingestion import Fault, rule_of
from klantprofiel.validation.reasons import REJECT_REASONS


def test_every_fault_of_a_record_has_a_reason_of_its_own() -> None:
    assert set(REJECT_REASONS) == {rule_of(fault) for fault in Fault if fault}
    assert len(set(REJECT_REASONS.values())) == len(REJECT_REASONS)
