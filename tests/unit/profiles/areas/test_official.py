"""The official files of CBS as rows for the reference table."""

from __future__ import annotations

from pathlib import Path

import pytest

from klantprofiel.errors import DeliveryError
from klantprofiel.ingestion import Delivery, ingest
from klantprofiel.profiles.areas import AREAS, POSTCODE_PROVINCES, read_areas
from klantprofiel.profiles.areas.official import COLUMNS
from klantprofiel.project import find_project
from klantprofiel.validation import validate
from klantprofiel.warehouse import Warehouse
from tests.spec.ascii import AS_OF
from tests.unit.profiles.areas.geopackages import blob, square, write_geopackage

ROOT = Path(__file__).parents[4]
ADDRESSES = "PC6;Huisnummer;Buurt2020;Wijk2020;Gemeente2020\n" + "".join(
    f"{pc6};{number};3630000;363000;{code}\n"
    for number, (pc6, code) in enumerate(
        [("1011AB", 363), ("1011AC", 363), ("1011AD", 384), ("1012AB", 384), ("1012AC", 363), ("9999", "x")]
    )
)
MUNICIPALITIES = (
    '"Gemeentecode","GemeentecodeGM","Gemeentenaam","Provinciecode","ProvinciecodePV","Provincienaam"\n'
    '363,"GM0363","Amsterdam",27,"PV27","Noord-Holland"\n384,"GM0384","Diemen",27,"PV27","Noord-Holland"\n'
)
HEADERS = "postcode,aantal_inwoners,aantal_part_huishoudens,stedelijkheid"


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_a_geopackage_on_the_dutch_grid_gives_degrees(tmp_path: Path) -> None:
    columns = (
        "postcode integer, aantal_inwoners integer, aantal_part_huishoudens integer, stedelijkheid integer"
    )
    rows = [
        (1012, 8500, -99997, -99995, None),
        (1011, 9500, 5000, 1, blob([square(120_700.723 - 50, 487_525.501 - 50, 100)])),
    ]
    areas = read_areas(write_geopackage(tmp_path / "cbs_pc4_2024.gpkg", rows, columns=columns))
    assert areas.column_names == list(COLUMNS)
    assert areas.to_pylist() == [
        dict(
            zip(
                COLUMNS,
                ("1011", "9500", "5000", "1", None, None, "52.3745", "4.8835", "cbs_pc4_2024"),
                strict=True,
            )
        ),
        dict(
            zip(
                COLUMNS,
                ("1012", "8500", "-99997", "-99995", None, None, None, None, "cbs_pc4_2024"),
                strict=True,
            )
        ),
    ]


def test_a_geopackage_in_degrees_is_read_as_it_is_and_one_in_another_system_refused(tmp_path: Path) -> None:
    columns = (
        "postcode integer, aantal_inwoners integer, aantal_part_huishoudens integer, stedelijkheid integer"
    )
    rows = [(1011, 1, 1, 1, blob([square(4.88, 52.36, 0.02)]))]
    path = write_geopackage(tmp_path / "pdok.gpkg", rows, columns=columns, srs_id=4326)
    assert read_areas(path).select(["latitude", "longitude"]).to_pylist() == [
        {"latitude": "52.3700", "longitude": "4.8900"}
    ]
    path = write_geopackage(tmp_path / "web.gpkg", rows, columns=columns, srs_id=3857)
    with pytest.raises(DeliveryError, match="EPSG:3857"):
        read_areas(path)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_of_any_delimiter_and_year_is_read(tmp_path: Path, delimiter: str) -> None:
    text = f"{HEADERS}\n1011,9500,5000,1\n".replace(",", delimiter)
    old = "PC4,INWONER,MAN,VROUW,AANTAL_HH,STED\n1011,9500,1,1,5000,1\n".replace(",", delimiter)
    for content in (text, old, "\ufeff" + text):
        areas = read_areas(written(tmp_path, "pc4.csv", content))
        assert areas.to_pylist()[0] == dict.fromkeys(COLUMNS) | {
            "postcode": "1011",
            "aantal_inwoners": "9500",
            "aantal_part_huishoudens": "5000",
            "stedelijkheid": "1",
            "herkomst": "pc4",
        }


def test_an_area_counts_with_the_municipality_that_has_most_of_its_addresses(tmp_path: Path) -> None:
    areas = read_areas(
        written(tmp_path, "pc4.csv", f"{HEADERS}\n1011,1,1,1\n1012,1,1,1\n1013,1,1,1\n"),
        addresses=written(tmp_path, "pc6hnr20200801_gwb.csv", ADDRESSES),
        municipalities=written(tmp_path, "gemeenten.csv", MUNICIPALITIES),
    )
    assert areas.select(["postcode", "gemeentenaam", "provincienaam"]).to_pylist() == [
        {"postcode": "1011", "gemeentenaam": "Amsterdam", "provincienaam": "Noord-Holland"},
        {"postcode": "1012", "gemeentenaam": "Amsterdam", "provincienaam": "Noord-Holland"},  # a tie: 363
        {"postcode": "1013", "gemeentenaam": None, "provincienaam": None},
    ]


