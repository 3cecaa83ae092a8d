"""Companies: customers beside consumers, with tables of their own.

A company is never unified with a person and has no personal variable; here it has a number of ours instead of
its own, its name and its KvK number. One company is one customer number of one source.

identity.company_records   the registry: our number for each customer number of a source; carried over
companies, company_days    what is known of them, and what they bought by the day
company_profiles           recency, frequency and spending, as of a date
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from klantprofiel.warehouse import load_sql

if TYPE_CHECKING:
    from klantprofiel.warehouse import Run

HIGH_WATER: Final = "company"
"""Under this name the ledger keeps the highest number ever given: a rollback gives no number back."""

RECORDS: Final = {"record_id": "VARCHAR", "company_id": "VARCHAR"}
_LAST_NUMBER: Final = (
    "select coalesce(max(cast(substring(company_id, 3) as bigint)), 0) from identity.company_records"
)
_NEW: Final = """
with mentioned as (
    select source || '/' || company_id as record_id from identity.companies
    union
    select source || '/' || company_id as record_id from identity.business_orders
),
fresh as (
    select record_id, $last_number + row_number() over (order by record_id) as number
    from mentioned
    anti join identity.company_records as known using (record_id)
)
insert into identity.company_records
select record_id, 'B-' || format('{:06d}', number)
from fresh order by number
"""
_COUNTS: Final = dict.fromkeys(("n_orders", "n_lines"), "BIGINT")
_EURO: Final = "DECIMAL(18,2)"


def make_companies(run: Run) -> None:
    """Make what is known of companies, and what they bought, as of the date of the run; amounts without VAT.

    Reads the canonical tables `identity.companies` and `identity.business_orders`, and the tables `areas` and
    `postcode_provinces`. Makes:

    | table | one row per |
    | --- | --- |
    | identity.company_records | customer number of a source: our number, which stays |
    | companies | company: sector, place, customer since |
    | company_days | company and day on which it ordered |
    | company_profiles | company, as of the date: recency, frequency, spending |
    """
    run.create(
        "identity.company_records",
        RECORDS,
        describes="the registry of companies: our number for each customer number of a source; carried over.",
        grain="One row per customer number that a source gave a company.",
        made_from=("identity.companies", "identity.business_orders"),
    )
    ((last_number,),) = run.rows(_LAST_NUMBER)
    run.execute(_NEW, last_number=max(last_number, run.high_water(HIGH_WATER)))
    ((last_number,),) = run.rows(_LAST_NUMBER)
    run.raise_high_water(HIGH_WATER, last_number)
    run.make(load_sql(__package__, "companies"))
    run.make(load_sql(__package__, "company_days"), types=_COUNTS | {"net_eur": _EURO})
    run.make(
        load_sql(__package__, "company_profiles"),
        types={
            "tenure_days": "BIGINT",
            "recency_days": "BIGINT",
            "frequency": "BIGINT",
            "monetary_eur": _EURO,
        }
        | {"spend_recent_eur": _EURO, "basket_eur": _EURO},
    )


__all__ = ["make_companies"]
