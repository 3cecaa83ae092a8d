"""The official files about postal areas, as rows for the canonical table `areas`.

Statistics Netherlands (CBS) publishes them, some through PDOK; schemas/reference/ORIGIN.md tells where.

statistics       "Kerncijfers per postcode" (PC4), .gpkg or .csv: postcode, aantal_inwoners,
                 aantal_part_huishoudens, stedelijkheid; and the geometry of the GeoPackage, or columns
                 latitude and longitude
addresses        "Buurt, wijk en gemeente voor postcode-huisnummer", pc6hnr*_gwb.csv: PC6 and Gemeente2020, or
                 that of another year; gemeentecode in that of 2016
municipalities   "Gemeenten alfabetisch" saved as CSV: GemeentecodeGM, Gemeentenaam, Provincienaam; or the
                 list beside the addresses, which has no provinces: Gemcode2020, Gemeente2024 or GM_CODE, and
                 Gemeentenaam2020 or GM_NAAM
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Texts = dict[str, list[str]]

COLUMNS: Final = (
    "postcode",
    "aantal_inwoners",
    "aantal_part_huishoudens",
    "stedelijkheid",
    "gemeentenaam",
    "provincienaam",
    "latitude",
    "longitude",
    "herkomst",
)
"""What `read_areas` gives, as official files name it where they have it."""

STATISTICS: Final = {  # the second name is that of the shapefiles of 2015 to 2020
    "postcode": "postcode4?|pc4|postcode-4",
    "aantal_inwoners": "aantal_inwoners|inwoner",
    "aantal_part_huishoudens": "aantal_part_huishoudens|aantal_hh",
    "stedelijkheid": "stedelijkheid|sted",
}
PLACES: Final = {"latitude": "latitude", "longitude": "longitude"}
ADDRESSES: Final = {"pc6": "pc6", "code": "gemeente(code|20[0-9]{2})?"}
CODES: Final = {"code": "gemeentecodegm|gm_code|gemeentecode|(gemcode|gemeente)(20[0-9]{2})?"}
NAMES: Final = {"name": "gemeentenaam(20[0-9]{2})?|gm_naam"}
PROVINCES: Final = {"province": "provincienaam"}

RD_NEW: Final = 28992
WGS84: Final = 4326
DELIMITERS: Final = (";", ",", "\t")
_WHOLE: Final = re.compile(r"-?[0-9]+[.]0+")

_MAIN_MUNICIPALITY: Final = """
with addresses as (
    select substring(trim({pc6}), 1, 4) as pc4, try_cast(trim({code}) as integer) as code
    from read_csv(
        $path, delim = $delimiter, header = true, quote = '"', escape = '"', auto_detect = false,
        columns = {columns}
    )
),
counted as (
    select pc4, code, count(*) as n_addresses
    from addresses
    where regexp_matches(pc4, '^[1-9][0-9]{{3}}$') and code is not null
    group by pc4, code
)
select pc4, code
from counted
qualify row_number() over (partition by pc4 order by n_addresses desc, code) = 1
"""


def read_areas(
    statistics: str | Path, *, addresses: str | Path | None = None, municipalities: str | Path | None = None
) -> Any:  # noqa: ANN401  pyarrow ships no types
    r"""Return what the official files tell of postal areas, for a delivery of the reference table.

    Parameters
    ----------
    statistics
        "Kerncijfers per postcode" of any year from 2015 on: the GeoPackage, or a CSV with the same columns. A
        GeoPackage is on the Dutch grid (RD New) or in degrees; the middle of each area becomes a latitude and
        a longitude.
    addresses
        "Buurt, wijk en gemeente voor postcode-huisnummer": a postal area counts with the municipality that
        has most of its addresses, at a tie with the lower code.
    municipalities
        The names of the municipalities by code, and of their provinces when the file has them.

    Returns
    -------
    pyarrow.Table
        One row per area, sorted: `COLUMNS`, all text as in the files; what no file tells is null. CBS writes
        -99997 and -99995 for what is secret or unknown, and so does this: the table `areas` makes it null.
        With `Delivery.of_frame` it can be delivered, with `pyarrow.csv.write_csv` kept.

    Raises
    ------
    DeliveryError
        When a file lacks a column, is no GeoPackage or CSV, or has an area twice.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "pc4.csv").write_text(
    ...     "postcode;aantal_inwoners;aantal_part_huishoudens;stedelijkheid\n1011;9500;-99997;1\n"
    ... )
    >>> _ = (folder / "pc6hnr.csv").write_text("PC6;Huisnummer;Gemeente2020\n1011AB;1;363\n1011AC;4;363\n")
    >>> _ = (folder / "gem.csv").write_text("Gemcode2020;Gemeentenaam2020\n363;Amsterdam\n")
    >>> areas = read_areas(
    ...     folder / "pc4.csv", addresses=folder / "pc6hnr.csv", municipalities=folder / "gem.csv"
    ... )
    >>> areas.select(["postcode", "aantal_part_huishoudens", "gemeentenaam"]).to_pylist()
    [{'postcode': '1011', 'aantal_part_huishoudens': '-99997', 'gemeentenaam': 'Amsterdam'}]
    """
    import pyarrow as pa  # noqa: PLC0415  costly, and only who reads these files needs it

    rows = _statistics(Path(statistics))
    if (addresses is None) != (municipalities is None):
        raise DeliveryError(
            "only one of the two files that tell the municipality",
            expected="the addresses with the codes, and the municipalities with the names",
            todo="name both, or neither",
        )
    if addresses is not None and municipalities is not None:
        codes = _main_municipalities(Path(addresses))
        names = _municipalities(Path(municipalities))
        found = [names.get(codes.get(pc4, -1), ("", "")) for pc4 in rows["postcode"]]
        rows["gemeentenaam"], rows["provincienaam"] = (list(column) for column in zip(*found, strict=True))
    rows["herkomst"] = [Path(statistics).stem] * len(rows["postcode"])
    order = sorted(range(len(rows["postcode"])), key=rows["postcode"].__getitem__)
    absent = [""] * len(order)
    columns = {name: [rows.get(name, absent)[row] or None for row in order] for name in COLUMNS}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _statistics(path: Path) -> Texts:
    """Return the columns of "Kerncijfers per postcode", and where each area lies when the file tells."""
    if path.suffix.lower() == ".gpkg":
        rows = _from_geopackage(path)
    else:
        columns = _read_csv(path)
        rows = _chosen(columns, STATISTICS, path)
        if not _lacking(columns, PLACES):
            rows |= _chosen(columns, PLACES, path)
    if len(set(rows["postcode"])) < len(rows["postcode"]):
        raise DeliveryError(
            f"{path.name} has a postal area twice",
            expected="one row per postal area: the file of one year",
            todo="deliver the rows of one year; PDOK's collection holds all years, told apart by jaarcode",
        )
    return rows


def _from_geopackage(path: Path) -> Texts:
    from klantprofiel.profiles.areas.geopackage import read_layer  # noqa: PLC0415  numpy takes its time
    from klantprofiel.profiles.areas.rd import to_degrees  # noqa: PLC0415  the same

    layer = read_layer(path)
    rows = _chosen(layer.columns, STATISTICS, path)
    east, north = layer.middles[:, 0], layer.middles[:, 1]
    if layer.srs_id == RD_NEW:
        latitude, longitude = to_degrees(east, north)
    elif layer.srs_id == WGS84:
        latitude, longitude = north, east
    else:
        raise DeliveryError(
            f"{path.name} has coordinates in EPSG:{layer.srs_id}",
            expected=f"EPSG:{RD_NEW} (the Dutch grid) or EPSG:{WGS84} (degrees)",
            todo="download the file that CBS or PDOK publishes, not one that was projected anew",
        )
    for name, values in (("latitude", latitude), ("longitude", longitude)):
        rows[name] = ["" if value != value else f"{value:.4f}" for value in values.tolist()]  # noqa: PLR0124
    return rows


def _main_municipalities(path: Path) -> dict[str, int]:
    """Return the code of the municipality with most addresses of each postal area."""
    import duckdb  # noqa: PLC0415  costly; millions of addresses are nothing to it

    delimiter, header = _header(path)
    found = _found(header, ADDRESSES)
    if len(found) < len(ADDRESSES):
        raise _lacks(path, ADDRESSES, found, header)
    query = _MAIN_MUNICIPALITY.format(
        pc6=_quoted(found["pc6"]),
        code=_quoted(found["code"]),
        columns="{" + ", ".join(f"{_literal(name)}: 'VARCHAR'" for name in header) + "}",
    )
    try:
        with duckdb.connect() as connection:
            rows = connection.execute(query, {"path": str(path), "delimiter": delimiter}).fetchall()
    except duckdb.Error:  # its message shows the line
        raise _no_csv(path) from None
    return dict(rows)


def _municipalities(path: Path) -> dict[int, tuple[str, str]]:
    """Return name and province of each municipality by its code."""
    columns = _read_csv(path)
    rows = _chosen(columns, CODES | NAMES, path)
    provinces = [""] * len(rows["code"])
    if not _lacking(columns, PROVINCES):
        provinces = _chosen(columns, PROVINCES, path)["province"]
    return {
        int(code.upper().removeprefix("GM")): (name, province)
        for code, name, province in zip(rows["code"], rows["name"], provinces, strict=True)
        if code.upper().removeprefix("GM").isdigit()
    }


def _chosen(columns: Mapping[str, Sequence[Any]], wanted: Mapping[str, str], path: Path) -> Texts:
    """Return the wanted columns under their names, as text; each is wanted as a pattern of its header."""
    found = _found(columns, wanted)
    if len(found) < len(wanted):
        raise _lacks(path, wanted, found, list(columns))
    return {
        name: ["" if value is None else _text_of(value) for value in columns[header]]
        for name, header in found.items()
    }


def _text_of(value: object) -> str:
    """Return a value as text; a whole number as one, also where a file holds it with decimals.

    >>> _text_of(-99997.0), _text_of("9500.0"), _text_of(" 1011 ")
    ('-99997', '9500', '1011')
    """
    text = str(value).strip()
    return text.partition(".")[0] if _WHOLE.fullmatch(text) else text


def _found(headers: Mapping[str, Any] | Sequence[str], wanted: Mapping[str, str]) -> dict[str, str]:
    """Return the header of each wanted column that is there; the first of several."""
    pairs = (
        (name, header)
        for name, pattern in wanted.items()
        for header in reversed(list(headers))
        if re.fullmatch(pattern, header.strip(), re.IGNORECASE)
    )
    return dict(pairs)


def _lacking(headers: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    return len(_found(headers, wanted)) < len(wanted)


def _read_csv(path: Path) -> dict[str, list[str]]:
    """Return the columns of a small CSV file by header; in UTF-8, or else as Dutch Windows writes it."""
    delimiter, header = _header(path)
    text = io.StringIO(_text(path.read_bytes()), newline="")
    try:
        rows = list(csv.reader(text, delimiter=delimiter))[1:]
    except csv.Error:
        raise _no_csv(path) from None
    full = [row for row in rows if len(row) == len(header)]
    if len(full) < sum(bool(row) for row in rows):
        raise _no_csv(path)
    return {name: [row[place] for row in full] for place, name in enumerate(header)}


def _header(path: Path) -> tuple[str, list[str]]:
    """Return the delimiter of a CSV file, the one that divides its header most, and the names in it."""
    try:
        with path.open("rb") as file:
            line = _text(file.readline()).rstrip("\r\n")
    except OSError as error:
        raise DeliveryError(
            f"{path.name} cannot be read: {error.strerror}", expected="a file with a header line"
        ) from None
    delimiter = max(DELIMITERS, key=line.count)
    try:
        return delimiter, [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        raise _no_csv(path) from None


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _lacks(
    path: Path, wanted: Mapping[str, str], found: Mapping[str, str], headers: Sequence[str]
) -> DeliveryError:
    missing = [name for name in wanted if name not in found]
    shown = ", ".join(header for header in list(headers)[:8] if re.fullmatch(r"[^\W\d][\w -]{0,59}", header))
    return DeliveryError(
        f"{path.name} has no column {' and no column '.join(missing)}; it has {shown or 'none with a name'}",
        expected=", ".join(f"{name} ({wanted[name].replace('|', ' or ')})" for name in missing),
        todo="see schemas/reference/ORIGIN.md for which file is meant; a sheet of Excel has other headers",
    )


def _no_csv(path: Path) -> DeliveryError:
    return DeliveryError(
        f"{path.name} is no CSV file with the same number of values on every line",
        expected="a GeoPackage (.gpkg), or text with a header line and ; , or tabs between values",
        todo="unpack a .zip, and save a sheet of Excel as CSV",
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
