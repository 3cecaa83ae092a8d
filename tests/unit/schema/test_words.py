"""What of a delivered text may stand in figures."""

from __future__ import annotations

import duckdb
import pytest
from sqlglot import exp

from klantprofiel.schema.words import as_label
from klantprofiel.warehouse import parse


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (" Telefoon ", "telefoon"),
        ("e-mail & chat_bot b2b/web", None),  # a digit
        ("e-mail & app/web", "e-mail & app/web"),
        ("een twee drie", "een twee drie"),
        ("een twee drie vier", None),
        ("a" * 30, "a" * 30),
        ("a" * 31, None),
        ("jan@voorbeeld.nl", None),
        ("0612345678", None),
        ("two  spaces", None),
        ("café", None),
        ("", None),
        (None, None),
    ],
)
def test_one_to_three_words_in_letters_are_a_label(text: str | None, label: str | None) -> None:
    query = f"select {as_label(exp.column('text')).sql('duckdb')} from (select $text as text)"
    assert duckdb.execute(query, {"text": text}).fetchall() == [(label,)]


def test_sql_says_it_as_a_function_and_runs_on_either_engine() -> None:
    select = parse("select as_label(t.channel) as channel from t")
    assert not list(select.find_all(exp.Anonymous))
    assert "RLIKE '^[a-z]" in select.sql("spark")
