"""How customers as a whole fared in a year: NPS, CSAT, CES, resolution, waiting and complaints, per cell."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.profiles.experience.estimates import Estimate, mean_of, net_promoter_score, share_of
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from klantprofiel.profiles.theme import Makes

EASE: Final = range(1, 8)
PER_ORDERS: Final = 1000


@dataclass(frozen=True)
class Measure:
    """One figure of a cell: its name, Dutch label and unit, what it is observed from and how it is made."""

    name: str
    label: str
    unit: str
    observed: str
    estimate: Callable[[dict[str, Any]], Estimate | None]


def _nps(cell: dict[str, Any]) -> Estimate | None:
    promoters, detractors = cell["n_at_least_9"], cell["n_at_most_6"]
    passives = cell["n"] - promoters - detractors
    return net_promoter_score(promoters=promoters, passives=passives, detractors=detractors)


def _median(cell: dict[str, Any]) -> Estimate | None:
    return Estimate(cell["n"], (cell["lower_middle"] + cell["upper_middle"]) / 2, None, None)


def _complaints(cell: dict[str, Any]) -> Estimate | None:
    n_orders = int(cell["n_orders"] or 0)
    return Estimate(n_orders, PER_ORDERS * cell["n"] / n_orders, None, None) if n_orders else None


MEASURES: Final = (
    Measure("nps", "Net Promoter Score", "punten van -100 tot 100", "nps", _nps),
    Measure(
        "csat_share",
        "Tevreden over het contact (CSAT, 4 of 5)",
        "deel van de antwoorden",
        "csat_share",
        lambda cell: share_of(cell["n_4"] + cell["n_5"], cell["n"]),
    ),
    Measure(
        "ces",
        "Gemak van het contact (CES)",
        "gemiddelde van 1 tot 7",
        "ces",
        lambda cell: mean_of({answer: cell[f"n_{answer}"] for answer in EASE}),
    ),
    Measure(
        "first_contact_resolution_share",
        "Opgelost bij het eerste contact",
        "deel van de eerste contacten",
        "first_contact_resolution_share",
        lambda cell: share_of(cell["n_1"], cell["n"]),
    ),
    Measure("waiting_median_seconds", "Wachttijd, mediaan", "seconden", "waiting_seconds", _median),
    Measure(
        "waiting_p90_seconds",
        "Wachttijd die 90% niet overschrijdt",
        "seconden",
        "waiting_seconds",
        lambda cell: Estimate(cell["n"], float(cell["p90"]), None, None),
    ),
    Measure(
        "complaints_per_1000_orders", "Klachten per 1000 bestellingen", "klachten", "complaints", _complaints
    ),
)


def make_experience_measures(tables: Makes) -> None:
    """Make the table `experience_measures`, of the 365 days up to and including the date of `tables`.

    One row per measure and cell: in all (`dimension` total), per channel of service and per subject. `n` is
    the number of answers, contacts or orders that a figure rests on, `n_customers` that of the customers who
    answered, waited or complained; `lower` and `upper` are the ends of the 95% interval, where there is one.
    A cell of fewer than ten customers shows nothing of this, and neither does another cell from which it
    could be computed. A cell in which nothing was observed has no row.

    Parameters
    ----------
    tables
        A run or an earlier moment that holds contact_days, survey_answers, survey_items, survey_quality,
        purchase_days and the theme `service_experience`.

    Examples
    --------
    >>> [measure.name for measure in MEASURES][:3]
    ['nps', 'csat_share', 'ces']
    """
    import pyarrow as pa  # noqa: PLC0415  costly, and only a run that builds needs it

    statement = load_sql(__package__, "experience_cells")
    counts = {name: "BIGINT" for name in statement.columns if name.startswith("n")}
    cells = tables.arrow(statement.sql(counts), as_of=tables.as_of).to_pylist()
    cells.sort(key=lambda cell: (cell["measure"], cell["dimension"], cell["category"]))
    texts = ("measure", "label", "unit", "dimension", "category")
    schema = pa.schema(
        [(name, pa.string()) for name in texts]
        + [(name, pa.int64()) for name in ("n", "n_customers")]
        + [(name, pa.float64()) for name in ("value", "lower", "upper")]
    )
    tables.write(
        "experience_measures",
        pa.Table.from_pylist(list(_figures(_guarded(cells))), schema=schema),
        describes="NPS, CSAT, CES, resolution, waiting and complaints in the 365 days up to $as_of.",
        grain="One row per measure, dimension and category. Null is unknown, or withheld of a few customers.",
        made_from=statement.tables,
    )


def _figures(cells: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for measure in MEASURES:
        for cell in cells:
            if cell["measure"] == measure.observed:
                found = measure.estimate(cell) if cell["is_shown"] else None
                yield {
                    "measure": measure.name,
                    "label": measure.label,
                    "unit": measure.unit,
                    "dimension": cell["dimension"],
                    "category": cell["category"],
                    "n": found.n if found else None,
                    "n_customers": cell["n_customers"] if cell["is_shown"] else None,
                    "value": found.value if found else None,
                    "lower": found.lower if found else None,
                    "upper": found.upper if found else None,
                }


def _guarded(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Say of each cell whether its customers are enough to show it, here and beside the other cells."""
    from klantprofiel.purposes import shown_groups  # noqa: PLC0415  costly, and only who builds needs it

    guarded = []
    for _, group in groupby(cells, key=lambda cell: (cell["measure"], cell["dimension"])):
        beside = list(group)
        sizes = [cell["n_customers"] for cell in beside]
        for cell, shown in zip(beside, shown_groups(sizes), strict=True):
            guarded.append({**cell, "is_shown": shown == cell["n_customers"]})
    return guarded
