"""What tonight's profiles have to be follows from those of the last release."""

from __future__ import annotations

import duckdb
import pytest

from klantprofiel.validation.expected import profile_suite
from klantprofiel.validation.expected.profiles import profile_parameters
from klantprofiel.warehouse.tables import Connected
from tests.unit.validation.shop import DAY

VARIABLES = """
create table variables as select * from (values
    ('orders', 'Bestellingen', 'count'), ('balance', 'Saldo', 'amount'), ('channel', 'Kanaal', 'category'),
    ('returned', 'Retouren', 'share'), ('gone', 'Vervallen', 'count'), ('open', 'Open klachten', 'count'),
    ('campaign_recency_days', 'Dagen sinds campagne', 'count'), ('trend', 'Groei', 'number')
) as variables (name, label, kind)
"""


class Release(Connected):
    """The tables of a release, of the customers that a test needs."""

    as_of = DAY

    def __init__(self, *statements: str) -> None:
        self._connection = duckdb.connect()
        for statement in statements:
            self._connection.execute(statement)


def bounds(n: int) -> dict[str, object]:
    """Return the bounds after a release of n customers: half of them with a channel, one in 20 by phone."""
    profiles = f"""
    create table profiles as select
        'K' || range as customer_id, 1 + range % 3 as orders, cast(-2.50 as decimal(18, 2)) as balance,
        case when range % 20 = 0 then 'telefoon' when range % 2 = 0 then 'webshop' end as channel,
        case when range < 10 then 0.5 end as returned,
        case when range < 49 then 1 else 0 end as open,
        range % 30 as campaign_recency_days,
        case when range % 2 = 0 then 1.0 else -1.0 end as trend
    from range({n})
    """
    release = Release(profiles, VARIABLES)
    suite = profile_suite(release)
    assert suite is not None
    assert {each["meta"].get("column", "") for each in suite["expectations"]} == {
        "", "customer_id", "orders", "balance", "channel", "returned", "open", "campaign_recency_days",
        "trend",
    }  # fmt: skip
    return dict(profile_parameters(release))


def test_bounds_leave_room_around_the_last_release() -> None:
    assert bounds(900) == {
        "profiles__n_rows__low": 810,
        "profiles__orders__filled_share__low": 0.8,
        "profiles__orders__mean__low": pytest.approx(2 / 1.5),
        "profiles__orders__mean__high": pytest.approx(3),
        "profiles__balance__filled_share__low": 0.8,
        "profiles__balance__mean__low": pytest.approx(-3.75),
        "profiles__balance__mean__high": pytest.approx(-1.25),
        "profiles__open__filled_share__low": 0.8,  # of 49 with one open, tomorrow may have any number
        "profiles__campaign_recency_days__filled_share__low": 0.8,  # one campaign sets all back to 0
        "profiles__trend__filled_share__low": 0.8,
        "profiles__trend__mean__low": pytest.approx(-0.5),  # growth and decline outweigh each other
        "profiles__trend__mean__high": pytest.approx(0.5),
        "profiles__channel__filled_share__low": 0.4,
        "profiles__channel__category_share__listed": ["webshop"],  # 45 by phone are too few to count on
    }


def test_of_few_customers_nothing_is_asked() -> None:
    assert bounds(49) == {}
