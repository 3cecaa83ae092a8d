"""What the gate found of a release, read from the results that stand beside it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from klantprofiel.display import Judged, Verdict
from klantprofiel.validation.gate.findings import State
from klantprofiel.validation.gate.page import WORDS
from klantprofiel.validation.gate.words import ABOUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.reading.release import Release

NOT_PLAIN = (State.BROKEN, State.ACCEPTED, State.WARNED)  # the hardest first


@dataclass(frozen=True)
class Expected:
    """One expectation and what became of it; nothing that was observed is kept."""

    table: str
    about: str
    because: str
    state: State


@dataclass(frozen=True)
class Verdicts:
    """The expectations that a release was judged by, and the run that judged it."""

    run_id: str
    expected: tuple[Expected, ...]

    @property
    def word(self) -> Judged:
        """The verdict on the whole: the hardest state of any expectation, or `goedgekeurd`."""
        states = {one.state for one in self.expected}
        hardest = next((state for state in NOT_PLAIN if state in states), None)
        return Judged("goedgekeurd", Verdict.GOOD) if hardest is None else told(hardest)

    def count(self, state: State) -> int:
        """Return how many expectations are in this state."""
        return sum(one.state is state for one in self.expected)

    def by_table(self) -> dict[str, Counter[State]]:
        """Return per table how many expectations are in each state."""
        counted: dict[str, Counter[State]] = {}
        for one in self.expected:
            counted.setdefault(one.table, Counter())[one.state] += 1
        return counted


def told(state: State) -> Judged:
    """Return a state as a word in its colour.

    >>> told(State.KEPT)
    'voldoet'
    """
    return Judged(*WORDS[state])


def find_verdicts(release: Release) -> Verdicts | None:
    """Return what the gate found in the run that took in the last deliveries; None without results."""
    made = release.manifest["tables"].get("batches", {}).get("run_id", release.release_id)
    for run_id in dict.fromkeys((release.release_id, made)):
        path = release.stored.store.files(run_id).judged.results
        if path.exists():
            suites = json.loads(path.read_text(encoding="utf-8"))["suites"]
            return Verdicts(run_id, tuple(one for suite in suites for one in _of_suite(suite)))
    return None


def _of_suite(suite: dict[str, Any]) -> Iterator[Expected]:
    table = suite["meta"]["table"]
    for result in suite["results"]:
        yield _expected(table, result["expectation_config"], State(result["meta"]["state"]))
    for config in suite["meta"]["not_judged"]:
        yield _expected(table, config, State.NOT_JUDGED)


def _expected(table: str, config: dict[str, Any], state: State) -> Expected:
    meta = config.get("meta") or {}
    about = meta.get("about", "")
    return Expected(table, ABOUT.get(about, about), meta.get("because") or config["type"], state)
