"""What is known of a file that was delivered, without a heavy library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

DELIVERIES: Final = "leveringen"
TRUTH: Final = "waarheid"  # no pipeline reads here
ON_TIME, TOO_LATE, AGAIN = "op tijd", "te laat", "nogmaals"


@dataclass(frozen=True)
class GeneratedFile:
    """One delivered file: its source, its path in the project, its records and how many of them are dirt.

    `of_day` is the day whose news it holds: the day it came, or the day before when `manner` says that it
    came too late or once more.
    """

    source: str
    delivered_on: date
    path: Path
    of_day: date
    manner: str
    n_records: int
    n_dirty: int
