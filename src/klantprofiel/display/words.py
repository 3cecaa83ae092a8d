"""Words in the place of a value, or behind it: what is absent, and what takes explaining."""

from __future__ import annotations

from typing import Self


class Muted(str):
    """What is said in the place of a value that is not there: shown softly, and null for machines.

    >>> Muted("nog nooit besteld")
    'nog nooit besteld'
    """

    __slots__ = ()


class Noted(str):
    """A value with what there is to explain of it in parentheses: softly behind it in HTML.

    >>> grade = Noted("4,5", "van 1 tot 5")
    >>> grade, grade.value
    ('4,5 (van 1 tot 5)', '4,5')
    """

    __slots__ = ("note", "value")
    value: str
    note: str

    def __new__(cls, value: str, note: str) -> Self:
        """Keep the two parts beside the text."""
        noted = super().__new__(cls, f"{value} ({note})")
        noted.value, noted.note = value, note
        return noted
