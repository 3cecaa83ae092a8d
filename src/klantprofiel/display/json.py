"""A summary as JSON, for machines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING

from klantprofiel.display.words import Muted

if TYPE_CHECKING:
    from klantprofiel.display.summary import Summary


def to_json(summary: Summary) -> str:
    """Return the summary as JSON: a Decimal is exact text, a date jjjj-mm-dd, unknown null, never NaN.

    >>> facts = {"Klanten": 1234, "Gemiddelde": float("nan")}
    >>> print(to_json({"title": "Geteld", "facts": facts, "tables": [], "notes": []}))
    {
      "title": "Geteld",
      "facts": {
        "Klanten": 1234,
        "Gemiddelde": null
      },
      "tables": [],
      "notes": []
    }
    """
    return json.dumps(_plain(summary), ensure_ascii=False, indent=2, allow_nan=False)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if hasattr(value, "dtype") and hasattr(value, "item"):
        value = value.item()  # a numpy scalar
    if isinstance(value, (float, Decimal)):
        exact = str(value) if isinstance(value, Decimal) else float(value)
        return exact if isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Muted):
        return None
    return value if value is None or isinstance(value, (bool, int)) else str(value)
