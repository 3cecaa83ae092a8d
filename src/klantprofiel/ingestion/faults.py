"""What can be wrong with one record of a delivered file, of any format; the others are read all the same."""

from __future__ import annotations

from enum import IntEnum


class Fault(IntEnum):
    """Why a record cannot be read; the values are kept in arrays."""

    NONE = 0
    UNCLOSED_QUOTE = 1
    TEXT_AFTER_QUOTE = 2
    QUOTE_IN_FIELD = 3
    NUL_BYTE = 4
    TOO_FEW_FIELDS = 5
    TOO_MANY_FIELDS = 6
    WRONG_ENCODING = 7
    NOT_JSON = 8
    NO_OBJECT = 9
    DUPLICATE_NAME = 10
    NESTED_VALUE = 11
    LONE_SURROGATE = 12
    TOO_DEEP = 13
    ERROR_CELL = 14
    LOST_DIGITS = 15
    NO_RESULT = 16
    REPEATED_HEADER = 17
    RENAMED = 18
    MERGED_CELL = 19


def rule_of(fault: Fault) -> str:
    """Return the name by which quarantine calls a fault of a whole record.

    >>> rule_of(Fault.TOO_FEW_FIELDS)
    'record.too_few_fields'
    """
    return f"record.{fault.name.lower()}"
