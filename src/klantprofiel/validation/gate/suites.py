"""Suites of expectations: generated from declarations, or written by hand in schemas/expectations/."""

from __future__ import annotations

import errno
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.errors import ConfigurationError, near_miss

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

FOLDER: Final = "schemas/expectations"
ROWS: Final = ("all", "latest")
DEEPEST: Final = 50  # levels of a suite: its own six, and what people ask
SEVERITIES: Final = ("critical", "warning", "info")
_IN_SQL: Final = re.compile(r"\$([A-Za-z]\w*)")  # a parameter inside custom SQL
FORM: Final = '{"name": "crm_customers", "expectations": [{"type": "expect_...", "kwargs": {...}}]}'


@dataclass(frozen=True)
class Expectation:
    """One expectation of a suite, in the words of Great Expectations; `meta` is ours."""

    type: str
    kwargs: Mapping[str, Any]
    meta: Mapping[str, Any] = field(default_factory=dict)
    severity: str = "critical"

    @property
    def rows(self) -> str:
        """Which rows are judged: `all` of the table, or those of its `latest` delivery."""
        return str(self.meta.get("rows", "all"))

    @property
    def subject(self) -> str:
        """What it is about: its columns, or nothing when it is about the whole table."""
        named = self.meta.get("column") or self.kwargs.get("column") or self.kwargs.get("column_list")
        if named is None and "column_A" in self.kwargs:
            named = [self.kwargs["column_A"], self.kwargs["column_B"]]
        return ", ".join(named) if isinstance(named, list) else str(named or "")

    def as_json(self) -> dict[str, Any]:
        """Return it as it stands in a suite."""
        return {
            "type": self.type,
            "kwargs": dict(self.kwargs),
            "meta": dict(self.meta),
            "severity": self.severity,
        }


@dataclass(frozen=True)
class Suite:
    """The expectations about one table; `file` says where they were written, empty when made in memory."""

    name: str
    expectations: tuple[Expectation, ...]
    meta: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""

    @property
    def table(self) -> str:
        """The table that is judged."""
        return str(self.meta.get("table", self.name))

    @property
    def contract(self) -> str | None:
        """The fingerprint of the declaration that it was generated from; None when written by hand."""
        return self.meta.get("contract")

    @property
    def place(self) -> str:
        """Where to look, for an error."""
        return self.file or f"the generated suite {self.name}"

    def parameters(self) -> set[str]:
        """Return the names of the parameters in its expectations."""
        return {name for each in self.expectations for name in _parameters(each.kwargs)}


def read_suites(folder: Path) -> list[Suite]:
    """Return the suites in a directory, in the order of their names; none when it is not there.

    Raises
    ------
    ConfigurationError
        Naming the file, the expectation and what is wrong with it.
    """
    return [read_suite(path) for path in sorted(folder.glob("*.json"))]


def read_suite(path: Path) -> Suite:
    """Return the suite in a file; raises as `read_suites`."""
    place = f"{FOLDER}/{path.name}"
    try:
        text = _text_of(path)
        body = json.loads(text, object_pairs_hook=_each_name_once)
    except OSError as error:
        raise ConfigurationError(
            f"{place} cannot be read: {error.strerror}",
            expected="an ordinary file that you may read",
            todo="take it out of the directory, or put the suite there",
        ) from None
    except ValueError as error:
        raise ConfigurationError(f"{place} is not JSON: {error}", expected=FORM) from None
    except RecursionError:
        raise _too_deep(place) from None
    if _is_deep(body):
        raise _too_deep(place)
    return suite_of(body, file=place)