@pytest.mark.parametrize(
    "names",
    [
        "Gemcode2020;Gemeentenaam2020\n0080;Súdwest-Fryslân\n",
        "Gemeente2024;Gemeentenaam2024\n80;Súdwest-Fryslân\n",
        "GM_CODE,GM_NAAM\nGM0080,Súdwest-Fryslân\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_names_are_read_in_the_forms_of_every_year(tmp_path: Path, names: str, encoding: str) -> None:
    areas = read_areas(
        written(tmp_path, "pc4.csv", f"{HEADERS}\n8601,1,1,1\n"),
        addresses=written(tmp_path, "pc6hnr.csv", "PC6,Huisnummer,Gemeente2023\n8601AA,1,80\n"),
        municipalities=written(tmp_path, "gem.csv", names, encoding),
    )
    assert areas["gemeentenaam"].to_pylist() == ["Súdwest-Fryslân"]


# These are headers of the official files, as programs that read them name them; the rows are made up.
PC4_2023 = (
    "postcode,aantal_inwoners,aantal_mannen,aantal_vrouwen,aantal_inwoners_0_tot_15_jaar,"
    "aantal_inwoners_65_jaar_en_ouder,percentage_geb_buiten_nederland_herkmst_buiten_europa,"
    "aantal_part_huishoudens,aantal_eenpersoonshuishoudens,gemiddelde_huishoudensgrootte,"
    "gemiddelde_woz_waarde_woning,percentage_koopwoningen,omgevingsadressendichtheid,stedelijkheid,geometry"
)
ADDRESSES_BY_YEAR = {
    "2016": "pc6;huisnummer;gwb2016_code;wijkcode;gemeentecode\n1011AB;1;3630000;363000;363\n",
    "2023": "PC6,Huisnummer,Buurt2023,Wijk2023,Gemeente2023\n1011AB,1,3630000,363000,363\n",
    "2025": "PC6;Huisnummer;Buurt2025;Wijk2025;Gemeente2025\n1011AB;1;0363AF01;036300;363\n",
}


def test_the_whole_header_of_the_statistics_is_read_with_its_codes_for_what_is_not_told(
    tmp_path: Path,
) -> None:
    rows = [
        '1011,9500,4700,4800,900,1500,20,5400,-99997,1.7,-99995,30,6000.0,1.0,"MULTIPOLYGON (((0 0, 1 1)))"',
        "1012,-99997,-99997,-99997,-99997,-99997,-99997,-99997.0,-99997,-99997,-99995.0,-99997,800,-99995.0,",
    ]
    areas = read_areas(written(tmp_path, "cbs_pc4_2023.csv", "\n".join([PC4_2023, *rows]) + "\n"))
    told = ["postcode", "aantal_inwoners", "aantal_part_huishoudens", "stedelijkheid"]
    assert [list(row.values()) for row in areas.select(told).to_pylist()] == [
        ["1011", "9500", "5400", "1"],
        ["1012", "-99997", "-99997", "-99995"],
    ]


@pytest.mark.parametrize("year", ADDRESSES_BY_YEAR)
def test_addresses_are_read_under_the_header_and_with_the_delimiter_of_their_year(
    tmp_path: Path, year: str
) -> None:
    areas = read_areas(
        written(tmp_path, "pc4.csv", f"{HEADERS}\n1011,1,1,1\n"),
        addresses=written(tmp_path, f"pc6hnr{year}0801_gwb.csv", ADDRESSES_BY_YEAR[year]),
        municipalities=written(tmp_path, "gem.csv", MUNICIPALITIES),
    )
    assert areas["gemeentenaam"].to_pylist() == ["Amsterdam"]


def test_several_years_in_one_file_are_refused_with_the_column_to_choose_by(tmp_path: Path) -> None:
    text = "jaarcode,postcode,aantal_inwoners,aantal_part_huishoudens,stedelijkheid\n"
    path = written(tmp_path, "pdok.csv", f"{text}2023,1011,9400,5000,1\n2024,1011,9500,5000,1\n")
    with pytest.raises(DeliveryError, match="a postal area twice") as caught:
        read_areas(path)
    assert "jaarcode" in str(caught.value.todo)


def test_a_missing_column_is_named_with_what_it_is_called_in_each_year(tmp_path: Path) -> None:
    path = written(tmp_path, "pc4.csv", "postcode;aantal_inwoners;aantal_part_huishoudens\n1011;1;1\n")
    with pytest.raises(DeliveryError, match="no column stedelijkheid") as caught:
        read_areas(path)
    assert "stedelijkheid or sted" in caught.value.expected
    path = written(tmp_path, "pc6hnr.csv", "PC6;Huisnummer\n1011AB;1\n")
    good = written(tmp_path, "good.csv", f"{HEADERS}\n1011,1,1,1\n")
    names = written(tmp_path, "gem.csv", MUNICIPALITIES)
    with pytest.raises(DeliveryError, match="no column code"):
        read_areas(good, addresses=path, municipalities=names)
    with pytest.raises(DeliveryError, match="no column name"):
        read_areas(
            good,
            addresses=written(tmp_path, "hnr.csv", ADDRESSES),
            municipalities=written(tmp_path, "x.csv", "GM_CODE\nGM1\n"),
        )


def test_a_file_that_cannot_be_right_is_refused(tmp_path: Path) -> None:
    twice = written(tmp_path, "twice.csv", f"{HEADERS}\n1011,1,1,1\n1011,2,2,2\n")
    with pytest.raises(DeliveryError, match="a postal area twice"):
        read_areas(twice)
    ragged = written(tmp_path, "ragged.csv", f"{HEADERS}\n1011,1,1\n")
    with pytest.raises(DeliveryError, match="same number of values on every line"):
        read_areas(ragged)
    with pytest.raises(DeliveryError, match="cannot be read"):
        read_areas(tmp_path / "absent.csv")
    with pytest.raises(DeliveryError, match="only one of the two"):
        read_areas(written(tmp_path, "pc4.csv", f"{HEADERS}\n"), addresses=twice)


def test_what_is_read_can_be_delivered_and_so_can_the_fictional_file(tmp_path: Path) -> None:
    table = find_project(ROOT).schema("gebieden").Pc4Areas
    official = read_areas(written(tmp_path, "cbs.csv", f"{HEADERS}\n1011,9500,-99997,1\n"))
    fictional = Delivery(table, ROOT / "schemas" / "reference" / "pc4_fictief.csv")
    with Warehouse(tmp_path / "klanten").run("areas", as_of=AS_OF) as run:
        ingest(run, [fictional])
        assert validate(run).n_quarantined == 0
        for reference in (POSTCODE_PROVINCES, AREAS):
            run.make(reference.statement())
        ((n_areas, n_fictional, n_negative, n_placed),) = run.rows(
            "select count(*), count(*) filter (where origin = 'fictief'), "
            "count(*) filter (where population < 0 or households < 0 or urbanity < 1), count(latitude) "
            "from areas"
        )
        assert n_areas == n_fictional == n_placed > 1000
        assert n_negative == 0
    with Warehouse(tmp_path / "klanten").run("areas", as_of=AS_OF.replace(year=2027)) as run:
        ingest(run, [Delivery.of_frame(table, official, name="CBS")])
        validate(run)
        run.make(AREAS.statement())
        assert run.rows("select pc4, population, households, origin from areas") == [
            ("1011", 9500, None, "cbs")
        ]


def test_counts_with_decimals_are_whole(tmp_path: Path) -> None:
    columns = "postcode real, aantal_inwoners real, aantal_part_huishoudens real, stedelijkheid text"
    rows = [(1011.0, 9500.0, -99997.0, "1.0", None)]
    areas = read_areas(write_geopackage(tmp_path / "real.gpkg", rows, columns=columns))
    assert list(areas.to_pylist()[0].values())[:4] == ["1011", "9500", "-99997", "1"]


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04" + bytes(range(256)), b"PK\x03\x04\r\n\x00\x01", b'a;"b\n\x00', b""]
)
def test_what_is_no_csv_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pc4.xlsx").write_bytes(content)
    good = written(tmp_path, "good.csv", f"{HEADERS}\n1011,1,1,1\n")
    names = written(tmp_path, "gem.csv", MUNICIPALITIES)
    with pytest.raises(DeliveryError, match=r"no CSV file|no column"):
        read_areas(tmp_path / "pc4.xlsx")
    with pytest.raises(DeliveryError, match=r"no CSV file|no column"):
        read_areas(good, addresses=tmp_path / "pc4.xlsx", municipalities=names)
    ragged = written(tmp_path, "hnr.csv", "PC6;Huisnummer;Gemeente2020\n1011AB;1\n")
    with pytest.raises(DeliveryError, match="no CSV file"):
        read_areas(good, addresses=ragged, municipalities=names)
