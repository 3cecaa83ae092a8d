"""How reliable the scales of surveys are, said in Dutch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.display import Displayed
from klantprofiel.errors import NotFoundError, near_miss

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klantprofiel.display import Summary, SummaryTable
    from klantprofiel.warehouse import Tables

VERDICTS: Final = {
    "good": "goed",
    "sufficient": "voldoende om groepen te vergelijken",
    "low": "laag: de vragen hangen te weinig samen",
    "redundant": "te hoog: de vragen zeggen hetzelfde",
    "unknown": "te weinig antwoorden",
}
ITEM_VERDICTS: Final = {
    "fitting": "past bij de andere",
    "weak": "hangt weinig samen met de andere",
    "opposed": "loopt tegen de andere in: omgekeerd gesteld?",
    "unknown": "te weinig antwoorden",
}
LOW: Final = "Een schaal die bij de laatste meting laag is, segmenteert alleen als u haar bij naam kiest."
SINGLE: Final = "Eén stelling en dus geen alfa; segmenteert alleen als u de schaal bij naam kiest: {}."

_SCALES: Final = """
select distinct source, survey_id, wave, construct, n_items, n_complete, alpha, alpha_low, alpha_high, verdict
from survey_reliability
where $construct is null or construct = $construct
order by source, survey_id, construct, wave
"""
_ITEMS: Final = """
select item_id, wave, construct, item_rest_r, alpha, alpha_without_item, item_verdict
from survey_reliability
where item_verdict in ('weak', 'opposed') and ($construct is null or construct = $construct)
order by construct, item_id, wave
"""
_ALL: Final = """
select *
from survey_reliability
where $construct is null or construct = $construct
order by source, survey_id, wave, construct, item_id
"""
_CONSTRUCTS: Final = "select distinct construct from survey_items where is_statement order by construct"
_SINGLE: Final = """
select construct
from survey_items
where is_statement and ($construct is null or construct = $construct)
group by source, measures, construct
having count(*) = 1
order by construct
"""


@dataclass(frozen=True, repr=False)
class Reliability(Displayed):
    """Cronbach's alpha of each scale and wave, with its 95% interval, and the items that do not fit.

    Alpha (Cronbach, Psychometrika 16, 1951) runs up to 1 and is negative when items run against each other;
    it is taken over the customers who answered all items of a scale, and did so carefully. The interval is
    that of Bonett (Journal of Educational and Behavioral Statistics 27, 2002). The verdict is about groups of
    customers: good from .70, the least that Nunnally (Psychometric Theory, 1978, p. 245) asks for research;
    sufficient from .60, a lenient bound that is common where one explores, as segments do; above .95 more of
    the same; none below 30 customers. It says nothing of single customers, for which .90 is asked. A scale
    below .60 segments only when it is chosen by name; so does one of a single statement, which has no alpha.

    Parameters
    ----------
    tables
        A release, or a run that built profiles.
    construct
        The scale to tell of; by default all.

    Raises
    ------
    NotFoundError
        When there is no survey in it, or no such scale.

    Examples
    --------
    >>> import datetime, tempfile
    >>> import pyarrow as pa
    >>> from klantprofiel.warehouse import Warehouse
    >>> with Warehouse(tempfile.mkdtemp()).run("example", as_of=datetime.date(2026, 10, 1)) as run:
    ...     for name, rows in {
    ...         "survey_items": {
    ...             "source": ["onderzoek"], "construct": ["gemak"], "measures": ["motive"],
    ...             "is_statement": [True],
    ...         },
    ...         "survey_reliability": {
    ...             "source": ["onderzoek"], "survey_id": ["o1"], "wave": ["2026-K3"], "construct": ["gemak"],
    ...             "item_id": ["A20"], "n_items": [4], "n_complete": [212], "alpha": [0.81],
    ...             "alpha_low": [0.76], "alpha_high": [0.85], "verdict": ["good"], "item_rest_r": [0.6],
    ...             "alpha_without_item": [0.75], "item_verdict": ["fitting"],
    ...         },
    ...     }.items():
    ...         run.write(name, pa.table(rows), describes="an example.", grain="One row per line.")
    ...     Reliability(run)
    Betrouwbaarheid van het klantonderzoek
      Schalen en metingen 1 · Goed of voldoende 1 · Laag 0 · Te weinig antwoorden 0
    """

    tables: Tables
    construct: str | None = None

    def __post_init__(self) -> None:
        if not self.tables.has("survey_reliability"):
            raise NotFoundError(
                "there is no survey here",
                expected="a release of a run that called `build_profiles(run)`",
                todo="list the releases with `klantprofiel releases`",
            )
        if self.construct is not None:
            self._check_construct(self.construct)

    def to_arrow(self) -> Any:  # noqa: ANN401  pyarrow ships no types
        """Return one row per survey, wave, construct and item, with all statistics, as a `pyarrow.Table`."""
        return self.tables.arrow(_ALL, construct=self.construct)

    def summary(self) -> Summary:
        """Return the verdicts in Dutch."""
        scales = self._asked(_SCALES)
        verdicts = [row["verdict"] for row in scales]
        tables = [_scales_table(scales)]
        if items := self._asked(_ITEMS):
            tables.append(_items_table(items))
        return {
            "title": "Betrouwbaarheid van het klantonderzoek",
            "facts": {
                "Schalen en metingen": len(scales),
                "Goed of voldoende": verdicts.count("good") + verdicts.count("sufficient"),
                "Laag": verdicts.count("low"),
                "Te weinig antwoorden": verdicts.count("unknown"),
            },
            "tables": tables,
            "notes": [
                "Alfa over wie alle vragen van een schaal heeft beantwoord, zonder wie niet las.",
                "Van en tot: het 95%-interval van alfa. Bij te weinig antwoorden staat er geen alfa.",
                "Het oordeel geldt voor groepen klanten, niet voor een enkele klant.",
                *self._not_used(scales),
            ],
        }

    def _not_used(self, scales: list[dict[str, Any]]) -> Iterator[str]:
        """Say which scales segment only when they are chosen by name."""
        if any(row["verdict"] == "low" for row in scales):
            yield LOW
        if single := [row["construct"] for row in self._asked(_SINGLE)]:
            yield SINGLE.format(", ".join(single))

    def _asked(self, query: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.tables.arrow(query, construct=self.construct).to_pylist()
        return rows

    def _check_construct(self, construct: str) -> None:
        names = [name for (name,) in self.tables.rows(_CONSTRUCTS)]
        if construct not in names:
            raise NotFoundError(
                f"there is no scale {construct!r} here{near_miss(construct, names)}",
                expected=f"one of {', '.join(names)}" if names else "a survey with statements",
            )


def _scales_table(scales: list[dict[str, Any]]) -> SummaryTable:
    return {
        "title": "Schalen",
        "columns": ("Begrip", "Meting", "Vragen", "Volledig", "Alfa", "Van", "Tot", "Oordeel"),
        "rows": [
            (
                row["construct"],
                row["wave"],
                row["n_items"],
                row["n_complete"],
                *(
                    "" if row["verdict"] == "unknown" else row[name]
                    for name in ("alpha", "alpha_low", "alpha_high")
                ),
                VERDICTS[row["verdict"]],
            )
            for row in scales
        ],
    }


def _items_table(items: list[dict[str, Any]]) -> SummaryTable:
    return {
        "title": "Vragen die niet passen",
        "columns": ("Vraag", "Meting", "Begrip", "Samenhang", "Alfa", "Alfa zonder", "Oordeel"),
        "rows": [
            (
                row["item_id"],
                row["wave"],
                row["construct"],
                row["item_rest_r"],
                row["alpha"],
                row["alpha_without_item"],
                ITEM_VERDICTS[row["item_verdict"]],
            )
            for row in items
        ],
    }
