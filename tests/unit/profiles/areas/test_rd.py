"""The Dutch grid in degrees: points of which both are published."""

from __future__ import annotations

import numpy as np
import pytest

from klantprofiel.profiles.areas.rd import to_degrees

TOWERS = {
    "Onze-Lieve-Vrouwetoren, Amersfoort": (155_000.0, 463_000.0, 52.15517440, 5.38720621),
    "Westertoren, Amsterdam": (120_700.723, 487_525.501, 52.37453253, 4.88352559),
    "Martinitoren, Groningen": (233_883.131, 582_065.167, 53.21938317, 6.56820053),
}


@pytest.mark.parametrize("tower", TOWERS)
def test_a_tower_stands_within_a_metre_or_so_of_where_it_is_published(tower: str) -> None:
    east, north, latitude, longitude = TOWERS[tower]
    found = to_degrees(np.array([east]), np.array([north]))
    metres = np.array([(found[0][0] - latitude) * 111_200, (found[1][0] - longitude) * 67_500])
    assert np.hypot(*metres) < 1.5


def test_an_area_without_a_geometry_has_no_place() -> None:
    latitude, longitude = to_degrees(np.array([np.nan]), np.array([np.nan]))
    assert np.isnan(latitude).all()
    assert np.isnan(longitude).all()
