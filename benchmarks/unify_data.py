"""Data sets of persons with a known truth, declared as sources deliver them and read by the product itself.

| name | what it is |
| --- | --- |
| febrl3 | 5,000 records of 2,000 persons in one file, with up to five soiled copies of each |
| febrl4 | two files of 5,000 records; each person stands once in both |
| fake_20000 | 20,000 records in one file, with few fields that are often empty or mistyped |
| pseudopeople | two censuses and a tax file of one town: relatives who share a surname and an address |
| demo | the CRM and the web shop of the demo company: households, shared mailboxes, namesakes |

The first four are read from `../shared/data`, beside this repository, and never copied into it. Their records
are numbered anew, in an order that tells nothing, because the numbers of FEBRL tell who is who. A birth date
that is no date is empty, as a source that knows its contract delivers it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import duckdb

import klantprofiel as kp
from klantprofiel import schema as s
from klantprofiel.demo import generate

if TYPE_CHECKING:
    from klantprofiel.schema.dialect import Dialect
    from klantprofiel.schema.rules import Rule
    from klantprofiel.warehouse import Run

ROOT: Final = Path(__file__).parents[1]
SHARED: Final = ROOT.parent / "shared" / "data"
AS_OF: Final = date(2026, 9, 3)  # the day of the demo company's last delivery
DEMO_CUSTOMERS: Final = 20_000
DEMO_DAYS: Final = 3


class AnyEmail(s.Email):
    """An e-mail address however it was typed: these sources have typing errors in it, and keep their rows."""

    shape: ClassVar[str] = ""


class AnyBirthDate(s.BirthDate):
    """A birth date that may lie ahead: some of these persons are made up, and others mistyped."""

    def rules(self, dialect: Dialect) -> list[Rule]:  # noqa: ARG002  as the room asks for them
        """Ask for nothing."""
        return []


def persons(source: str) -> type[s.CustomerTable]:
    """Return the declaration of a source that may deliver any column that the open data sets have."""

    class Persons(s.CustomerTable, maps_to=s.canonical.Customers):
        """Personen: one row per record."""

        name = source
        dialect = s.Parquet()
        purpose = "meting"
        retention = s.years(1)
        customer_id = s.Text(label="Nummer", key=True)
        given_name = s.GivenName(label="Voornaam", nullable=True)
        initials = s.Initials(label="Voorletters", nullable=True)
        surname = s.Surname(label="Achternaam", nullable=True)
        sex = s.Sex(label="Geslacht", values={"Male": "male", "Female": "female"}, nullable=True)
        birth_date = AnyBirthDate(label="Geboortedatum", nullable=True)
        email = AnyEmail(label="E-mailadres", nullable=True)
        loyalty_number = s.IdNumber(label="Nummer van de persoon", nullable=True)
        street = s.Street(label="Straat", nullable=True)
        house_number = s.HouseNumber(label="Huisnummer", nullable=True)
        house_number_addition = s.Text(label="Toevoeging", nullable=True, personal=True)
        postal_code = s.PostalCode(label="Postcode", nullable=True)
        place = s.Place(label="Woonplaats", nullable=True)

    return Persons


COLUMNS: Final = tuple(persons("bench_persons").columns)
READ_FEBRL: Final = """
    select
        $source as source,
        rec_id as record,
        regexp_extract(rec_id, '^rec-([0-9]+)-', 1) as person,
        nullif(trim(given_name), '') as given_name,
        nullif(trim(surname), '') as surname,
        try_strptime(trim(date_of_birth), '%Y%m%d') as born_on,
        nullif(trim(soc_sec_id), '') as loyalty_number,
        nullif(trim(address_1), '') as street,
        nullif(trim(street_number), '') as house_number,
        nullif(trim(postcode), '') as postal_code,
        nullif(trim(suburb), '') as place
    from read_csv($file, all_varchar = true, header = true, delim = ',', quote = '', normalize_names = true)
"""
READ_FAKE: Final = """
    select
        $source as source,
        unique_id as record,
        "group" as person,
        first_name as given_name,
        surname,
        try_strptime(dob, '%Y-%m-%d') as born_on,
        email,
        city as place
    from read_csv($file, all_varchar = true, header = true, delim = ',', quote = '"', nullstr = '')
"""
READ_PSEUDOPEOPLE: Final = """
    select
        source,
        unique_id as record,
        cluster as person,
        first_name as given_name,
        substring(first_name, 1, 1) || middle_initial as initials,
        last_name as surname,
        sex,
        try_strptime(date_of_birth, '%m/%d/%Y') as born_on,
        ssn as loyalty_number,
        street_name as street,
        street_number as house_number,
        unit_number as house_number_addition,
        zipcode as postal_code,
        city as place
    from read_parquet($file)
    where source = $source
