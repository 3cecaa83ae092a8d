"""The profiles of a run or a release, read when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from klantprofiel.display import Displayed, Muted, Share
from klantprofiel.errors import ConfigurationError, NotFoundError, near_miss
from klantprofiel.labels import BASES, FACETS, FINDINGS, NO_BASIS
from klantprofiel.profiles.distribution import counted, distribution
from klantprofiel.profiles.variable import Variable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    import polars as pl

    from klantprofiel.display import Summary
    from klantprofiel.profiles.distribution import Counted
    from klantprofiel.profiles.figures import Figures
    from klantprofiel.warehouse import Tables


@dataclass(frozen=True, repr=False)
class Profiles(Displayed):
    """What is known of each customer: one row per customer, one column per variable, sorted by `customer_id`.

    Nothing is read before it is asked for. Amounts are exact (DECIMAL, euro), counts are whole numbers,
    shares run from 0 to 1, and what is unknown is null. What reads the Arrow capsule reads profiles directly.

    Parameters
    ----------
    tables
        A release, or a run that built profiles.

    Raises
    ------
    NotFoundError
        When there are no profiles in it.

    Examples
    --------
    >>> import datetime, tempfile
    >>> import pyarrow as pa
    >>> from klantprofiel.warehouse import Warehouse
    >>> with Warehouse(tempfile.mkdtemp()).run("example", as_of=datetime.date(2026, 10, 1)) as run:
    ...     for name, rows in {
    ...         "profiles": {"customer_id": ["K-000002", "K-000001"], "frequency": [0, 3]},
    ...         "variables": {
    ...             "name": ["frequency"], "label": ["Bestellingen"], "facet": ["gegevens"],
    ...             "basis": ["behavioural"], "kind": ["count"], "unit": ["bestellingen"],
    ...             "missing": ["komt niet voor"], "purpose": ["segmentatie"], "protected": [False],
    ...             "special": [False],
    ...         },
    ...     }.items():
    ...         run.write(name, pa.table(rows), describes="an example.", grain="One row per line.")
    ...     profiles = Profiles(run)
    ...     len(profiles), profiles.to_arrow()["frequency"].to_pylist()
    ...     [variable.label for variable in profiles.variables(["behavioural"])]
    ...     profiles.describe("behavioural").select(["name", "n_known", "median", "finding"]).to_pylist()
    ...     [bar.label for bar in profiles.distributions(["frequency"]).charts[0].columns]
    (2, [3, 0])
    ['Bestellingen']
    [{'name': 'frequency', 'n_known': 2, 'median': 1.5, 'finding': None}]
    ['0', '1', '2', '3']
    """

    tables: Tables

    def __post_init__(self) -> None:
        if not self.tables.has("profiles"):
            raise NotFoundError(
                "there are no profiles here",
                expected="a release of a run that called `build_profiles(run)`",
                todo="list the releases with `klantprofiel releases`",
            )

    def __len__(self) -> int:
        ((n_customers,),) = self.tables.rows("select count(*) from profiles")
        return int(n_customers)

    def variables(self, bases: Iterable[str] | None = None) -> tuple[Variable, ...]:
        """Return the variables of some bases, or all of them, in the order of the columns.

        Asked for no bases in particular, those that may not segment are there too.

        Raises
        ------
        ConfigurationError
            For a basis that does not exist.
        """
        asked = list(BASES) if bases is None else _listed(bases)
        for basis in asked:
            _check_basis(basis)
        chosen = {*asked, None} if bases is None else set(asked)
        found = {row["name"]: row for row in self.tables.arrow("select * from variables").to_pylist()}
        columns = [name for name in self.tables.columns("profiles") if name in found]
        return tuple(_variable(found[name]) for name in columns if found[name]["basis"] in chosen)

    def to_arrow(self, columns: Sequence[str] | None = None) -> Any:  # noqa: ANN401  pyarrow ships no types
        """Return the profiles as a `pyarrow.Table`, or only some columns of them, sorted by `customer_id`.

        Raises
        ------
        NotFoundError
            For a column that is not there.
        """
        known = list(self.tables.columns("profiles"))
        chosen = known if columns is None else _listed(columns)
        for name in chosen:
            _check_column(name, known)
        names = ", ".join(f'"{name}"' for name in chosen)
        return self.tables.arrow(f"select {names} from profiles order by customer_id")

    def to_pandas(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the profiles as a pandas frame; amounts become floats, since pandas has no decimals."""
        import pyarrow as pa  # noqa: PLC0415  costly, and only who asks for pandas needs it

        table = self.to_arrow(columns)
        for place, field in enumerate(table.schema):
            if pa.types.is_decimal(field.type):
                table = table.set_column(place, field.name, table.column(place).cast(pa.float64()))
        frame: pd.DataFrame = table.to_pandas()
        return frame

    def to_polars(self, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Return the profiles as a polars frame.

        Raises
        ------
        ConfigurationError
            When polars is not installed.
        """
        try:
            import polars as pl  # noqa: PLC0415  optional
        except ImportError:
            raise ConfigurationError(
                "polars is not installed here",
                expected="the package `polars` in this environment",
                todo="install it, or use `.to_arrow()` or `.to_pandas()`",
            ) from None
        return pl.DataFrame(self.to_arrow(columns))

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def describe(self, basis: str | None = None) -> Any:  # noqa: ANN401  pyarrow ships no types
        """Return how well each variable is known and how it is distributed, computed where the data is.

        Parameters
        ----------
        basis
            The basis of which the variables are described; by default all.

        Returns
        -------
        pyarrow.Table
            One row per variable, in the order of the columns of the profiles: `name`, `label`, `facet`,
            `basis`, `kind`, `unit`, `n_customers`, `n_known`, `known_share` and `n_distinct`; of numbers
            `minimum`, `q25`, `median`, `q75`, `maximum` and `mean`; of categories `most_common` and
            `most_common_share` (of the known). `finding` tells that a variable says nothing of a group of
            these customers: `empty` (known of nobody), `constant`, `rare` (unknown of more than 99%), or what
            its theme found: `unreliable` and `single_item`, of scales of surveys. It is null when there is
            nothing against a variable. `segment` leaves out what has a finding; what a theme found, it uses
            when it is chosen by name.
        """
        return distribution(self.tables, self.variables(None if basis is None else [basis]))

    def coverage(self, basis: str | None = None) -> Figures:
        """Return charts of the share of customers of whom each variable is known, per facet.

        Raises
        ------
        ConfigurationError
            For a basis that does not exist.
        """
        from klantprofiel.profiles.figures import coverage  # noqa: PLC0415  only who draws needs it

        return coverage(counted(self.tables, self.variables(None if basis is None else [basis])))

    def distributions(self, names: Sequence[str]) -> Figures:
        """Return a chart per variable of how customers are distributed over its values.

        Numbers stand in columns of a round width, of which the last holds all above it; of categories the
        most frequent are shown. Who is unknown is left out, and counted below the title.

        Raises
        ------
        NotFoundError
            For a variable that is not there.
        """
        from klantprofiel.profiles.figures import distributions  # noqa: PLC0415  the same

        known = {variable.name: variable for variable in self.variables()}
        for name in _listed(names):
            _check_column(name, known)
        return distributions(self.tables, [known[name] for name in _listed(names)])

    def summary(self) -> Summary:
        """Return how many customers there are, of how many each variable is known, and which are unfit."""
        found = counted(self.tables, self.variables())
        n_customers = len(self)
        return {
            "title": "Klantprofielen",
            "facts": {
                "Klanten": n_customers,
                "Variabelen": len(found),
                "Peildatum": self.tables.as_of,
            },
            "tables": [
                {
                    "title": "Wat er bekend is",
                    "columns": ("Variabele", "Facet", "Basis", "Bekend", "Bevinding"),
                    "rows": [
                        (
                            each.variable.label,
                            FACETS[each.variable.facet],
                            BASES[each.variable.basis] if each.variable.basis else Muted(NO_BASIS),
                            Share(each.n_known / n_customers) if n_customers else None,
                            FINDINGS[each.finding] if each.finding else "",
                        )
                        for each in found
                    ],
                }
            ],
            "notes": _unfit(found),
        }


def _unfit(found: Sequence[Counted]) -> list[str]:
    """Say which variables are not used to segment, and why; nothing when there are none."""
    reasons = {
        reason: [each.variable.label for each in found if each.finding == reason] for reason in FINDINGS
    }
    return [
        f"Niet gebruikt om te segmenteren, want {FINDINGS[reason]}: {'; '.join(labels)}."
        for reason, labels in reasons.items()
        if labels
    ]


def _listed(names: Iterable[str]) -> list[str]:
    """Return names as a list; one name by itself is one, not its letters."""
    return [names] if isinstance(names, str) else list(names)


def _check_column(name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise NotFoundError(
            f"profiles have no column {name!r}{near_miss(name, known)}",
            expected="a column of the profiles",
            todo='list them with `profiles.describe()["name"]`',
        )


def _check_basis(basis: str) -> None:
    if basis not in BASES:
        raise ConfigurationError(
            f"there is no basis {basis!r}{near_miss(basis, BASES)}", expected=f"one of {', '.join(BASES)}"
        )


def _variable(row: dict[str, Any]) -> Variable:
    return Variable(
        name=row["name"],
        label=row["label"],
        facet=row["facet"],
        basis=row["basis"],
        kind=row["kind"],
        unit=row["unit"],
        missing=row["missing"],
        purpose=row["purpose"],
        protected=row["protected"],
        special=row["special"],
        finding=row.get("finding") or "",  # a release from before there were findings has none
    )
