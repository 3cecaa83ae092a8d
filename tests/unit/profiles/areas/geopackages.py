"""GeoPackages as CBS writes them, with a few areas."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Ring = list[tuple[float, float]]


def square(east: float, north: float, side: float) -> Ring:
    """Return a ring around the square with its lower left corner there."""
    corners = [(0, 0), (side, 0), (side, side), (0, side), (0, 0)]
    return [(east + x, north + y) for x, y in corners]


def blob(*polygons: Sequence[Ring], order: str = "<", envelope: bool = False, srs_id: int = 28992) -> bytes:
    """Return a multipolygon in the form of a GeoPackage; each polygon is its outer ring and its holes."""
    code = 1 if order == "<" else 0
    header = b"GP" + struct.pack("<BBi", 0, 0b11 if envelope else 0b1, srs_id)
    header += struct.pack("<4d", 0, 1, 0, 1) if envelope else b""
    body = struct.pack(f"{order}BII", code, 6, len(polygons))
    for rings in polygons:
        body += struct.pack(f"{order}BII", code, 3, len(rings))
        for ring in rings:
            body += struct.pack(f"{order}I", len(ring))
            body += b"".join(struct.pack(f"{order}dd", *point) for point in ring)
    return header + body


def write_geopackage(
    path: Path, rows: Sequence[Sequence[object]], *, columns: str, srs_id: int = 28992, layers: int = 1
) -> Path:
    """Write a GeoPackage with layers `cbs_pc4_0` and up; the last column of each row is the geometry."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("create table gpkg_contents (table_name text, data_type text)")
        database.execute(
            "create table gpkg_geometry_columns (table_name text, column_name text, srs_id integer)"
        )
        for number in range(layers):
            table = f"cbs_pc4_{number}"
            database.execute("insert into gpkg_contents values (?, 'features')", (table,))
            database.execute("insert into gpkg_geometry_columns values (?, 'geom', ?)", (table, srs_id))
            database.execute(f"create table {table} (fid integer primary key, {columns}, geom blob)")
            for row in rows:
                marks = ", ".join("?" for _ in row)
                database.execute(f"insert into {table} values (null, {marks})", tuple(row))
        database.commit()
    return path
