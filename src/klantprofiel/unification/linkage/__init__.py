"""Linkage: how likely it is that two records are one person, as bits per pair."""

from __future__ import annotations

from klantprofiel.unification.linkage.model import Model, keep_model, load_model
from klantprofiel.unification.linkage.predict import score, score_pairs
from klantprofiel.unification.linkage.train import train

__all__ = ["Model", "keep_model", "load_model", "score", "score_pairs", "train"]
