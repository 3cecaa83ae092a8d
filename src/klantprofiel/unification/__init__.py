"""Unification: which source records are one customer, under an id that lasts, with the best known values."""

from klantprofiel.unification.door import unify
from klantprofiel.unification.unified import Unified

__all__ = ["Unified", "unify"]
