"""Values of variables with their unit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from klantprofiel.display import Euro, Noted, Share, dutch, dutch_short
from klantprofiel.labels import ONE

if TYPE_CHECKING:
    from klantprofiel.profiles import Variable


def with_unit(variable: Variable, value: object) -> object:
    """Return a value as it is displayed: euro, a percentage, a number with its unit, or text.

    A unit of one word follows the number, and one that takes explaining stands in parentheses.

    >>> from klantprofiel.profiles import Variable
    >>> recency = Variable(
    ...     name="recency_days", label="Dagen sinds laatste bestelling", facet="gegevens",
    ...     basis="behavioural", kind="count", unit="dagen", missing="nog nooit besteld",
    ... )
    >>> with_unit(recency, 1234), with_unit(recency, 1)
    ('1.234 dagen', '1 dag')
    """
    if not isinstance(value, int | float | Decimal):
        return value
    if variable.kind == "amount":
        return Euro(str(value))
    if variable.kind == "share":
        return Share(value)
    number = dutch(value) if isinstance(value, int) else dutch_short(value)
    unit = ONE.get(variable.unit, variable.unit) if value == 1 else variable.unit
    return Noted(number, unit) if " " in unit else f"{number} {unit}".rstrip()
