"""What is known of one segment on one criterion, and what that adds to its score.

A cell holds what was found (measured, or judged as low, mode, high), its value from 0 to 1, and its
contribution: the value times the share of its weight. What is not known is not guessed: the value of an
unknown or expired cell runs from 0 to 1. Against several competitors the least favourable judgement counts,
because a customer who can go to the strongest competitor will; when the judgement against one of them has
expired, that one could be worse than the others, so the value runs down to 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from klantprofiel.display import dutch_date
from klantprofiel.targeting.exact import between, exact_share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from decimal import Decimal

    from klantprofiel.targeting.criteria import Criterion, Definition
    from klantprofiel.targeting.judgements import Judgement
    from klantprofiel.targeting.measures import Measure

STATUS: Final = {
    "known": "bekend",
    "unknown": "onbekend",
    "expired": "verlopen",
    "partly_expired": "deels verlopen",
}
WHY: Final = {
    "nobody": "niemand heeft dit beoordeeld",
    "judged": "{who}, {source}, {date}{against}",
    "expired": "verlopen op {date}{against}",
    "against": " (tegen {competitor})",
}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One segment on one criterion.

    `low`, `mode` and `high` are what was found, in `unit`, all three equal when it was measured; None when
    nothing valid was found. Values, contributions and `weight_share` run from 0 to 1; `why` is the source, in
    Dutch.
    """

    segment_id: str
    criterion: str
    label: str
    question: str
    axis: str
    unit: str
    source: str
    direction: str
    bound_low: Decimal
    bound_high: Decimal
    weight: Decimal
    weight_share: Decimal
    status: str
    low: Decimal | None
    mode: Decimal | None
    high: Decimal | None
    value_low: Decimal
    value_high: Decimal
    contribution_low: Decimal
    contribution_high: Decimal
    why: str

    @property
    def is_known(self) -> bool:
        """Whether everything that this cell needs was found and is valid."""
        return self.status == "known"

    @property
    def contribution(self) -> Decimal:
        """The middle of the contribution; over the cells of a segment these add up to its score."""
        return between(self.contribution_low, self.contribution_high)


@dataclass(frozen=True)
class _Found:
    """What a cell rests on: the numbers, and the value from 0 to 1 as an interval."""

    status: str
    numbers: tuple[Decimal, Decimal, Decimal] | None
    value_low: Fraction
    value_high: Fraction
    why: str


def cells_of(
    segments: Iterable[str],
    definition: Definition,
    measures: Mapping[tuple[str, str], Measure],
    judgements: Iterable[Judgement],
    as_of: date,
) -> tuple[Cell, ...]:
    """Return a cell per segment and criterion, in the order of the segments and of the definition.

    Parameters
    ----------
    segments
        The ids of the segments.
    definition
        The criteria.
    measures
        What was measured, by segment id and question.
    judgements
        What was judged.
    as_of
        The day on which judgements must be given and valid.
    """
    judged = _latest(judgements, as_of)
    cells = []
    for segment_id in segments:
        for name, criterion in definition.criteria.items():
            if criterion.source == "measured":
                found = _measured(criterion, measures[segment_id, criterion.question])
            else:
                found = _judged(criterion, judged.get((segment_id, name), []), as_of)
            cells.append(_cell(segment_id, name, criterion, definition.weight_share(name), found))
    return tuple(cells)


def _latest(judgements: Iterable[Judgement], as_of: date) -> dict[tuple[str, str], list[Judgement]]:
    """Return by segment and criterion the last judgement per competitor that was given by `as_of`."""
    last: dict[tuple[str, str, str], Judgement] = {}
    for judgement in sorted(judgements, key=lambda judgement: (judgement.key, judgement.judged_on)):
        if judgement.judged_on <= as_of:
            last[judgement.key] = judgement
    by_cell: dict[tuple[str, str], list[Judgement]] = {}
    for (segment_id, criterion, _), judgement in last.items():
        by_cell.setdefault((segment_id, criterion), []).append(judgement)
    return by_cell


def _measured(criterion: Criterion, measure: Measure) -> _Found:
    if measure.found is None:
        return _Found("unknown", None, Fraction(0), Fraction(1), measure.why)
    value = criterion.value(measure.found)
    return _Found("known", (measure.found, measure.found, measure.found), value, value, measure.why)


def _judged(criterion: Criterion, judgements: list[Judgement], as_of: date) -> _Found:
    if not judgements:
        return _Found("unknown", None, Fraction(0), Fraction(1), WHY["nobody"])
    why = "; ".join(_why(judgement, as_of) for judgement in judgements)
    valid = [judgement for judgement in judgements if judgement.valid_until >= as_of]
    if not valid:
        return _Found("expired", None, Fraction(0), Fraction(1), why)
    values = [sorted(map(criterion.value, (judgement.low, judgement.high))) for judgement in valid]
    low, high = min(value[0] for value in values), min(value[1] for value in values)
    hardest = min(valid, key=lambda judgement: (criterion.value(judgement.mode), judgement.competitor))
    numbers = (hardest.low, hardest.mode, hardest.high)
    if len(valid) < len(judgements):
        return _Found("partly_expired", numbers, Fraction(0), high, why)
    return _Found("known", numbers, low, high, why)


def _why(judgement: Judgement, as_of: date) -> str:
    against = WHY["against"].format(competitor=judgement.competitor) if judgement.competitor else ""
    if judgement.valid_until < as_of:
        return WHY["expired"].format(date=dutch_date(judgement.valid_until), against=against)
    given = dutch_date(judgement.judged_on)
    return WHY["judged"].format(who=judgement.who, source=judgement.source, date=given, against=against)


def _cell(segment_id: str, name: str, criterion: Criterion, weight_share: Fraction, found: _Found) -> Cell:
    low, mode, high = found.numbers or (None, None, None)
    return Cell(
        segment_id=segment_id,
        criterion=name,
        label=criterion.label,
        question=criterion.question,
        axis=criterion.axis,
        unit=criterion.unit,
        source=criterion.source,
        direction=criterion.direction,
        bound_low=criterion.low,
        bound_high=criterion.high,
        weight=criterion.weight,
        weight_share=exact_share(weight_share),
        status=found.status,
        low=low,
        mode=mode,
        high=high,
        value_low=exact_share(found.value_low),
        value_high=exact_share(found.value_high),
        contribution_low=exact_share(weight_share * found.value_low),
        contribution_high=exact_share(weight_share * found.value_high),
        why=found.why,
    )
