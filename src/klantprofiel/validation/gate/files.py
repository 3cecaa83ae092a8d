"""The generated suites of a project, as files beside those written by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from klantprofiel.errors import ConfigurationError
from klantprofiel.schema import Table
from klantprofiel.validation.expected import suites_for
from klantprofiel.validation.gate.process import lent_judge
from klantprofiel.validation.gate.suites import FOLDER, Suite, check_parameters, read_suites, suite_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from klantprofiel.project import Project


@dataclass(frozen=True)
class ExpectationFiles:
    """What `klantprofiel expectations` found: files by name, and how many suites were written by hand."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    by_hand: tuple[str, ...]


def write_expectations(project: Project) -> ExpectationFiles:
    """Write the suite of every declared table of a project in schemas/expectations/; never one made by hand.

    A generated suite whose table is no longer declared is removed. The suites made by hand are checked.

    Raises
    ------
    ConfigurationError
        When a suite made by hand is wrong, or has the file name of a declared table.
    """
    folder = project.path(FOLDER)
    fresh, stale, found = _compared(project)
    if fresh:
        folder.mkdir(parents=True, exist_ok=True)
    for name, text in fresh.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name in stale:
        (folder / name).unlink()
    return found


def check_expectations(project: Project) -> ExpectationFiles:
    """Refuse generated suites that are not as the project's tables are declared now; change nothing.

    Raises
    ------
    ConfigurationError
        Naming the files; also as `write_expectations`.
    """
    fresh, stale, found = _compared(project)
    if fresh or stale:
        raise ConfigurationError(
            f"out of date in {FOLDER}: {', '.join(sorted([*fresh, *stale]))}",
            expected="the expectations of the tables as they are declared now",
            todo="run `klantprofiel expectations`",
        )
    return found


def declared_tables(project: Project) -> list[type[Table]]:
    """Return every table that is declared in schemas/*.py, by name.

    Raises
    ------
    ConfigurationError
        When two tables have one name.
    """
    tables: dict[str, type[Table]] = {}
    for name in project.schemas():
        module = project.schema(name)
        for value in vars(module).values():
            is_own = isinstance(value, type) and value.__module__ == module.__name__
            if is_own and issubclass(value, Table) and tables.setdefault(value.name, value) is not value:
                raise ConfigurationError(
                    f"two tables are called {value.name}", expected="one declaration per name"
                )
    return [tables[name] for name in sorted(tables)]


def _compared(project: Project) -> tuple[dict[str, str], list[str], ExpectationFiles]:
    """Return the files to write with their text, those to remove, and the account of all."""
    folder = project.path(FOLDER)
    made = suites_for(declared_tables(project))
    texts = {f"{suite['name']}.json": _text(suite) for suite in made}
    generated = [suite_of(suite) for suite in made]
    by_hand = _by_hand(folder, set(texts))
    _check_by_hand(by_hand, generated)
    names = {_name(suite) for suite in by_hand}
    on_disk = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.json"))}
    fresh = {name: text for name, text in texts.items() if on_disk.get(name) != text}
    stale = [name for name in on_disk if name not in texts and name not in names]
    unchanged = tuple(name for name in texts if name not in fresh)
    return fresh, stale, ExpectationFiles(tuple(fresh), tuple(stale), unchanged, tuple(sorted(names)))


def _by_hand(folder: Path, generated: set[str]) -> list[Suite]:
    suites = [suite for suite in read_suites(folder) if suite.contract is None]
    for suite in suites:
        if _name(suite) in generated:
            raise ConfigurationError(
                f"{suite.file} was made by hand, and has the name of a generated suite",
                expected="a name of its own, with the table it is about as meta.table",
                todo="rename the file; nothing is overwritten",
            )
    return suites


def _check_by_hand(by_hand: Sequence[Suite], generated: Iterable[Suite]) -> None:
    """Let Great Expectations read what was made by hand, and name what it does not know."""
    check_parameters(by_hand, {name for suite in generated for name in suite.parameters()})
    numbered = list(enumerate((suite, each) for suite in by_hand for each in suite.expectations))
    if not numbered:
        return
    asked: list[dict[str, Any]] = [
        {"number": n, "type": each.type, "kwargs": dict(each.kwargs), "severity": each.severity}
        for n, (_, each) in numbered
    ]
    with lent_judge() as judge:
        faults = judge.ask({"do": "check", "expectations": asked})["faults"]
    for number, (suite, each) in numbered:
        if fault := faults.get(str(number)):
            raise ConfigurationError(
                f"{suite.file}, expectation {suite.expectations.index(each) + 1} ({each.type}): {fault}",
                expected="an expectation as Great Expectations knows it",
                todo="correct the file",
            )


def _name(suite: Suite) -> str:
    return suite.file.removeprefix(f"{FOLDER}/")


def _text(suite: object) -> str:
    return json.dumps(suite, ensure_ascii=False, indent=2) + "\n"
