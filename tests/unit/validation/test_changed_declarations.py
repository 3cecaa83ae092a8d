"""A declaration may change: what was loaded follows it, and nothing is lost on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from klantprofiel import schema as s
from klantprofiel.errors import KlantprofielError
from klantprofiel.ingestion import Land
from tests.unit.validation.shop import CREDITS, DAY, NEXT_DAY, ShopCustomers

if TYPE_CHECKING:
    from tests.unit.validation.shop import Company


def declare(**changes: Any) -> type[s.Table]:  # noqa: ANN401  columns and rules of all kinds
    """Return the declaration of the shop's customers after a change."""
    body = dict(vars(ShopCustomers))
    names = ("customer_id", "email", "registered_on", "credit_eur")
    columns = {name: body[name] for name in names} | changes
    settings = {"name": "shop_customers", "source": "shop", "purpose": "proef", "retention": s.years(1)}
    namespace = type(ShopCustomers).__prepare__("Changed", (s.CustomerTable,))
    for name, value in (
        settings | {"__doc__": "Klanten: one row per customer.", "__module__": __name__}
    ).items():
        namespace[name] = value
    for name, value in columns.items():
        if value is not None:
            namespace[name] = value
    return type(ShopCustomers)("Changed", (s.CustomerTable,), namespace)  # type: ignore[no-any-return,misc]


def test_a_column_that_is_added_or_taken_out_leaves_earlier_records_in_place(company: Company) -> None:
    company.deliver(DAY, company.file("a.csv", "1;a@example.nl;;1,00"))
    changed = declare(credit_eur=None, phone=s.Phone(label="Telefoon", source="tel"))
    company.deliver(
        NEXT_DAY, company.file("b.csv", "2;;;0612345678", header="klantnr;email;sinds;tel"), table=changed
    )
    assert company.rows(
        "select customer_id, email, registered_on, phone from identity.shop_customers order by 1"
    ) == [("1", "a@example.nl", None, None), ("2", None, None, "0612345678")]


def test_a_changed_type_is_read_again_from_what_landed(company: Company) -> None:
    company.deliver(DAY, company.file("a.csv", "1;;;1,00"))
    changed = declare(credit_eur=s.Text(label="Tegoed", source="tegoed"))
    assert company.judge(NEXT_DAY, changed).n_loaded == 1
    assert company.rows(CREDITS) == [("1", "1,00")]
    assert company.rows("select count(*) from batch_accounts") == [(1,)]


def test_a_changed_type_without_what_landed_is_refused(company: Company) -> None:
    company.deliver(DAY, company.file("a.csv", "1;;;1,00"))
    (batch,) = Land(company.warehouse.store.land, "shop_customers").batches()
    Land(company.warehouse.store.land, "shop_customers").path(batch.sha256).unlink()
    changed = declare(credit_eur=s.Text(label="Tegoed", source="tegoed"))
    with pytest.raises(KlantprofielError, match="1 of its 1 deliveries are no longer in land/"):
        company.judge(NEXT_DAY, changed)


def test_a_column_that_is_declared_later_is_unknown_in_what_landed_before(company: Company) -> None:
    company.land(DAY, company.file("a.csv", "1;;;1,00"))
    changed = declare(phone=s.Phone(label="Telefoon", source="tel", nullable=True))
    assert company.judge(NEXT_DAY, changed).n_loaded == 1
    assert company.rows("select customer_id, phone from identity.shop_customers") == [("1", None)]
