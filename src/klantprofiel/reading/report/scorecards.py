"""Every scorecard: its matrix, the ranking with what is not known, and what each criterion adds.

What a criterion measured of a segment whose size is withheld is withheld too: its size could be computed.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from klantprofiel.display import Bar, Bars, Chapter, Dot, Matrix
from klantprofiel.purposes import WITHHELD
from klantprofiel.reading.report.segments import shown_sizes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.display import SummaryTable
    from klantprofiel.display.charts import Interval
    from klantprofiel.display.page import Part
    from klantprofiel.reading.release import Release
    from klantprofiel.targeting import Scorecard
    from klantprofiel.targeting.cells import Cell

NONE_YET: Final = "In deze release staat nog geen scorekaart."
LEAD: Final = (
    "Welke segmenten zijn aantrekkelijk, en waar staat het bedrijf sterk? Wat niet bekend of verlopen is, "
    "wordt niet geschat: het maakt het bereik breder."
)
MATRIX: Final = (
    "Rechtsboven liggen de aantrekkelijke segmenten waarin het bedrijf sterk staat. De lijnen zijn het "
    "bereik, de oppervlakte is het aantal klanten."
)
ONE_AXIS: Final = "De criteria gaan alle over een van beide assen; er is geen matrix te tekenen."
POINTS: Final = "Punten van 0 tot 100; de lijn is het bereik."
ATTRACTIVENESS, STRENGTH = "attractiveness", "strength"
_FIXED: Final = 2  # columns before the segments in a table by criterion: the criterion and its weight


def scorecards(release: Release) -> Chapter:
    """Return every scorecard that is kept in a release."""
    names = _names(release)
    if not names:
        return Chapter("Scorekaart", (), lead=NONE_YET)
    parts = [part for name in names for part in _scorecard(release.scorecard(name))]
    return Chapter("Scorekaart", tuple(parts), lead=LEAD)


def _names(release: Release) -> list[str]:
    if not (release.has("scorecards") and release.has("scorecard_cells")):
        return []
    return [name for (name,) in release.rows("select distinct scorecard from scorecards order by scorecard")]


def _scorecard(scorecard: Scorecard) -> Iterator[Part]:
    summary = scorecard.summary()
    ranking, *by_criterion = summary["tables"]
    sizes = _sizes(scorecard)
    drawn = _matrix(scorecard, sizes)
    notes = [*summary["notes"], *([] if drawn else [ONE_AXIS])]
    yield {"title": summary["title"], "facts": summary["facts"], "tables": [], "notes": notes}
    if drawn:
        yield drawn
    yield _bars(scorecard)
    tables = [ranking, *(_guarded(table, sizes) for table in by_criterion)]
    yield {"title": f"{summary['title']}, per criterium", "facts": {}, "tables": tables, "notes": []}


def _sizes(scorecard: Scorecard) -> dict[str, int | str]:
    """Return the sizes of the segments as they may be shown; withheld when others took their place."""
    segmentation = scorecard.segmentation
    is_same = segmentation.fingerprint == scorecard.segmentation_sha256
    known = shown_sizes(segmentation) if is_same else {}
    return {row.segment_id: known.get(row.segment_id, WITHHELD) for row in scorecard.rows()}


def _bars(scorecard: Scorecard) -> Bars:
    bars = tuple(
        Bar(
            f"{row.rank}. {row.segment_id}: {row.label}",
            _points(row.score),
            interval=(_points(row.score_low), _points(row.score_high)),
        )
        for row in scorecard.rows()
    )
    return Bars(
        f"Rangorde van {scorecard.name}", bars, things="Segment", measure="Punten", full=100, about=POINTS
    )


def _matrix(scorecard: Scorecard, sizes: dict[str, int | str]) -> Matrix | None:
    """Return the matrix; None when no criterion is about one of its sides."""
    axes = {cell.axis for cell in scorecard.cells()}
    if not axes >= {ATTRACTIVENESS, STRENGTH}:
        return None
    dots = []
    for row in scorecard.rows():
        cells = [cell for cell in scorecard.cells() if cell.segment_id == row.segment_id]
        across, up = (_on_axis(cells, axis) for axis in (STRENGTH, ATTRACTIVENESS))
        size = sizes[row.segment_id]
        dots.append(
            Dot(
                row.segment_id,
                _middle(across),
                _middle(up),
                across,
                up,
                size=size if isinstance(size, int) else None,
                shown="" if isinstance(size, int) else size,
            )
        )
    return Matrix(
        f"Matrix van {scorecard.name}",
        tuple(dots),
        x="Kracht tegenover concurrenten",
        y="Aantrekkelijkheid",
        size="Klanten",
        about=MATRIX,
    )


def _on_axis(cells: list[Cell], axis: str) -> Interval:
    """Return where a segment can stand on an axis: its weighted values there, in points from 0 to 100."""
    chosen = [cell for cell in cells if cell.axis == axis]
    weight = sum((cell.weight_share for cell in chosen), Decimal(0))
    low = sum((cell.contribution_low for cell in chosen), Decimal(0))
    high = sum((cell.contribution_high for cell in chosen), Decimal(0))
    return _points(low / weight), _points(high / weight)


def _middle(interval: Interval) -> Decimal:
    return _tenth((Decimal(interval[0]) + Decimal(interval[1])) / 2)


def _points(share: Decimal) -> Decimal:
    return min(_tenth(share * 100), Decimal(100))


def _tenth(points: Decimal) -> Decimal:
    return points.quantize(Decimal("0.1"))


def _guarded(table: SummaryTable, sizes: dict[str, int | str]) -> SummaryTable:
    """Withhold what stands in the columns of segments of which the size is withheld."""
    segments = table["columns"][_FIXED:]
    hidden = [not isinstance(sizes[segment], int) for segment in segments]
    rows = [
        [*row[:_FIXED], *(WITHHELD if h else value for value, h in zip(row[_FIXED:], hidden, strict=True))]
        for row in table["rows"]
    ]
    return {**table, "rows": rows}
