"""The one dict from which a result is shown, and the mixin that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class SummaryTable(TypedDict):
    """A small table in a summary: `columns` are Dutch headings, every row has one value per column."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


class Card(TypedDict):
    """Facts that belong together under a heading of their own: labels with their values, in order."""

    title: str
    facts: Sequence[tuple[str, object]]


class Summary(TypedDict):
    """What a result says of itself, in Dutch; values are plain, and formatted when they are shown.

    `facts` maps a label to a value, the most telling first; `notes` are whole sentences. `cards`, if there
    are any, stand side by side where there is room, above the tables.
    """

    title: str
    facts: Mapping[str, object]
    cards: NotRequired[Sequence[Card]]
    tables: Sequence[SummaryTable]
    notes: Sequence[str]


class Displayed:
    """Give a result with a `summary()` its two lines in a terminal and its table in a notebook.

    `repr(result)` is two lines, `print(result)` everything. A dataclass says `repr=False` to inherit it.

    >>> class Counted(Displayed):
    ...     def summary(self) -> Summary:
    ...         return {"title": "Geteld", "facts": {"Klanten": 1234}, "tables": [], "notes": []}
    >>> Counted()
    Geteld
      Klanten 1.234
    """

    def summary(self) -> Summary:
        """Return the summary of this result."""
        raise NotImplementedError

    def __repr__(self) -> str:
        """Return two lines: the title and the facts."""
        from klantprofiel.display.text import headline  # noqa: PLC0415  summary.py is what text.py shows

        return headline(self.summary())

    def __str__(self) -> str:
        """Return the whole summary as plain text."""
        from klantprofiel.display.text import to_text  # noqa: PLC0415  the same

        return to_text(self.summary())

    def _repr_html_(self) -> str:
        from klantprofiel.display.html import to_html  # noqa: PLC0415  the same

        return to_html(self.summary())
