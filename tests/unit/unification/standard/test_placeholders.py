from __future__ import annotations

import pytest

from klantprofiel.unification.standard.placeholders import PLACEHOLDERS, TEXT, Kind, Use, use_of


@pytest.mark.parametrize(
    ("kind", "standard", "use"),
    [
        ("email", "anna@voorbeeld.nl", "key"),
        ("email", "informatica@voorbeeld.nl", "key"),
        ("email", "testa.rossa@voorbeeld.nl", "key"),
        ("email", "info@voorbeeld.nl", "shared"),
        ("email", "klantenservice@voorbeeld.nl", "shared"),
        ("email", "noreply@voorbeeld.nl", "missing"),
        ("email", "no-reply@voorbeeld.nl", "missing"),
        ("email", "test@voorbeeld.nl", "missing"),
        ("email", "test123@voorbeeld.nl", "missing"),
        ("email", "onbekend@voorbeeld.nl", "missing"),
        ("email", "xxx@voorbeeld.nl", "missing"),
        ("phone", "+31621345678", "key"),
        ("phone", "+31611111111", "missing"),
        ("phone", "+31612345678", "missing"),
        ("phone", "+31201234567", "missing"),
        ("phone", "+31200000000", "missing"),
        ("surname", "vries", "key"),
        ("surname", "tester", "missing"),
        ("surname", "onbekend", "missing"),
        ("loyalty_number", "NL1234", "key"),
        ("loyalty_number", "00000000", "missing"),
        ("loyalty_number", "1234567890", "missing"),
    ],
)
def test_placeholders_are_told_from_values(kind: Kind, standard: str, use: Use) -> None:
    assert use_of(kind, standard) == use


def test_every_placeholder_has_its_reason() -> None:
    assert all(placeholder.because for placeholder in PLACEHOLDERS)


def test_placeholder_texts_are_in_the_form_in_which_they_are_compared() -> None:
    assert [text for text in TEXT if text != text.strip().lower()] == []
