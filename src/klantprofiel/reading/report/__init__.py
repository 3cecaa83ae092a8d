"""The report of a release: one self-contained page, in Dutch, for many eyes.

It tells of deliveries, quality, profiles, segments, scorecards and consent in numbers of groups. Groups of
fewer than ten customers cannot be read from it, nor computed, and no value of a person stands in it.
"""

from klantprofiel.reading.report.door import report, write_report

__all__ = ["report", "write_report"]
