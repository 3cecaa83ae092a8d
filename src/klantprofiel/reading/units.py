"""Values of variables with their unit."""

from __future__ import annotations

from decimal import Decimal

from klantprofiel.display import Euro, Share, dutch


def with_unit(name: str, value: object, unit: str) -> object:
    """Return the value of a variable as it is displayed: euro, percentage, a number with its unit, or text.

    What an amount or a share is stands at the end of the variable's name.

    >>> dutch(with_unit("online_share", 0.25, "aandeel")), dutch(with_unit("monetary_eur", 12, "EUR"))
    ('25,0%', '€ 12,00')
    >>> with_unit("recency_days", 12, "dagen"), with_unit("region", "Utrecht", "")
    ('12 dagen', 'Utrecht')
    """
    if not isinstance(value, int | float | Decimal):
        return value
    if name.endswith("_eur"):
        return Euro(str(value))
    if name.endswith("_share"):
        return Share(value)
    return f"{dutch(value)} {unit}" if unit else value
