"""How many segments there are, and whether they are real.

choose_k(segmenter, patterns, bases) -> SegmentCount      what n_segments="auto" follows, and why
structure(segmenter, X, k=range(1, 11)) -> Structure      how stable each number of segments is, and a verdict
    sample      the customers that it is measured on
    null        customers without segments, who are otherwise like them
    agreement   how much two divisions of the same customers agree
"""

from __future__ import annotations

from klantprofiel.segmentation.structure.choosing import SegmentCount, choose_k
from klantprofiel.segmentation.structure.report import Structure, structure
from klantprofiel.segmentation.structure.verdict import Kind, Verdict

__all__ = ["Kind", "SegmentCount", "Structure", "Verdict", "choose_k", "structure"]
