from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.unification.normalise import (
    email_form,
    number_form,
    parsed_phone,
    phone_form,
    surname_form,
)

WRITTEN = st.sampled_from(("0", "+31", "0031", "+31 (0)", "+31-", "31", "06", "00316", ""))
DIGITS = st.text("0123456789", min_size=6, max_size=10)
SPACES = st.sampled_from(("", " ", "-", ".", "/", " - "))


@pytest.mark.parametrize(
    "surname",
    ["de Vries", "De Vries", "Vries, de", "Vries", " de  vries ", "DE VRIES", "de Vríes", "de-Vries"[3:]],
)
def test_a_surname_is_the_same_however_its_prefix_is_written(surname: str) -> None:
    assert surname_form(surname) == "vries"


@pytest.mark.parametrize(
    ("surname", "form"),
    [
        ("van den Berg", "berg"),
        ("v.d. Berg", "berg"),
        ("v/d Berg", "berg"),
        ("Berg, van den", "berg"),
        ("'t Hart", "hart"),
        ("in 't Veld", "veld"),
        ("op de Beek", "beek"),
        ("d'Hondt", "hondt"),
        ("D\u2019Hondt", "hondt"),
        ("Jansen-de Vries", "jansendevries"),
        ("Jansen - de Vries", "jansendevries"),
        ("Müller", "muller"),
        ("Groß", "gross"),
        ("Sørensen", "sorensen"),
        ("Şahin", "sahin"),
        ("Łukaszewicz", "lukaszewicz"),
        ("O'Neill", "oneill"),
        ("De", "de"),
        ("Van der", "der"),
        ("Ng", "ng"),
    ],
)
def test_a_surname_is_folded(surname: str, form: str) -> None:
    assert surname_form(surname) == form


@pytest.mark.parametrize("nothing", ["", " ", "-", ".", "'"])
def test_a_text_without_letters_and_digits_is_no_surname_and_no_number(nothing: str) -> None:
    assert surname_form(nothing) is None
    assert number_form(nothing) is None


@pytest.mark.parametrize(
    "address",
    ["anna", "anna@", "@voorbeeld.nl", "anna@voorbeeld", "a b@voorbeeld.nl", "a@b@c.nl", "a@.nl", ""],
)
def test_what_has_not_the_shape_of_an_email_address_is_none(address: str) -> None:
    assert email_form(address) is None


@pytest.mark.parametrize(
    ("phone", "form"),
    [
        ("06-21345678", "+31621345678"),
        ("0621 34 56 78", "+31621345678"),
        ("+31 6 21345678", "+31621345678"),
        ("0031621345678", "+31621345678"),
        ("+31 (0)6 21345678", "+31621345678"),
        ("020-6241111", "+31206241111"),
        ("(0229) 21 34 56", "+31229213456"),
        ("+32 2 555 12 12", "+3225551212"),
        ("0600000000", None),
        ("061234", None),
        ("geen", None),
        ("", None),
    ],
)
def test_a_phone_number_is_read_as_the_dutch_write_it(phone: str, form: str | None) -> None:
    assert phone_form(phone) == form


@given(WRITTEN, SPACES, DIGITS)
def test_reading_a_mobile_number_by_hand_equals_reading_it_by_the_numbering_plans(
    written: str, space: str, digits: str
) -> None:
    phone = f"{written}{space}{digits}"
    assert phone_form(phone) == parsed_phone(phone)


@given(st.text(max_size=20))
def test_a_standard_form_is_its_own_standard_form(text: str) -> None:
    for form in (email_form, phone_form, surname_form, number_form):
        standard = form(text)
        assert standard is None or form(standard) == standard
