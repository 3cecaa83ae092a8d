"""The commands. Each imports the room it needs when it runs, so that `--help` answers at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from klantprofiel.project import activate, find_project

if TYPE_CHECKING:
    from datetime import datetime

    from klantprofiel.reading import Release
    from klantprofiel.warehouse import Warehouse

DAY = click.DateTime(formats=["%Y-%m-%d"])


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


@commands.command()
@click.argument("directory", metavar="DIR")
def init(directory: str) -> None:
    """Write a new project in DIR.

    It gets the schemas, pipelines and notebooks of the demo company, to run and to change. Nothing that is
    already there is overwritten.
    """
    from klantprofiel.cli.skeleton import write_skeleton  # noqa: PLC0415 - its files are only read here

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
def demo(customers: int, seed: int) -> None:
    """Go the whole way on a fictional Dutch retailer.

    Makes its deliveries, runs the pipelines of the project on them, and says in Dutch what came out and
    where everything lies.
    """
    from klantprofiel.demo import run_demo  # noqa: PLC0415 - as the module says

    run_demo(find_project(), customers=customers, seed=seed)


@commands.command()
@click.argument("name")
@click.option("--as-of", required=True, type=DAY, help="The date that the tables will speak of.")
def run(name: str, as_of: datetime) -> None:
    """Run pipelines/NAME.py; all tables are published or none."""
    project = find_project()
    pipeline = project.pipeline(name)
    warehouse = _warehouse()
    before = warehouse.current()
    pipeline.main(warehouse, as_of.date())
    after = warehouse.current()
    click.echo("nothing was published" if after == before else f"{after} is in force")


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


def _warehouse() -> Warehouse:
    from klantprofiel.warehouse import Warehouse  # noqa: PLC0415 - as the module says

    return Warehouse(find_project().warehouse_path)


def _release(release_id: str | None = None) -> Release:
    from klantprofiel.reading import open_release  # noqa: PLC0415 - as the module says

    return open_release(find_project().warehouse_path, release_id)
