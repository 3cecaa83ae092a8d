"""The gate of a run: which expectations hold, asked of the closed build before it is published."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.errors import ConfigurationError, GateError, KlantprofielError, near_miss
from klantprofiel.validation.expected import filled, parameters, profile_suite, suites_for
from klantprofiel.validation.gate.accept import acceptances
from klantprofiel.validation.gate.findings import Finding, State, results_of, statistics_of
from klantprofiel.validation.gate.page import page_of
from klantprofiel.validation.gate.process import lent_judge
from klantprofiel.validation.gate.suites import (
    FOLDER,
    Expectation,
    Suite,
    check_parameters,
    read_suites,
    suite_of,
    with_values,
)
from klantprofiel.validation.gate.words import ENGLISH, asked_of, found_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from klantprofiel.schema import Table
    from klantprofiel.validation.gate.process import Judge
    from klantprofiel.warehouse import Run

TOLD: Final = 5  # broken expectations in the error; the page has all
OPEN_IN_EVERY_TABLE: Final = ("delivered_on", "recorded_at")


@dataclass(frozen=True)
class Verdict:
    """What was found of every expectation of one run."""

    findings: Sequence[Finding]
    run_id: str
    as_of: date

    @property
    def results(self) -> bytes:
        """The results as JSON, in the form of Great Expectations; no value of a person."""
        results = results_of(self.findings, run_id=self.run_id, as_of=self.as_of.isoformat())
        return json.dumps(results, ensure_ascii=False, indent=1).encode()

    @property
    def page(self) -> bytes:
        """The same as a page in Dutch."""
        return page_of(self.findings, run_id=self.run_id, as_of=self.as_of).encode()

    @property
    def counts(self) -> dict[str, int]:
        """How many expectations ended in each state."""
        states = [finding.state for finding in self.findings]
        return {state.value: states.count(state) for state in State if state is not State.BROKEN}

    def refusal(self, page: Path) -> KlantprofielError | None:
        """Return the error with which the build is refused, or None when it may be published."""
        broken = [finding for finding in self.findings if finding.state is State.BROKEN]
        if not broken:
            return None
        found = "; ".join(f"{_place(each)}: {found_of(each, ENGLISH) or 'not so'}" for each in broken[:TOLD])
        asked = "; ".join(f"{_place(each)}: {asked_of(each, ENGLISH)}" for each in broken[:TOLD])
        more = f"; and {len(broken) - TOLD} more" if len(broken) > TOLD else ""
        return GateError(
            f"the build does not keep {len(broken)} of "
            f"{statistics_of(self.findings)['evaluated_expectations']} expectations: {found}{more}",
            expected=asked + more,
            todo=f"look at {page}; have the delivery mended and delivered again, or when this is right: "
            f'klantprofiel accept {self.run_id} --by NAME --because "..."',
        )


def start_gate(run: Run) -> ExpectationGate | None:
    """Return the gate of a run, registered and with its process started when it has none yet."""
    if isinstance(run.gate, ExpectationGate):
        return run.gate
    gate = ExpectationGate(run.work)
    run.register_gate(gate)
    return gate


class ExpectationGate:
    """Great Expectations, in a process that loads it while the run goes on; `close` ends that.

    `room` is a directory that the process may use while it lives.
    """

    def __init__(self, room: Path) -> None:
        self._end = contextlib.ExitStack()
        self._judge: Judge = self._end.enter_context(lent_judge(room))
        self._suites: list[Suite] = []
        self._values: dict[str, object] = {}
        self._findings: list[Finding] = []
        self._assets: dict[tuple[str, str], dict[str, Any]] = {}

    def read(self, run: Run) -> None:
        """Read the suites and the bounds that history gives, while the last release's profiles are there.

        Raises
        ------
        ConfigurationError
            When a suite on disk is wrong, or generated from a declaration that has changed since.
        """
        generated = [suite_of(body) for body in suites_for(run.declarations.values())]
        profiles = profile_suite(run)
        made = generated + ([suite_of(profiles)] if profiles else [])
        project = run.warehouse.project
        written = read_suites(project.path(FOLDER)) if project else []
        self._suites = _joined(made, written)
        self._values = parameters(run, [_body(suite) for suite in self._suites])
        known = {name for suite in made for name in suite.parameters()} | set(self._values)
        check_parameters((suite for suite in self._suites if suite.contract is None), known)

    def prepare(self, run: Run) -> None:
        """Look up the tables that are judged, now that all are made."""
        self._run_id, self._as_of = run.run_id, run.as_of
        self._accepted = acceptances(run.warehouse.ledger)
        self._findings, self._assets = [], {}
        for suite in self._suites:
            table = _table_of(run, suite)
            if table is None:
                continue
            for expectation in suite.expectations:
                finding = self._asked(suite, expectation)
                if finding.asked is not None:
                    asset = self._asset(run, suite, table, expectation.rows)
                    asset["expectations"].append(
                        {
                            "number": len(self._findings),
                            "type": expectation.type,
                            "kwargs": finding.asked,
                            "severity": expectation.severity,
                        }
                    )
                self._findings.append(finding)

    def judge(self, build: Path, settings: Mapping[str, Any]) -> Verdict:
        """Judge the closed build in a directory.

        Raises
        ------
        ConfigurationError
            When an expectation cannot be judged at all: a column that is not there, SQL that is wrong.
        KlantprofielError
            When the judging process ended before it had answered.
        """
        answer = self._judge.ask(
            {
                "do": "judge",
                "release": str(build / "release.duckdb"),
                "identity": str(build / "identity.duckdb"),
                "settings": settings,
                "assets": list(self._assets.values()),
            }
        )
        for number, result in answer["results"].items():
            asked = self._findings[int(number)]
            if result["fault"]:
                raise _cannot_be_judged(asked, result["fault"])
            found = replace(asked, success=result["success"], result=result["result"])
            self._findings[int(number)] = replace(found, accepted=self._accepted.get(found.fingerprint))
        return Verdict(tuple(self._findings), self._run_id, self._as_of)

    def close(self) -> None:
        """End the process, unless it is lent to other runs too."""
        self._end.close()

    def _asked(self, suite: Suite, expectation: Expectation) -> Finding:
        """Return a finding with what is asked, its parameters filled in; nothing found yet."""
        ready = filled(expectation.as_json(), self._values)
        if ready is None:
            return Finding(suite, expectation, None)
        try:
            asked = with_values(ready["kwargs"], self._values)
        except KeyError:  # a hand-written suite whose parameter has no history yet
            return Finding(suite, expectation, None)
        named = expectation.meta.get("bounds") or {}
        low, high = (self._values.get(str(named.get(end))) for end in ("low", "high"))
        return Finding(suite, expectation, asked, (low, high))

    def _asset(self, run: Run, suite: Suite, table: str, rows: str) -> dict[str, Any]:
        """Return what is judged: the table, or its latest delivery; one for all expectations about it."""
        if (table, rows) not in self._assets:
            day = _latest(run, suite, table) if rows == "latest" else None
            self._assets[table, rows] = {
                "table": table,
                "day": day,
                "open": _open_columns(run.declarations.get(suite.table)),
                "expectations": [],
            }
        return self._assets[table, rows]


def _joined(made: Iterable[Suite], written: Iterable[Suite]) -> list[Suite]:
    """Return all suites: a generated one as it was written to disk, or else as it is made in memory."""
    fresh = {suite.name: suite for suite in made}
    joined: list[Suite] = []
    for suite in written:
        own = fresh.get(suite.name)
        if suite.contract is not None and own is not None:
            if suite.contract != own.contract:
                raise ConfigurationError(
                    f"{suite.place} was generated from another declaration of {suite.name}",
                    expected="the expectations of the table as it is declared now",
                    todo="run `klantprofiel expectations`",
                )
            del fresh[suite.name]
        joined.append(suite)
    return sorted([*joined, *fresh.values()], key=lambda suite: (suite.table, suite.contract is None))


def _table_of(run: Run, suite: Suite) -> str | None:
    """Return the table of a suite as this build calls it; None for a generated one without records yet."""
    for name in (suite.table, f"identity.{suite.table}"):
        if run.has(name):
            return name
    if suite.contract is not None:
        return None
    known = [name for (name,) in run.rows("select table_name from catalog order by 1")]
    raise ConfigurationError(
        f"{suite.place} is about the table {suite.table!r}{near_miss(suite.table, known)}",
        expected='the name of a table in the build, as its "name" or in meta as "table"',
        todo="correct the suite; nothing was published",
    )


def _latest(run: Run, suite: Suite, table: str) -> str:
    """Return the day of the latest delivery of a table, as ISO text."""
    if "delivered_on" not in run.columns(table):
        raise ConfigurationError(
            f"{suite.place} asks for the latest delivery of {table}, which is not delivered",
            expected='meta.rows "all" for a table that the run makes',
        )
    ((day,),) = run.rows(
        "select coalesce((select max(delivered_on) from batches where table_name = $name), "
        f"(select max(delivered_on) from {table}), $as_of)",
        name=suite.table.removeprefix("identity."),
        as_of=run.as_of,
    )
    return str(day.isoformat())


def _open_columns(declaration: type[Table] | None) -> list[str]:
    """Return the columns of which a single value, like the largest, says nothing of a person."""
    columns = declaration.columns.items() if declaration else ()
    return [*OPEN_IN_EVERY_TABLE, *(name for name, column in columns if not column.personal)]


def _cannot_be_judged(finding: Finding, fault: str) -> ConfigurationError:
    return ConfigurationError(
        f"{finding.suite.place}: {finding.declared.type} on {_place(finding)} cannot be judged: {fault}",
        expected="an expectation that Great Expectations can judge on this table",
        todo="correct the suite and run again; nothing was published",
    )


def _place(finding: Finding) -> str:
    """Return which expectation it is: table, delivery, what it is about, column."""
    declared = finding.declared
    about = declared.meta.get("about") or declared.type
    rows = " (latest delivery)" if declared.rows == "latest" else ""
    return f"{finding.suite.table}{rows}, {about}{f' of {declared.subject}' if declared.subject else ''}"


def _body(suite: Suite) -> dict[str, Any]:
    return {
        "name": suite.name,
        "expectations": [each.as_json() for each in suite.expectations],
        "meta": dict(suite.meta),
    }
