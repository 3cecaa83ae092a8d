"""Everything klantprofiel refuses, as one tree; each class carries the exit code of the command line.

KlantprofielError            1  something failed; the last release stays in force
├── ConfigurationError       2  a setting, declaration or argument is wrong
│   ├── ProjectError         2  no project here, or its klantprofiel.toml is wrong
│   └── DeclarationError     2  a table, rule, purpose or criterion is declared wrongly
├── DeliveryError            1  a delivered file does not keep its contract
├── NotFoundError            1  a table, release, segment or customer that is not there
├── PermissionRefusedError   1  no purpose, no ground, or not the owner of the warehouse
├── GateError                3  a delivery or build was judged and refused
└── LockedError              4  another builder is at work

try:
    klantprofiel.ingest(run, deliveries)
except klantprofiel.KlantprofielError as error:
    print(error)          # found, expected, what to do
    raise SystemExit(error.exit_code)
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable


class KlantprofielError(Exception):
    """What was found, what was expected and what to do now; never a person's data."""

    exit_code: ClassVar[int] = 1

    def __init__(self, found: str, *, expected: str = "", todo: str = "") -> None:
        """Keep the three parts; `str(error)` joins those that are given."""
        self.found = found
        self.expected = expected
        self.todo = todo
        parts = [found]
        if expected:
            parts.append(f"Expected: {expected}")
        if todo:
            parts.append(f"What to do: {todo}")
        super().__init__("\n  ".join(parts))


class ConfigurationError(KlantprofielError):
    """A setting, declaration or argument is wrong."""

    exit_code = 2


class ProjectError(ConfigurationError):
    """There is no project here, or its klantprofiel.toml is wrong."""


class DeclarationError(ConfigurationError):
    """A table, rule, purpose or criterion is declared wrongly."""


class DeliveryError(KlantprofielError):
    """A delivered file does not keep its contract; none of its rows is taken in."""


class NotFoundError(KlantprofielError):
    """A table, release, segment or customer that is asked for is not there."""


class PermissionRefusedError(KlantprofielError):
    """No purpose, no ground, or a caller who is not the owner of the warehouse."""


class GateError(KlantprofielError):
    """A delivery or a build was judged and refused; the last release stays in force."""

    exit_code = 3


class LockedError(KlantprofielError):
    """Another builder is at work in this warehouse."""

    exit_code = 4


def near_miss(name: str, known: Iterable[str]) -> str:
    """Return `", did you mean 'x'?"` for the known name nearest to `name`, or an empty string.

    >>> near_miss("emial", ["email", "phone"])
    ", did you mean 'email'?"
    """
    nearest = get_close_matches(name, list(known), n=1)
    return f", did you mean {nearest[0]!r}?" if nearest else ""
