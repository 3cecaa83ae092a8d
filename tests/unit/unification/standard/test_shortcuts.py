"""What is plain is read by a shortcut: for every kind, it gives to the letter what the long way gives."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING

from benchmarks.unify_data import demo
from hypothesis import given, settings
from hypothesis import strategies as st

import klantprofiel as kp
from klantprofiel.unification.standard.addresses import parsed_postal_code
from klantprofiel.unification.standard.contact import email_form, parsed_phone, phone_form
from klantprofiel.unification.standard.folding import folded, letters_and_digits, words
from klantprofiel.unification.standard.names import parsed_given_name, parsed_surname
from klantprofiel.unification.standard.numbers import parsed_iban
from klantprofiel.unification.standard.placeholders import PLACEHOLDERS, TEXT, Kind, Use, use_of
from klantprofiel.unification.standard.standard_values import COLUMNS, FORMS, standardise

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from klantprofiel.unification.standard.standard_values import Standard


DEMO_CUSTOMERS = 500


def long_email(value: str) -> tuple[str | None, str | None] | None:
    address = email_form(value)
    if not address and "@" not in value:
        return None
    local = (address or value.strip().lower()).partition("@")[0].partition("+")[0]
    signs = "!#$%&'*+-/=?^_`{|}~.\"(),:;<>[\\]"
    name = "".join(s for s in local if s not in signs) if local.isascii() else letters_and_digits(local)
    user = "".join(sign for sign in name if sign not in "0123456789") or name
    return (address, user) if user else None


def long_number(value: str) -> str | None:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", value).upper())) or None


def with_sign(text: str, at_and_sign: tuple[int, str]) -> str:
    at, sign = at_and_sign
    return text[:at] + sign + text[at:]


def long_words(value: str) -> list[str]:
    return "".join(s if unicodedata.category(s)[0] in "LMN" else " " for s in folded(value)).split()


def long_use(kind: Kind, standard: str) -> Use:
    fitting = (p.use for p in PLACEHOLDERS if p.kind == kind and re.fullmatch(p.pattern, standard))
    return next(fitting, "key")


LONG: dict[Kind, Callable[[str], Standard]] = {kind: form.of for kind, form in FORMS.items()} | {
    "given_name": parsed_given_name,
    "surname": parsed_surname,
    "email": long_email,
    "phone": parsed_phone,
    "loyalty_number": long_number,
    "iban": parsed_iban,
    "postal_code": parsed_postal_code,
}
"""The kinds that are not named have no shortcut but those of folding."""

PLAIN = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", max_size=8)
NEARLY = st.text("abcxyzABCXYZ0189 .,-+/'()_@\n\u00a0éøßĳİ王\uff11", max_size=16)
SIGNS = st.sampled_from((" ", "-", ".", "/", "(", ")", "\u00a0", "\t", "x", "+", "1"))
BEFORE = st.sampled_from(("0", "+31", "0031", "+310", "+31 (0)", "00310", "31", "+32", "00", "+", ""))
DIGITS = st.from_regex(r"(?:6[1-6]|20|85)[0-9]{7}|[0-9]{6,10}", fullmatch=True)
PHONES = st.builds(
    lambda before, digits, signs: functools.reduce(with_sign, signs, before + digits),
    BEFORE,
    DIGITS,
    st.lists(st.tuples(st.integers(0, 12), SIGNS), max_size=3),
)
IBANS = st.from_regex(r"(?i)nl[0-9]{2} ?[a-c]{4} ?0[0-9]{3}[-. ]?[0-9]{6}", fullmatch=True)
CODES = st.from_regex(r"[0-9]{4}[ \n\t.\u00a0]?[A-Za-z]{2}[\n ]?", fullmatch=True)
LOCALS = NEARLY | st.text("019.+x", max_size=4)
EMAILS = st.builds("{}@{}".format, LOCALS, st.sampled_from(("hof.nl", "hof", "Hof.example ", "hóf.nl")))
ANY_VALUE = PLAIN | NEARLY | st.text(max_size=20) | PHONES | IBANS | CODES | EMAILS
LISTED = st.sampled_from(PLACEHOLDERS).flatmap(
    lambda placeholder: st.tuples(
        st.just(placeholder.kind), st.from_regex(placeholder.pattern, fullmatch=True)
    )
)
OF_A_KIND = LISTED | st.tuples(st.sampled_from(list(FORMS)), ANY_VALUE)


@settings(max_examples=500)
@given(ANY_VALUE)
def test_a_value_of_any_kind_is_read_as_the_long_way_reads_it(value: str) -> None:
    for kind, form in FORMS.items():
        assert form.of(value) == LONG[kind](value), kind


@settings(max_examples=500)
@given(PHONES)
def test_a_phone_number_is_read_as_the_numbering_plans_read_it(phone: str) -> None:
    assert phone_form(phone) == parsed_phone(phone)


def test_every_beginning_of_a_dutch_number_is_as_valid_as_the_numbering_plan_says() -> None:
    before = ("0", "+31", "0031", "+31 (0)", "0031 (0)")
    for start in range(10_000):
        phone = f"{before[start % len(before)]}{start:04}-{start * 7919 % 100_000:05}"
        assert phone_form(phone) == parsed_phone(phone)


def test_a_text_that_is_too_long_for_the_numbering_plans_is_no_phone_number() -> None:
    assert phone_form(f"06{' ' * 300}21345678") is None


@given(IBANS, st.integers(0, 96))
def test_a_bank_account_is_read_as_its_structure_says(text: str, check: int) -> None:
    for number in (text, f"NL{check + 2:02}{text[4:]}"):
        assert FORMS["iban"].of(number) == parsed_iban(number)


@given(ANY_VALUE)
def test_text_is_folded_and_divided_as_other_scripts_are(text: str) -> None:
    assert folded(text) == folded(f"{text} \u0141").removesuffix(" l")
    assert words(text) == long_words(text)
    assert letters_and_digits(text) == "".join(long_words(text))


@given(OF_A_KIND)
def test_the_placeholders_of_a_kind_read_as_one_are_what_each_of_them_is(value: tuple[Kind, str]) -> None:
    kind, standard = value
    assert use_of(kind, standard) == long_use(kind, standard)


def test_all_values_of_the_demo_company_are_read_as_the_long_way_reads_them(tmp_path: Path) -> None:
    data = demo(tmp_path / "winkel", customers=DEMO_CUSTOMERS)
    with kp.Warehouse(tmp_path / "klanten").run("nightly", as_of=data.as_of) as run:
        data.take_in(run)
        standardise(run)
        rows = run.rows(f"select {', '.join(COLUMNS)} from identity.standard_values")
    assert {kind for kind, *_ in rows} >= {"given_name", "surname", "email", "phone", "postal_code"}
    for row in rows:
        kept = dict(zip(COLUMNS, row, strict=True))
        assert kept == long_row(kept["kind"], kept["delivered"])


def long_row(kind: Kind, delivered: str) -> dict[str, str | None]:
    read = LONG[kind](delivered)
    standard, *parts = read if isinstance(read, tuple) else (read,)
    use: str = "key" if standard is None else long_use(kind, standard)
    if read is None:
        use = "unreadable"
    if delivered.strip().lower() in TEXT:
        use = "missing"
    known = {"kind": kind, "delivered": delivered, "standard": standard, "use": use}
    return dict.fromkeys(COLUMNS) | known | dict(zip(FORMS[kind].parts, parts, strict=False))
