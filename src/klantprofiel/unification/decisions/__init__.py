"""Decisions: who is who by the word of people, in the ledger, above whatever is computed.

join, split, retract     decide, or with `dry_run` only tell what would change
decided                  every decision ever made
decisions_in_force       as pairs of records, for who groups records into customers
review                   the pairs and groups most worth a look, masked
draw_sample, precision_estimate     how precise the release is, by a labelled random sample
changes                  what becomes of customers between two registries
"""

from klantprofiel.unification.decisions.changes import Changes, changes
from klantprofiel.unification.decisions.decision import Decision, decided
from klantprofiel.unification.decisions.doubtful import Review, review
from klantprofiel.unification.decisions.force import (
    decisions_in_force,
    touched_by_decisions,
    with_unlinked,
)
from klantprofiel.unification.decisions.record import Effect, join, retract, split
from klantprofiel.unification.decisions.sample import PrecisionEstimate, draw_sample, precision_estimate

__all__ = [
    "Changes",
    "Decision",
    "Effect",
    "PrecisionEstimate",
    "Review",
    "changes",
    "decided",
    "decisions_in_force",
    "draw_sample",
    "join",
    "precision_estimate",
    "retract",
    "review",
    "split",
    "touched_by_decisions",
    "with_unlinked",
]
