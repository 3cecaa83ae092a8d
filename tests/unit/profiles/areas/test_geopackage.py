"""GeoPackages: the attributes and the middles of areas."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from klantprofiel.errors import DeliveryError
from klantprofiel.profiles.areas.geopackage import middle, read_layer
from tests.unit.profiles.areas.geopackages import blob, square, write_geopackage

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("envelope", [False, True])
def test_the_middle_of_an_area_is_found_in_every_way_to_write_it(order: str, envelope: bool) -> None:  # noqa: FBT001
    geometry = blob([square(120_000, 480_000, 100)], order=order, envelope=envelope)
    assert middle(geometry) == pytest.approx((120_050, 480_050), abs=1e-6)


def test_parts_weigh_by_their_area_and_holes_count_off() -> None:
    two = blob([square(0, 0, 2)], [square(10, 0, 4)])
    assert middle(two) == pytest.approx(((4 * 1 + 16 * 12) / 20, (4 * 1 + 16 * 2) / 20))
    hole = blob([square(0, 0, 4), square(2, 2, 2)])
    assert middle(hole) == pytest.approx(((16 * 2 - 4 * 3) / 12, (16 * 2 - 4 * 3) / 12))


def test_the_direction_of_a_ring_changes_nothing() -> None:
    ring = square(3, 5, 2)
    assert middle(blob([ring[::-1]])) == middle(blob([ring]))


def test_an_area_without_a_surface_lies_where_its_points_are() -> None:
    assert middle(blob([[(1.0, 2.0), (3.0, 2.0), (1.0, 2.0)]])) == pytest.approx((5 / 3, 2))


def test_no_geometry_has_no_middle() -> None:
    assert all(math.isnan(value) for value in (*middle(None), *middle(blob())))


def test_a_layer_has_its_attributes_in_the_order_of_the_rows(tmp_path: Path) -> None:
    rows = [(1011, 100, blob([square(0, 0, 2)])), (1012, -99997, None)]
    layer = read_layer(write_geopackage(tmp_path / "pc4.gpkg", rows, columns="postcode integer, n integer"))
    assert layer.columns == {"fid": [1, 2], "postcode": [1011, 1012], "n": [100, -99997]}
    assert (layer.srs_id, layer.middles[0].tolist()) == (28992, [1.0, 1.0])


def test_what_is_no_geopackage_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "pc4.gpkg"
    text.write_text("postcode;aantal_inwoners\n")
    with pytest.raises(DeliveryError, match="no database with the tables of a GeoPackage"):
        read_layer(text)
    with pytest.raises(DeliveryError, match="no database"):
        read_layer(tmp_path / "absent.gpkg")


def test_a_geopackage_with_two_layers_or_other_geometries_is_refused(tmp_path: Path) -> None:
    rows = [(1011, blob([square(0, 0, 2)]))]
    with pytest.raises(DeliveryError, match="2 layers of areas"):
        read_layer(write_geopackage(tmp_path / "two.gpkg", rows, columns="postcode integer", layers=2))
    for number, geometry in enumerate(
        (b"GP\x00\x01\x00\x00\x00\x00\x01\x01\x00\x00\x00\x00", b"GP", b"x" * 40)
    ):
        path = tmp_path / f"{number}.gpkg"
        with pytest.raises(DeliveryError, match="no polygon or multipolygon"):
            read_layer(write_geopackage(path, [(1011, geometry)], columns="postcode integer"))