def suite_of(body: object, *, file: str = "") -> Suite:
    """Return a suite from its JSON.

    >>> suite = suite_of({"name": "profiles", "expectations": []})
    >>> suite.table, suite.contract
    ('profiles', None)
    """
    place = file or "a generated suite"
    if not isinstance(body, dict) or not isinstance(body.get("name"), str) or not body["name"]:
        raise ConfigurationError(f"{place} has no name", expected=FORM)
    expectations = body.get("expectations")
    if not isinstance(expectations, list):
        raise ConfigurationError(f"{place} has no list of expectations", expected=FORM)
    meta = _mapping(body, "meta", place)
    read = tuple(_expectation(each, f"{place}, expectation {n}") for n, each in enumerate(expectations, 1))
    return Suite(body["name"], read, meta, file)


def check_parameters(suites: Iterable[Suite], known: Collection[str]) -> None:
    """Refuse a parameter that no declaration and no history gives: it would never be judged."""
    for suite in suites:
        for name in sorted(suite.parameters() - set(known)):
            raise ConfigurationError(
                f"{suite.place} asks for the parameter {name!r}{near_miss(name, known)}",
                expected="a parameter that a generated suite uses",
                todo="list them with `klantprofiel expectations`, or write the number itself",
            )


def with_values(value: Any, parameters: Mapping[str, object]) -> Any:  # noqa: ANN401  JSON of any depth
    """Return a JSON value with each `{"$PARAMETER": name}` in it replaced; KeyError when one has no value.

    >>> with_values({"min_value": {"$PARAMETER": "low"}, "mostly": 0.9}, {"low": 3})
    {'min_value': 3, 'mostly': 0.9}
    """
    if isinstance(value, dict):
        if "$PARAMETER" in value:
            return parameters[value["$PARAMETER"]]
        return {name: with_values(part, parameters) for name, part in value.items()}
    if isinstance(value, list):
        return [with_values(part, parameters) for part in value]
    return value


def _text_of(path: Path) -> str:
    """Return the text of an ordinary file; a pipe would be waited on for ever."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no ordinary file")
    return path.read_text(encoding="utf-8")


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object; of a name that is given twice nobody knows which is meant."""
    body: dict[str, Any] = {}
    for name, value in pairs:
        if name in body:
            raise ValueError(f"{name!r} is given twice in one object")
        body[name] = value
    return body


def _is_deep(body: object) -> bool:
    level = [body]
    for _ in range(DEEPEST):
        level = [part for each in level for part in _parts(each)]
    return bool(level)


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _too_deep(place: str) -> ConfigurationError:
    return ConfigurationError(f"{place} is nested deeper than {DEEPEST} levels", expected=FORM)


def _parameters(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if "$PARAMETER" in value:
            yield str(value["$PARAMETER"])
        for part in value.values():
            yield from _parameters(part)
    elif isinstance(value, list):
        for part in value:
            yield from _parameters(part)
    elif isinstance(value, str):
        yield from _IN_SQL.findall(value)


def _expectation(body: object, place: str) -> Expectation:
    if not isinstance(body, dict) or not isinstance(body.get("type"), str):
        raise ConfigurationError(f"{place} has no type", expected=FORM)
    place = f"{place} ({body['type']})"
    if unknown := sorted(set(body) - {"type", "kwargs", "meta", "severity", "id", "notes", "description"}):
        raise ConfigurationError(f"{place} has {unknown[0]!r}", expected="type, kwargs, meta, severity")
    kwargs, meta = _mapping(body, "kwargs", place), _mapping(body, "meta", place)
    for name, value, known in (
        ("meta.rows", meta.get("rows", ROWS[0]), ROWS),
        ("severity", body.get("severity", SEVERITIES[0]), SEVERITIES),
    ):
        if value not in known:
            raise ConfigurationError(f"{place} has {name} {value!r}", expected=" or ".join(known))
    return Expectation(body["type"], kwargs, meta, body.get("severity", SEVERITIES[0]))


def _mapping(body: Mapping[str, Any], name: str, place: str) -> Mapping[str, Any]:
    value = body.get(name, {})
    if not isinstance(value, dict):
        raise ConfigurationError(f"{place} has {name} that is no object", expected=f'"{name}": {{...}}')
    return value
