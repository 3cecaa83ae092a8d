"""The tables that scorecards are kept in; they grow by name, and a name written again is replaced."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.errors import NotFoundError, near_miss
from klantprofiel.segmentation import Segmentation
from klantprofiel.segmentation.store import arrow_table
from klantprofiel.targeting.cells import Cell
from klantprofiel.targeting.ranking import Ranked

if TYPE_CHECKING:
    from klantprofiel.targeting.scorecard import Scorecard
    from klantprofiel.warehouse import Run, Tables

_NUMBER: Final = "decimal(18,6)"
_SHARE: Final = "decimal(18,12)"

SCORECARDS: Final = {
    "scorecard": "varchar",
    "segmentation": "varchar",
    "segmentation_sha256": "varchar",
    "as_of": "date",
    "criteria_dated": "date",
    "decided_by": "varchar",
    "rank": "bigint",
    "rank_best": "bigint",
    "rank_worst": "bigint",
    "segment_id": "varchar",
    "label": "varchar",
    "score_low": _SHARE,
    "score": "decimal(18,13)",
    "score_high": _SHARE,
    "coverage_share": _SHARE,
    "run_id": "varchar",
    "recorded_at": "timestamp",
}
CELLS: Final = {
    "scorecard": "varchar",
    "position": "bigint",
    "segment_id": "varchar",
    "criterion": "varchar",
    "label": "varchar",
    "question": "varchar",
    "axis": "varchar",
    "unit": "varchar",
    "source": "varchar",
    "direction": "varchar",
    "bound_low": _NUMBER,
    "bound_high": _NUMBER,
    "weight": _NUMBER,
    "weight_share": _SHARE,
    "status": "varchar",
    "low": _NUMBER,
    "mode": _NUMBER,
    "high": _NUMBER,
    "value_low": _SHARE,
    "value_high": _SHARE,
    "contribution_low": _SHARE,
    "contribution_high": _SHARE,
    "why": "varchar",
}


def write_scorecard(scorecard: Scorecard, run: Run, name: str) -> None:
    """Write one scorecard into its two tables.

    Raises
    ------
    NotFoundError
        When its segmentation is not kept in the run.
    """
    whole = {
        "scorecard": name,
        "segmentation": _kept_name(scorecard.segmentation, run),
        **{
            key: getattr(scorecard, key)
            for key in ("segmentation_sha256", "as_of", "criteria_dated", "decided_by")
        },
        "run_id": run.run_id,
        "recorded_at": run.recorded_at,
    }
    ranking = [{**whole, **asdict(row)} for row in scorecard.rows()]
    cells = [
        {"scorecard": name, "position": position, **asdict(cell)}
        for position, cell in enumerate(scorecard.cells(), start=1)
    ]
    parts = (
        (
            "scorecards",
            SCORECARDS,
            ranking,
            "scorecards: segments ranked; scores and shares from 0 to 1.",
            "segment",
        ),
        (
            "scorecard_cells",
            CELLS,
            cells,
            "scorecard_cells: what was found of a segment, and what it adds to its score.",
            "segment and criterion",
        ),
    )
    for table, columns, rows, describes, what in parts:
        grain = f"One row per scorecard, {what}."
        run.create(
            table, columns, describes=describes, grain=grain, made_from=("segment_members", "profiles")
        )
        run.execute(f"delete from {table} where scorecard = $name", name=name)
        run.execute(f"insert into {table} by name from added", added=arrow_table(rows, columns))


def read_fields(tables: Tables, name: str) -> dict[str, Any]:
    """Return the fields of the scorecard kept as `name`.

    Raises
    ------
    NotFoundError
        When there is none of that name.
    """
    query = "select distinct scorecard from scorecards order by scorecard"
    known = [found for (found,) in tables.rows(query)] if tables.has("scorecards") else []
    if name not in known:
        raise NotFoundError(
            f"there is no scorecard {name!r}{near_miss(name, known)}",
            expected=f"one of {', '.join(known) or 'none yet'}",
            todo="check the name, or run the pipeline that saves it",
        )
    order = "rank, try_cast(substr(segment_id, 2) as bigint)"
    query = f"select * from scorecards where scorecard = $name order by {order}"
    ranking = tables.arrow(query, name=name).to_pylist()
    query = "select * from scorecard_cells where scorecard = $name order by position"
    cells = tables.arrow(query, name=name).to_pylist()
    whole = ranking[0]
    return {
        "name": name,
        **{key: whole[key] for key in ("segmentation_sha256", "as_of", "criteria_dated", "decided_by")},
        "segmentation": Segmentation.read(tables, whole["segmentation"]),
        "ranking": tuple(Ranked(**_only(row, Ranked)) for row in ranking),
        "cells_found": tuple(Cell(**_only(row, Cell)) for row in cells),
    }


def _kept_name(segmentation: Segmentation, run: Run) -> str:
    """Return the name under which the run keeps the segmentation; one just saved is known by its content."""
    query = "select name from segmentations order by name"
    kept = [name for (name,) in run.rows(query)] if run.has("segmentations") else []
    for name in kept if segmentation.name is None else [segmentation.name]:
        if name in kept and Segmentation.read(run, name) == replace(segmentation, name=name):
            return name
    raise NotFoundError(
        f"the segmentation of this scorecard ({segmentation.name or 'no name'}) is not kept in this run",
        expected="a segmentation that was saved before its scorecard",
        todo='save it first, in the same run: run.save(segmentation, name="...")',
    )


def _only(row: dict[str, Any], kind: type[Ranked | Cell]) -> dict[str, Any]:
    return {field.name: row[field.name] for field in fields(kind)}
