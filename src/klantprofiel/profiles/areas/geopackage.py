"""GeoPackage files: the attributes of the areas in them, and the middle of each.

A GeoPackage is an SQLite database (OGC 12-128r19); the geometry of a row is a header of its own and then
well-known binary (OGC 06-103r4). Only what CBS writes is read: polygons and multipolygons, flat or not.
"""

from __future__ import annotations

import struct
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klantprofiel.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    Floats = np.ndarray[Any, np.dtype[np.float64]]

POLYGON: Final = 3
MULTIPOLYGON: Final = 6
_ENVELOPES: Final = (0, 4, 6, 6, 8)  # numbers in the envelope, by the code in the flags
_EWKB_DIMENSIONS: Final = (0x80000000, 0x40000000)  # the flags of z and m in the older form of the type


@dataclass(frozen=True)
class Layer:
    """The rows of a layer: attributes by column in the order of the rows, and their middles.

    `middles` is rows x 2 (east, north) in units of the reference system `srs_id`; NaN without a geometry.
    """

    columns: dict[str, list[Any]]
    middles: Floats
    srs_id: int


def read_layer(path: Path) -> Layer:
    """Return the only layer of areas in a GeoPackage.

    Raises
    ------
    DeliveryError
        When the file is no GeoPackage, has no layer or more than one, or holds other geometries than areas.
    """
    import sqlite3  # noqa: PLC0415  only who reads a GeoPackage needs it

    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            layers = database.execute(
                "select contents.table_name, column_name, geometries.srs_id "
                "from gpkg_contents as contents inner join gpkg_geometry_columns as geometries "
                "on geometries.table_name = contents.table_name where contents.data_type = 'features'"
            ).fetchall()
            if len(layers) != 1:
                raise _no_geopackage(path, f"{len(layers)} layers of areas")
            ((table, geometry, srs_id),) = layers
            cursor = database.execute(f"select * from {_quoted(table)} order by rowid")
            names = [column[0] for column in cursor.description]
            rows = cursor.fetchall()
    except sqlite3.Error:
        raise _no_geopackage(path, "no database with the tables of a GeoPackage") from None
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names) if name != geometry}
    try:
        middles = [middle(row[names.index(geometry)]) for row in rows]
    except (struct.error, ValueError, IndexError):
        raise _no_geopackage(path, "a geometry that is no polygon or multipolygon") from None
    return Layer(columns, np.array(middles, dtype=float).reshape(-1, 2), int(srs_id))


def middle(geometry: bytes | None) -> tuple[float, float]:
    """Return the middle (centroid) of an area as a GeoPackage stores it; NaN when there is none.

    Raises
    ------
    ValueError
        When the geometry is no polygon or multipolygon.

    Examples
    --------
    >>> square = [(0, 0), (4, 0), (4, 2), (0, 2), (0, 0)]
    >>> ring = struct.pack("<I", 5) + b"".join(struct.pack("<dd", *point) for point in square)
    >>> middle(b"GP" + struct.pack("<BBi", 0, 1, 28992) + struct.pack("<BII", 1, POLYGON, 1) + ring)
    (2.0, 1.0)
    """
    if geometry is None:
        return (float("nan"), float("nan"))
    if geometry[:2] != b"GP":
        raise ValueError("no header of a GeoPackage")
    envelope = _ENVELOPES[geometry[3] >> 1 & 7]
    rings = list(_rings(geometry, 8 + 8 * envelope))
    return _middle_of(rings) if rings else (float("nan"), float("nan"))


def _middle_of(rings: Sequence[tuple[bool, Floats]]) -> tuple[float, float]:
    """Return the centroid of polygons: of each ring by its area (the shoelace formula), holes taken off."""
    total, moment = 0.0, np.zeros(2)
    start = rings[0][1][0]  # near by: squares of numbers as large as grid coordinates would lose digits
    for is_hole, points in rings:
        here, there = points[:-1] - start, points[1:] - start
        cross = here[:, 0] * there[:, 1] - there[:, 0] * here[:, 1]
        area = cross.sum() / 2
        sign = (-1.0 if is_hole else 1.0) * (1.0 if area >= 0 else -1.0)
        total += sign * area
        moment += sign * ((here + there) * cross[:, None]).sum(axis=0) / 6
    east, north = start + moment / total if total else np.concatenate([r for _, r in rings]).mean(axis=0)
    return float(east), float(north)


def _rings(data: bytes, offset: int) -> Iterator[tuple[bool, Floats]]:
    """Yield whether it is a hole, and the points of each ring of the well-known binary at `offset`."""
    pending, n_polygons = offset, 1
    while n_polygons:
        order = "<" if data[pending] == 1 else ">"
        code, count = struct.unpack_from(f"{order}II", data, pending + 1)
        pending += 9
        kind, width = _kind_and_width(code)
        if kind == MULTIPOLYGON:
            n_polygons += count
        elif kind == POLYGON:
            for place in range(count):
                (n_points,) = struct.unpack_from(f"{order}I", data, pending)
                points = np.frombuffer(data, f"{order}f8", n_points * width, pending + 4)
                pending += 4 + 8 * n_points * width
                yield place > 0, points.reshape(n_points, width)[:, :2].astype(float)
        else:
            raise ValueError("no area")
        n_polygons -= 1


def _kind_and_width(code: int) -> tuple[int, int]:
    """Return the kind of a geometry, and how many numbers a point of it has.

    >>> _kind_and_width(3), _kind_and_width(1006), _kind_and_width(0x80000003)
    ((3, 2), (6, 3), (3, 3))
    """
    n_flags = sum(bool(code & flag) for flag in _EWKB_DIMENSIONS)
    plain = code & 0x0FFFFFFF
    return plain % 1000, 2 + n_flags + (0, 1, 1, 2)[plain // 1000]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _no_geopackage(path: Path, found: str) -> DeliveryError:
    return DeliveryError(
        f"{path.name} has {found}",
        expected="a GeoPackage (.gpkg) with one layer of postal areas, as CBS and PDOK publish it",
        todo="unpack the download, and name the .gpkg file in it",
    )
