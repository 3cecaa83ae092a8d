"""Validation: the contract splits landed records into clean and quarantine; every record is accounted for.

The door is `validate(run)`.
"""

from klantprofiel.validation.account import BatchAccount
from klantprofiel.validation.door import validate
from klantprofiel.validation.result import ReasonCount, Validated

__all__ = ["BatchAccount", "ReasonCount", "Validated", "validate"]
