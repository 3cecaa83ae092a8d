"""The door of the room: what is known of each customer, in variables."""

from __future__ import annotations

import csv
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.errors import ConfigurationError
from klantprofiel.profiles.profiles import Profiles
from klantprofiel.profiles.variables import VARIABLES
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.warehouse import Run

COUNT: Final = "BIGINT"
EURO: Final = "DECIMAL(18,2)"

AMOUNTS: Final = dict.fromkeys(
    ("net_eur", "bought_eur", "discountable_eur", "discount_eur", "recent_eur", "before_eur"), EURO
)
THEMES: Final[dict[str, dict[str, str]]] = {
    "orders_account": {"net_eur": EURO},
    "customer_orders": AMOUNTS,
    "behaviour": {"n_lines": COUNT, "n_return_lines": COUNT} | AMOUNTS,
    "channel_mix": {"order_share": "DOUBLE"},
    "category_mix": {"bought_eur": EURO, "spend_share": "DOUBLE"},
    "region": {},
    "demographics": {"age_years": COUNT},
    "tenure": {},
}
"""The tables behind the profiles in the order in which they are made, and the columns that are cast."""


def build_profiles(run: Run) -> Profiles:
    r"""Make the profiles of all customers, as of the date of the run.

    Orders count up to and including that date, by the day in UTC. Returns lower what a customer spent; a
    return is no order. Who never ordered has frequency 0 and spent 0, and an unknown recency.

    Reads the canonical tables `identity.orders` and `identity.products`, and what `unify` made. Makes:

    | table | one row per |
    | --- | --- |
    | profiles | customer, with a column per variable |
    | variables | variable: its label, facet, basis, unit and what it means when it is unknown |
    | identity.customer_orders, behaviour | order of a customer; customer with an order |
    | channel_mix, category_mix | customer and channel; customer and category |
    | region, demographics, tenure | customer of whom it is known |
    | orders_account | source of orders: what became of each line |
    | postcode_provinces | four digits of a postal code |

    Returns
    -------
    Profiles
        The profiles of the run, read when they are asked for.

    Raises
    ------
    ConfigurationError
        When the run has no customers yet.

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
    _write_provinces(run)
    for theme, types in THEMES.items():
        run.make(load_sql(__package__, theme), types=types)
    _write_variables(run)
    run.make(load_sql(__package__, "profiles"), types={v.name: v.sql_type for v in VARIABLES})
    return Profiles(run)


def provinces() -> Iterator[tuple[str, str]]:
    """Yield the province of each four digits that a Dutch postal code can begin with.

    An approximation: the file gives ranges, written from general knowledge, and the exceptions inside a range
    (a village across a provincial border) are not covered.

    >>> dict(provinces())["3511"]
    'Utrecht'
    """
    text = resources.files(__package__).joinpath("postcode_provinces.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        for digits in range(int(row["pc4_from"]), int(row["pc4_to"]) + 1):
            yield str(digits), row["province"]


def _write_provinces(run: Run) -> None:
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that builds needs it

    digits, names = zip(*provinces(), strict=True)
    run.write(
        "postcode_provinces",
        pa.table({"pc4": digits, "province": names}),
        describes="the province of a postal code, by ranges; exceptions inside a range are not covered.",
        grain="One row per four digits that a Dutch postal code can begin with.",
    )


def _write_variables(run: Run) -> None:
    import pyarrow as pa  # noqa: PLC0415  the same

    rows: list[dict[str, Any]] = [
        {
            "name": variable.name,
            "label": variable.label,
            "facet": variable.facet,
            "basis": variable.basis,
            "kind": variable.kind,
            "unit": variable.unit,
            "missing": variable.missing,
            "purpose": variable.purpose,
            "protected": variable.protected,
            "source_tables": list(variable.sources),
        }
        for variable in VARIABLES
    ]
    run.write(
        "variables",
        pa.Table.from_pylist(rows),
        describes="what each column of `profiles` means.",
        grain="One row per variable, in the order of the columns.",
    )
