"""The segments of every segmentation: how large they are, and what sets them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from klantprofiel.display import Bar, Bars, Chapter, Euro, Share, dutch, dutch_number, dutch_share
from klantprofiel.labels import BASES, UNKNOWN
from klantprofiel.purposes import MINIMUM_GROUP, WITHHELD, shown_groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from klantprofiel.display import SummaryTable
    from klantprofiel.display.page import Part
    from klantprofiel.reading.release import Release
    from klantprofiel.segmentation import Segmentation

MARKED: Final = 0.5  # standard deviations, as in the label of a segment
MOST_MARKS: Final = 4
NONE_YET: Final = "In deze release staat nog geen segmentatie."
LEAD: Final = (
    "Een segment is een groep klanten die op elkaar lijken in de gekozen variabelen. De stabiliteit zegt hoe "
    "zeer dezelfde segmenten terugkomen in andere steekproeven: 1 is steeds dezelfde, 0 is toeval."
)
PROFILE: Final = "Profiel: de mediaan, of bij tekst de grootste groep"


def segments(release: Release) -> Chapter:
    """Return every segmentation that is kept in a release."""
    names = _names(release)
    if not names:
        return Chapter("Segmenten", (), lead=NONE_YET)
    parts = [part for name in names for part in _segmentation(release.segmentation(name))]
    return Chapter("Segmenten", tuple(parts), lead=LEAD)


def shown_sizes(segmentation: Segmentation) -> dict[str, int | str]:
    """Return the size of each segment as a table for many eyes may show it."""
    rows = segmentation.sizes().to_pylist()
    shown = shown_groups([row["size"] for row in rows])
    return {row["segment_id"]: size for row, size in zip(rows, shown, strict=True)}


def _names(release: Release) -> list[str]:
    if not (release.has("segmentations") and release.has("segments")):
        return []
    return [name for (name,) in release.rows("select name from segmentations order by name")]


def _segmentation(segmentation: Segmentation) -> Iterator[Part]:
    sizes = shown_sizes(segmentation)
    yield {
        "title": f"Segmentatie {segmentation.name}",
        "facts": _facts(segmentation),
        "tables": [],
        "notes": [*_notes(segmentation)],
    }
    rows = segmentation.sizes().to_pylist()
    yield Bars(
        f"Klanten per segment van {segmentation.name}",
        tuple(_bar(row, sizes[row["segment_id"]]) for row in rows),
        things="Segment",
        measure="Klanten",
    )
    yield {
        "title": f"Wat de segmenten van {segmentation.name} onderscheidt",
        "facts": {},
        "tables": [_marks(segmentation), _profile(segmentation)],
        "notes": ["Van minder dan tien bekende klanten staat er geen waarde."],
    }


def _facts(segmentation: Segmentation) -> dict[str, object]:
    """Return how a segmentation was made; who is in, out or unassigned are groups of a known total."""
    counts = (segmentation.member_table.num_rows, segmentation.n_unassigned, segmentation.n_excluded)
    n_in, n_unassigned, n_excluded = shown_groups(counts)
    quality = segmentation.quality_found
    stability = quality.stability_mean
    return {
        "Segmenten": len(segmentation.segment_ids),
        "Klanten ingedeeld": n_in,
        "Niet ingedeeld": n_unassigned,
        "Niet toegestaan": n_excluded,
        "Verklaarde spreiding": Share(quality.explained_share),
        "Stabiliteit": stability if stability is None else dutch_number(stability, decimals=2),
        "Doel": segmentation.purpose or "geen",
        "Peildatum": segmentation.as_of,
        "Bases": ", ".join(BASES[basis] for basis in segmentation.bases),
    }


def _notes(segmentation: Segmentation) -> Iterator[str]:
    """Return the notes of a segmentation; those with a number of customers as they may be shown."""
    from klantprofiel.segmentation.door import NOTES  # noqa: PLC0415  costly, and only who reports needs it

    counted = {
        NOTES["unassigned"].format(n=dutch(segmentation.n_unassigned)),
        NOTES["incomplete"].format(n=dutch(segmentation.n_incomplete)),
    }
    n_incomplete = segmentation.n_incomplete
    shown, _ = shown_groups((n_incomplete, segmentation.member_table.num_rows - n_incomplete))
    if n_incomplete:
        yield NOTES["incomplete"].format(n=dutch(shown))
    yield from (note for note in segmentation.notes if note not in counted)


def _bar(row: Mapping[str, Any], size: int | str) -> Bar:
    label = f"{row['segment_id']}: {row['label']}"
    if size != row["size"]:
        return Bar(label, None, shown=str(size))
    return Bar(label, row["size"], shown=f"{dutch(size)} ({dutch_share(row['share'])})")


def _marks(segmentation: Segmentation) -> SummaryTable:
    by_segment: dict[str, list[dict[str, Any]]] = {name: [] for name in segmentation.segment_ids}
    for row in segmentation.profile().to_pylist():
        if _is_mark(row):
            by_segment[row["segment_id"]].append(row)
    return {
        "title": "Het meest afwijkend van alle klanten",
        "columns": ("Segment", "Hoger of vaker", "Lager"),
        "rows": [(name, _named(rows, 1), _named(rows, -1)) for name, rows in by_segment.items()],
    }


def _is_mark(row: Mapping[str, Any]) -> bool:
    """Whether a segment stands out in a variable; in a category only when it has more of it."""
    deviation = row["deviation"]
    if deviation is None or row["n_known"] < MINIMUM_GROUP:
        return False
    return bool(deviation >= MARKED or (deviation <= -MARKED and row["top_category"] is None))


def _named(rows: Sequence[Mapping[str, Any]], sign: int) -> str:
    """Name the variables in which a segment is higher (1) or lower (-1), the strongest first."""
    chosen = sorted((row for row in rows if row["deviation"] * sign > 0), key=lambda r: -abs(r["deviation"]))
    names = [f"{row['label']} {row['top_category'] or ''}".strip() for row in chosen[:MOST_MARKS]]
    return ", ".join(names) or "geen"


def _profile(segmentation: Segmentation) -> SummaryTable:
    rows: dict[str, list[object]] = {}
    for row in segmentation.profile().to_pylist():
        everyone = "" if row["top_category"] else _value(row, row["population_median"])
        rows.setdefault(row["variable"], [row["label"], everyone]).append(_in_segment(row))
    return {
        "title": PROFILE,
        "columns": ("Variabele", "Allen", *segmentation.segment_ids),
        "rows": [*rows.values()],
    }


def _in_segment(row: Mapping[str, Any]) -> str:
    if row["n_known"] == 0:
        return UNKNOWN
    n_top = row["n_known"] if row["top_share"] is None else round(row["top_share"] * row["n_known"])
    if min(row["n_known"], n_top) < MINIMUM_GROUP:
        return WITHHELD
    if row["top_category"] is not None:
        return f"{row['top_category']} {dutch_share(row['top_share'], decimals=0)}"
    return _value(row, row["median"])


def _value(row: Mapping[str, Any], value: float | None) -> str:
    """Write a median: whole euros, percentages, and few decimals."""
    if value is None:
        return UNKNOWN
    if row["variable"].endswith("_eur"):
        return dutch(Euro(str(value))).partition(",")[0]
    if row["variable"].endswith("_share"):
        return dutch_share(value, decimals=0)
    return dutch_number(value, decimals=0 if float(value).is_integer() else 1)
