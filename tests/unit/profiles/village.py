"""Three customers with orders, in a run in memory, as the profiles room finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klantprofiel.profiles import Profiles, build_profiles
from klantprofiel.unification import unify
from tests.spec.ascii import given

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run

TABLES = {
    "identity.customers": """
    | record_id | birth_date | postal_code | country |
    | crm/1     | 1980-01-01 | 3511AB      | NL      |
    | crm/2     | 1990-01-01 | 1012AB      | NL      |
    | crm/3     |            |             |         |
    """,
    "identity.products": "| product_id | category |\n| p1         | planten  |",
    "identity.orders": """
    | record_id | order_id | ordered_at | amount_eur | product_id | channel |
    | crm/1     | b1       | 2026-09-01 | 10.50      | p1         | winkel  |
    | crm/1     | b2       | 2026-09-02 | 19.50      | p1         | webshop |
    | crm/2     | b3       | 2026-08-01 | 10.00      | p1         | winkel  |
    """,
}


def village() -> Run:
    """Return the run before it builds profiles."""
    run = given(TABLES)
    unify(run)
    return run


def village_profiles() -> Profiles:
    """Return the profiles of Anna (K-000001), Bert and Carla, who never ordered."""
    return build_profiles(village())
