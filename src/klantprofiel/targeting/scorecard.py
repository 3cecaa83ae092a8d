"""A scorecard: the segments ranked, what every criterion adds to their score, and where that comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from klantprofiel.display import Displayed, Share, dutch_number
from klantprofiel.errors import ConfigurationError, NotFoundError, near_miss
from klantprofiel.targeting.cells import STATUS
from klantprofiel.targeting.criteria import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from klantprofiel.display import Summary, SummaryTable
    from klantprofiel.segmentation import Segmentation
    from klantprofiel.targeting.cells import Cell
    from klantprofiel.targeting.choice import Choice
    from klantprofiel.targeting.ranking import Ranked
    from klantprofiel.warehouse import Run, Tables

NOTES: Final = {
    "points": "Punten van 0 tot 100; het bereik volgt uit wat niet bekend is, de rang uit het midden.",
    "open": "Niet (geheel) bekend: {label} voor {segments}.",
    "unasked": "Zonder criterium: {questions}.",
    "open_rank": "De volgorde staat niet vast: {segments} kunnen nog van plaats wisselen.",
}


@dataclass(frozen=True, repr=False, kw_only=True)
class Scorecard(Displayed):
    """Segments ranked on criteria; made by `score`, kept by `run.save`, read back by `read`.

    Attributes
    ----------
    name
        The name it is kept under; None as long as it is not.
    as_of
        The date of the measurements, on which judgements had to be valid.
    criteria_dated, decided_by
        The date of the definition of the criteria, and who decided it.
    segmentation, segmentation_sha256
        The segments that were scored, and the fingerprint that they had.
    ranking, cells_found
        What `rows()` and `cells()` return.
    """

    name: str | None = None
    as_of: date
    criteria_dated: date
    decided_by: str
    segmentation: Segmentation = field(compare=False)
    segmentation_sha256: str
    ranking: tuple[Ranked, ...]
    cells_found: tuple[Cell, ...]

    def rows(self) -> tuple[Ranked, ...]:
        """Return the segments by rank; scores from 0 to 1."""
        return self.ranking

    def cells(self) -> tuple[Cell, ...]:
        """Return a cell per segment and criterion; their contributions add up exactly to the score."""
        return self.cells_found

    def select(self, *segment_ids: str, top: int | None = None, by: str, because: str) -> Choice:
        """Choose segments: those named, or the `top` of the ranking.

        The choice is recorded in the ledger when its segmentation is kept and you may write there.

        Parameters
        ----------
        *segment_ids
            The segments to choose.
        top
            How many to choose from the top of the ranking, instead of naming them.
        by
            Who chooses.
        because
            Why.

        Raises
        ------
        ConfigurationError
            When nothing is chosen, nobody chooses, no reason is given, or the ranking cannot tell the last of
            the top from the next.
        NotFoundError
            When there is no such segment.

        Examples
        --------
        >>> choice = release.scorecard("najaar").select(top=2, by="CCO", because="de hoogste score")
        >>> choice.is_recorded
        True
        """
        from klantprofiel.targeting.choice import choose  # noqa: PLC0415  it takes this class

        if (top is None) == (not segment_ids):
            raise ConfigurationError(
                "no segments were chosen" if top is None else "both segments and a top were chosen",
                expected='the ids of segments, or top=, such as select("S1", ...) or select(top=2, ...)',
            )
        return choose(self, self._named(segment_ids) if top is None else self._top(top), by, because)

    def save_to(self, run: Run, name: str) -> None:
        """Write the scorecard into the tables of `run`, in the place of an earlier one of this name.

        Raises
        ------
        NotFoundError
            When its segmentation is not kept in the run.
        """
        from klantprofiel.targeting.store import write_scorecard  # noqa: PLC0415  it makes this class

        write_scorecard(self, run, name)

    @classmethod
    def read(cls, tables: Tables, name: str) -> Self:
        """Return the scorecard kept as `name` in a run or release.

        Raises
        ------
        NotFoundError
            When there is none of that name.
        """
        from klantprofiel.targeting.store import read_fields  # noqa: PLC0415  the same

        return cls(**read_fields(tables, name))

    def summary(self) -> Summary:
        """Return the ranking in Dutch, with what every criterion adds, in points from 0 to 100."""
        return {
            "title": f"Scorekaart {self.name}" if self.name else "Scorekaart",
            "facts": {
                "Segmenten": len(self.ranking),
                "Hoogst": self.ranking[0].segment_id,
                "Peildatum": self.as_of,
                "Criteria van": self.criteria_dated,
                "Vastgesteld door": self.decided_by,
            },
            "tables": [self._ranking_shown(), self._contributions_shown(), self._found_shown()],
            "notes": [*self._notes()],
        }

    def _named(self, segment_ids: tuple[str, ...]) -> tuple[str, ...]:
        known = [row.segment_id for row in self.ranking]
        for segment_id in segment_ids:
            if segment_id not in known:
                raise NotFoundError(
                    f"the scorecard has no segment {segment_id!r}{near_miss(segment_id, known)}",
                    expected=f"one of {', '.join(known)}",
                )
        return tuple(dict.fromkeys(segment_ids))

    def _top(self, top: int) -> tuple[str, ...]:
        n = len(self.ranking)
        if not 1 <= top <= n:
            raise ConfigurationError(f"a top of {top} of {n} segments", expected=f"top from 1 to {n}")
        if top < n and self.ranking[top - 1].rank == self.ranking[top].rank:
            tied = [row.segment_id for row in self.ranking if row.rank == self.ranking[top].rank]
            raise ConfigurationError(
                f"the top {top} is not decided: {', '.join(tied)} have the same score",
                expected="a choice between them by somebody",
                todo=f'name the segments, such as select("{tied[0]}", ...), and say why',
            )
        return tuple(row.segment_id for row in self.ranking[:top])

    def _ranking_shown(self) -> SummaryTable:
        rows = [
            (
                row.rank,
                row.segment_id,
                row.label,
                points(row.score, row.score),
                points(row.score_low, row.score_high),
                f"{row.rank_best}-{row.rank_worst}",
                Share(row.coverage_share),
            )
            for row in self.ranking
        ]
        columns = ("Rang", "Segment", "Kenmerk", "Punten", "Bereik", "Rang kan zijn", "Bekend gewicht")
        return {"title": "Rangorde", "columns": columns, "rows": rows}

    def _contributions_shown(self) -> SummaryTable:
        shown = {
            (cell.criterion, cell.segment_id): points(cell.contribution_low, cell.contribution_high)
            for cell in self.cells_found
        }
        return self._by_criterion("Bijdrage per criterium (punten)", shown)

    def _found_shown(self) -> SummaryTable:
        shown = {(cell.criterion, cell.segment_id): _found(cell) for cell in self.cells_found}
        return self._by_criterion("Gemeten of beoordeeld", shown)

    def _by_criterion(self, title: str, shown: dict[tuple[str, str], str]) -> SummaryTable:
        """Put the criteria below and the segments beside each other, in the order of the ranking."""
        segments = [row.segment_id for row in self.ranking]
        criteria = {cell.criterion: cell for cell in self.cells_found}
        rows = [
            (_heading(cell), Share(cell.weight_share), *(shown[name, segment] for segment in segments))
            for name, cell in criteria.items()
        ]
        return {"title": title, "columns": ("Criterium", "Gewicht", *segments), "rows": rows}

    def _notes(self) -> Iterator[str]:
        yield NOTES["points"]
        for name in dict.fromkeys(cell.criterion for cell in self.cells_found):
            unknown = [cell for cell in self.cells_found if cell.criterion == name and not cell.is_known]
            if unknown:
                segments = ", ".join(f"{cell.segment_id} ({STATUS[cell.status]})" for cell in unknown)
                yield NOTES["open"].format(label=unknown[0].label, segments=segments)
        asked = {cell.question for cell in self.cells_found}
        unasked = [label for question, label in QUESTIONS.items() if question not in asked]
        if unasked:
            yield NOTES["unasked"].format(questions=", ".join(unasked))
        movable = [row.segment_id for row in self.ranking if row.rank_best != row.rank_worst]
        if movable:
            yield NOTES["open_rank"].format(segments=", ".join(movable))


def points(low: Decimal, high: Decimal) -> str:
    """Return an interval from 0 to 1 in points from 0 to 100.

    >>> from decimal import Decimal
    >>> points(Decimal("0.1"), Decimal("0.1")), points(Decimal("0.1"), Decimal("0.25"))
    ('10,0', '10,0-25,0')
    """
    shown = [dutch_number(value * 100, decimals=1) for value in (low, high)]
    return shown[0] if shown[0] == shown[1] else "-".join(shown)


def _heading(cell: Cell) -> str:
    return f"{cell.label} ({cell.unit})" if cell.unit else cell.label


def _found(cell: Cell) -> str:
    """Return what was found in a cell, or that it is not known."""
    if cell.low is None or cell.high is None:
        return STATUS[cell.status]
    numbers = [_shown(number) for number in (cell.low, cell.high)]
    shown = numbers[0] if cell.low == cell.high else " tot ".join(numbers)
    return shown if cell.is_known else f"{shown} ({STATUS[cell.status]})"


def _shown(number: Decimal) -> str:
    """Return a number without decimals when it has none, else with two, or three when it is small."""
    if number == number.to_integral_value():
        return dutch_number(number)
    return dutch_number(number, decimals=2 if abs(number) >= 1 else 3)
