"""A summary as text: two lines, or everything in a fixed width; colour only on a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TextIO

from klantprofiel.display.numbers import dutch
from klantprofiel.display.words import Muted
from klantprofiel.labels import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

    from klantprofiel.display.summary import Summary, SummaryTable

_NUMBER: Final = r"<?(€ )?-?[0-9][0-9.]*(,[0-9]+)?%?"
_WRITTEN_NUMBER: Final = re.compile(rf"{_NUMBER}(-{_NUMBER})?")
_LABELS: Final = 44  # characters of a label on a card, beyond which it is folded
WIDTH: Final = 100  # characters; the same on every machine, so that logs and documentation can be compared


def headline(summary: Summary) -> str:
    r"""Return the two lines that a result shows in a terminal: its title, and its facts.

    >>> facts = {"Klanten": 1200, "Peildatum": None}
    >>> headline({"title": "Profielen", "facts": facts, "tables": [], "notes": []})
    'Profielen\n  Klanten 1.200 · Peildatum onbekend'
    """
    facts = " · ".join(f"{label} {dutch(value)}" for label, value in summary["facts"].items())
    return f"{summary['title']}\n  {facts}" if facts else summary["title"]


def to_text(summary: Summary, *, width: int = WIDTH) -> str:
    """Return the whole summary as plain text, without colour, whatever the terminal and its settings.

    >>> facts = {"Klanten": 1234}
    >>> print(to_text({"title": "Geteld", "facts": facts, "tables": [], "notes": ["Dat is alles."]}))
    Geteld
      Klanten  1.234
    <BLANKLINE>
    Dat is alles.
    """
    from io import StringIO  # noqa: PLC0415  kept with rich, which is only needed here

    file = StringIO()
    _print(summary, _console(file, width=width, is_terminal=False))
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())


def show(summary: Summary, file: TextIO | None = None) -> None:
    """Print the whole summary: with colour on a terminal, as `to_text` elsewhere.

    >>> show({"title": "Geteld", "facts": {"Klanten": 1234}, "tables": [], "notes": []})
    Geteld
      Klanten  1.234
    """
    import sys  # noqa: PLC0415  standard output as it is at the moment of printing

    file = file or sys.stdout
    if file.isatty():
        _print(summary, _console(file, width=WIDTH, is_terminal=True))
    else:
        file.write(to_text(summary) + "\n")


def _console(file: TextIO, *, width: int, is_terminal: bool) -> Console:
    from rich.console import Console  # noqa: PLC0415  import costs 60 ms

    return Console(
        file=file,
        width=width,
        force_terminal=is_terminal,
        color_system="standard" if is_terminal else None,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},  # COLUMNS, FORCE_COLOR and the like must not change what is printed
    )


def _print(summary: Summary, console: Console) -> None:
    from rich.text import Text  # noqa: PLC0415  as above

    console.print(Text(summary["title"], style="bold"))
    if summary["facts"]:
        console.print(_facts(summary["facts"].items()))
    for card in summary.get("cards", ()):
        console.print()
        console.print(Text(card["title"], style="bold"))
        console.print(_facts(card["facts"], most=_LABELS))
    for table in summary["tables"]:
        console.print()
        console.print(Text(table["title"], style="bold"))
        console.print(_table(table))
    for note in summary["notes"]:
        console.print()
        console.print(Text(note))


def _facts(facts: Iterable[tuple[str, object]], *, most: int | None = None) -> Table:
    from rich.padding import Padding  # noqa: PLC0415  as above
    from rich.table import Table  # noqa: PLC0415  as above
    from rich.text import Text  # noqa: PLC0415  as above

    grid = Table.grid(padding=(0, 2))
    grid.add_column(max_width=most)
    for label, value in facts:
        grid.add_row(Padding(Text(label), (0, 0, 0, 2)), *_cells([value]))
    return grid


def _table(table: SummaryTable) -> Table:
    from rich import box  # noqa: PLC0415  as above
    from rich.table import Table  # noqa: PLC0415  as above

    drawn = Table(box=box.SIMPLE, show_edge=False, pad_edge=True, header_style="bold")
    for number, heading in enumerate(table["columns"]):
        right = is_numeric([row[number] for row in table["rows"]])
        drawn.add_column(heading, justify="right" if right else "left", overflow="fold")
    for row in table["rows"]:
        drawn.add_row(*(cell for _, cell in zip(table["columns"], _cells(row), strict=True)))
    return drawn


def _cells(row: Sequence[object]) -> Iterator[RenderableType]:
    return map(_cell, row)


def _cell(value: object) -> Text:
    from rich.text import Text  # noqa: PLC0415  as above

    if isinstance(value, Muted):
        return Text(f"({value})", style="dim")
    return Text(dutch(value))  # as Text, so that [brackets] are never read as markup


def is_numeric(values: list[object]) -> bool:
    """Whether a column holds numbers, and stands to the right; unknown values do not count.

    Text counts as a number when it is one as the Dutch write it, a range of two, or less than one.

    >>> is_numeric([1, None, "<10"]), is_numeric(["€ 1.234,50", "onbekend"]), is_numeric(["S1", "S2"])
    (True, True, False)
    """
    known = [value for value in values if value is not None and value not in ("", UNKNOWN)]
    return bool(known) and all(map(_is_number, known))


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return bool(_WRITTEN_NUMBER.fullmatch(value))
    return hasattr(value, "__float__") and not isinstance(value, bool)
