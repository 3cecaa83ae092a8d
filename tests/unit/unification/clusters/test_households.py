from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Final, cast

import pyarrow as pa
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from klantprofiel.unification.clusters import keep_households
from tests.unit.unification.clusters.linked import empty_run, put_records

if TYPE_CHECKING:
    from klantprofiel.unification.linkage import Model
    from klantprofiel.warehouse import Run

MODEL: Final = cast("Model", SimpleNamespace(comparison_names=("surname", "address")))
HOME: Final = {"postal_code": "1234AB", "house_number": "1", "street": "plein"}
Rows = list[dict[str, str | None]]

PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "surname": st.sampled_from(["vries", "smit"]),
            "other_surname": st.sampled_from([None, "smit", "bos"]),
            "postal_code": st.sampled_from(["1234AB", "9711AB"]),
            "house_number": st.sampled_from(["1", "2", None]),
            "customer": st.sampled_from(["1", "2", "3", "4", "5"]),
        }
    ),
    min_size=1,
    max_size=7,
)


def put_customers(run: Run, rows: Rows) -> None:
    put_records(run, rows)
    records = [row["record_id"] for row in rows]
    customers = [f"K-{int(str(row['customer'])):06}" for row in rows]
    for table in ("customer_records", "source_records"):
        frame = pa.table(
            {"record_id": pa.array(records, pa.string()), "customer_id": pa.array(customers, pa.string())}
        )
        run.write(f"identity.{table}", frame, describes="given.", grain="One row per record.")


def touch(run: Run, customers: set[int]) -> None:
    ids = pa.array([f"K-{number:06}" for number in sorted(customers)], pa.string())
    frame = pa.table({"customer_id": ids})
    run.write("identity.touched_customers", frame, describes="given.", grain="One row per customer.")


def put_pairs(run: Run, *pairs: tuple[str, str, float, float]) -> None:
    names = ("first_record_id", "record_id", "address", "p_household")
    kinds = (pa.string(), pa.string(), pa.float64(), pa.float64())
    frame = pa.table({name: pa.array([pair[i] for pair in pairs], kinds[i]) for i, name in enumerate(names)})
    run.write("identity.link_pairs", frame, describes="given.", grain="One row per pair.")


def households(rows: Rows, *pairs: tuple[str, str, float, float]) -> list[tuple[str, str]]:
    run = empty_run()
    put_customers(run, rows)
    put_pairs(run, *pairs)
    touch(run, {int(str(row["customer"])) for row in rows})
    keep_households(run, MODEL)
    return kept(run)


def kept(run: Run) -> list[tuple[str, str]]:
    return run.rows("select record_id, household_id from identity.households order by all")


def test_who_have_one_surname_at_one_address_live_together_under_the_lowest_number() -> None:
    rows: Rows = [
        {"record_id": "crm/1", "customer": "7", "surname": "vries", **HOME},
        {"record_id": "crm/2", "customer": "3", "surname": "vries", **HOME},
        {"record_id": "crm/3", "customer": "9", "surname": "smit", **HOME},
    ]
    assert households(rows) == [("crm/1", "H-000003"), ("crm/2", "H-000003"), ("crm/3", "H-000009")]


def test_the_second_surname_and_a_second_record_of_a_customer_count_too() -> None:
    rows: Rows = [
        {"record_id": "crm/1", "customer": "1", "surname": "jansen", "other_surname": "vries", **HOME},
        {"record_id": "crm/2", "customer": "2", "surname": "vries", **HOME},
        {"record_id": "web/2", "customer": "2", "surname": "vries", **(HOME | {"house_number": "5"})},
        {"record_id": "web/3", "customer": "3", "surname": "vries", **(HOME | {"house_number": "5"})},
    ]
    assert {home for _, home in households(rows)} == {"H-000001"}


def test_another_addition_is_another_home_and_an_unknown_address_none() -> None:
    rows: Rows = [
        {"record_id": "crm/1", "customer": "1", "surname": "vries", **HOME, "house_number_addition": "a"},
        {"record_id": "crm/2", "customer": "2", "surname": "vries", **HOME, "house_number_addition": "b"},
        {"record_id": "crm/3", "customer": "3", "surname": "vries"},
        {"record_id": "crm/4", "customer": "4", "surname": "vries"},
    ]
    assert len({home for _, home in households(rows)}) == 4


def test_a_foreign_postal_code_needs_its_street() -> None:
    rows: Rows = [
        {
            "record_id": "crm/1",
            "customer": "1",
            "surname": "vries",
            **(HOME | {"postal_code": "2119", "street": "a"}),
        },
        {
            "record_id": "crm/2",
            "customer": "2",
            "surname": "vries",
            **(HOME | {"postal_code": "2119", "street": "b"}),
        },
        {
            "record_id": "crm/3",
            "customer": "3",
            "surname": "vries",
            **(HOME | {"postal_code": "2119", "street": "b"}),
        },
    ]
    assert [home for _, home in households(rows)] == ["H-000001", "H-000002", "H-000002"]


def test_whom_the_model_finds_likely_to_live_together_do_when_their_address_is_alike() -> None:
    rows: Rows = [{"record_id": f"crm/{i}", "customer": str(i), "surname": f"s{i}"} for i in (1, 2, 3, 4)]
    found = households(
        rows, ("crm/1", "crm/2", 3.0, 0.95), ("crm/2", "crm/3", 3.0, 0.5), ("crm/3", "crm/4", -1.0, 0.99)
    )
    assert [home for _, home in found] == ["H-000001", "H-000001", "H-000003", "H-000004"]


@settings(max_examples=15, phases=(Phase.explicit, Phase.generate))
@given(PEOPLE, PEOPLE)
def test_forming_what_is_touched_gives_what_forming_all_gives(before: Rows, after: Rows) -> None:
    old: Rows = [{"record_id": f"crm/{i}", **row} for i, row in enumerate(before)]
    new: Rows = [{"record_id": f"crm/{i}", **row} for i, row in enumerate(after)]
    far: Rows = [{"record_id": f"web/{i}", "customer": str(i), "surname": f"s{i}"} for i in range(10, 99)]
    run = empty_run()
    put_customers(run, old + far)
    put_pairs(run)
    touch(run, {int(str(row["customer"])) for row in old + far})
    keep_households(run, MODEL)
    put_customers(run, new + far)
    touch(run, {int(str(row["customer"])) for row in old + new})
    keep_households(run, MODEL)

    assert kept(run) == households(new + far)
