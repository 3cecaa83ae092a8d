"""From cells to ranks: a score is an interval as wide as what is not known, and so is a rank.

The score of a segment is the sum of its contributions (an additive value model; Keeney & Raiffa 1976,
Decisions with Multiple Objectives, chapter 3), from 0 to 1. Segments are ranked by the middle of their
interval. `rank_best` counts only the segments whose whole interval lies above, `rank_worst` all whose
interval reaches above the lowest of this one: between these the rank can be anywhere until more is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from klantprofiel.targeting.exact import between

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from klantprofiel.targeting.cells import Cell


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """One segment in the ranking; scores and `coverage_share` run from 0 to 1.

    `coverage_share` is the share of the weight that lies on criteria of which everything is known. Equal
    scores share a rank.
    """

    rank: int
    rank_best: int
    rank_worst: int
    segment_id: str
    label: str
    score_low: Decimal
    score: Decimal
    score_high: Decimal
    coverage_share: Decimal


def rank_segments(labels: Mapping[str, str], cells: Sequence[Cell]) -> tuple[Ranked, ...]:
    """Return the segments by rank; equal ranks in the order of `labels`, a label per segment id."""
    lows = {name: Decimal(0) for name in labels}
    highs, covered = dict(lows), dict(lows)
    for cell in cells:
        lows[cell.segment_id] += cell.contribution_low
        highs[cell.segment_id] += cell.contribution_high
        covered[cell.segment_id] += cell.weight_share if cell.is_known else 0
    scores = {name: between(lows[name], highs[name]) for name in labels}
    ranked = [
        Ranked(
            rank=1 + sum(other > scores[name] for other in scores.values()),
            rank_best=1 + sum(lows[other] > highs[name] for other in labels),
            rank_worst=1 + sum(highs[other] > lows[name] for other in labels if other != name),
            segment_id=name,
            label=label,
            score_low=lows[name],
            score=scores[name],
            score_high=highs[name],
            coverage_share=covered[name],
        )
        for name, label in labels.items()
    ]
    return tuple(sorted(ranked, key=lambda row: row.rank))
