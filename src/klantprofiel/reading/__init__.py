"""Reading: one published release, opened read-only, with everything in it a method away."""

from klantprofiel.reading.customer import Customer
from klantprofiel.reading.release import Release, open_release
from klantprofiel.reading.report import write_report

__all__ = ["Customer", "Release", "open_release", "write_report"]
