"""Names that a declaration cannot use, and why: somebody else has them already."""

from __future__ import annotations

import re
from typing import Final

NAME: Final = re.compile(r"[a-z][a-z0-9_]*")

BY_TABLES: Final = frozenset(  # what every table class has besides its settings
    ("columns", "delivered_as", "description", "keys", "maps_to", "mro", "needs_purpose", "rules", "settings")
)
BY_RECORDS: Final = frozenset(  # what validation writes, and what no digest counts
    ("batch_id", "delivered_on", "line_number", "record_id", "recorded_at", "run_id", "source")
)
BY_ROOMS: Final = frozenset(  # what rooms make in either half of a release, besides the canonical tables
    """
    area_penetration attribute_changes attribute_versions batch_accounts batches campaign_days
    campaign_days_history campaigns catalog categories category_days category_days_history
    changed_customers channels chosen_values closing_pairs company_days company_profiles
    company_records components contact_days contact_days_history customer_events customer_records
    cut_components decided_pairs delivery_statistics demographics experience_account
    experience_measures former_customer_records golden_record golden_values golden_values_history
    group_verdicts household_keys households key_pairs known_customers large_blocks link_levels
    link_model link_pairs link_records living living_history losing_values masked_golden_record
    match_edges match_explanations match_keys orders_account orders_before_birth placeholder_values
    postcode_provinces
    preference_days preference_days_history product_categories profiles profiles_state promise_days
    promise_days_history promise_keeping provenance provenance_counts provenance_values psychology
    purchase_days purchase_days_history purchasing quarantine quarantine_counts quarantined_consents
    read_batches read_records recommendation record_lines record_prints region
    renewed_customers replaced_records
    review_days review_days_history reviewing rhythm scorecard_cells scorecards segment_members
    segment_profiles segmentations segments service_experience source_records source_rows sources
    standard_values stated_preferences store_places subscription_periods
    subscription_periods_history survey_account survey_answers_history survey_quality
    survey_reliability survey_scores survivors survivorship tenure term_frequencies
    touched_customers touched_records unification_account unification_state value value_backtest
    value_model variables
    """.split()  # noqa: SIM905 - words read better
)
BY_SQL: Final = (
    frozenset(  # DuckDB's reserved words; quoting them everywhere would be the price of allowing them
        """
    all analyse analyze and any array as asc asymmetric both case cast check collate column constraint
    create default deferrable desc describe distinct do else end except false fetch for foreign from
    group having in initially intersect into lambda lateral leading limit not null offset on only or
    order pivot pivot_longer pivot_wider placing primary qualify references returning select show some
    summarize symmetric table then to trailing true union unique unpivot using variadic when where
    window with
    """.split()  # noqa: SIM905 - the same
    )
)
BSN: Final = re.compile(
    r"(?<![a-z])(bsn|burger[ _-]?service[ _-]?(nr|nummer)|sofi[ _-]?(nr|nummer))(?![a-z])", re.IGNORECASE
)


def snake_case(name: str) -> str:
    """Return a class name as a table name.

    >>> snake_case("CrmCustomers"), snake_case("CRMCustomers")
    ('crm_customers', 'crm_customers')
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def fault_in_column(name: str) -> str:
    """Say why a column cannot have this name, or return an empty string.

    >>> fault_in_column("order")
    "'order' is a word of SQL itself"
    """
    if not NAME.fullmatch(name):
        return f"{name!r} is not lower case letters, digits and underscores, as in customer_id"
    if name in BY_RECORDS | BY_TABLES:
        return f"{name!r} is a name that every table has already"
    if name in BY_SQL:
        return f"{name!r} is a word of SQL itself"
    return ""


def is_citizen_number(*names: str) -> bool:
    """Tell whether a name is that of the BSN, a number that the law forbids companies to process.

    >>> is_citizen_number("klant_bsn"), is_citizen_number("absent")
    (True, False)
    """
    return any(BSN.search(name) for name in names)
