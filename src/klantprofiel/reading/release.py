"""A release as analysts read it: the profiles, customers, segments and scorecards of one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Self

from klantprofiel.display import Displayed
from klantprofiel.project import find_project, resolve
from klantprofiel.warehouse import Warehouse, open_stored

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    import duckdb

    from klantprofiel.display import Summary
    from klantprofiel.profiles import Profiles
    from klantprofiel.profiles.survey import Reliability
    from klantprofiel.reading.customer import Customer
    from klantprofiel.reading.explanation import Explanation
    from klantprofiel.segmentation import Segmentation
    from klantprofiel.targeting import Scorecard
    from klantprofiel.warehouse import StoredRelease


def open_release(path: str | Path | None = None, release_id: str | None = None) -> Release:
    """Open a release of a warehouse to read: by default the one in force, in the project's own warehouse.

    What is opened stays as it is until it is closed, whatever is published meanwhile; it holds no direct
    identifiers, and nothing can be written through it.

    Parameters
    ----------
    path
        The warehouse directory; a relative path starts at the project.
    release_id
        An earlier release, as `klantprofiel releases` lists them.

    Raises
    ------
    NotFoundError
        When there is no warehouse, no release yet, or none with this id.
    ProjectError
        When no path is given and there is no project here.

    Examples
    --------
    >>> import datetime, tempfile
    >>> from klantprofiel.warehouse import Warehouse
    >>> directory = tempfile.mkdtemp()
    >>> with Warehouse(directory).run("nightly", as_of=datetime.date(2026, 10, 1)) as run:
    ...     run.create("customers", {"customer_id": "varchar"}, describes="who.", grain="One row each.")
    >>> with open_release(directory) as release:
    ...     release.release_id, release.as_of.isoformat(), release.rows("select count(*) from customers")
    ('000001-nightly', '2026-10-01', [(0,)])
    """
    root = find_project().warehouse_path if path is None else resolve(path)
    return Release(root, open_stored(root, release_id))


@dataclass(frozen=True, repr=False)
class Release(Displayed):
    """The pseudonymous tables of one release, read-only; made by `open_release`, closed by `with`."""

    root: Path
    stored: StoredRelease = field(compare=False)

    @property
    def release_id(self) -> str:
        """The id under which this release was published."""
        return self.stored.release_id

    @property
    def as_of(self) -> date:
        """The date that the tables speak of."""
        return self.stored.as_of

    @property
    def manifest(self) -> dict[str, Any]:
        """What was published: checksums, versions, and per table its row count and the run that made it."""
        return self.stored.manifest

    def has(self, table: str) -> bool:
        """Whether the release has a table of this name."""
        return self.stored.has(table)

    def columns(self, table: str) -> dict[str, str]:
        """Return the SQL type per column of a table, in its order."""
        return self.stored.columns(table)

    def sql(self, query: str, **values: object) -> duckdb.DuckDBPyRelation:
        """Ask the tables anything in SQL; scalars fill `$name`, frames of your own are tables called `name`.

        >>> recent = release.sql("select * from profiles where recency_days < $days", days=30)
        >>> 0 < len(recent) < len(release.profiles())
        True
        """
        return self.stored.sql(query, **values)

    def rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query as tuples; values as in `sql`."""
        return self.stored.rows(query, **values)

    def arrow(self, query: str, **values: object) -> Any:  # noqa: ANN401  pyarrow ships no types
        """Return the rows of a query as a `pyarrow.Table`; values as in `sql`."""
        return self.stored.arrow(query, **values)

    def digests(self) -> dict[str, str]:
        """Return a SHA-256 per pseudonymous table over its sorted rows, without run ids and run moments."""
        return self.stored.digests()

    def digest(self) -> str:
        """Return one SHA-256 for all that the release holds, its direct identifiers included.

        Equal rows give an equal digest, whenever they were built. Who may not read the direct identifiers
        compares `digests()`: one per pseudonymous table.

        Raises
        ------
        PermissionRefusedError
            When the direct identifiers are not yours to read.
        """
        return self.stored.digest()

    def profiles(self, *, as_of: date | None = None, known_at: date | datetime | None = None) -> Profiles:
        """Return the profiles: one row per customer, read when they are asked for.

        Parameters
        ----------
        as_of
            Of which date: by default that of the release. For an earlier one the variables are computed from
            the facts up to and including it, and there is a row for who was a customer then.
        known_at
            As known at which moment, in UTC; a date is its end. By default all that the release knows: what
            came late counts on the day it is about. With a moment, what a later run recorded does not count.

        Raises
        ------
        ConfigurationError
            When `as_of` lies after the date of the release.

        Examples
        --------
        >>> late = release.profiles(as_of=release.as_of, known_at=date(2020, 1, 1))
        >>> len(release.profiles()) > len(late)
        True
        """
        from klantprofiel.profiles import Profiles, profiles_at  # noqa: PLC0415  costly, and not always needed

        if known_at is None and as_of in (None, self.as_of):
            return Profiles(self)
        return profiles_at(
            self.stored,
            Warehouse(self.root).project,
            as_of=as_of or self.as_of,
            known_at=_moment(known_at),
        )

    def customer(self, customer_id: str) -> Customer:
        """Return one customer: variables, segments, sources, and the provenance of each attribute.

        The number of a customer who was merged into another gives that other.

        Raises
        ------
        NotFoundError
            When the release has no such customer.
        """
        from klantprofiel.reading.customer import read_customer  # noqa: PLC0415  the same

        return read_customer(self, customer_id)

    def explain(self, customer_id: str, other: str | None = None) -> Explanation:
        """Return why the source rows of a customer are one person, or why two customers are two.

        A waterfall in bits, the exact rules, what guard and people decided; no value of a person is in it.

        Raises
        ------
        NotFoundError
            When the release has no such customer.
        """
        from klantprofiel.reading.customer import explain  # noqa: PLC0415  the same

        return explain(self, customer_id, other)

    def reliability(self, construct: str | None = None) -> Reliability:
        """Return how reliable the scales of surveys are: Cronbach's alpha per wave, and what items do to it.

        Read when it is asked for: shown as a table, or all statistics per item with `.to_arrow()`.

        Parameters
        ----------
        construct
            The scale to tell of, as the list of items names it; by default all.

        Raises
        ------
        NotFoundError
            When the release holds no survey, or no such scale.

        Examples
        --------
        >>> release.reliability().to_arrow().select(["construct", "wave", "alpha"]).num_rows > 0
        True
        >>> release.reliability("gemakk")
        Traceback (most recent call last):
        klantprofiel.errors.NotFoundError: there is no scale 'gemakk' here, did you mean 'gemak'?
          Expected: one of doe-het-zelfplezier, duurzaamheid, gemak, inspiratie, prijsbewustzijn
        """
        from klantprofiel.profiles.survey import Reliability  # noqa: PLC0415  costly, and not always needed

        return Reliability(self, construct)

    def segmentation(self, name: str) -> Segmentation:
        """Return the segmentation that a run saved as `name`; `NotFoundError` when there is none."""
        from klantprofiel.segmentation import Segmentation  # noqa: PLC0415  the same

        return Segmentation.read(self, name)

    def scorecard(self, name: str) -> Scorecard:
        """Return the scorecard that a run saved as `name`; `NotFoundError` when there is none."""
        from klantprofiel.targeting import Scorecard  # noqa: PLC0415  the same

        return Scorecard.read(self, name)

    def summary(self) -> Summary:
        """Return the overview of the release, in Dutch: from deliveries to segments and consents."""
        from klantprofiel.reading.overview import overview  # noqa: PLC0415  the same

        return overview(self.stored)

    def report(self) -> str:
        """Return the report of the release as one HTML document, in Dutch, that stands on its own.

        It holds no script, fetches nothing, and is for many eyes: no group of fewer than ten customers can
        be read from it. `klantprofiel report` writes it to a file.

        >>> page = release.report()
        >>> page.startswith("<!doctype html>"), "<script" in page
        (True, False)
        """
        from klantprofiel.reading.report import report  # noqa: PLC0415  the same

        return report(self)

    def __repr__(self) -> str:
        """Return two lines: the release and what it holds in a few numbers."""
        from klantprofiel.display import headline  # noqa: PLC0415  the same
        from klantprofiel.reading.overview import facts  # noqa: PLC0415  the same

        title = f"Release {self.release_id}"
        return headline({"title": title, "facts": facts(self.stored), "tables": [], "notes": []})

    def close(self) -> None:
        """Close the release; what was read lazily from it can no longer be read."""
        self.stored.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _moment(known_at: date | datetime | None) -> datetime | None:
    """Return a moment in UTC, without a zone as stored moments are; a date is the last of its moments."""
    if isinstance(known_at, datetime):
        return known_at.astimezone(UTC).replace(tzinfo=None) if known_at.tzinfo else known_at
    return None if known_at is None else datetime.combine(known_at, time.max)
