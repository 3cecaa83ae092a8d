"""The demonstration: deliveries made, the project's own pipelines run on them, and in Dutch what came out."""

from __future__ import annotations

import os
import sys
from contextvars import copy_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.demo.company import DELIVERY_DAYS, NAME
from klantprofiel.demo.generate import DELIVERIES, TRUTH, generate
from klantprofiel.display import Share, show, to_text
from klantprofiel.exports import Account
from klantprofiel.project import Project, activate
from klantprofiel.purposes import shown_count, shown_groups
from klantprofiel.reading import open_release
from klantprofiel.warehouse import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.display import Summary, SummaryTable
    from klantprofiel.reading import Release

SEGMENTATION: Final = "koopgedrag"  # the names that the demo company's pipelines give their results
SCORECARD: Final = "najaar"
ONCE: Final = ("segmentation", "targeting")  # the pipelines that run after the last delivery


def run_demo(project: Project | str | Path, *, customers: int = 20_000, seed: int = 1) -> str:
    """Make the fictional company's deliveries in a project, run its pipelines, and print what came out.

    The project's `pipelines/nightly.py` runs for each of the three delivery days, then `segmentation` and
    `targeting`. The same project, number and seed give the same release. `klantprofiel demo` is this.

    Parameters
    ----------
    project
        A project with the demo company's schemas and pipelines, as `klantprofiel init` writes them.
    customers
        How many persons there are, at least 1.
    seed
        Which fictional world, at least 0.

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
    return copy_context().run(_run, root, customers, seed)  # the project is active in here only


def _run(root: Path, customers: int, seed: int) -> str:
    project = activate(root)
    _tell(f"leveringen van {NAME} maken")
    generate(project.root, customers, seed)
    warehouse = Warehouse(project.warehouse_path)
    runs = [("nightly", day) for day in DELIVERY_DAYS] + [(name, DELIVERY_DAYS[-1]) for name in ONCE]
    for name, day in runs:
        _tell(f"pipelines/{name}.py, peildatum {day:%d-%m-%Y}")
        project.pipeline(name).main(warehouse, day)
    with open_release(project.warehouse_path) as release:
        summary = summarise(project, release)
    show(summary)
    return to_text(summary)


def summarise(project: Project, release: Release) -> Summary:
    """Return in Dutch what the demonstration made, from deliveries to export, and where it lies."""
    warehouse = Warehouse(release.root)
    export = warehouse.ledger.exports()[-1]
    places = {
        "Leveringen": project.path(DELIVERIES),
        "Release": warehouse.store.files(release.release_id).main,
        "Export": Path(export["file"]),
        "Schema's": project.path("schemas"),
        "Pipelines": project.path("pipelines"),
        "Notebooks": project.path("notebooks"),
        "Wat er werkelijk speelt": project.path(TRUTH),
    }
    return {
        "title": f"{NAME} (verzonnen), release {release.release_id}",
        "facts": dict(_facts(release)),
        "tables": [
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
    ((n_files, n_records, n_quarantined),) = release.rows(
        "select count(*), sum(n_records)::bigint, sum(n_quarantined)::bigint from batch_accounts"
    )
    ((n_customers, n_numbers, n_joined),) = release.rows(
        "select count(*), sum(n_records)::bigint, count(*) filter (where n_sources > 1) from customers"
    )
    yield "Peildatum", release.as_of
    yield "Leveringen", f"{len(DELIVERY_DAYS)} dagen, {n_files} bestanden"
    yield "Records", n_records
    yield "In quarantaine", n_quarantined
    yield "Klantnummers in de bronnen", n_numbers
    yield "Klanten daarachter", n_customers
    yield "Waarvan in beide bronnen", n_joined


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
