from __future__ import annotations

import pytest

from klantprofiel.errors import KlantprofielError
from klantprofiel.exports import Account


def test_an_account_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(KlantprofielError, match="does not add up: 3 in, 2 counted"):
        Account(in_segments=3, net=2)


def test_the_steps_lead_from_gross_to_net() -> None:
    steps = Account.of({"no_ground": 3, "objected": 1, "net": 6}).steps()
    assert steps[0] == ("In de gekozen segmenten", 10)
    assert steps[-1] == ("Netto", 6)
    assert sum(n for _, n in steps[:-1]) == 6


def test_an_empty_audience_has_an_account() -> None:
    assert Account.of({}).net == 0
