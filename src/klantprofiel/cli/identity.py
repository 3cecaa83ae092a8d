"""The commands around who is who: decide on it, look at what is doubtful, train the model anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from klantprofiel.errors import ConfigurationError, NotFoundError
from klantprofiel.project import find_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any, TypeVar

    from klantprofiel.unification.decisions import Effect, Review
    from klantprofiel.warehouse import Warehouse

    Command = TypeVar("Command", bound=Callable[..., Any])

DAY: Final = click.DateTime(formats=["%Y-%m-%d"])
DECISIONS: Final = ("Nr.", "Wanneer", "Wat", "Gevraagd", "Door", "Omdat", "Geldt")
WHAT: Final = {"join": "samen", "split": "apart", "retract": "ingetrokken"}


@click.group()
def identity() -> None:
    """Decide who is who, and look at what is doubtful."""


def _signed(command: Command) -> Command:
    """Give a command the options that every decision has."""
    for option in (
        click.option("--dry-run", is_flag=True, help="Only tell what would change; record nothing."),
        click.option("--because", required=True, metavar="TEXT", help="Why."),
        click.option("--by", required=True, metavar="NAME", help="Who decides."),
    ):
        command = option(command)
    return command


_INSTEAD_OF: Final = click.option(
    "--instead-of",
    type=click.IntRange(min=1),
    multiple=True,
    metavar="NUMBER",
    help="A decision that is taken back with it; may be given again.",
)


@identity.command()
@click.argument("names", metavar="RECORD...", nargs=-1, required=True)
@_INSTEAD_OF
@_signed
def join(
    *, names: tuple[str, ...], instead_of: tuple[int, ...], by: str, because: str, dry_run: bool
) -> None:
    """Decide that RECORDs are one person.

    A record is written as crm/123; a customer, as K-000123, stands for all its records. The next run follows
    the decision, and so does every rebuild.
    """
    from klantprofiel.unification import decisions  # noqa: PLC0415 - as commands.py says

    _tell(decisions.join(_warehouse(), names, by=by, because=because, instead_of=instead_of, dry_run=dry_run))


@identity.command()
@click.argument("names", metavar="RECORD...", nargs=-1, required=True)
@click.option(
    "--from",
    "apart_from",
    multiple=True,
    metavar="RECORD",
    help="What they are kept apart from; by default all that remain of their customer. May be given again.",
)
@_INSTEAD_OF
@_signed
def split(  # noqa: PLR0913 - one per option
    *,
    names: tuple[str, ...],
    apart_from: tuple[str, ...],
    instead_of: tuple[int, ...],
    by: str,
    because: str,
    dry_run: bool,
) -> None:
    """Decide that RECORDs are somebody else.

    They are split off their customer, and never again one with what remains of it. What they are to each
    other is left as it is.
    """
    from klantprofiel.unification import decisions  # noqa: PLC0415 - the same

    _tell(
        decisions.split(
            _warehouse(),
            names,
            by=by,
            because=because,
            apart_from=apart_from,
            instead_of=instead_of,
            dry_run=dry_run,
        )
    )


@identity.command()
@click.argument("number", type=click.IntRange(min=1))
@_signed
def retract(*, number: int, by: str, because: str, dry_run: bool) -> None:
    """Take decision NUMBER back; it stays on the list."""
    from klantprofiel.unification import decisions  # noqa: PLC0415 - the same

    _tell(decisions.retract(_warehouse(), number, by=by, because=because, dry_run=dry_run))


@identity.command(name="decisions")
def list_decisions() -> None:
    """List every decision, oldest first."""
    from klantprofiel.display import show  # noqa: PLC0415 - the same
    from klantprofiel.unification.decisions import decided  # noqa: PLC0415 - the same

    warehouse = _warehouse()
    if not warehouse.store.root.is_dir():
        raise NotFoundError(
            f"there is no warehouse in {warehouse.store.root}",
            todo="run a pipeline first: `klantprofiel run nightly --as-of <date>`",
        )
    found = decided(warehouse.ledger) if warehouse.store.ledger.exists() else ()
    rows = [
        (
            str(each.decision_id),
            each.recorded_at and f"{each.recorded_at:%Y-%m-%d %H:%M}",
            WHAT[each.kind],
            ", ".join(each.asked) or f"besluit {each.retracts}",
            each.by,
            each.because,
            "ja" if each.is_in_force else "nee",
        )
        for each in found
    ]
    show(
        {
            "title": "Besluiten over wie wie is",
            "facts": {"Besluiten": len(rows), "In kracht": sum(each.is_in_force for each in found)},
            "tables": [{"title": "Op volgorde", "columns": DECISIONS, "rows": rows}] if rows else [],
            "notes": [] if rows else ["Er is nog niets besloten."],
        }
    )


@identity.command(name="review")
@click.option(
    "--n", default=20, show_default=True, type=click.IntRange(min=1), help="How many pairs, and groups."
)
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Draw N pairs at random instead.")
@click.option("--seed", type=click.IntRange(min=0), help="Which random draw.")
@click.option("--json", "form", flag_value="json", help="As JSON, for machines.")
@click.option("--csv", "form", flag_value="csv", help="As CSV, for a spreadsheet.")
def review_(*, n: int, sample: int | None, seed: int | None, form: str | None) -> None:
    """List what is most worth a look.

    That are pairs of records near the threshold, by how many records hang on them, and groups that were cut
    or from which links were withheld. Values are masked. With --sample and --seed, pairs of records of one
    customer are drawn at random and noted: what is then decided on them tells how precise the release is.
    """
    from klantprofiel.unification import decisions  # noqa: PLC0415 - the same
    from klantprofiel.warehouse import open_owner  # noqa: PLC0415 - the same

    if (sample is None) != (seed is None):
        raise ConfigurationError(
            f"--{'sample' if seed is None else 'seed'} alone",
            expected="--sample N --seed NUMBER: the same seed draws the same pairs",
        )
    warehouse = _warehouse()
    if sample is not None and seed is not None:
        found = decisions.draw_sample(warehouse, n=sample, random_state=seed)
    else:
        with open_owner(warehouse.store.root) as release:
            found = decisions.review(release, warehouse.ledger, n=n)
    _write(found, form)


@identity.command()
def precision() -> None:
    """Estimate how precise the customers are.

    From what people decided on the pairs that `review --sample` drew, with a 95% interval.
    """
    from klantprofiel.display import show  # noqa: PLC0415 - the same
    from klantprofiel.unification.decisions import precision_estimate  # noqa: PLC0415 - the same
    from klantprofiel.warehouse import open_owner  # noqa: PLC0415 - the same

    warehouse = _warehouse()
    with open_owner(warehouse.store.root) as release:
        show(precision_estimate(warehouse.ledger, release).summary())


@identity.command()
@click.option("--as-of", required=True, type=DAY, help="The date that the tables will speak of.")
@click.option("--dry-run", is_flag=True, help="Only tell what would change; keep the model.")
def train(*, as_of: datetime, dry_run: bool) -> None:
    """Replace the frozen model by one trained anew.

    Tells what that changes: customers merged and split, records moved, and the sizes of the classes.
    """
    from klantprofiel.display import show  # noqa: PLC0415 - the same
    from klantprofiel.unification.retrain import retrain  # noqa: PLC0415 - the same

    show(retrain(_warehouse(), as_of.date(), dry_run=dry_run).summary())
    if dry_run:
        click.echo("nothing was changed")


def _tell(effect: Effect) -> None:
    from klantprofiel.display import show  # noqa: PLC0415 - the same

    show(effect.summary())
    recorded = f"decision {effect.decision_id} is recorded; the next run follows it"
    click.echo(recorded if effect.decision_id else "nothing was recorded")


def _write(found: Review, form: str | None) -> None:
    rows = found.rows()
    if form == "json":
        import json  # noqa: PLC0415 - only for who asks for it

        click.echo(json.dumps({"release": found.release_id, "items": rows}, ensure_ascii=False, indent=2))
    elif form == "csv":
        from klantprofiel.exports.csv_file import csv_bytes  # noqa: PLC0415 - as commands.py says

        header = list(rows[0]) if rows else []
        click.echo(csv_bytes(header, [list(row.values()) for row in rows]), nl=False)
    else:
        from klantprofiel.display import show  # noqa: PLC0415 - the same

        show(found.summary())


def _warehouse() -> Warehouse:
    from klantprofiel.warehouse import Warehouse  # noqa: PLC0415 - the same

    return Warehouse(find_project().warehouse_path)
