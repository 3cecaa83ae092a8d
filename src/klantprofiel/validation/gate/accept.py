"""The way on for who looked at a refused build and knows better: what was found is accepted, and no more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from klantprofiel.errors import ConfigurationError, NotFoundError, near_miss
from klantprofiel.validation.gate.findings import Acceptance, State

if TYPE_CHECKING:
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
    broken = [
        result["meta"]["fingerprint"]
        for suite in results["suites"]
        for result in suite["results"]
        if result["meta"]["state"] == State.BROKEN
    ]
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


def acceptances(ledger: Ledger) -> dict[str, Acceptance]:
    """Return who accepted what and why, by the fingerprint of the finding; the last one counts."""
    return {
        fingerprint: Acceptance(each["by"], each["because"])
        for each in ledger.acceptances()
        for fingerprint in each["findings"]
    }
