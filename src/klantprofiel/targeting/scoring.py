"""The door of the room: a segmentation in, a scorecard out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klantprofiel.targeting.cells import cells_of
from klantprofiel.targeting.criteria import load_criteria
from klantprofiel.targeting.judgements import load_judgements
from klantprofiel.targeting.measures import measure
from klantprofiel.targeting.ranking import rank_segments
from klantprofiel.targeting.scorecard import Scorecard

if TYPE_CHECKING:
    from pathlib import Path

    from klantprofiel.segmentation import Segmentation


def score(
    segmentation: Segmentation,
    *,
    criteria: str | Path = "schemas/targeting.yaml",
    judgements: str | Path | None = "schemas/judgements.csv",
) -> Scorecard:
    """Score every segment on every criterion, and rank them.

    Growth, value and volume are measured in the run or release that the segmentation came from; the other
    questions are judged by people. A judgement that is not there, not yet given or no longer valid on the
    date of that run or release counts as unknown: it widens the score to an interval, and is never read as 0.

    Parameters
    ----------
    segmentation
        The segments to compare.
    criteria
        The definition of the criteria, YAML; a relative path starts at the project.
    judgements
        What people judged, CSV; None when there are no judgements of these segments.

    Raises
    ------
    DeclarationError
        When the criteria or the judgements are not as they should be; with the file and the line.
    ConfigurationError
        When the profiles lack a variable that is measured.

    Examples
    --------
    Three customers in two segments, compared on volume alone:

    >>> import datetime, tempfile
    >>> from pathlib import Path
    >>> import pyarrow as pa
    >>> from klantprofiel.profiles import Profiles
    >>> from klantprofiel.segmentation import KMeansSegmenter, segment
    >>> from klantprofiel.warehouse import Warehouse
    >>> spent = {
    ...     "customer_id": ["K-000001", "K-000002", "K-000003"], "monetary_eur": [900, 10, 20],
    ...     "spend_recent_eur": [300, 5, 0], "spend_before_eur": [300, 5, 20],
    ... }
    >>> variable = {
    ...     "name": ["monetary_eur"], "label": ["Besteding"], "facet": ["gegevens"],
    ...     "basis": ["behavioural"], "kind": ["amount"], "unit": ["EUR"],
    ...     "missing": ["komt niet voor"], "purpose": ["segmentatie"], "protected": [False],
    ...     "special": [False],
    ... }
    >>> directory = Path(tempfile.mkdtemp())
    >>> _ = (directory / "targeting.yaml").write_text('''
    ... dated: 2026-09-01
    ... decided_by: directie
    ... criteria:
    ...   volume: {question: volume, axis: attractiveness, label: Volume, unit: klanten, source: measured,
    ...            direction: more, low: 0, high: 4, weight: 1}
    ... ''')
    >>> with Warehouse(directory / "klanten").run("example", as_of=datetime.date(2026, 10, 1)) as run:
    ...     for name, rows in {"profiles": spent, "variables": variable}.items():
    ...         run.write(name, pa.table(rows), describes="an example.", grain="One row per line.")
    ...     segmentation = segment(Profiles(run), bases=["behavioural"], using=KMeansSegmenter(2))
    ...     scorecard = score(segmentation, criteria=directory / "targeting.yaml", judgements=None)
    >>> [(row.segment_id, float(row.score)) for row in scorecard.rows()]
    [('S1', 0.5), ('S2', 0.25)]
    """
    definition = load_criteria(criteria)
    labels = {row["segment_id"]: row["label"] for row in segmentation.sizes().to_pylist()}
    judged = [] if judgements is None else load_judgements(judgements, definition, labels)
    is_measured = any(criterion.source == "measured" for criterion in definition.criteria.values())
    measures = measure(segmentation) if is_measured else {}
    cells = cells_of(labels, definition, measures, judged, segmentation.tables.as_of)
    return Scorecard(
        as_of=segmentation.tables.as_of,
        criteria_dated=definition.dated,
        decided_by=definition.decided_by,
        segmentation=segmentation,
        segmentation_sha256=segmentation.fingerprint,
        ranking=rank_segments(labels, cells),
        cells_found=cells,
    )
