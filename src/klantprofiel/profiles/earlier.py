"""Profiles of another date than the release's, and as they were known at another moment.

Themes are computed again, from the facts that the release holds: those up to and including the date, as far
as they were known at the moment. Nothing is written: what is made lives in a cursor of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from klantprofiel.errors import ConfigurationError
from klantprofiel.profiles.build import make_profiles
from klantprofiel.profiles.facts import KNOWN, history_of
from klantprofiel.profiles.profiles import Profiles
from klantprofiel.profiles.themes import themes_of
from klantprofiel.warehouse.tables import Connected

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    import duckdb

    from klantprofiel.profiles.theme import Facts, Theme
    from klantprofiel.project import Project
    from klantprofiel.warehouse import Statement, StoredRelease

_KNOWN_THEN: Final = "recorded_at <= $known_at and (replaced_at is null or replaced_at > $known_at)"


def profiles_at(
    release: StoredRelease, project: Project | None, *, as_of: date, known_at: datetime | None
) -> Profiles:
    """Return the profiles as of a date, from what was known at a moment: now, when it is not given.

    There is a row for every customer of whom any fact up to the date was known. Who is one customer is as
    the facts say that were known then. A theme of a project that reads direct identifiers is left out.

    Raises
    ------
    ConfigurationError
        When the date lies after that of the release.
    """
    if as_of > release.as_of:
        raise ConfigurationError(
            f"the release knows nothing of {as_of.isoformat()}",
            expected=f"a date up to and including {release.as_of.isoformat()}, that of the release",
            todo="ask an earlier date, or run the pipeline for the later one",
        )
    themes = [theme for theme in themes_of(project) if _reads_no_identity(theme)]
    earlier = Earlier(release, as_of)
    earlier.show({facts.name: facts for theme in themes for facts in theme.facts}.values(), known_at)
    make_profiles(earlier, themes)
    return Profiles(earlier)


class Earlier(Connected):
    """The tables of a release with its facts as of another moment, and what is made of them."""

    def __init__(self, release: StoredRelease, as_of: date) -> None:
        self._connection = release.cursor()
        self._as_of = as_of

    @property
    def as_of(self) -> date:
        """The date that the tables speak of."""
        return self._as_of

    def show(self, facts: Iterable[Facts], known_at: datetime | None) -> None:
        """Let every table of facts hold what was known then, and `customers` who was one by the date."""
        selects = []
        for each in facts:
            history = history_of(each.name)
            columns = {name: kind for name, kind in self.columns(history).items() if name not in KNOWN}
            known = "replaced_at is null" if known_at is None else _KNOWN_THEN
            listed = ", ".join(f'"{name}"' for name in columns)
            self._temporary(each.name, f"select {listed} from {history} where {known}", known_at=known_at)
            day = next(name for name, kind in columns.items() if kind == "DATE")
            selects.append(f'select customer_id from {each.name} where "{day}" <= $as_of')
        self._temporary("customers", " union ".join(selects), as_of=self._as_of)

    def make(
        self, statement: Statement, *, types: Mapping[str, str] | None = None, **parameters: object
    ) -> None:
        """Create or replace the table of a statement, for this reader alone."""
        self._temporary(statement.table, statement.sql(types), as_of=self._as_of, **parameters)

    def write(
        self, table: str, frame: object, *, describes: str, grain: str, made_from: Iterable[str] = ()
    ) -> None:
        """Create or replace a table from a frame, for this reader alone; what describes it is not kept."""
        del describes, grain, made_from
        self._connection.register("frame_to_write", frame)
        self._temporary(table, "from frame_to_write")

    def _temporary(self, table: str, select: str, **values: object) -> None:
        asked: dict[str, Any] = {name: value for name, value in values.items() if f"${name}" in select}
        self._connection.execute(f"create or replace temporary table {table} as {select}", asked or None)

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """Return the one cursor that sees what was made in it."""
        return self._connection


def _reads_no_identity(theme: Theme) -> bool:
    return theme.make is not None or not any(
        table.startswith("identity.") for table in theme.statement().tables
    )
