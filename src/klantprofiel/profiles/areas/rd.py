"""Coordinates of the Dutch grid (Rijksdriehoek, EPSG:28992) as latitude and longitude (WGS84)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    Floats = np.ndarray[Any, np.dtype[np.float64]]

AMERSFOORT: Final = (155_000.0, 463_000.0)
"""The middle of the grid, in metres east and north."""
AMERSFOORT_DEGREES: Final = (52.15517440, 5.38720621)

# Powers of the distances east and north of Amersfoort (in 100 km), and the coefficient in seconds of arc.
_NORTH: Final = (
    (0, 1, 3235.65389),
    (2, 0, -32.58297),
    (0, 2, -0.24750),
    (2, 1, -0.84978),
    (0, 3, -0.06550),
    (2, 2, -0.01709),
    (1, 0, -0.00738),
    (4, 0, 0.00530),
    (2, 3, -0.00039),
    (4, 1, 0.00033),
    (1, 1, -0.00012),
)
_EAST: Final = (
    (1, 0, 5260.52916),
    (1, 1, 105.94684),
    (1, 2, 2.45656),
    (3, 0, -0.81885),
    (1, 3, 0.05594),
    (3, 1, -0.05607),
    (0, 1, 0.01199),
    (3, 2, -0.00256),
    (1, 4, 0.00128),
    (0, 2, 0.00022),
    (2, 0, -0.00022),
    (5, 0, 0.00026),
)


def to_degrees(east: Floats, north: Floats) -> tuple[Floats, Floats]:
    """Return latitude and longitude (WGS84, in degrees) of points of the Dutch grid, in metres.

    Within a metre or so in the Netherlands, and nonsense outside of it. Source: F.H. Schreutelkamp and
    G.L. Strang van Hees, "Benaderingsformules voor de transformatie tussen RD- en WGS84-kaartcoördinaten",
    NGT Geodesia 43 (2001), page 64, formula 6.

    Examples
    --------
    >>> latitude, longitude = to_degrees(np.array([120_700.723]), np.array([487_525.501]))
    >>> latitude.round(4).tolist(), longitude.round(4).tolist()  # the Westertoren in Amsterdam
    ([52.3745], [4.8835])
    """
    x, y = (east - AMERSFOORT[0]) * 1e-5, (north - AMERSFOORT[1]) * 1e-5
    latitude, longitude = (
        start + np.sum([seconds * x**p * y**q for p, q, seconds in terms], axis=0) / 3600
        for start, terms in zip(AMERSFOORT_DEGREES, (_NORTH, _EAST), strict=True)
    )
    return latitude, longitude
