"""The plots of a structure, drawn by `display`: stability, flow, gorge, profile and separation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klantprofiel.display import (
    Bar,
    Bars,
    Box,
    Boxes,
    Chapter,
    Columns,
    Dot,
    Flow,
    Matrix,
    Share,
    dutch_number,
    to_page,
)
from klantprofiel.segmentation.portrait import segment_names
from klantprofiel.segmentation.structure.views import gorge_rows, profile_rows, separation_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from klantprofiel.segmentation.structure.fits import Fit
    from klantprofiel.segmentation.structure.stability import Stability

SHOWN: Final = 12  # columns in the profile of a segment, those in which it differs most
LEADS: Final = {
    "stability": (
        "Elke doos is de middelste helft van alle paren steekproeven; 1 is elke keer dezelfde indeling."
    ),
    "flow": (
        "Van links naar rechts een segment meer. Een donkere lijn: het segment komt zuiver uit één segment "
        "van de indeling ervoor (SLSa)."
    ),
    "gorge": (
        "Per segment hoe alle klanten erop lijken. Duidelijke segmenten hebben klanten aan de uiteinden en "
        "bijna niemand ertussen."
    ),
    "profile": "De gemiddelde klant staat op 50%; 84% is een standaardafwijking erboven.",
    "separation": "De eerste twee hoofdcomponenten van de scores, met de middelste helft van elk segment.",
}


def page(stabilities: Sequence[Stability], fit: Fit, bases: list[str]) -> str:
    """Return all plots of a structure as one HTML document; the last three are of one number of segments."""
    chapters = (
        Chapter("Stabiliteit", (stability_chart(stabilities),), lead=LEADS["stability"]),
        Chapter("Van indeling naar indeling", (flow_chart(stabilities),), lead=LEADS["flow"]),
        Chapter("Gelijkenis", (gorge_charts(fit),), lead=LEADS["gorge"]),
        Chapter("Profiel", (profile_charts(fit),), lead=LEADS["profile"]),
        Chapter("Scheiding", (separation_chart(fit, bases),), lead=LEADS["separation"]),
    )
    return to_page("Structuur van de klanten", chapters, subtitle=f"{fit.k} segmenten")


def stability_chart(stabilities: Sequence[Stability]) -> Boxes:
    """Return a box per number of segments of the adjusted Rand index of all pairs of samples."""
    boxes = tuple(
        Box(
            str(one.n_segments),
            tuple(np.clip(np.quantile(one.adjusted_rands, (0, 0.25, 0.5, 0.75, 1)), 0, 1)),
        )
        for one in stabilities
        if one.pairs
    )
    return Boxes("Stabiliteit", boxes, things="Segmenten", measure="Adjusted Rand-index", full=1)


def flow_chart(stabilities: Sequence[Stability]) -> Flow:
    """Return how segments split and merge from each number of segments to the next (SLSa plot)."""
    return Flow(
        "Herkomst van segmenten",
        layers=tuple(tuple(map(float, one.shares)) for one in stabilities),
        links=tuple(tuple(tuple(map(float, row)) for row in one.flows) for one in stabilities[1:]),
        purities=tuple(tuple(map(_or_one, one.across)) for one in stabilities[1:]),
        things="Segmenten",
    )


def gorge_charts(fit: Fit) -> tuple[Columns, ...]:
    """Return per segment the histogram of how similar all customers are to it."""
    rows = gorge_rows(fit)
    return tuple(
        Columns(
            f"Gelijkenis met {name}",
            tuple(Bar(_interval(row), Share(row["share"])) for row in rows if row["segment_id"] == name),
            things="Gelijkenis",
            measure="Aandeel klanten",
        )
        for name in segment_names(range(fit.k))
    )


def profile_charts(fit: Fit) -> tuple[Bars, ...]:
    """Return per segment the columns in which it differs most from all customers, as places among them."""
    from scipy.special import ndtr  # noqa: PLC0415  only who draws needs it

    rows = [row for row in profile_rows(fit) if row["deviation"] is not None]
    charts = []
    for name in segment_names(range(fit.k)):
        own = [row for row in rows if row["segment_id"] == name]
        most = sorted(own, key=lambda row: -abs(row["deviation"]))[:SHOWN]
        bars = tuple(Bar(_named(row), Share(float(ndtr(row["deviation"])))) for row in most)
        charts.append(Bars(f"Profiel van {name}", bars, things="Variabele", measure="Plaats", full=1))
    return tuple(charts)


def separation_chart(fit: Fit, bases: list[str]) -> Matrix:
    """Return where the segments lie on the first two principal components, each axis drawn from 0 to 100."""
    rows = [row for row in separation_rows(fit, bases) if row["x"] is not None]
    ends = {
        axis: (min(row[f"{axis}_low"] for row in rows), max(row[f"{axis}_high"] for row in rows))
        for axis in ("x", "y")
    }
    dots = tuple(
        Dot(
            row["segment_id"],
            _on(row["x"], ends["x"]),
            _on(row["y"], ends["y"]),
            x_interval=(_on(row["x_low"], ends["x"]), _on(row["x_high"], ends["x"])),
            y_interval=(_on(row["y_low"], ends["y"]), _on(row["y_high"], ends["y"])),
            size=Share(row["share"]),
        )
        for row in rows
    )
    return Matrix(
        "Scheiding", dots, x="Eerste hoofdcomponent", y="Tweede hoofdcomponent", size="Aandeel klanten"
    )


def _on(value: float, ends: tuple[float, float]) -> float:
    """Return a place from 0 to 100 between the ends of an axis; a mean outside of them stands at the end."""
    low, high = ends
    return float(np.clip(100 * (value - low) / (high - low), 0, 100)) if high > low else 50.0


def _interval(row: dict[str, Any]) -> str:
    low, high = (dutch_number(row[name], decimals=1) for name in ("similarity_from", "similarity_to"))
    return f"{low} tot {high}"


def _named(row: dict[str, Any]) -> str:
    return row["variable"] if row["top_category"] is None else f"{row['variable']}: {row['top_category']}"


def _or_one(purity: float) -> float:
    return 1.0 if np.isnan(purity) else float(purity)
