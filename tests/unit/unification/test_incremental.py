"""A run that compares only what came, changed or went gives the release that doing all anew gives."""

from __future__ import annotations

import contextlib
import tempfile
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from klantprofiel import schema as s
from klantprofiel.errors import KlantprofielError
from klantprofiel.ingestion import Delivery, ingest
from klantprofiel.unification import touched, unify
from klantprofiel.unification.decisions import join, split
from klantprofiel.validation import validate
from klantprofiel.warehouse import Warehouse, open_owner
from tests.spec.ascii import RECORDED_AT, fill
from tests.spec.ascii import given as given_run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pytest

    from klantprofiel.warehouse import Run
    from tests.unit.unification.doubt import Signed

NIGHT = date(2026, 9, 30)
RECORD_IDS = [f"{source}/{number}" for source in ("crm", "web") for number in range(1, 8)]
PERSON = st.fixed_dictionaries(
    {
        "given_name": st.sampled_from(["Anna", "Bert", "Anne", None]),
        "surname": st.sampled_from(["de Vries", "Vries", "Jansen", "Bakker-Jansen", None]),
        "birth_date": st.sampled_from(["1991-01-01", "1991-10-01", "1964-05-03", None]),
        "email": st.sampled_from(["anna@voorbeeld.nl", "a.devries@voorbeeld.nl", "info@voorbeeld.nl", None]),
        "phone": st.sampled_from(["0621345678", "020 6241111", None]),
        "postal_code": st.sampled_from(["1012AB", "9712CD", None]),
        "house_number": st.sampled_from(["1", "12", None]),
    }
)
PEOPLE = st.dictionaries(st.sampled_from(RECORD_IDS), PERSON, min_size=1, max_size=9)
MENTIONED = st.sets(st.sampled_from([*RECORD_IDS, "kassa/1", "kassa/2"]), max_size=4)
DECISIONS = st.lists(
    st.tuples(st.sampled_from([join, split]), st.sampled_from(RECORD_IDS), st.sampled_from(RECORD_IDS)),
    max_size=2,
)
SIGNED: Final[Signed] = {"by": "Els", "because": "zelfde kaart"}


class Night(NamedTuple):
    """New and changed people, who bought something, and what was decided before that."""

    people: dict[str, dict[str, Any]]
    buyers: set[str]
    decisions: list[tuple[Any, str, str]]


def digests(warehouse: Warehouse) -> dict[str, str]:
    with open_owner(warehouse.store.root) as release:
        return release.digests()


def night(
    warehouse: Warehouse,
    people: Mapping[str, Mapping[str, Any]],
    buyers: set[str],
    *,
    anew: bool = False,
    cap: int,
) -> dict[str, str]:
    rows = [{"record_id": record, **person} for record, person in sorted(people.items())]
    orders = [{"record_id": record, "order_id": f"b-{record}"} for record in sorted(buyers)]
    with warehouse.run("nightly", as_of=NIGHT, recorded_at=RECORDED_AT) as run:
        fill(run, {"identity.customers": rows, "identity.orders": orders})
        unify(run, anew=anew, cap=cap)
    return digests(warehouse)


def decide(warehouse: Warehouse, decisions: list[tuple[Any, str, str]]) -> None:
    for said, one, other in decisions:
        with contextlib.suppress(KlantprofielError):  # of who is not there, or what cannot be true
            if said is join:
                join(warehouse, [one, other], **SIGNED)
            else:
                split(warehouse, [one], apart_from=[other], **SIGNED)


