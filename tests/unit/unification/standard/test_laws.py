"""Laws of the standard forms: a form is its own form, and neither case, space nor diacritics change it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantprofiel.unification.standard.addresses import (
    addition_form,
    country_form,
    house_number_forms,
    place_form,
    postal_code_form,
    street_forms,
)
from klantprofiel.unification.standard.contact import email_form, email_forms, phone_form
from klantprofiel.unification.standard.folding import folded, letters_and_digits, words
from klantprofiel.unification.standard.names import (
    given_name_forms,
    initials_form,
    prefix_form,
    surname_forms,
)
from klantprofiel.unification.standard.numbers import iban_form, number_form

TEXTS = (
    addition_form, country_form, email_form, folded, iban_form, initials_form, letters_and_digits,
    number_form, phone_form, place_form, postal_code_form, prefix_form,
)  # fmt: skip
COMPOSITES = (surname_forms, given_name_forms, street_forms, house_number_forms, email_forms)

WORDS = st.lists(
    st.sampled_from(
        """
        van v. d. 't de der Berg Jansen - / Vries, e/v jr Élise J. M. st rd str Kerkstr 12 12a bis 1944 plein
        apt (Hans) postbus PO box n sw 1e -II nw 20th
        """.split()  # noqa: SIM905  words read better
    ),
    max_size=6,
).map(" ".join)
ANYTHING = st.text(max_size=20) | WORDS


@given(ANYTHING)
def test_a_standard_form_is_its_own_standard_form(text: str) -> None:
    for form in TEXTS:
        standard = form(text)
        assert standard is None or form(standard) == standard, form


@given(ANYTHING)
def test_the_first_part_of_a_composite_form_is_its_own_form(text: str) -> None:
    for form in COMPOSITES:
        read = form(text)
        if read is not None and read[0] is not None:
            again = form(read[0])
            assert again is not None, form
            assert again[0] == read[0], form


@given(ANYTHING)
def test_what_is_read_from_a_street_is_itself_in_standard_form(text: str) -> None:
    street = street_forms(text)
    if street is None or street.house_number is None:
        return
    assert street.street_alone is not None
    assert street_forms(street.street_alone) == (street.street_alone, None, None, None)
    assert house_number_forms(street.house_number) == (street.house_number, None)


@given(st.text("abcdeéïøåç ijstrv'-.12", max_size=20))
def test_case_space_and_diacritics_change_nothing(text: str) -> None:
    for form in (surname_forms, given_name_forms, place_form, prefix_form, street_forms, initials_form):
        read = form(text)
        assert form(text.upper()) == read, form
        assert form(f"  {text} ".replace(" ", "  ")) == read, form
        assert form(folded(text)) == read, form


@given(st.text("абвгдйёжз王小明عبد अनि", max_size=12))
def test_other_scripts_lose_nothing_but_case_and_what_is_no_word(text: str) -> None:
    assert "".join(words(text)) == letters_and_digits(text)
    assert folded(folded(text)) == folded(text)
    assert sum(map(str.isalpha, folded(text))) == sum(map(str.isalpha, text))


@pytest.mark.parametrize("nothing", ["", " ", "-", ".", "'"])
def test_a_text_without_letters_and_digits_has_no_form(nothing: str) -> None:
    for form in (*TEXTS, *COMPOSITES):
        if form not in (folded, letters_and_digits):
            assert form(nothing) is None, form


@pytest.mark.parametrize(
    "address",
    ["anna", "anna@", "@voorbeeld.nl", "anna@voorbeeld", "a b@voorbeeld.nl", "a@b@c.nl", "a@.nl", ""],
)
def test_what_has_not_the_shape_of_an_email_address_is_none(address: str) -> None:
    assert email_form(address) is None


@pytest.mark.parametrize(
    "surname",
    ["de Vries", "De Vries", "Vries, de", " de  vries ", "DE VRIES", "de Vríes", "Vries de"],
)
def test_a_surname_is_the_same_however_its_prefix_is_written(surname: str) -> None:
    assert surname_forms(surname) == ("vries", "devries", None)


@given(
    st.sampled_from(("Jansen", "de Vries", "van den Berg", "Bakker")), st.sampled_from(("Smit", "ter Braak"))
)
def test_the_names_of_a_double_surname_are_the_same_in_either_order(one: str, other: str) -> None:
    for sign in ("-", " - ", " e/v ", "\u2013"):
        there, back = surname_forms(f"{one}{sign}{other}"), surname_forms(f"{other}{sign}{one}")
        assert there is not None
        assert back is not None
        assert {there.surname, there.other_surname} == {back.surname, back.other_surname}


@pytest.mark.parametrize(
    ("phone", "form"),
    [("020-6241111", "+31206241111"), ("061234", None), ("geen", None), ("", None)],
)
def test_a_phone_number_is_read_as_the_dutch_write_it(phone: str, form: str | None) -> None:
    assert phone_form(phone) == form
