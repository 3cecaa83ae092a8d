"""unification_account: what each rule found, withdrew, divided and linked."""

from __future__ import annotations

from klantprofiel.warehouse import load_sql
from tests.spec.ascii import given, made, table

ACCOUNT = load_sql("klantprofiel.unification", "unification_account")


def test_every_rule_accounts_for_its_values() -> None:
    run = given(
        {
            "identity.match_keys": """
            | record_id | rule  | key_value | link_value   | n_records |
            | crm/1     | email | a@b.nl    | a@b.nl       | 2         |
            | web/1     | email | a@b.nl    | a@b.nl       | 2         |
            | crm/2     | email | thuis@b.nl | thuis 1980  | 2         |
            | crm/3     | email | thuis@b.nl | thuis 1982  | 2         |
            | crm/4     | email | werk@b.nl | werk 1980    | 2         |
            | crm/5     | email | werk@b.nl |              | 2         |
            | crm/6     | email | balie@b.nl |             | 3         |
            | crm/7     | email | balie@b.nl |             | 3         |
            | crm/8     | email | balie@b.nl |             | 3         |
            """,
            "identity.match_edges": """
            | first_record_id | record_id | rule  |
            | crm/1           | web/1     | email |
            """,
        }
    )
    then = """
    | rule           | n_records | n_values | n_withdrawn | n_divided | n_edges |
    | email          | 9         | 4        | 1           | 2         | 1       |
    | loyalty_number | 0         | 0        | 0           | 0         | 0       |
    | phone_surname  | 0         | 0        | 0           | 0         | 0       |
    """
    assert made(run, ACCOUNT, then, cap=2) == table(then)
