"""A segmentation: which customer is in which segment, what sets each segment apart, and how it was made."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self

from klantprofiel.display import Displayed, Euro, Share, dutch, dutch_share
from klantprofiel.errors import NotFoundError
from klantprofiel.labels import BASES

if TYPE_CHECKING:
    from datetime import date

    from klantprofiel.display import Summary, SummaryTable
    from klantprofiel.segmentation.quality import Quality
    from klantprofiel.warehouse import Run, Tables


@dataclass(frozen=True, repr=False, kw_only=True)
class Segmentation(Displayed):
    """Customers divided into segments; made by `segment` (see its example), kept by `run.save`.

    Attributes
    ----------
    name
        The name it is kept under; None as long as it is not.
    as_of
        The date that the profiles speak of.
    purpose
        The declared purpose for which customers were used; None when only explored.
    bases, variables
        What the customers were compared on.
    method
        The estimator and its settings.
    n_excluded
        Customers who may not be used for the purpose: in no segment, and not used to find them.
    n_unassigned
        Customers about whom none of the variables is known ("niet ingedeeld"): in no segment.
    n_incomplete
        Customers in a segment with a variable missing, who were given its mean score.
    quality_found
        What `quality()` returns.
    notes
        Dutch sentences on what was left out and why.
    segment_table, member_table, profile_table
        What `sizes()`, `members()` and `profile()` return.
    tables
        The run or release that it came from.
    scoring
        What `scoring_sql` returns, as DuckDB reads it; empty for a segmentation that was kept and read again.
    """

    name: str | None = None
    as_of: date
    purpose: str | None
    bases: tuple[str, ...]
    variables: tuple[str, ...]
    method: str
    n_excluded: int
    n_unassigned: int
    n_incomplete: int
    quality_found: Quality
    notes: tuple[str, ...]
    segment_table: Any
    member_table: Any
    profile_table: Any
    tables: Tables = field(compare=False)
    scoring: str = field(default="", compare=False)

    @property
    def segment_ids(self) -> tuple[str, ...]:
        """The segments, `S1` the largest."""
        return tuple(self.segment_table.column("segment_id").to_pylist())

    @cached_property
    def fingerprint(self) -> str:
        """A SHA-256 over who is in which segment: equal for equal segments, whatever they are called."""
        pairs = zip(
            *(self.member_table.column(name).to_pylist() for name in ("customer_id", "segment_id")),
            strict=True,
        )
        return sha256("".join(f"{customer}\t{segment}\n" for customer, segment in pairs).encode()).hexdigest()

    def sizes(self) -> Any:  # noqa: ANN401  pyarrow ships no types
        """Return an Arrow table, one row per segment: segment_id, label, size (customers), share (0 to 1)."""
        return self.segment_table

    def members(self) -> Any:  # noqa: ANN401  pyarrow ships no types
        """Return an Arrow table, one row per customer in a segment: customer_id (in order), segment_id."""
        return self.member_table

    def profile(self) -> Any:  # noqa: ANN401  pyarrow ships no types
        """Return an Arrow table, one row per segment and variable, beside all customers in a segment.

        Columns: segment_id, variable, label, basis, unit, n_known, n_missing (customers); for numbers mean,
        median, population_mean and population_median, in the unit of the variable; for text top_category,
        top_share and population_share (0 to 1); and deviation, in standard deviations of all customers.
        """
        return self.profile_table

    def quality(self) -> Quality:
        """Return what the segments explain, and how stable they are over bootstrap samples."""
        return self.quality_found

    def scoring_sql(self, dialect: str = "duckdb") -> str:
        """Return the select that gives every customer in `profiles` a segment: customer_id, segment_id.

        It needs no Python, and gives who was segmented the segment of `members()`; segment_id is NULL for who
        is in none.

        Parameters
        ----------
        dialect
            The engine that is to read it, `duckdb` or `spark`.

        Raises
        ------
        NotFoundError
            When the segmentation was read from a run or release: the scoring is not kept with it.
        """
        from sqlglot import transpile  # noqa: PLC0415  costly, and only who exports needs it

        if not self.scoring:
            raise NotFoundError(
                "the scoring of this segmentation is not kept with it",
                expected="a segmentation that `segment` made in this session",
                todo="make it again with the same settings: the same customers give the same segments",
            )
        return str(transpile(self.scoring, read="duckdb", write=dialect)[0])

    def summary(self) -> Summary:
        """Return the segmentation in Dutch: its segments, and what sets them apart.

        Segments of fewer than ten customers are not shown by size; `sizes()` has every size.
        """
        facts: dict[str, object] = {
            "Segmenten": len(self.segment_ids),
            "Klanten ingedeeld": self.member_table.num_rows,
            "Niet ingedeeld": self.n_unassigned,
            "Bases": ", ".join(BASES[basis] for basis in self.bases),
            "Doel": self.purpose or "geen (alleen verkennen)",
            "Peildatum": self.as_of,
            "Verklaarde spreiding": Share(self.quality_found.explained_share),
            "Stabiliteit (ARI)": self.quality_found.stability_mean,
        }
        if self.purpose:
            facts["Niet toegestaan voor dit doel"] = self.n_excluded
        return {
            "title": f"Segmentatie {self.name}" if self.name else "Segmentatie",
            "facts": facts,
            "tables": [self._sizes_shown(), self._profile_shown()],
            "notes": self.notes,
        }

    def save_to(self, run: Run, name: str) -> None:
        """Write the segmentation into the tables of `run`, in the place of an earlier one of this name.

        Raises
        ------
        PermissionRefusedError
            When it was made without a purpose.
        """
        from klantprofiel.segmentation.store import write_segmentation  # noqa: PLC0415  it makes this class

        write_segmentation(self, run, name)

    @classmethod
    def read(cls, tables: Tables, name: str) -> Self:
        """Return the segmentation kept as `name` in a run or release.

        Raises
        ------
        NotFoundError
            When there is none of that name.
        """
        from klantprofiel.segmentation.store import read_fields  # noqa: PLC0415  the same

        return cls(**read_fields(tables, name))

    def _sizes_shown(self) -> SummaryTable:
        """Show sizes as a table for many eyes may: a small group neither by itself nor by subtraction."""
        from klantprofiel.purposes import shown_groups  # noqa: PLC0415  costly, and only who looks needs it

        segments = self.segment_table.to_pylist()
        shown = shown_groups([row["size"] for row in segments])
        rows = [
            (row["segment_id"], row["label"], n, Share(row["share"]) if n == row["size"] else n)
            for row, n in zip(segments, shown, strict=True)
        ]
        return {"title": "Segmenten", "columns": ["Segment", "Kenmerk", "Klanten", "Aandeel"], "rows": rows}

    def _profile_shown(self) -> SummaryTable:
        """Put segments beside each other: the median of numbers, the most frequent category of text."""
        rows: dict[str, list[object]] = {}
        for row in self.profile_table.to_pylist():
            if row["variable"] not in rows:
                rows[row["variable"]] = [row["label"], _population_shown(row)]
            rows[row["variable"]].append(_segment_shown(row))
        columns = ["Variabele", "Allen", *self.segment_ids]
        return {"title": "Profiel (mediaan, of grootste groep)", "columns": columns, "rows": [*rows.values()]}


def _segment_shown(row: dict[str, Any]) -> str:
    if row["top_category"] is not None:
        return f"{row['top_category']} {dutch_share(row['top_share'], decimals=0)}"
    return _in_unit(row["median"], row)


def _population_shown(row: dict[str, Any]) -> str:
    return "" if row["top_category"] is not None else _in_unit(row["population_median"], row)


def _in_unit(value: float | None, row: dict[str, Any]) -> str:
    if value is None:
        return dutch(None)
    if row["variable"].endswith("_eur"):
        return dutch(Euro(str(value)))
    if row["variable"].endswith("_share"):
        return dutch(Share(value))
    return dutch(int(value) if value.is_integer() else value)
