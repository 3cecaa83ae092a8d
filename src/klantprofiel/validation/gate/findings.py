"""What the gate found: one finding per expectation, its state, and the results as JSON."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.metadata import version
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from klantprofiel.ingestion import Batch
    from klantprofiel.validation.gate.suites import Expectation, Suite

DIGITS: Final = 6  # significant digits in which two findings are equal: sums of doubles differ in the last


class State(StrEnum):
    """What became of an expectation."""

    BROKEN = "broken"
    ACCEPTED = "accepted"
    WARNED = "warned"
    KEPT = "kept"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True)
class Acceptance:
    """Who accepted a broken expectation, and why."""

    accepted_by: str
    because: str


@dataclass(frozen=True)
class Finding:
    """One expectation of a suite, as it was asked (`asked`, its parameters filled in) and what was found.

    `asked` is None when a parameter has no value yet; then nothing was judged. `day` is that of the delivery
    that it is about, None when it is about the whole table.
    """

    suite: Suite
    declared: Expectation
    asked: Mapping[str, Any] | None
    bounds: tuple[Any, Any] = (None, None)
    success: bool | None = None
    result: Mapping[str, Any] = field(default_factory=dict)
    accepted: Acceptance | None = None
    day: date | None = None

    @property
    def table(self) -> str:
        """The table that it is about, as its declaration calls it."""
        return self.suite.table.removeprefix("identity.")

    @property
    def state(self) -> State:
        """What became of it; only a broken one stops publication."""
        if self.success is None:
            return State.NOT_JUDGED
        if self.success:
            return State.KEPT
        if self.declared.severity != "critical":
            return State.WARNED
        return State.ACCEPTED if self.accepted else State.BROKEN

    @property
    def observed(self) -> object:
        """The aggregate that was found, or None when there is none to show."""
        rows = self.result.get("details", {}).get("unexpected_rows")
        return rows[0]["observed"] if rows else self.result.get("observed_value")

    @property
    def fingerprint(self) -> str:
        """What makes two findings the same: the expectation, what it asks of which rows, what it found."""
        rows = self.day if self.declared.rows == "latest" else "all"
        same = [self.suite.name, self.declared.type, self.asked, rows, dict(self.result)]
        return hashlib.sha256(json.dumps(_rounded(same), sort_keys=True, default=str).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Return it as a validation result of Great Expectations."""
        accepted = self.accepted
        return {
            "success": self.success,
            "expectation_config": {**self.declared.as_json(), "kwargs": dict(self.asked or {})},
            "result": dict(self.result),
            "exception_info": {
                "raised_exception": False,
                "exception_message": None,
                "exception_traceback": None,
            },
            "meta": {
                "state": self.state.value,
                "day": self.day and self.day.isoformat(),
                "fingerprint": self.fingerprint,
                "accepted": accepted and {"by": accepted.accepted_by, "because": accepted.because},
            },
        }


def results_of(
    findings: Sequence[Finding], *, run_id: str, as_of: str, set_aside: Iterable[Batch] = ()
) -> dict[str, Any]:
    """Return all findings as one JSON object: validation results per suite, and statistics of all.

    `set_aside` are the deliveries that were refused for them.
    """
    suites = []
    for name, group in groupby(findings, key=lambda finding: finding.suite.name):
        members = list(group)
        judged = [each for each in members if each.state is not State.NOT_JUDGED]
        waiting = [each.declared.as_json() for each in members if each.state is State.NOT_JUDGED]
        suites.append(
            {
                "success": _is_passed(members),
                "suite_name": name,
                "results": [each.as_json() for each in judged],
                "statistics": statistics_of(members),
                "meta": {"table": members[0].suite.table, "not_judged": waiting},
            }
        )
    return {
        "success": _is_passed(findings),
        "statistics": statistics_of(findings),
        "meta": {
            "run_id": run_id,
            "as_of": as_of,
            "great_expectations_version": version("great_expectations"),
            "set_aside": [
                {
                    "table": batch.table_name,
                    "file_name": batch.file_name,
                    "delivered_on": batch.delivered_on.isoformat(),
                    "batch_id": batch.batch_id,
                }
                for batch in set_aside
            ],
        },
        "suites": suites,
    }


def statistics_of(findings: Iterable[Finding]) -> dict[str, Any]:
    """Return how many expectations were judged, and what became of them."""
    states = [finding.state for finding in findings]
    n_judged = sum(state is not State.NOT_JUDGED for state in states)
    n_kept = states.count(State.KEPT)
    return {
        "evaluated_expectations": n_judged,
        "successful_expectations": n_kept,
        "unsuccessful_expectations": n_judged - n_kept,
        "success_percent": 100 * n_kept / n_judged if n_judged else None,
        "accepted_expectations": states.count(State.ACCEPTED),
        "warned_expectations": states.count(State.WARNED),
        "not_judged_expectations": states.count(State.NOT_JUDGED),
    }


def _is_passed(findings: Iterable[Finding]) -> bool:
    return all(finding.state is not State.BROKEN for finding in findings)


def _rounded(value: object) -> object:
    """Return a JSON value with its numbers in so many digits that other threads give the same."""
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(part) for part in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
