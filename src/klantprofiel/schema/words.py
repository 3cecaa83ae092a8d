"""What of a delivered text may stand in figures: a word or a few, of which nobody is made out."""

from __future__ import annotations

from typing import Final

from sqlglot import exp

MOST_SIGNS: Final = 30
WORDS: Final = "^[a-z][a-z&/_-]*( [a-z&/_-]+){0,2}$"


def as_label(text: exp.Expr) -> exp.Expr:
    """Return a channel, a subject or the like as it is counted: in small letters, and NULL if it may be more.

    That is one to three words in letters, of at most 30 signs together: other text may name a person. In the
    house's SQL it is the function `as_label(...)`.

    Examples
    --------
    >>> import duckdb
    >>> label = as_label(exp.column("text")).sql("duckdb")
    >>> texts = "values (' Webshop'), ('jan@voorbeeld.nl'), ('belt u mij na vier uur')"
    >>> duckdb.sql(f"select {label} from ({texts}) as texts (text)").fetchall()
    [('webshop',), (None,), (None,)]
    """
    trimmed = exp.Trim(this=text.copy())
    small = exp.Lower(this=trimmed)
    is_short = exp.Length(this=trimmed.copy()) <= MOST_SIGNS
    is_words = exp.RegexpLike(this=small.copy(), expression=exp.Literal.string(WORDS))
    return exp.case().when(exp.and_(is_short, is_words), small)
