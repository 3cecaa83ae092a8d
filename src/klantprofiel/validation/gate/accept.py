"""The way on for who looked at a refused build and knows better: what was found is accepted, and no more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from klantprofiel.errors import ConfigurationError, KlantprofielError, NotFoundError, near_miss
from klantprofiel.validation.gate.findings import Acceptance, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from klantprofiel.warehouse import Ledger, Warehouse


def accept(warehouse: Warehouse, run_id: str, *, by: str, because: str) -> int:
    """Record that the broken expectations of a refused run are accepted; return how many.

    The next run in which the same expectation asks the same and finds the same, reports it as accepted and is
    published; anything else that is broken, or that is found otherwise, still stops it.

    Raises
    ------
    NotFoundError
        When no run with this id was refused, or its results are gone.
    ConfigurationError
        When nobody or no reason is named.
    KlantprofielError
        When all that was found is accepted already, in a release that was published since.

    Examples
    --------
    >>> import tempfile
    >>> from klantprofiel.warehouse import Warehouse
    >>> accept(Warehouse(tempfile.mkdtemp() + "/klanten"), "000002-nightly", by="Els", because="feestdag")
    Traceback (most recent call last):
    klantprofiel.errors.NotFoundError: no run '000002-nightly' was refused
      Expected: one of none
    """
    if not by.strip() or not because.strip():
        raise ConfigurationError(
            "an acceptance without a name or a reason", expected='--by NAME --because "..."'
        )
    known = warehouse.store.refused_ids()
    if run_id not in known:
        raise NotFoundError(
            f"no run {run_id!r} was refused{near_miss(run_id, known)}",
            expected=f"one of {', '.join(known) or 'none'}",
        )
    results = json.loads(warehouse.store.refused_files(run_id).results.read_text(encoding="utf-8"))
    broken = _fingerprints(results, State.BROKEN)
    if release_id := _published_with(warehouse, broken):
        raise KlantprofielError(
            f"the findings of {run_id} were accepted and published as {release_id}",
            expected="a refused run of which a finding still stops publication",
            todo="nothing: there is nothing left to accept",
        )
    warehouse.ledger.record_acceptance(
        {
            "run_id": run_id,
            "as_of": results["meta"]["as_of"],
            "by": by.strip(),
            "because": because.strip(),
            "findings": broken,
        }
    )
    return len(broken)


def _fingerprints(results: dict[str, Any], state: State) -> list[str]:
    """Return the fingerprints of the findings that ended in a state."""
    return [
        result["meta"]["fingerprint"]
        for suite in results["suites"]
        for result in suite["results"]
        if result["meta"]["state"] == state
    ]


def _published_with(warehouse: Warehouse, findings: Iterable[str]) -> str | None:
    """Return the release that reports all these findings as accepted; None when there is none on disk."""
    for release_id in warehouse.store.release_ids():
        path = warehouse.store.files(release_id).judged.results
        if path.is_file():
            results = json.loads(path.read_text(encoding="utf-8"))
            if set(findings) <= set(_fingerprints(results, State.ACCEPTED)):
                return release_id
    return None


def acceptances(ledger: Ledger) -> dict[str, Acceptance]:
    """Return who accepted what and why, by the fingerprint of the finding; the last one counts."""
    return {
        fingerprint: Acceptance(each["by"], each["because"])
        for each in ledger.acceptances()
        for fingerprint in each["findings"]
    }
