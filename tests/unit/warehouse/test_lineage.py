from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from klantprofiel.errors import NotFoundError
from klantprofiel.warehouse import Statement, open_stored, parse
from klantprofiel.warehouse.lineage import lineage_text, sql_text
from tests.unit.warehouse.conftest import AS_OF, SPENDING, order

if TYPE_CHECKING:
    from klantprofiel.warehouse import StoredRelease, Warehouse

PROFILES = Statement.of(
    table="profiles",
    describes="the profile.",
    grain="One row per customer.",
    select=parse("select customer_id, datediff('day', last_on, $as_of) as recency_days from spending"),
)


@pytest.fixture
def release(warehouse: Warehouse) -> StoredRelease:
    with warehouse.run("nightly", as_of=AS_OF) as run:
        order(run, "anna", 10)
        run.make(SPENDING)
        run.make(PROFILES)
    return open_stored(warehouse.store.root)


def test_lineage_walks_from_a_table_to_what_was_delivered(release: StoredRelease) -> None:
    text = lineage_text(release, "profiles")

    lines = text.splitlines()
    assert lines[0] == "profiles  the profile. [000001-nightly]"
    assert lines[1].startswith("└─ spending")
    assert lines[2].startswith("   └─ identity.orders")


def test_lineage_names_the_columns_that_each_column_is_made_of(release: StoredRelease) -> None:
    assert "recency_days  <- spending.last_on" in lineage_text(release, "profiles")
    assert "monetary_eur  <- identity.orders.amount_eur" in lineage_text(release, "spending")


def test_sql_prints_what_ran(release: StoredRelease) -> None:
    text = sql_text(release, "profiles")
    assert text.startswith("-- profiles: the profile.\n-- One row per customer.\nSELECT")
    assert parse(text).named_selects == ["customer_id", "recency_days"]


def test_identity_may_be_left_out_of_the_name(release: StoredRelease) -> None:
    assert "rows are put in" in sql_text(release, "orders")


def test_an_unknown_table_names_the_near_miss(release: StoredRelease) -> None:
    with pytest.raises(NotFoundError, match="did you mean 'profiles'"):
        lineage_text(release, "profile")


def test_a_table_that_two_others_read_is_drawn_once(warehouse: Warehouse) -> None:
    pair = Statement.of(
        table="pair",
        describes="d.",
        grain="One row per customer.",
        select=parse("select s.customer_id from spending as s inner join profiles as p using (customer_id)"),
    )
    with warehouse.run("nightly", as_of=AS_OF) as run:
        order(run, "anna", 10)
        run.make(SPENDING)
        run.make(PROFILES)
        run.make(pair)
        text = lineage_text(run, "pair")

    assert text.count("what each customer spent") == 1
    assert "spending  (see above)" in text