"""
NUMBERED: Final = """
    select
        lpad(cast(row_number() over (order by md5(record)) as varchar), 7, '0') as customer_id,
        concat($source, '/', customer_id) as record_id,
        strftime(born_on, '%Y-%m-%d') as birth_date,
        * exclude (source, record, born_on)
    from ({read})
    order by customer_id
"""


@dataclass(frozen=True)
class DataSet:
    """What a data set delivers, and which person each record is: `truth` holds record_id and person."""

    name: str
    as_of: date
    deliveries: tuple[kp.Delivery, ...]
    truth: Any  # pyarrow ships no types

    def take_in(self, run: Run) -> None:
        """Land the records and judge them, so that `unify(run)` can follow."""
        kp.ingest(run, list(self.deliveries))
        kp.validate(run)


@dataclass(frozen=True)
class OpenFiles:
    """Where an open data set lies and how it is read: per source a file, by one select."""

    select: str
    files: dict[str, str]

    def read(self, name: str) -> DataSet:
        """Return the data set as its sources deliver it."""
        import pyarrow as pa  # noqa: PLC0415  costly, and only who reads needs it

        deliveries, truths = [], []
        with duckdb.connect() as connection:
            for source, file in self.files.items():
                values = {"source": source, "file": str(SHARED / file)}
                frame = connection.sql(
                    NUMBERED.replace("{read}", self.select), params=values
                ).to_arrow_table()
                truths.append(frame.select(["record_id", "person"]))
                table = persons(source)
                delivered = frame.select([column for column in COLUMNS if column in frame.column_names])
                deliveries.append(kp.Delivery.of_frame(table, _whole(delivered), name=source))
        return DataSet(name, AS_OF, tuple(deliveries), pa.concat_tables(truths))


def _whole(frame: Any) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Give a frame the columns that its source does not have, empty."""
    import pyarrow as pa  # noqa: PLC0415  the same

    empty = pa.nulls(len(frame), pa.string())
    return pa.table({name: frame[name] if name in frame.column_names else empty for name in COLUMNS})


OPEN: Final = {
    "febrl3": OpenFiles(READ_FEBRL, {"febrl3": "febrl/dataset3.csv"}),
    "febrl4": OpenFiles(READ_FEBRL, {"febrl4a": "febrl/dataset4a.csv", "febrl4b": "febrl/dataset4b.csv"}),
    "fake_20000": OpenFiles(READ_FAKE, {"fake_20000": "fake_20000/fake_20000.csv"}),
    "pseudopeople": OpenFiles(
        READ_PSEUDOPEOPLE,
        dict.fromkeys(
            ("census2020", "census2030", "w2_2020"), "pseudopeople/census2020_census2030_w2.parquet"
        ),
    ),
}


def missing_files(name: str) -> list[Path]:
    """Return the files of a data set that are not in `../shared/data`."""
    files = OPEN[name].files.values() if name in OPEN else ()
    return [SHARED / file for file in files if not (SHARED / file).exists()]


def customer_tables() -> dict[str, type[s.CustomerTable]]:
    """Return the declarations of the demo company's two customer files, by the name of the file."""
    project = kp.find_project(ROOT)
    return {
        "klanten.csv": project.schema("crm").CrmCustomers,
        "webaccounts.parquet": project.schema("webshop").WebAccounts,
    }


def demo(directory: Path, customers: int = DEMO_CUSTOMERS, seed: int = 1, days: int = DEMO_DAYS) -> DataSet:
    """Make the demo company in a directory and return what its two customer files deliver."""
    import pyarrow.parquet as pq  # noqa: PLC0415  the same

    made = generate(directory, customers=customers, seed=seed, days=days)
    tables = customer_tables()
    deliveries = tuple(
        kp.Delivery(table=tables[file.source], path=directory / file.path, delivered_on=file.delivered_on)
        for file in made.files
        if file.source in tables
    )
    registered = pq.read_table(directory / "waarheid" / "registraties.parquet")
    with duckdb.connect() as connection:
        connection.register("registered", registered)
        truth = connection.sql(
            "select distinct concat(source, '/', customer_number) as record_id, person_id as person "
            "from registered order by record_id"
        ).to_arrow_table()
    return DataSet("demo", AS_OF, deliveries, truth)


def read(name: str, work: Path) -> DataSet:
    """Return a data set by its name; `work` is an empty directory, in which the demo company is made."""
    return OPEN[name].read(name) if name in OPEN else demo(work)
