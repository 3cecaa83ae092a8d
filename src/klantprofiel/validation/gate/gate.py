"""The gate of a run: which expectations hold, asked of the closed build before it is published."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.errors import ConfigurationError, GateError, KlantprofielError, near_miss
from klantprofiel.ingestion import Land
from klantprofiel.validation.expected import (
    filled,
    parameters,
    parameters_of_day,
    profile_suite,
    suites_for,
)
from klantprofiel.validation.gate.accept import acceptances
from klantprofiel.validation.gate.days import blamed, days_apart, days_caught_up
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
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from klantprofiel.ingestion import Batch
    from klantprofiel.schema import Table
    from klantprofiel.validation.gate.process import Judge
    from klantprofiel.warehouse import Run

TOLD: Final = 5  # broken expectations in the error; the page has all
OPEN_IN_EVERY_TABLE: Final = ("delivered_on", "recorded_at")


@dataclass(frozen=True)
class Verdict:
    """What was found of every expectation of one run, and which deliveries were set aside for it."""

    findings: Sequence[Finding]
    run_id: str
    as_of: date
    set_aside: tuple[Batch, ...] = ()

    @property
    def results(self) -> bytes:
        """The results as JSON, in the form of Great Expectations; no value of a person."""
        results = results_of(
            self.findings, run_id=self.run_id, as_of=self.as_of.isoformat(), set_aside=self.set_aside
        )
        return json.dumps(results, ensure_ascii=False, indent=1).encode()

    @property
    def page(self) -> bytes:
        """The same as a page in Dutch."""
        return page_of(self.findings, run_id=self.run_id, as_of=self.as_of, set_aside=self.set_aside).encode()

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
        aside = " and ".join(sorted({f"land/{batch.table_name}/refused" for batch in self.set_aside}))
        return GateError(
            f"the build does not keep {len(broken)} of "
            f"{statistics_of(self.findings)['evaluated_expectations']} expectations: {found}{more}",
            expected=asked + more,
            todo=f"look at {page}; have the delivery mended and delivered again, or when this is right: "
            f'klantprofiel accept {self.run_id} --by NAME --because "...", and deliver the same file again'
            + (f"; until then it is kept in {aside}" if aside else ""),
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
        self._new: list[Batch] = []
        self._apart: dict[str, set[date]] = {}
        self._caught_up: dict[str, set[date]] = {}
        self._values_of: dict[tuple[str, date], dict[str, object]] = {}
        self._findings: list[Finding] = []
        self._assets: dict[tuple[str, str | None], dict[str, Any]] = {}

    def read(self, run: Run, new: Iterable[Batch]) -> None:
        """Read the suites and the bounds that history gives, while the last release's profiles are there.

        `new` are the deliveries that were loaded since the last call.

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
        self._new += new
        self._apart = days_apart(run, self._new)
        self._caught_up = days_caught_up(run, self._new)
        self._values = parameters(run, [_body(suite) for suite in self._suites], apart=self._apart)
        self._values_of = {
            (suite.table, day): self._values_on(run, suite, day)
            for suite in generated
            for day in self._days_of(suite.table)
        }
        known = {name for suite in made for name in suite.parameters()} | set(self._values)
        check_parameters((suite for suite in self._suites if suite.contract is None), known)

    def prepare(self, run: Run) -> None:
        """Look up the tables that are judged, now that all are made."""
        self._run_id, self._as_of, self._land = run.run_id, run.as_of, run.land
        self._accepted = acceptances(run.warehouse.ledger)
        self._findings, self._assets = [], {}
        for suite in self._suites:
            table = _table_of(run, suite)
            if table is None:
                continue
            for finding in self._asked_of(run, suite, table):
                if finding.asked is not None:
                    asset = self._asset(run, table, finding)
                    asset["expectations"].append(
                        {
                            "number": len(self._findings),
                            "type": finding.declared.type,
                            "kwargs": finding.asked,
                            "severity": finding.declared.severity,
                        }
                    )
                self._findings.append(finding)

    def judge(self, build: Path, settings: Mapping[str, Any]) -> Verdict:
        """Judge the closed build in a directory, and set the deliveries aside that it is refused for.

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
        set_aside = blamed(self._findings, self._new)
        for batch in set_aside:
            Land(self._land, batch.table_name).set_aside(batch.sha256)
        return Verdict(tuple(self._findings), self._run_id, self._as_of, set_aside)

    def close(self) -> None:
        """End the process, unless it is lent to other runs too."""
        self._end.close()

    def _days_of(self, table: str) -> list[date]:
        """Return the days that a table is judged on besides its latest."""
        return sorted(self._apart.get(table, set()) | self._caught_up.get(table, set()))

    def _values_on(self, run: Run, suite: Suite, day: date) -> dict[str, object]:
        """Return the parameters with those of one table as they are for a day that is not its latest."""
        without = self._apart.get(suite.table, set()) - {day}
        own = parameters_of_day(run, run.declarations[suite.table], day, without=without)
        others = self._values.keys() - suite.parameters()
        return {name: self._values[name] for name in others} | own

    def _asked_of(self, run: Run, suite: Suite, table: str) -> Iterator[Finding]:
        """Yield what is asked of a table and its latest delivery, then what else is asked of other days."""
        is_delivered = any(each.rows == "latest" for each in suite.expectations)
        latest = _latest(run, suite, table) if is_delivered else None
        asked = [
            _asked(suite, each, self._values, latest if each.rows == "latest" else None)
            for each in suite.expectations
        ]
        yield from asked
        name = suite.table.removeprefix("identity.")
        for day in self._days_of(name):
            for before in asked:
                finding = _asked(suite, before.declared, self._values_of[name, day], day)
                is_other = before.declared.rows == "latest" or finding.asked != before.asked
                if finding.asked is not None and is_other:
                    yield finding

    def _asset(self, run: Run, table: str, finding: Finding) -> dict[str, Any]:
        """Return what is judged: the table, or its delivery of a day; one for all expectations about it."""
        is_of_day = finding.day and finding.declared.rows == "latest"
        day = str(finding.day) if is_of_day else None
        if (table, day) not in self._assets:
            self._assets[table, day] = {
                "table": table,
                "day": day,
                "open": _open_columns(run.declarations.get(finding.suite.table)),
                "expectations": [],
            }
        return self._assets[table, day]


def _asked(suite: Suite, expectation: Expectation, values: Mapping[str, object], day: date | None) -> Finding:
    """Return a finding with what is asked, its parameters filled in; nothing found yet."""
    nothing = Finding(suite, expectation, None, day=day)
    ready = filled(expectation.as_json(), values)
    if ready is None:
        return nothing
    try:
        asked = with_values(ready["kwargs"], values)
    except KeyError:  # a hand-written suite whose parameter has no history yet
        return nothing
    named = expectation.meta.get("bounds") or {}
    low, high = (values.get(str(named.get(end))) for end in ("low", "high"))
    return replace(nothing, asked=asked, bounds=(low, high))


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


def _latest(run: Run, suite: Suite, table: str) -> date:
    """Return the day of the latest delivery of a table."""
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
    latest: date = day
    return latest


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
    rows = f" (delivery of {finding.day})" if finding.day else ""
    return f"{finding.suite.table}{rows}, {about}{f' of {declared.subject}' if declared.subject else ''}"


def _body(suite: Suite) -> dict[str, Any]:
    return {
        "name": suite.name,
        "expectations": [each.as_json() for each in suite.expectations],
        "meta": dict(suite.meta),
    }
