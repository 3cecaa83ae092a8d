"""provenance, provenance_counts and identity.provenance_values: where each value comes from."""

from __future__ import annotations

from tests.spec.ascii import shown, table
from tests.unit.unification.golden.village import golden

CUSTOMERS = """
| record_id | loyalty_number | email             | street | house_number | postal_code | place   | country |
| crm/1     | 1077           | anna@voorbeeld.nl | Plein  | 1            | 1131AB      | Edam    |         |
| web/1     | 1077           | Anna@Voorbeeld.nl | Kade   | 22           | 3511AB      | Utrecht | NL      |
| web/2     | 1077           | a.b@voorbeeld.nl  |        |              |             |         |         |
| crm/9     |                |                   |        |              |             | Hoorn   |         |
"""
OWNERS = {"crm/1": "K-000001", "web/1": "K-000001", "web/2": "K-000001", "crm/9": "K-000002"}


def test_provenance_tells_source_rule_and_choice_and_masks_the_value() -> None:
    run = golden(CUSTOMERS, OWNERS)
    then = """
    | customer_id | attribute      | source | rule          | n_values | n_distinct | masked      |
    | K-000001    | email          | crm    | most_recent   | 3        | 2          | a***@***.nl |
    | K-000001    | house_number   | crm    | whole_address | 2        | 2          | ***         |
    | K-000001    | loyalty_number | crm    | best_source   | 3        | 1          | ***         |
    | K-000001    | place          | crm    | whole_address | 2        | 2          | E***        |
    | K-000001    | postal_code    | crm    | whole_address | 2        | 2          | 11***       |
    | K-000001    | street         | crm    | whole_address | 2        | 2          | P***        |
    | K-000002    | place          | crm    | whole_address | 1        | 1          | H***        |
    """
    assert shown(run, "provenance", then) == table(then)


def test_provenance_counts_holds_only_where_there_was_a_choice() -> None:
    run = golden(CUSTOMERS, OWNERS)
    then = """
    | customer_id | attribute      | n_values | n_distinct |
    | K-000001    | email          | 3        | 2          |
    | K-000001    | house_number   | 2        | 2          |
    | K-000001    | loyalty_number | 3        | 1          |
    | K-000001    | place          | 2        | 2          |
    | K-000001    | postal_code    | 2        | 2          |
    | K-000001    | street         | 2        | 2          |
    """
    assert shown(run, "provenance_counts", then) == table(then)


def test_provenance_values_tells_also_which_values_lost() -> None:
    run = golden(CUSTOMERS, OWNERS)
    then = """
    | attribute | value             | record_id | is_survivor |
    | country   | NL                | web/1     | false       |
    | email     | a.b@voorbeeld.nl  | web/2     | false       |
    | email     | anna@voorbeeld.nl | crm/1     | true        |
    | email     | anna@voorbeeld.nl | web/1     | false       |
    """
    seen = run.arrow("from identity.provenance_values where attribute in ('email', 'country')")
    run.write("seen", seen, describes="seen.", grain="One row per value.")
    assert shown(run, "seen", then) == table(then)
