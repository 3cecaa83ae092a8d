"""A choice of segments: who chose them, when the numbers were what they were, and why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.display import Displayed
from klantprofiel.errors import ConfigurationError
from klantprofiel.warehouse import Warehouse

if TYPE_CHECKING:
    from datetime import date

    from klantprofiel.display import Summary
    from klantprofiel.segmentation import Segmentation
    from klantprofiel.targeting.scorecard import Scorecard
    from klantprofiel.warehouse import Ledger, Tables

UNSAVED: Final = "niet bewaard"
UNRECORDED: Final = "Niet vastgelegd: exporteren kan pas als de eigenaar van het warehouse deze keuze maakt."


@dataclass(frozen=True, repr=False, kw_only=True)
class Choice(Displayed):
    """Segments that somebody chose; made by `Scorecard.select`.

    Attributes
    ----------
    segmentation
        What the segments are part of.
    segments
        The ids of the chosen segments.
    by, because
        Who chose them, and why.
    as_of, release_id
        The date of the numbers, and the release (or the run that makes it) that holds them.
    scorecard
        The name of the scorecard; None when it was not kept.
    choice_id
        The number of the choice in the ledger; None when it is not recorded.
    """

    segmentation: Segmentation = field(compare=False)
    segments: tuple[str, ...]
    by: str
    because: str
    as_of: date
    release_id: str
    scorecard: str | None
    choice_id: int | None = None

    @property
    def is_recorded(self) -> bool:
        """Whether the ledger holds this choice; an export refuses one that it does not."""
        return self.choice_id is not None

    def as_dict(self) -> dict[str, Any]:
        """Return the choice as plain values, as the ledger and the manifest of an export keep it."""
        return {
            "segmentation": self.segmentation.name,
            "segments": list(self.segments),
            "by": self.by,
            "because": self.because,
            "as_of": self.as_of.isoformat(),
            "release_id": self.release_id,
            "scorecard": self.scorecard,
            "choice_id": self.choice_id,
        }

    def summary(self) -> Summary:
        """Return the choice in Dutch."""
        return {
            "title": f"Keuze voor {', '.join(self.segments)}",
            "facts": {
                "Segmentatie": self.segmentation.name or UNSAVED,
                "Door": self.by,
                "Omdat": self.because,
                "Peildatum": self.as_of,
                "Vastgelegd": self.is_recorded,
            },
            "tables": [],
            "notes": [] if self.is_recorded else [UNRECORDED],
        }


def choose(scorecard: Scorecard, segments: tuple[str, ...], by: str, because: str) -> Choice:
    """Make the choice, and record it when the scorecard is kept and the ledger is ours to write.

    Raises
    ------
    ConfigurationError
        When nobody chooses, no reason is given, or the segments are no longer those that were scored.
    """
    if scorecard.segmentation.fingerprint != scorecard.segmentation_sha256:
        raise ConfigurationError(
            f"the segmentation {scorecard.segmentation.name!r} was made anew after this scorecard",
            expected="segments with the customers that were scored",
            todo="score it again, and choose from that scorecard",
        )
    for name, text in {"by": by, "because": because}.items():
        if not text.strip():
            raise ConfigurationError(
                f"a choice without {name}=",
                expected='who chooses and why: by="...", because="..."',
                todo="write it down, so that the choice can be explained later",
            )
    tables = scorecard.segmentation.tables
    choice = Choice(
        segmentation=scorecard.segmentation,
        segments=segments,
        by=by.strip(),
        because=because.strip(),
        as_of=scorecard.as_of,
        release_id=_release_id(tables),
        scorecard=scorecard.name,
    )
    ledger = _ledger(tables)
    if scorecard.segmentation.name is None or ledger is None or not ledger.is_writable:
        return choice
    body = {key: value for key, value in choice.as_dict().items() if key != "choice_id"}
    return replace(choice, choice_id=ledger.record_choice(body))


def _release_id(tables: Tables) -> str:
    """Return the id of a release, or that of the run, which its release will have."""
    return str(getattr(tables, "release_id", None) or getattr(tables, "run_id", ""))


def _ledger(tables: Tables) -> Ledger | None:
    """Return the ledger of the warehouse that the tables are in: a run has it, a release its directory."""
    warehouse = getattr(tables, "warehouse", None)
    root = getattr(tables, "root", None)
    if warehouse is None and root is not None:
        warehouse = Warehouse(root)
    return warehouse.ledger if isinstance(warehouse, Warehouse) else None
