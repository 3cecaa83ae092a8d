"""golden_values: what is best known of each customer, and since when it is so."""

from __future__ import annotations

from klantprofiel.profiles.attributes import GOLDEN_VALUES
from klantprofiel.profiles.attributes.changes import kept_attributes
from tests.spec.ascii import given, made, table
from tests.spec.test_living import REGISTRY

CUSTOMERS = """
| record_id | updated_on | registered_on | delivered_on |
| crm/1     | 2026-03-01 | 2020-01-01    | 2026-09-01   |
| web/1     | 2026-05-01 | 2021-05-05    | 2026-09-02   |
| crm/2     |            | 2024-02-02    | 2026-09-01   |
| crm/3     | 2027-01-01 |               | 2026-09-01   |
"""


def golden_values(then: str) -> str:
    run = given({"identity.customers": CUSTOMERS, "identity.customer_records": REGISTRY})
    columns = ", ".join(f"cast(null as varchar) as {name}" for name in kept_attributes() if name != "email")
    run.write(
        "identity.golden_record",
        run.arrow(
            f"select customer_id, email, {columns} from (values ('K-000001', 'anna@voorbeeld.nl'), "
            "('K-000002', null), ('K-000003', null), ('K-000009', null)) as golden(customer_id, email)"
        ),
        describes="given.",
        grain="One row per customer.",
    )
    return made(run, GOLDEN_VALUES.statement(), then)


def test_a_customer_is_so_since_the_last_change_or_else_the_last_delivery_but_never_since_later() -> None:
    then = """
    | customer_id | valid_from | email             |
    | K-000001    | 2026-05-01 | anna@voorbeeld.nl |
    | K-000002    | 2026-09-01 |                   |
    | K-000003    | 2026-09-01 |                   |
    """
    assert golden_values(then) == table(then), "K-000009 is known from orders alone"


def test_every_attribute_of_a_golden_record_is_kept_but_the_day_of_its_change() -> None:
    assert GOLDEN_VALUES.statement().columns == ("customer_id", "valid_from", *kept_attributes())
