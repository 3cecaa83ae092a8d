"""Whatever makes a record unreadable is told in Dutch."""

from __future__ import annotations

from klantprofiel.ingestion import Fault, rule_of
from klantprofiel.validation.reasons import reject_reasons


def test_every_fault_of_a_record_has_a_reason_of_its_own() -> None:
    reasons = dict(zip(*reject_reasons().to_pydict().values(), strict=True))
    assert set(reasons) == {rule_of(fault) for fault in Fault if fault}
    assert len(set(reasons.values())) == len(reasons)
