"""What holds of every golden record, whatever was delivered."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from klantprofiel.unification.golden import golden_tables, renew_golden
from klantprofiel.unification.golden.attributes import PARTS, attributes, part_of, parts
from klantprofiel.unification.golden.survival import presence
from tests.spec.ascii import put
from tests.unit.unification.golden.village import golden, own, touch, unify_golden

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run

VALUES: dict[str, list[object]] = {
    "given_name": ["Anna", "onbekend", "Annelies", None],
    "initials": ["A.", None],
    "surname_prefix": ["de", None],
    "surname": ["Vries", "Smit", "onbekend", None],
    "sex": ["female", "male", None],
    "birth_date": ["1980-01-02", "1980-02-01", "1900-01-01", None],
    "email": ["anna@hof.nl", "Anna@Hof.nl", "a.vries@hof.nl", "geen adres", "info@bakker.nl", None],
    "phone": ["0612345677", "+31 6 12345677", "12", None],
    "loyalty_number": ["L-123", "0000000", None],
    "street": ["Plein", "Kade", None],
    "house_number": ["1", "22", None],
    "house_number_addition": ["b", None],
    "postal_code": ["1131AB", "3511AB", None],
    "place": ["Edam", "-", None],
    "country": ["NL", "bij de buren", None],
    "household_size": ["3", "5+", None],
    "age_band": ["45-54", None],
    "registered_on": ["2019-03-04", "2012-01-01", None],
    "updated_on": ["2024-05-06", "2026-01-01", None],
}


def records(seed: int, n: int = 60) -> tuple[list[dict[str, object]], dict[str, str]]:
    """Return random records and whose they are; two are about one number of a source."""
    draw = random.Random(seed)  # noqa: S311  no secret
    rows: list[dict[str, object]] = []
    for number in range(n):
        source = draw.choice(["crm", "web"])
        row: dict[str, object] = {"record_id": f"{source}/{number}"}
        row |= {name: draw.choice(values) for name, values in VALUES.items()}
        row |= {"batch_id": {"crm": "b1", "web": "b2"}[source], "line_number": str(number + 2)}
        rows.append(row)
    rows.append(rows[0] | {"email": "tweede@hof.nl", "line_number": "999"})
    owners = {str(row["record_id"]): f"K-{draw.randrange(n // 3) + 1:06d}" for row in rows}
    return rows, owners


@cache
def world(seed: int) -> Run:
    """Return the golden tables of random records; tests only read them."""
    return golden(*records(seed))


def tables(run: Run) -> dict[str, list[tuple[Any, ...]]]:
    names = [statement.table for statement in golden_tables()]
    return {name: run.rows(f"from {name} order by all") for name in [*names, "provenance"]}


@pytest.mark.parametrize("seed", range(2))
def test_every_surviving_value_was_delivered_by_the_row_that_provenance_names(seed: int) -> None:
    run = world(seed)
    for name in attributes():
        strayed = run.rows(
            f"""
            select golden_record.customer_id
            from identity.golden_record as golden_record
            left join masked_golden_record as shown using (customer_id)
            left join identity.survivorship as claims
                on claims.customer_id = shown.customer_id
                and claims.survival_rank = shown.{part_of(name)}_rank
            where golden_record.{name} is not null and golden_record.{name} is distinct from claims.{name}
            """
        )
        assert strayed == [], name


@pytest.mark.parametrize("seed", range(2))
def test_every_cell_of_every_golden_record_has_provenance_with_file_and_line(seed: int) -> None:
    run = world(seed)
    told = {
        (customer, attribute): (source, file, line, known_in)
        for customer, attribute, source, file, line, known_in in run.rows(
            "select customer_id, attribute, source, file_name, line_number, known_in from provenance"
        )
    }
    cells = [
        (row["customer_id"], name)
        for row in run.arrow("from identity.golden_record").to_pylist()
        for name in attributes()
        if row[name] is not None
    ]
    assert len(cells) > 100
    assert set(told) == set(cells)
    assert all(None not in origin for origin in told.values())
    n_owner = run.rows("select count(*) from identity.provenance_values where is_survivor")
    assert n_owner == [(len(cells),)]


@pytest.mark.parametrize("seed", range(2))
def test_what_any_record_knows_is_never_unknown(seed: int) -> None:
    run = world(seed)
    for part in parts():
        unknown = run.rows(
            f"""
            select customer_id from identity.survivorship
            where n_claims > 1 and ({presence(part)})
            except select customer_id from identity.survivors where {part}_rank is not null
            """
        )
        assert unknown == [], part
    for name in set(attributes()) - set(PARTS):
        lost = run.rows(
            f"select customer_id from identity.survivorship where {name} is not null except "
            f"select customer_id from identity.golden_record where {name} is not null"
        )
        assert lost == [], name


@pytest.mark.parametrize("seed", range(2))
def test_every_delivered_value_survived_or_is_kept_as_a_losing_one(seed: int) -> None:
    run = world(seed)
    n_given = run.rows("select count(*) from identity.provenance_values")
    n_equal = run.rows(
        """
        select count(*) from identity.provenance_values as given
        inner join identity.provenance_values as kept using (customer_id, attribute)
        where kept.is_survivor and kept.value = given.value
        """
    )
    n_lost = run.rows("select count(*) from losing_values where reason = 'lost'")
    assert n_given[0][0] == n_equal[0][0] + n_lost[0][0]
    assert n_lost[0][0] > 0


def test_the_order_of_delivery_does_not_matter() -> None:
    rows, owners = records(7)
    shuffled = rows.copy()
    random.Random(1).shuffle(shuffled)  # noqa: S311  no secret
    assert tables(golden(rows, owners)) == tables(golden(shuffled, owners))


def test_renewing_who_was_touched_gives_what_a_full_run_gives() -> None:
    rows, owners = records(11)
    run = golden(rows, owners)
    changed = [
        row | {"email": "nieuw@hof.nl"} if row["record_id"] == rows[5]["record_id"] else row for row in rows
    ]
    gone = str(rows[9]["record_id"])
    moved = {**owners, str(rows[7]["record_id"]): "K-000999"}
    changed = [row for row in changed if row["record_id"] != gone]
    touched = {owners[gone], owners[str(rows[5]["record_id"])], owners[str(rows[7]["record_id"])], "K-000999"}

    put(run, "identity.customers", changed)
    own(run, {record: customer for record, customer in moved.items() if record != gone})
    unify_golden(run)
    touch(run, touched | {"K-000998"})
    renew_golden(run)

    full = golden(changed, {record: customer for record, customer in moved.items() if record != gone})
    assert tables(run) == tables(full)


def test_nothing_that_points_out_a_person_leaves_the_identity_half() -> None:
    rows, owners = records(3)
    run = golden(rows, owners)
    texts = {
        name: str(run.rows(f"from {name}"))
        for name in (
            "source_rows",
            "losing_values",
            "provenance",
            "provenance_counts",
            "masked_golden_record",
        )
    }
    secrets = [
        "anna",
        "Anna",
        "Vries",
        "Smit",
        "12345677",
        "L-123",
        "Plein",
        "Kade",
        "1131AB",
        "buren",
        "05-06",
        "03-04",
    ]
    secrets += [f"'{record}'" for record in owners]
    assert [(secret, name) for secret in secrets for name, text in texts.items() if secret in text] == []
