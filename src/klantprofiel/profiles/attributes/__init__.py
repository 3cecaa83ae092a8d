"""Attributes over time: what the golden record said of each customer, since when, and since when it is known.

golden_values      the state: the golden record, kept over time among the direct identifiers
attribute_changes  every version of an attribute that changed, masked as the golden record is
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from klantprofiel.profiles.attributes.changes import attribute_versions
from klantprofiel.profiles.facts import keep_facts
from klantprofiel.profiles.theme import Facts
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from klantprofiel.profiles.changed import Kept
    from klantprofiel.warehouse import Run

GOLDEN_VALUES: Final = Facts(name="golden_values", package=__package__, is_state=True)

__all__ = ["GOLDEN_VALUES", "keep_attributes"]


def keep_attributes(run: Run, kept: Kept | None = None) -> None:
    """Keep what the golden record says of each customer, and make `attribute_changes`.

    An attribute holds from the `valid_from` of its version until that of the next, `valid_to`. A version that
    holds from the same day as the one before corrects it: that one then has a `replaced_at`. What came late
    has a `recorded_at` well after its `valid_from`. What is `kept` of the release before is not made again.
    """
    keep_facts(run, GOLDEN_VALUES, kept)
    run.view(attribute_versions())
    run.make(load_sql(__package__, "attribute_changes"))
