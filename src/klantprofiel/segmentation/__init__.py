"""Segmentation: customers with similar needs and behaviour in groups, by variables of one or more bases.

segment(profiles, bases=[...], purpose=, using=KMeansSegmenter(...)) -> Segmentation
    choice      which variables of the bases can be used, and why others cannot
    columns, encoding, kmeans      from variables to scores to segments
    portrait    what sets each segment apart
    quality     how much the segments explain, and whether they come back in other samples
    store       the tables segmentations, segments, segment_members, segment_profiles
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from klantprofiel.segmentation.door import segment
from klantprofiel.segmentation.quality import Quality
from klantprofiel.segmentation.result import Segmentation

if TYPE_CHECKING:
    from klantprofiel.segmentation.kmeans import KMeansSegmenter

__all__ = ["KMeansSegmenter", "Quality", "Segmentation", "segment"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  the type of a lazily loaded name
    """Load scikit-learn only when an estimator is asked for: reading a segmentation does without."""
    if name == "KMeansSegmenter":
        from klantprofiel.segmentation.kmeans import KMeansSegmenter  # noqa: PLC0415  the reason above

        return KMeansSegmenter
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