@settings(max_examples=4, deadline=None)
@given(
    nights=st.lists(st.builds(Night, PEOPLE, MENTIONED, DECISIONS), min_size=2, max_size=4),
    lost=st.integers(0, 4),
    cap=st.integers(1, 3),
)
def test_whatever_came_changed_went_or_was_decided(nights: list[Night], lost: int, cap: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        warehouse = Warehouse(f"{directory}/klanten")
        so_far: dict[str, Any] = {}
        for each in nights:
            if so_far:
                decide(warehouse, each.decisions)
            so_far = {**dict(sorted(so_far.items())[lost:]), **each.people}
            step_by_step = night(warehouse, so_far, each.buyers, cap=cap)

        assert night(warehouse, so_far, nights[-1].buyers, anew=True, cap=cap) == step_by_step


class Members(s.CustomerTable, maps_to=s.canonical.Customers):
    """Leden: one row per member."""

    purpose = "uitvoering overeenkomst"
    retention = s.years(7)
    customer_id = s.Text(label="Lidnummer", key=True)
    given_name = s.GivenName(label="Voornaam")
    surname = s.Surname(label="Achternaam")
    email = s.Email(label="E-mailadres", nullable=True)


class Purchases(s.EventTable, maps_to=s.canonical.Orders):
    """Aankopen: one row per purchase."""

    purpose = "uitvoering overeenkomst"
    retention = s.years(7)
    customers_of = "members"
    order_id = s.Text(label="Bon", key=True)
    customer_id = s.Text(label="Lidnummer")
    ordered_at = s.Timestamp(label="Moment")


FIRST: Final = "1;Anna;Hof;anna@hof.nl\n2;Anna;Hof;Anna@Hof.nl\n3;Bert;Bos;bert@bos.nl\n4;Cor;Bos;\n"
DELIVERIES: Final = (
    {"leden": FIRST, "aankopen": "b1;1;01-09-2026 10:00:00\nb2;77;01-09-2026 10:00:00\n"},
    {"leden": "5;Bert;Bos;bert@bos.nl\n"},
    {"leden": "2;Dirk;Dam;dirk@dam.nl\n", "aankopen": "b3;78;02-09-2026 10:00:00\n"},
    {"aankopen": "b2;4;03-09-2026 10:00:00\n"},  # in place of the one purchase of 77, who is no longer known
)


def test_deliveries_one_after_the_other(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "klanten")
    touched_in: list[set[str]] = []
    for day, parts in enumerate(DELIVERIES, start=1):
        with warehouse.run("nightly", as_of=NIGHT, recorded_at=RECORDED_AT.replace(hour=day)) as run:
            ingest(run, [delivery(tmp_path, f"{name}{day}", name, text) for name, text in parts.items()])
            validate(run)
            if day > 1:
                touched_in.append(touched_by(run))
            unify(run)
    step_by_step = digests(warehouse)
    with warehouse.run("nightly", as_of=NIGHT, recorded_at=RECORDED_AT) as run:
        assert touched_by(run) == set()
        unify(run, anew=True)

    assert digests(warehouse) == step_by_step
    assert touched_in == [{"members/5"}, {"members/2", "members/78"}, {"members/77"}]


def delivery(directory: Path, file: str, name: str, text: str) -> Delivery:
    table = {"leden": Members, "aankopen": Purchases}[name]
    path = directory / f"{file}.csv"
    path.write_text(f"{';'.join(table.columns)}\n{text}")
    return Delivery(table=table, path=path)


def touched_by(run: Run) -> set[str]:
    """Return the records that a run would touch, and leave no trace of having asked."""
    kept = run.arrow("from identity.record_prints"), run.arrow("from identity.source_records")
    touched.touch_records(run, anew=False)
    found = {record for (record,) in run.rows("select record_id from identity.touched_records")}
    for table, rows in zip(("record_prints", "source_records"), kept, strict=True):
        run.execute(f"delete from identity.{table}")
        run.execute(f"insert into identity.{table} from kept", kept=rows)
    return found


def test_other_code_makes_all_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    run = given_run({"identity.customers": "| record_id |\n| crm/1     |"})
    now = touched.state_now(run, cap=10, model="")
    assert touched.state_now(run, cap=10, model="") == now

    monkeypatch.setattr(touched, "_code", lambda: "another statement")

    assert touched.state_now(run, cap=10, model="").made_by != now.made_by


def test_a_column_of_another_type_makes_all_anew() -> None:
    run = given_run()
    before = touched.state_now(run, cap=10, model="").made_by
    run.create("identity.crm_customers", {"birth_date": "VARCHAR"}, describes="given.", grain="One row.")

    assert touched.state_now(run, cap=10, model="").made_by != before
