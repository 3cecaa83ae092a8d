"""attribute_changes: every version of an attribute that changed, masked: since when it holds and is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klantprofiel.profiles.attributes.changes import HISTORY, attribute_versions, kept_attributes
from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given_rows, made, read, table

if TYPE_CHECKING:
    from collections.abc import Mapping

LEADING = ("customer_id", "valid_from", "recorded_at", "replaced_at")
CUSTOMERS = [{"customer_id": "K-000001"}]


def changes(history: str, then: str, customers: list[Mapping[str, object]] | None = None) -> str:
    """Return the changes that follow from golden records over time; columns not given are unknown."""
    attributes: dict[str, object] = dict.fromkeys(kept_attributes())
    rows = [{name: row[name] for name in LEADING} | attributes | row for row in read(history)]
    run = given_rows({HISTORY: rows, "customers": customers or CUSTOMERS})
    run.view(attribute_versions())
    return made(run, load_sql("klantprofiel.profiles.attributes", "attribute_changes"), then)


def test_a_value_holds_until_the_next_and_what_did_not_change_is_not_listed() -> None:
    history = """
    | customer_id | valid_from | recorded_at | replaced_at | email          | place   |
    | K-000001    | 2026-01-01 | 2026-01-02  |             | oud@bedrijf.nl | Utrecht |
    | K-000001    | 2026-03-01 | 2026-03-02  |             | an@nieuw.nl    | Utrecht |
    """
    then = """
    | customer_id | attribute | valid_from | valid_to   | recorded_at         | replaced_at | masked       |
    | K-000001    | email     | 2026-01-01 | 2026-03-01 | 2026-01-02 00:00:00 |             | o***@***.nl |
    | K-000001    | email     | 2026-03-01 |            | 2026-03-02 00:00:00 |             | a***@***.nl |
    """
    assert changes(history, then) == table(then)


def test_versions_in_which_a_value_stays_are_one_and_a_value_that_comes_back_is_another() -> None:
    history = """
    | customer_id | valid_from | recorded_at | replaced_at | email          | age_band |
    | K-000001    | 2026-01-01 | 2026-01-02  |             | oud@bedrijf.nl | 18-24    |
    | K-000001    | 2026-02-01 | 2026-02-02  |             | oud@bedrijf.nl | 25-34    |
    | K-000001    | 2026-03-01 | 2026-03-02  |             |                | 25-34    |
    | K-000001    | 2026-04-01 | 2026-04-02  |             | oud@bedrijf.nl | 25-34    |
    """
    then = """
    | attribute | valid_from | valid_to   | masked       |
    | age_band  | 2026-01-01 | 2026-02-01 | 18-24        |
    | age_band  | 2026-02-01 |            | 25-34        |
    | email     | 2026-01-01 | 2026-03-01 | o***@***.nl |
    | email     | 2026-03-01 | 2026-04-01 |              |
    | email     | 2026-04-01 |            | o***@***.nl |
    """
    assert changes(history, then) == table(then)


def test_a_correction_of_the_same_day_replaces_and_leaves_what_it_does_not_correct() -> None:
    history = """
    | customer_id | valid_from | recorded_at | replaced_at | age_band | country |
    | K-000001    | 2026-01-01 | 2026-01-02  |             | 18-24    | NL      |
    | K-000001    | 2026-03-01 | 2026-03-02  | 2026-03-05  | 25-34    | BE      |
    | K-000001    | 2026-03-01 | 2026-03-05  |             | 35-44    | BE      |
    """
    then = """
    | attribute | valid_from | valid_to   | recorded_at         | replaced_at         | masked |
    | age_band  | 2026-01-01 | 2026-03-01 | 2026-01-02 00:00:00 |                     | 18-24  |
    | age_band  | 2026-03-01 |            | 2026-03-02 00:00:00 | 2026-03-05 00:00:00 | 25-34  |
    | age_band  | 2026-03-01 |            | 2026-03-05 00:00:00 |                     | 35-44  |
    | country   | 2026-01-01 | 2026-03-01 | 2026-01-02 00:00:00 |                     | NL     |
    | country   | 2026-03-01 |            | 2026-03-02 00:00:00 |                     | BE     |
    """
    assert changes(history, then) == table(then)


def test_a_correction_back_to_the_value_before_leaves_one_version_that_stands() -> None:
    history = """
    | customer_id | valid_from | recorded_at | replaced_at | country |
    | K-000001    | 2026-01-01 | 2026-01-02  |             | NL      |
    | K-000001    | 2026-03-01 | 2026-03-02  | 2026-03-05  | BE      |
    """
    then = """
    | attribute | valid_from | valid_to | recorded_at         | replaced_at         | masked |
    | country   | 2026-01-01 |          | 2026-01-02 00:00:00 |                     | NL     |
    | country   | 2026-03-01 |          | 2026-03-02 00:00:00 | 2026-03-05 00:00:00 | BE     |
    """
    assert changes(history, then) == table(then)


def test_the_same_value_since_another_day_is_no_change() -> None:
    history = """
    | customer_id | valid_from | recorded_at | replaced_at | country | age_band |
    | K-000001    | 2026-03-01 | 2026-03-02  | 2026-03-05  | NL      | 18-24    |
    | K-000001    | 2026-02-01 | 2026-03-05  |             | NL      | 25-34    |
    """
    then = """
    | attribute | valid_from | recorded_at         | replaced_at         | masked |
    | age_band  | 2026-02-01 | 2026-03-05 00:00:00 |                     | 25-34  |
    | age_band  | 2026-03-01 | 2026-03-02 00:00:00 | 2026-03-05 00:00:00 | 18-24  |
    """
    assert changes(history, then) == table(then)


def test_who_is_no_customer_any_more_has_no_history() -> None:
    history = """
    | customer_id | valid_from | recorded_at | replaced_at | country |
    | K-000002    | 2026-01-01 | 2026-01-02  | 2026-04-02  | NL      |
    | K-000002    | 2026-03-01 | 2026-03-02  | 2026-04-02  | BE      |
    """
    then = "| customer_id | attribute |"
    assert changes(history, then) == table(then)
