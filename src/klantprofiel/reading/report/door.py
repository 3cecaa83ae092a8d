"""The page as a whole, and the file that it is written to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from klantprofiel.display import dutch_date, to_page
from klantprofiel.errors import ConfigurationError, KlantprofielError
from klantprofiel.project import MARKER, resolve
from klantprofiel.reading.report.consent import consent
from klantprofiel.reading.report.customers import customers
from klantprofiel.reading.report.quality import quality
from klantprofiel.reading.report.scorecards import scorecards
from klantprofiel.reading.report.segments import segments
from klantprofiel.reading.report.short import short
from klantprofiel.reading.report.sources import sources
from klantprofiel.warehouse import write_file

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.reading.release import Release

OUTPUT: Final = "uitvoer"  # the directory of a project that is made when it is not there
PRIVATE, SHARED = 0o600, 0o640  # the analysts' group may read a report
SUBTITLE: Final = (
    "Peildatum {day}, release {release}. Groepen van minder dan tien klanten zijn hierin niet te lezen en "
    "niet uit te rekenen, en er staat geen gegeven van een persoon in."
)


def report(release: Release) -> str:
    """Return the report of a release as one HTML document; the same release gives the same bytes."""
    chapters = [part(release) for part in (short, sources, quality, customers, segments, scorecards, consent)]
    subtitle = SUBTITLE.format(day=dutch_date(release.as_of), release=release.release_id)
    return to_page("Klanten in beeld", chapters, subtitle=subtitle)


def write_report(release: Release, path: str | Path) -> Path:
    """Write the report of a release to a file, as a whole or not at all, and return where it stands.

    A relative path starts at the project, of which uitvoer/ is made when it is not there. An earlier file is
    replaced. The file can be read by its owner and group.

    Raises
    ------
    ConfigurationError
        When the path is that of something else than an ordinary file, or in a directory that is not there.
    KlantprofielError
        When the file cannot be written.

    Examples
    --------
    >>> path = write_report(release, f"uitvoer/{release.as_of:%Y%m%d}.html")
    >>> path.name, path.read_text(encoding="utf-8").startswith("<!doctype html>")
    ('20260903.html', True)
    """
    file = resolve(path)
    try:
        _refuse_wrong_place(file)
        content = report(release).encode()
        file.parent.mkdir(exist_ok=True)
        write_file(file, content, PRIVATE)
        file.chmod(SHARED)
    except OSError as error:
        raise KlantprofielError(
            f"the report cannot be written to {file}: {error.strerror}",
            expected="the name of a file in a directory that you may write in",
            todo="name another file",
        ) from None
    return file


def _refuse_wrong_place(file: Path) -> None:
    """Refuse what a rename would destroy or what is not there to write in; touch nothing."""
    if (file.exists() or file.is_symlink()) and not file.is_file():
        raise ConfigurationError(
            f"the report cannot be written to {file}: that is no ordinary file",
            expected="a new file, or an earlier report, which is replaced",
            todo="name another file",
        )
    folder = file.parent
    is_output = folder.name == OUTPUT and (folder.parent / MARKER).is_file()
    if not folder.is_dir() and not is_output:
        raise ConfigurationError(
            f"the report cannot be written to {file}: {folder} is no directory",
            expected="a file in a directory that is there",
            todo="make the directory, or name another file",
        )
