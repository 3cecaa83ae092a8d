"""Clusters: which records are one customer, given what pairs of them score; and who live together."""

from klantprofiel.unification.clusters.group_tables import keep_grouping, scope_of
from klantprofiel.unification.clusters.grouping import Grouping, group_records
from klantprofiel.unification.clusters.households import keep_households
from klantprofiel.unification.clusters.keys import CAP, keep_keys

__all__ = ["CAP", "Grouping", "group_records", "keep_grouping", "keep_households", "keep_keys", "scope_of"]
