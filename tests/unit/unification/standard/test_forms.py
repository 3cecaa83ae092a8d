"""The table of standard forms runs, and is as long as was promised."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

TABLE = Path(__file__).with_name("forms.txt")
FORM = re.compile(r"\b(?:surname|given|address|number|\w+_forms?|email_user)\(")


def test_every_value_in_the_table_has_the_form_beside_it() -> None:
    failed, _ = doctest.testfile(str(TABLE), module_relative=False, encoding="utf-8")
    assert failed == 0


def test_the_table_holds_at_least_sixty_cases() -> None:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if ">>> " in line]
    cases = sum(len(FORM.findall(line)) for line in lines if not line.strip().startswith(">>> def"))
    assert cases >= 60
