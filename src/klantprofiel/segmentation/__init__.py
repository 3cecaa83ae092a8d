"""Segmentation: customers with similar needs and behaviour in groups, by variables of one or more bases.

segment(profiles, bases=[...], purpose=, using=KMeansSegmenter(...)) -> Segmentation
    choice      which variables of the bases can be used, and why others cannot
    columns, vocabulary, patterns      variables as customers have them, and each different customer once
    estimator   what the segmenters share that learn from customers
    mixture, kmeans, rules      the segmenters
    structure   how many segments there are, and whether they are real
    scoring     segments as SQL, equal to `predict`
    crossing    two segmentations of the same customers beside each other
    portrait    what sets each segment apart
    quality     how much the segments explain, and whether they come back in other samples
    store       the tables segmentations, segments, segment_members, segment_profiles
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from klantprofiel.segmentation.door import segment
from klantprofiel.segmentation.quality import Quality
from klantprofiel.segmentation.result import Segmentation

if TYPE_CHECKING:
    from klantprofiel.segmentation.crossing import crossed
    from klantprofiel.segmentation.kmeans import KMeansSegmenter
    from klantprofiel.segmentation.mixture.estimator import MixtureSegmenter
    from klantprofiel.segmentation.rules import RuleSegmenter, rfm_rules, value_rules

__all__ = [
    "KMeansSegmenter",
    "MixtureSegmenter",
    "Quality",
    "RuleSegmenter",
    "Segmentation",
    "crossed",
    "rfm_rules",
    "segment",
    "value_rules",
]

_MODULES = {
    "KMeansSegmenter": "kmeans",
    "MixtureSegmenter": "mixture.estimator",
    "RuleSegmenter": "rules",
    "crossed": "crossing",
    "rfm_rules": "rules",
    "value_rules": "rules",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  the type of a lazily loaded name
    """Load scikit-learn only when an estimator is asked for: reading a segmentation does without."""
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
