"""The gate: Great Expectations judges the closed build, once, before it is published.

A child process loads the library while the run goes on (`process`, `child`, `engine`); suites come from
declarations and from schemas/expectations/ (`suites`, `files`); what was found is a page and GX-shaped JSON
(`findings`, `words`, `page`), and whoever knows better can accept it (`accept`).
"""

from klantprofiel.validation.gate.accept import accept
from klantprofiel.validation.gate.files import ExpectationFiles, check_expectations, write_expectations
from klantprofiel.validation.gate.gate import start_gate
from klantprofiel.validation.gate.process import one_judge

__all__ = [
    "ExpectationFiles",
    "accept",
    "check_expectations",
    "one_judge",
    "start_gate",
    "write_expectations",
]
