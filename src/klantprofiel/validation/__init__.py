"""Validation: the contract splits landed records into clean and quarantine; every record is accounted for.

The door is `validate(run)`. It also registers the gate, in which Great Expectations judges the closed build.
"""

from klantprofiel.validation.account import BatchAccount
from klantprofiel.validation.door import validate
from klantprofiel.validation.gate import accept, check_expectations, one_judge, write_expectations
from klantprofiel.validation.result import ReasonCount, Validated

__all__ = [
    "BatchAccount",
    "ReasonCount",
    "Validated",
    "accept",
    "check_expectations",
    "one_judge",
    "validate",
    "write_expectations",
]
