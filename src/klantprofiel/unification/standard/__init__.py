"""Delivered values in one form: names, addresses, contact, numbers; the records as they are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klantprofiel.unification.standard.placeholder_values import find_placeholders
from klantprofiel.unification.standard.standard_values import standardise
from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from klantprofiel.warehouse import Statement

__all__ = ["find_placeholders", "link_records", "standardise"]


def link_records() -> Statement:
    """Return the statement of `identity.link_records`, of the records in `identity.touched_records`.

    >>> link_records().columns[:4]
    ('record_id', 'source', 'given_name', 'initials')
    """
    return load_sql(__name__, "link_records")
