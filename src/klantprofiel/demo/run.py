"""The demonstration: deliveries made, the project's own pipelines run on them, and in Dutch what came out."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from contextvars import copy_context
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.demo.company import NAME, delivery_days
from klantprofiel.demo.files import DELIVERIES, TRUTH
from klantprofiel.demo.generate import generate
from klantprofiel.display import Share, show, to_text
from klantprofiel.exports import Account
from klantprofiel.project import Project, activate
from klantprofiel.purposes import shown_count, shown_groups
from klantprofiel.reading import open_release, write_report
from klantprofiel.validation import one_judge
from klantprofiel.warehouse import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.display import Summary, SummaryTable
    from klantprofiel.reading import Release
    from klantprofiel.warehouse import Run

DAYS: Final = 14  # of daily deliveries after the first: two weeks show all, a year takes many minutes
REPORT: Final = "uitvoer/rapport.html"
SEGMENTATION: Final = "koopgedrag"  # the names that the demo company's pipelines give their results
SCORECARD: Final = "najaar"
RUNS_AT: Final = time(3, tzinfo=UTC)  # in the night after the date that a run speaks of
ONCE: Final = ("segmentation", "targeting")  # the pipelines that run after the last delivery


def run_demo(
    project: Project | str | Path, *, customers: int = 20_000, seed: int = 1, days: int = DAYS
) -> str:
    """Make the fictional company's deliveries in a project, run its pipelines, and print what came out.

    The project's `pipelines/nightly.py` runs for the first delivery, once to catch up on the nights up to the
    last, and for the last; then `segmentation` and `targeting`. The same project and numbers
    give the same release. `klantprofiel demo` is this.

    Parameters
    ----------
    project
        A project with the demo company's schemas and pipelines, as `klantprofiel init` writes them.
    customers
        How many persons there are, at least 1.
    seed
        Which fictional world, at least 0.
    days
        How many daily deliveries follow the first, 0 to 365.

    Returns
    -------
    str
        The summary that was printed, in Dutch, with paths relative to the working directory.

    Raises
    ------
    ConfigurationError
        When the project holds other deliveries, or too few customers for its segments.
    """
    root = project.root if isinstance(project, Project) else Path(project)
    return copy_context().run(_run, root, customers, seed, days)  # the project is active in here only


def _run(root: Path, customers: int, seed: int, days: int) -> str:
    project = activate(root)
    warehouse = _AtNight(project.warehouse_path)
    with one_judge():  # it loads while the deliveries are made
        _tell(f"leveringen van {NAME} maken")
        generate(project.root, customers, seed, days)
        for name, day in runs(days):
            _tell(f"pipelines/{name}.py, peildatum {day:%d-%m-%Y}")
            project.pipeline(name).main(warehouse, day)
    with open_release(project.warehouse_path) as release:
        write_report(release, project.path(REPORT))
        summary = summarise(project, release)
    show(summary)
    return to_text(summary)


class _AtNight(Warehouse):
    """A warehouse whose runs are recorded in the night after their date: news is then as late as it was."""

    @contextmanager
    def run(self, name: str, as_of: date, *, recorded_at: datetime | None = None) -> Iterator[Run]:
        night = datetime.combine(as_of + timedelta(days=1), RUNS_AT)
        with super().run(name, as_of, recorded_at=recorded_at or night) as run:
            yield run


def runs(days: int) -> list[tuple[str, date]]:
    """Return which pipelines the demonstration runs, and as of which day.

    >>> [f"{name} {day:%d-%m}" for name, day in runs(14)]
    ['nightly 20-08', 'nightly 02-09', 'nightly 03-09', 'segmentation 03-09', 'targeting 03-09']
    """
    nights = delivery_days(days)
    return [("nightly", day) for day in dict.fromkeys((nights[0], *nights[-2:]))] + [
        (name, nights[-1]) for name in ONCE
    ]


def summarise(project: Project, release: Release) -> Summary:
    """Return in Dutch what the demonstration made, from deliveries to export, and where it lies."""
    warehouse = Warehouse(release.root)
    export = warehouse.ledger.exports()[-1]
    places = {
        "Leveringen": project.path(DELIVERIES),
        "Release": warehouse.store.files(release.release_id).main,
        "Export": Path(export["file"]),
        "Rapport": project.path(REPORT),
        "Schema's": project.path("schemas"),
        "Pipelines": project.path("pipelines"),
        "Notebooks": project.path("notebooks"),
        "Wat er werkelijk speelt": project.path(TRUTH),
    }
    return {
        "title": f"{NAME} (verzonnen), release {release.release_id}",
        "facts": dict(_facts(release)),
        "tables": [
            _sources(release),
            _segments(release),
            _ranking(release),
            gross_to_net(export),
            _places(places),
        ],
        "notes": [
            f"Meer zien: klantprofiel --project {_from_here(project.root)} overview",
            "Verder lezen: notebooks/01_eerste_kennismaking.py, in het project uit te voeren.",
        ],
    }


def _facts(release: Release) -> Iterator[tuple[str, object]]:
    ((n_days,),) = release.rows("select count(distinct delivered_on) from batches")
    ((n_files, n_records, n_quarantined),) = release.rows(
        "select count(*), sum(n_records)::bigint, sum(n_quarantined)::bigint from batch_accounts"
    )
    ((n_customers, n_numbers, n_joined),) = release.rows(
        "select count(*), sum(n_records)::bigint, count(*) filter (where n_sources > 1) from customers"
    )
    yield "Peildatum", release.as_of
    yield "Leveringen", f"{n_days} dagen, {n_files} bestanden"
    yield "Records", n_records
    yield "In quarantaine", n_quarantined
    yield "Klantnummers in de bronnen", n_numbers
    yield "Klanten daarachter", n_customers
    yield "Waarvan in beide bronnen", n_joined


def _sources(release: Release) -> SummaryTable:
    rows = release.rows(
        """
        select source, table_name, count(*), sum(n_loaded + n_quarantined)::bigint, sum(n_quarantined)::bigint
        from batches join batch_accounts using (batch_id, table_name)
        group by all order by all
        """
    )
    return {
        "title": "Bronnen",
        "columns": ("Bron", "Tabel", "Bestanden", "Records", "In quarantaine"),
        "rows": [tuple(row) for row in rows],
    }


def _segments(release: Release) -> SummaryTable:
    rows = release.segmentation(SEGMENTATION).sizes().to_pylist()
    shown = shown_groups([row["size"] for row in rows])
    return {
        "title": f"Segmenten van {SEGMENTATION}",
        "columns": ("Segment", "Kenmerk", "Klanten", "Aandeel"),
        "rows": [
            (row["segment_id"], row["label"], n, Share(row["share"]) if n == row["size"] else n)
            for row, n in zip(rows, shown, strict=True)
        ],
    }


def _ranking(release: Release) -> SummaryTable:
    ranking: SummaryTable = release.scorecard(SCORECARD).summary()["tables"][0]
    return {**ranking, "title": f"Scorekaart {SCORECARD}"}


def gross_to_net(export: dict[str, Any]) -> SummaryTable:
    """Return the account of the export, with small steps neither by themselves nor by subtraction."""
    (gross, n_gross), *steps = Account(**export["account"]).steps()
    shown = shown_groups([abs(n) for _, n in steps])
    rows = [
        (step, n if n_shown == abs(n) else n_shown) for (step, n), n_shown in zip(steps, shown, strict=True)
    ]
    return {
        "title": "Export voor de nieuwsbrief, van bruto naar netto",
        "columns": ("Stap", "Klanten"),
        "rows": [(gross, shown_count(n_gross)), *rows],
    }


def _places(places: dict[str, Path]) -> SummaryTable:
    return {
        "title": "Waar alles ligt",
        "columns": ("Wat", "Waar"),
        "rows": [(what, _from_here(path)) for what, path in places.items()],
    }


def _from_here(path: Path) -> str:
    return os.path.relpath(path)


def _tell(step: str) -> None:
    """Say on the error stream what is being done: a minute is long without a word."""
    sys.stderr.write(f"  {step} ...\n")
