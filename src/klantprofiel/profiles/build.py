"""The door of the room: what is known of each customer, in variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from klantprofiel.errors import ConfigurationError
from klantprofiel.profiles.areas import make_market
from klantprofiel.profiles.attributes import keep_attributes
from klantprofiel.profiles.changed import find_changed, keep_read, made_of
from klantprofiel.profiles.companies import make_companies
from klantprofiel.profiles.experience import make_experience_measures
from klantprofiel.profiles.facts import keep_facts
from klantprofiel.profiles.profiles import Profiles
from klantprofiel.profiles.renewal import Renewal, made_with
from klantprofiel.profiles.theme import check_names, profiles_of, registry
from klantprofiel.profiles.themes import themes_of
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from collections.abc import Iterable

    from klantprofiel.profiles.theme import Facts, Makes, Theme
    from klantprofiel.warehouse import Run

EURO: Final = "DECIMAL(18,2)"


def build_profiles(run: Run) -> Profiles:
    r"""Make the profiles of all customers, as of the date of the run.

    What happened up to and including that date counts, by the day in UTC. Returns lower what a customer
    spent; a return is no order. Who never ordered has frequency 0 and spent 0, and an unknown recency.

    Variables are computed in themes, from facts that hold nobody's name. A project adds a theme of its own
    with `schemas/variables/<name>.sql` and its declaration beside it, `<name>.py`.

    Reads the canonical tables, and what `unify` made. Makes:

    | table | one row per |
    | --- | --- |
    | profiles | customer, with a column per variable |
    | variables | variable: its label, facet, basis, unit, and what it means when it is unknown |
    | a table per theme, such as purchasing | customer of whom any of its variables is known |
    | facts, such as purchase_days | customer and day; a view of its history, purchase_days_history |
    | attribute_changes | version of a changed attribute: since when, until when, masked |
    | orders_account | source of orders: what became of each line |
    | identity.orders_before_birth | order line of a day before its customer was born: it counts nowhere |
    | area_penetration | area: customers against inhabitants |
    | experience_measures | measure, channel and subject: NPS, CSAT, effort, resolution, waiting, complaints |
    | companies, company_profiles | company, which is no person and has no profile |

    Returns
    -------
    Profiles
        The profiles of the run, read when they are asked for.

    Raises
    ------
    ConfigurationError
        When the run has no customers yet.
    DeclarationError
        When a theme gives other columns than it declares, or two rows for one customer.

    Examples
    --------
    >>> import datetime, tempfile
    >>> from pathlib import Path
    >>> from klantprofiel import schema as s
    >>> from klantprofiel.ingestion import Delivery, ingest
    >>> from klantprofiel.unification import unify
    >>> from klantprofiel.validation import validate
    >>> from klantprofiel.warehouse import Warehouse
    >>> class Receipts(s.EventTable, maps_to=s.canonical.Orders):
    ...     '''Kassabonnen: one row per receipt.'''
    ...     purpose = "uitvoering overeenkomst"
    ...     retention = s.years(7)
    ...     order_id = s.Text(label="Bonnummer", key=True)
    ...     customer_id = s.Text(label="Klantnummer")
    ...     ordered_at = s.Timestamp(label="Tijdstip")
    ...     amount_eur = s.Amount(label="Bedrag", unit="EUR")
    >>> file = Path(tempfile.mkdtemp()) / "bonnen.csv"
    >>> _ = file.write_text(
    ...     "order_id;customer_id;ordered_at;amount_eur\n"
    ...     "1;anna;21-09-2026 10:00:00;12,50\n2;anna;01-09-2026 10:00:00;7,50\n"
    ... )
    >>> with Warehouse(file.parent / "klanten").run("nightly", as_of=datetime.date(2026, 10, 1)) as run:
    ...     _ = ingest(run, [Delivery(table=Receipts, path=file)])
    ...     _ = validate(run)
    ...     _ = unify(run)
    ...     profiles = build_profiles(run)
    ...     profiles.to_pandas(["customer_id", "recency_days", "frequency", "monetary_eur"])
      customer_id  recency_days  frequency  monetary_eur
    0    K-000001            10          2          20.0
    """
    if not run.has("identity.golden_record"):
        raise ConfigurationError(
            "this run has no customers yet",
            expected="the tables that `unify(run)` makes",
            todo="call `unify(run)` before `build_profiles(run)`",
        )
    themes = themes_of(run.warehouse.project)
    references = _once(each for theme in themes for each in theme.references)
    facts = _once(each for theme in themes for each in theme.facts)
    for reference in references:
        run.make(reference.statement(), types=reference.types)
    made_by = made_of(run, *made_with(themes, facts))
    kept = find_changed(run, made_by)
    for each in facts:
        keep_facts(run, each, kept)
    run.make(load_sql(__package__, "orders_account"), types={"net_eur": EURO})
    make_profiles(run, themes, Renewal(run, kept, facts, references) if kept else None)
    keep_attributes(run, kept)
    keep_read(run, made_by, kept)
    make_market(run)
    make_experience_measures(run)
    make_companies(run)
    return Profiles(run)


def make_profiles(tables: Makes, themes: Iterable[Theme], renewal: Renewal | None = None) -> None:
    """Make the themes, `profiles` and `variables` from the facts that are there, as of the tables' date.

    With a `renewal`, the rows that it finds unchanged stay as they are.
    """
    made = [
        (theme, renewal.renew(theme) if renewal and renewal.can_renew(theme) else theme.make_in(tables))
        for theme in themes
    ]
    check_names(made)
    tables.make(profiles_of(made))
    tables.write(
        "variables",
        registry(tables, made),
        describes="what each column of `profiles` means.",
        grain="One row per variable, in the order of the columns.",
    )


def _once(facts: Iterable[Facts]) -> list[Facts]:
    return list({each.name: each for each in facts}.values())
