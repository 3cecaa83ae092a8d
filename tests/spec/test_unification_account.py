"""unification_account: what each rule found, withdrew and linked."""

from __future__ import annotations

from klantprofiel.warehouse import Statement, load_sql, parse
from tests.spec.ascii import given, made, table

ACCOUNT = load_sql("klantprofiel.unification.clusters", "unification_account")
EDGES = Statement.of(
    table="identity.match_edges",
    describes="given.",
    grain="One row per pair and rule.",
    select=parse("select first_record_id, record_id, rule, score_share as weight from weighed"),
)


def test_every_rule_accounts_for_its_values_and_edges() -> None:
    keys = """
    | record_id | rule  | key_value | n_records |
    | crm/1     | email | a@b.nl    | 2         |
    | web/1     | email | a@b.nl    | 2         |
    | crm/2     | email | c@b.nl    | 1         |
    | crm/6     | email | balie@b.nl | 3        |
    | crm/7     | email | balie@b.nl | 3        |
    | crm/8     | email | balie@b.nl | 3        |
    """
    edges = """
    | first_record_id | record_id | rule  | score_share |
    | crm/1           | web/1     | email | 9            |
    | crm/1           | web/1     | model | 4            |
    | crm/2           | web/2     | model | -5           |
    | crm/3           | web/3     | model | 8            |
    """
    verdicts = """
    | first_record_id | record_id | verdict |
    | crm/3           | web/3     | guard   |
    | crm/4           | web/4     | joined  |
    """
    components = """
    | record_id | component |
    | crm/1     | crm/1     |
    | web/1     | crm/1     |
    | crm/3     | crm/3     |
    | web/3     | crm/3     |
    | crm/5     | crm/5     |
    | web/5     | web/5     |
    """
    given_tables = {
        "identity.components": components,
        "identity.match_keys": keys,
        "weighed": edges,
        "identity.group_verdicts": verdicts,
    }
    run = given(given_tables)
    run.view(EDGES)
    then = """
    | rule           | n_records | n_values | n_withdrawn | n_edges |
    | decision       | 0         | 0        | 0           | 1       |
    | email          | 6         | 3        | 1           | 1       |
    | iban           | 0         | 0        | 0           | 0       |
    | loyalty_number | 0         | 0        | 0           | 0       |
    | model          | 0         | 0        | 0           | 1       |
    | phone_surname  | 0         | 0        | 0           | 0       |
    """
    assert made(run, ACCOUNT, then, cap=2, threshold_bits=-1.5) == table(then)
