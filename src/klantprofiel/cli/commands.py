"""The commands. Each imports the room it needs when it runs, so that `--help` answers at once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from klantprofiel.cli.identity import identity
from klantprofiel.errors import ConfigurationError, KlantprofielError
from klantprofiel.project import activate, find_project

if TYPE_CHECKING:
    from datetime import datetime

    from klantprofiel.reading import Release
    from klantprofiel.warehouse import Warehouse

DAY = click.DateTime(formats=["%Y-%m-%d"])
REPORT = "uitvoer/rapport.html"  # in the project


@dataclass
class Options:
    """What stands before the command."""

    debug: bool = False


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--project", metavar="DIR", help="The project to work in; by default the one around here.")
@click.option("--debug", is_flag=True, help="Show whole errors. They may hold personal data.")
@click.version_option(package_name="klantprofiel", message="%(prog)s %(version)s")
@click.pass_obj
def commands(options: Options, *, project: str | None, debug: bool) -> None:
    """From raw deliveries to a defensible choice of customers.

    Exit codes: 0 done, 1 failed, 2 configuration or usage, 3 a gate refused, 4 another builder is at work.
    """
    options.debug = debug
    if project is not None:
        activate(project)


commands.add_command(identity)


@commands.command()
@click.argument("directory", metavar="DIR")
def init(directory: str) -> None:
    """Write a new project in DIR.

    It gets the schemas, pipelines and notebooks of the demo company, to run and to change. Nothing that is
    already there is overwritten.
    """
    from klantprofiel.cli.skeleton import write_skeleton  # noqa: PLC0415 - its files are only read here

    if not directory.strip():
        raise ConfigurationError(
            "DIR is empty",
            expected="the directory that becomes the project",
            todo="name it, or give . for the directory where you stand",
        )
    written = write_skeleton(Path(directory))
    click.echo(f"{len(written)} files written in {directory}")
    click.echo(f"  to see it work:  klantprofiel --project {directory} demo")


@commands.command()
@click.option(
    "--customers", default=20_000, show_default=True, type=click.IntRange(min=1), help="How many people."
)
@click.option(
    "--seed", default=1, show_default=True, type=click.IntRange(min=0), help="Which fictional world."
)
@click.option(
    "--days",
    default=14,
    show_default=True,
    type=click.IntRange(0, 365),
    help="How many daily deliveries follow the first.",
)
def demo(customers: int, seed: int, days: int) -> None:
    """Go the whole way on a fictional Dutch retailer.

    Makes its deliveries, runs the pipelines of the project on them, and says in Dutch what came out and
    where everything lies.
    """
    from klantprofiel.demo import run_demo  # noqa: PLC0415 - as the module says

    run_demo(find_project(), customers=customers, seed=seed, days=days)


@commands.command()
@click.argument("name")
@click.option("--as-of", required=True, type=DAY, help="The date that the tables will speak of.")
def run(name: str, as_of: datetime) -> None:
    """Run pipelines/NAME.py; all tables are published or none."""
    project = find_project()
    warehouse = _warehouse()
    before = warehouse.current()
    try:
        project.pipeline(name).main(warehouse, as_of.date())
    except SystemExit as error:
        raise KlantprofielError(
            f"pipelines/{name}.py exited before its end; {_outcome(before, warehouse.current())}",
            expected="a main that returns when it is done, and raises an error when it is not",
            todo="take the exit out of the pipeline; `klantprofiel --debug` shows where it is",
        ) from error
    after = warehouse.current()
    click.echo(_outcome(before, after))
    if after is not None and after != before:
        click.echo(_verdict(warehouse, after), nl=False)


@commands.command()
@click.option("--check", is_flag=True, help="Change nothing; exit code 2 when a file is out of date.")
def expectations(*, check: bool) -> None:
    """Write what the gate expects of each table.

    One suite for Great Expectations per table that schemas/*.py declare, in schemas/expectations/. Suites
    made by hand in that directory are checked, and never touched.
    """
    from klantprofiel.validation import check_expectations, write_expectations  # noqa: PLC0415 - as above

    found = (check_expectations if check else write_expectations)(find_project())
    click.echo(
        f"{len(found.written)} written, {len(found.removed)} removed, {len(found.unchanged)} unchanged, "
        f"{len(found.by_hand)} made by hand"
    )
    for what, names in (("written", found.written), ("removed", found.removed), ("by hand", found.by_hand)):
        for name in names:
            click.echo(f"  {what:8} {name}")


@commands.command()
@click.argument("run_id")
@click.option("--by", required=True, metavar="NAME", help="Who looked and knows better.")
@click.option("--because", required=True, metavar="TEXT", help="Why the findings are right after all.")
def accept(run_id: str, *, by: str, because: str) -> None:
    """Accept what the gate found in the refused run RUN_ID.

    The next run that finds exactly the same reports it as accepted and is published; nothing else is
    loosened.
    """
    from klantprofiel.validation import accept as record  # noqa: PLC0415 - as the module says

    n_findings = record(_warehouse(), run_id, by=by, because=because)
    click.echo(f"{n_findings} finding{'s' * (n_findings != 1)} of {run_id} accepted; run it again")


@commands.command()
def releases() -> None:
    """List the releases on disk, oldest first; * is in force."""
    for entry in _warehouse().releases():
        mark = "*" if entry.in_force else " "
        size = f"{entry.size_bytes / 1e6:,.1f} MB"
        click.echo(f"{mark} {entry.release_id:30} as of {entry.as_of}  {entry.n_tables:3} tables {size:>12}")


@commands.command()
@click.argument("release")
def rollback(release: str) -> None:
    """Put RELEASE in force again; the next run starts from it."""
    _warehouse().rollback(release)
    click.echo(f"{release} is in force")


@commands.command()
@click.option(
    "--keep", required=True, type=click.IntRange(min=1), help="How many of the newest releases to keep."
)
def prune(keep: int) -> None:
    """Remove old releases; the one in force always stays."""
    removed = _warehouse().prune(keep)
    click.echo(f"{len(removed)} removed")
    for release_id in removed:
        click.echo(f"  {release_id}")


@commands.command()
@click.argument("release", required=False)
def digest(release: str | None) -> None:
    """Print the digest of RELEASE: equal rows, equal digest.

    Without RELEASE, that of the release in force.
    """
    click.echo(_release(release).digest())


@commands.command()
@click.argument("table")
def lineage(table: str) -> None:
    """Print what TABLE was made from, back to the deliveries."""
    from klantprofiel.warehouse.lineage import lineage_text  # noqa: PLC0415 - as the module says

    click.echo(lineage_text(_release(), table))


@commands.command()
@click.argument("table")
def sql(table: str) -> None:
    """Print the SQL that made TABLE."""
    from klantprofiel.warehouse.lineage import sql_text  # noqa: PLC0415 - as the module says

    click.echo(sql_text(_release(), table))


@commands.command()
def overview() -> None:
    """Summarise the release in force, in Dutch."""
    from klantprofiel.display import show  # noqa: PLC0415 - as the module says

    show(_release().summary())


def _outcome(before: str | None, after: str | None) -> str:
    return "nothing was published" if after == before else f"{after} is in force"


def _verdict(warehouse: Warehouse, release_id: str) -> str:
    """Return one line on what the gate found of a release; nothing when the run had no gate."""
    files = warehouse.store.files(release_id)
    counts = files.read_manifest().get("gate")
    if counts is None:
        return ""
    told = ", ".join(
        f"{counts[state]} {words}"
        for state, words in (
            ("kept", "kept"),
            ("accepted", "accepted"),
            ("warned", "warned of"),
            ("not_judged", "without history yet"),
        )
        if counts[state] or state == "kept"
    )
    return f"expectations: {told}; see {files.judged.page}\n"


@commands.command()
@click.argument("file", required=False, metavar="[FILE]", type=click.Path(path_type=Path))
def report(file: Path | None) -> None:
    """Write the release in force as one HTML page, in Dutch.

    It stands on its own, for a screen and for paper, and holds no value of a person. Without FILE it is
    uitvoer/rapport.html in the project. An earlier report is replaced.
    """
    from klantprofiel.reading import write_report  # noqa: PLC0415 - as the module says

    with _release() as release:
        written = write_report(release, find_project().path(REPORT) if file is None else file.absolute())
    click.echo(os.path.relpath(written))


def _warehouse() -> Warehouse:
    from klantprofiel.warehouse import Warehouse  # noqa: PLC0415 - as the module says

    return Warehouse(find_project().warehouse_path)


def _release(release_id: str | None = None) -> Release:
    from klantprofiel.reading import open_release  # noqa: PLC0415 - as the module says

    return open_release(find_project().warehouse_path, release_id)
