"""A known world: the CDNOW purchase log of Fader and Hardie, against pandas on the raw file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from klantprofiel.profiles import build_profiles
from klantprofiel.unification import unify
from tests.spec.ascii import given_rows

if TYPE_CHECKING:
    from klantprofiel.profiles import Profiles

LOG = Path(__file__).parents[4] / "shared" / "data" / "cdnow" / "CDNOW_sample.txt"
N_CUSTOMERS = 2_357
END_OF_LOG = date(1998, 6, 30)
END_OF_CALIBRATION = date(1997, 9, 30)

pytestmark = pytest.mark.skipif(not LOG.exists(), reason=f"the CDNOW sample is not in {LOG.parent}")


def purchase_log() -> pd.DataFrame:
    log = pd.read_csv(LOG, sep=r"\s+", names=["id", "sample", "day", "n_cds", "dollars"], dtype=str)
    return log.assign(day=log["day"].map(date.fromisoformat), dollars=log["dollars"].map(Decimal))


def profiled(log: pd.DataFrame, as_of: date) -> Profiles:
    """Return the profiles of the log; its customers are known only from their purchases."""
    lines = [
        {
            "record_id": f"cdnow/{row.id}",
            "order_id": str(row.Index),
            "ordered_at": row.day,
            "amount_eur": row.dollars,
        }
        for row in log.itertuples()
    ]
    run = given_rows({"identity.orders": lines}, as_of=as_of)
    unify(run)
    return build_profiles(run)


@pytest.mark.parametrize("as_of", [END_OF_LOG, END_OF_CALIBRATION])
def test_recency_frequency_and_money_equal_those_of_the_raw_log(as_of: date) -> None:
    log = purchase_log()
    per_customer = (
        log[log["day"] <= as_of]
        .groupby("id")
        .agg(last=("day", "max"), first=("day", "min"), n=("day", "size"), spent=("dollars", "sum"))
    )
    expected = [
        ((as_of - last).days, (as_of - first).days, n, spent)
        for last, first, n, spent in per_customer.sort_index().itertuples(index=False, name=None)
    ]

    profiles = profiled(log, as_of)
    found = profiles.to_arrow(["recency_days", "tenure_days", "frequency", "monetary_eur"])

    assert len(profiles) == len(expected) == N_CUSTOMERS
    assert list(zip(*found.to_pydict().values(), strict=True)) == expected


def test_every_line_of_the_log_is_accounted_for() -> None:
    log = purchase_log()
    profiles = profiled(log, END_OF_CALIBRATION)
    n_after = int((log["day"] > END_OF_CALIBRATION).sum())

    account = profiles.tables.rows(
        "select n_lines, n_in_profiles, n_after, n_without_customer from orders_account"
    )

    assert account == [(len(log), len(log) - n_after, n_after, 0)]
