"""A village in a warehouse: hand-written customers with addresses and statements, each for a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pytest

from klantprofiel.reading import open_release
from klantprofiel.targeting import Choice
from klantprofiel.warehouse import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from klantprofiel.reading import Release

AS_OF = date(2026, 9, 30)
MOMENT = datetime(2026, 9, 1, 12)  # noqa: DTZ001  stored moments are UTC without a zone
REGISTER = """\
purposes:
  nieuwsbrief:
    label: Nieuwsbrief
    description: Wekelijkse nieuwsbrief voor eigen klanten.
    channels:
      email: {ground: consent}
      phone: {ground: consent}
      post: {ground: legitimate_interest}
      store: {ground: contract}
  onderzoek:
    label: Onderzoek
    description: Onderzoek onder pseudoniem.
    channels:
      analysis: {ground: legitimate_interest}
"""


SHARED = pa.table(
    {
        "kind": ["email", "email", "phone"],
        "delivered": ["Info@dorp.nl", "a@dorp.nl", "0201234567"],
        "standard": ["info@dorp.nl", "a@dorp.nl", "+31201234567"],
        "use": ["shared", "key", "shared"],
    }
)


class Person(NamedTuple):
    customer_id: str
    segment_id: str
    given_name: str | None = None
    initials: str | None = None
    surname_prefix: str | None = None
    surname: str | None = None
    email: str | None = None
    phone: str | None = None
    street: str | None = None
    house_number: int | None = None
    house_number_addition: str | None = None
    postal_code: str | None = None
    place: str | None = None


class Consent(NamedTuple):
    customer_id: str
    status: str
    channel: str = "all"
    purpose: str = "nieuwsbrief"
    stated_at: datetime = MOMENT
    source: str = "crm"


@dataclass(frozen=True)
class Members:
    """Stands for a segmentation in memory."""

    table: Any
    tables: Any = None
    name: str = "behoeften"

    def members(self) -> Any:  # noqa: ANN401  pyarrow ships no types
        return self.table


@dataclass(frozen=True)
class Village:
    """A project with a published warehouse."""

    root: Path
    warehouse: Warehouse
    segmentation: Any

    def choice(self, *segments: str, is_recorded: bool = True) -> Choice:
        choice = Choice(
            segmentation=self.segmentation,
            segments=segments,
            by="CCO",
            because="grootste groei",
            as_of=AS_OF,
            release_id="000001-nightly",
            scorecard="kansen",
        )
        if not is_recorded:
            return choice
        told = {key: value for key, value in choice.as_dict().items() if key != "choice_id"}
        return replace(choice, choice_id=self.warehouse.ledger.record_choice(told))


def frame(rows: Sequence[NamedTuple], kind: type[NamedTuple], types: dict[str, pa.DataType]) -> pa.Table:
    names = kind._fields
    columns = [[getattr(row, name) for row in rows] for name in names]
    arrays = [pa.array(c, types.get(name, pa.string())) for name, c in zip(names, columns, strict=True)]
    return pa.table(dict(zip(names, arrays, strict=True)))


def publish(
    root: Path,
    people: Sequence[Person],
    consents: Sequence[Consent] = (),
    gone: Sequence[str] = (),
    records: Sequence[Person] = (),
) -> Village:
    """Publish `people` as golden records; `records` are others of the same customers."""
    (root / "klantprofiel.toml").write_text('[project]\nname = "dorp"\n', encoding="utf-8")
    (root / "schemas").mkdir(exist_ok=True)
    (root / "schemas" / "purposes.yaml").write_text(REGISTER, encoding="utf-8")
    warehouse = Warehouse(root / "klanten")
    everyone = frame(people, Person, {"house_number": pa.int64()})
    customers = everyone.filter(pa.array([p.customer_id not in gone for p in people], pa.bool_()))
    said = frame(consents, Consent, {"stated_at": pa.timestamp("us")})
    spend = pa.array([-1.5 if i else None for i in range(len(people))], pa.float64())
    profiles = pa.table({"customer_id": everyone["customer_id"], "trend": spend})
    with warehouse.run("nightly", as_of=AS_OF) as run:
        grain = "One row per customer."
        run.write("customers", customers.select(["customer_id"]), describes="customers.", grain=grain)
        run.write("profiles", profiles, describes="variables.", grain=grain)
        run.write("consents", said, describes="statements.", grain="One row per statement.")
        golden = customers.drop_columns(["segment_id"])
        run.write("identity.golden_record", golden, describes="golden record.", grain=grain)
        others = frame(records, Person, {"house_number": pa.int64()}).drop_columns(["segment_id"])
        every = pa.concat_tables([golden, others])
        run.write("identity.survivorship", every, describes="records.", grain="One row per record.")
        run.write("identity.standard_values", SHARED, describes="values.", grain="One row per value.")
    return Village(root, warehouse, Members(everyone.select(["customer_id", "segment_id"])))


@pytest.fixture
def village(tmp_path: Path) -> Callable[..., Village]:
    def build(
        people: Sequence[Person],
        consents: Sequence[Consent] = (),
        gone: Sequence[str] = (),
        records: Sequence[Person] = (),
    ) -> Village:
        return publish(tmp_path, people, consents, gone, records)

    return build


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[], Release]]:
    releases: list[Release] = []

    def open_it() -> Release:
        releases.append(open_release(tmp_path / "klanten"))
        return releases[-1]

    yield open_it
    for release in releases:
        release.close()


@pytest.fixture(autouse=True)
def _in_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
