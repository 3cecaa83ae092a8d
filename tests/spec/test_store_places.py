"""store_places: where the stores stand and when they were open."""

from __future__ import annotations

from klantprofiel.profiles.areas import STORE_PLACES
from tests.spec.ascii import given, made, table


def test_a_store_stands_where_its_latest_delivery_tells() -> None:
    stores = """
    | source | store_id | postal_code | opened_on  | closed_on  | delivered_on |
    | kassa  | H01      | 1014 AB     | 1998-03-15 |            | 2026-01-01   |
    | kassa  | H01      | 1015ab      | 1998-03-15 | 2026-02-01 | 2026-02-01   |
    | web    | H01      | 3511 AB     |            |            | 2026-01-01   |
    | web    | H02      | B-1000      |            |            | 2026-01-01   |
    """
    then = """
    | source | store_id | pc4  | opened_on  | closed_on  |
    | kassa  | H01      | 1015 | 1998-03-15 | 2026-02-01 |
    | web    | H01      | 3511 |            |            |
    | web    | H02      |      |            |            |
    """
    assert made(given({"identity.stores": stores}), STORE_PLACES.statement(), then) == table(then)
