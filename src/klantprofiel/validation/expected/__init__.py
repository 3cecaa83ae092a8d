"""What a table has to be: suites from its declaration, and bounds from the deliveries before.

`suites_for(tables)` gives the suites, `keep_statistics(run, accounts)` keeps what each delivery was like, and
`parameters(run, suites)` gives tonight's bounds.
"""

from klantprofiel.validation.expected.parameters import parameters, parameters_of_day
from klantprofiel.validation.expected.profiles import profile_suite
from klantprofiel.validation.expected.statistics import STATISTICS, keep_statistics
from klantprofiel.validation.expected.suites import Suite, filled, names_in, suites_for

__all__ = [
    "STATISTICS",
    "Suite",
    "filled",
    "keep_statistics",
    "names_in",
    "parameters",
    "parameters_of_day",
    "profile_suite",
    "suites_for",
]
