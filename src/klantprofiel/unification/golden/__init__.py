"""The golden record: the best known value of each attribute, where it comes from, and what lost."""

from klantprofiel.unification.golden.attributes import part_of
from klantprofiel.unification.golden.door import golden_tables, make_golden, renew_golden
from klantprofiel.unification.golden.explanations import keep_explanations
from klantprofiel.unification.golden.statements import known_customers
from klantprofiel.unification.golden.survival import SURVIVAL

__all__ = [
    "SURVIVAL",
    "golden_tables",
    "keep_explanations",
    "known_customers",
    "make_golden",
    "part_of",
    "renew_golden",
]
