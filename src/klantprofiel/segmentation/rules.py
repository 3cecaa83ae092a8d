"""Segments that were known beforehand: rules in SQL, of which the first that holds decides.

RuleSegmenter       ordered rules, with a report of where they overlap
rfm_rules           recency, frequency and monetary value in equal groups (Hughes 1994)
value_rules         one segment per value of a column, such as the type of area
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import check_is_fitted
from sqlglot import exp

from klantprofiel.errors import ConfigurationError, NotFoundError, near_miss
from klantprofiel.schema.casts import condition
from klantprofiel.schema.predicates import predicate_faults
from klantprofiel.segmentation.scoring import LABEL, UNASSIGNED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

GROUPS: Final = 5  # quintiles, as Hughes (1994), Strategic Database Marketing, ch. 8 has them
FORM: Final = '{"trouw": "frequency >= 10 and recency_days <= 90"}'
_PLACE: Final = "row_place"


class RuleSegmenter(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Divide customers by rules that were known beforehand: the first rule that holds decides.

    Parameters
    ----------
    rules : mapping of str to str
        The segments in order: a name, and one SQL condition over columns of one customer. A condition that is
        unknown (NULL) does not hold. What a condition may say is what a rule of a table may say: comparisons
        over columns, no subquery, no division, no clock.

    Attributes
    ----------
    labels_ : ndarray of shape (n_customers,)
        The place of the first rule that holds, 0 for the first; -1 when none does.
    names_ : tuple of str
        The names of the rules, in order.
    n_segments_ : int
        The number of rules.
    sizes_ : ndarray of shape (n_segments,)
        The customers per rule.
    overlap_ : pyarrow.Table
        One row per rule, in order: rule, n_holds (customers for whom it holds), n_first (of them those in its
        segment) and n_taken (those whom an earlier rule took).
    overlap_pairs_ : pyarrow.Table
        One row per two rules that hold for the same customers: rule, earlier, n_both (customers).

    Examples
    --------
    >>> import pyarrow as pa
    >>> customers = pa.table({"frequency": [12, 1, None], "tenure_days": [20, 30, 900]})
    >>> rules = {"trouw": "frequency >= 10", "nieuw": "tenure_days < 90"}
    >>> segmenter = RuleSegmenter(rules).fit(customers)
    >>> segmenter.labels_
    array([ 0,  1, -1])
    >>> segmenter.overlap_.to_pylist()[1]
    {'rule': 'nieuw', 'n_holds': 2, 'n_first': 1, 'n_taken': 1}
    """

    labels_: NDArray[np.int64]
    names_: tuple[str, ...]
    n_segments_: int
    sizes_: NDArray[np.float64]
    overlap_: Any
    overlap_pairs_: Any

    def __init__(self, rules: Mapping[str, str]) -> None:
        self.rules = rules

    def fit(self, X: Any, y: object = None) -> Self:  # noqa: ANN401, ARG002, N803  scikit-learn's signature
        """Apply the rules to the customers in `X`, and count where they overlap.

        Parameters
        ----------
        X : frame of shape (n_customers, n_columns)
            The customers: Arrow, pandas or polars.
        y : None
            Not used; there by scikit-learn's convention.

        Raises
        ------
        ConfigurationError
            When there is no rule, or one is not a condition over the columns of `X`.
        """
        if not isinstance(self.rules, Mapping) or not self.rules:
            raise ConfigurationError(
                "there are no rules to segment by", expected=f"a name and a condition per segment: {FORM}"
            )
        holds = self._holds(_table(X))
        self.names_ = tuple(self.rules)
        self.n_segments_ = len(self.names_)
        self.labels_ = _first(holds)
        is_assigned = self.labels_ >= 0
        self.sizes_ = np.bincount(self.labels_[is_assigned], minlength=self.n_segments_).astype(np.float64)
        self.overlap_ = _arrow(self._overlap(holds), ("rule", "n_holds", "n_first", "n_taken"))
        self.overlap_pairs_ = _arrow(self._pairs(holds), ("rule", "earlier", "n_both"))
        return self

    def predict(self, X: Any) -> NDArray[np.int64]:  # noqa: ANN401, N803  scikit-learn's signature
        """Return the place of the first rule that holds for each customer in `X`; -1 when none does."""
        check_is_fitted(self)
        return _first(self._holds(_table(X)))

    def scoring_sql(self, table: str = "profiles", key: str = "customer_id") -> exp.Select:
        """Return the select that gives each row of `table` its `key` and `segment`, as `predict` does."""
        label = exp.Case()
        for place, predicate in enumerate(self.rules.values()):
            label = label.when(condition(predicate), exp.Literal.number(place))
        label = label.else_(exp.Neg(this=exp.Literal.number(-UNASSIGNED)))
        return exp.select(key, exp.alias_(label, LABEL)).from_(exp.to_table(table))

    def _holds(self, table: Any) -> NDArray[np.bool_]:  # noqa: ANN401  pyarrow ships no types
        """Return which rules hold for which customers, of shape (n_rules, n_customers)."""
        import duckdb  # noqa: PLC0415  only who applies rules needs it

        with duckdb.connect(config={"enable_external_access": False}) as connection:
            connection.register("customers", table)
            types = {name: kind for name, kind, *_ in connection.execute("describe customers").fetchall()}
            for name, predicate in self.rules.items():
                fault = next(predicate_faults(predicate, types), None)
                if fault:
                    raise ConfigurationError(f"{name!r} is {fault.found}", expected=fault.expected)
            rules = [
                exp.alias_(exp.func("coalesce", condition(rule), exp.false()), f"rule_{place}")
                for place, rule in enumerate(self.rules.values())
            ]
            found = connection.sql(exp.select(*rules).from_("customers").sql("duckdb")).to_arrow_table()
        return np.stack([column.to_numpy().astype(np.bool_) for column in found.columns])

    def _overlap(self, holds: NDArray[np.bool_]) -> Iterator[tuple[object, ...]]:
        for name, held, size in zip(self.names_, holds.sum(axis=1), self.sizes_, strict=True):
            yield name, int(held), int(size), int(held) - int(size)

    def _pairs(self, holds: NDArray[np.bool_]) -> Iterator[tuple[object, ...]]:
        for place, name in enumerate(self.names_):
            for earlier, other in enumerate(self.names_[:place]):
                n_both = int((holds[place] & holds[earlier]).sum())
                if n_both:
                    yield name, other, n_both


def rfm_rules(
    customers: Any,  # noqa: ANN401  any frame
    *,
    recency: str = "recency_days",
    frequency: str = "frequency",
    monetary: str = "monetary_eur",
    n_groups: int = GROUPS,
) -> dict[str, str]:
    """Return rules for `RuleSegmenter`: recency, frequency and monetary value, each in groups of equal size.

    `R5F5M5` bought last, most often and for most. A cut point is the lowest value up to which at least the
    share 1/n, 2/n, ... of the customers with a value lie; who has just that value is below it, so equal
    values are always in one group. Where many have the same value groups are larger or empty. A customer with
    one of the three unknown is in no segment.

    Parameters
    ----------
    customers
        A frame with the three columns, numbers or NULL: the customers that the cut points are of.
    recency, frequency, monetary
        The columns; a low recency is good.
    n_groups
        The number of groups of each, 2 to 9.

    Raises
    ------
    ConfigurationError
        When the number of groups is another.
    NotFoundError
        When a column is not there, or has no value.

    Examples
    --------
    >>> import pyarrow as pa
    >>> bought = {"recency_days": [1, 9, 30, 80], "frequency": [9, 1, 1, 4], "monetary_eur": [90, 5, 8, 40]}
    >>> rules = rfm_rules(pa.table(bought), n_groups=2)
    >>> rules["R2F2M2"]
    'recency_days <= 9 AND frequency > 1 AND monetary_eur > 8'
    >>> list(rules)[-1]
    'R1F1M1'
    """
    if not 2 <= n_groups <= 9:  # noqa: PLR2004  one digit each in the name
        raise ConfigurationError(
            f"{n_groups} groups were asked", expected="2 to 9 groups", todo="choose n_groups again"
        )
    cuts = _cut_points(_table(customers), (recency, frequency, monetary), n_groups)
    groups = range(n_groups, 0, -1)
    within = [
        {n: _between(recency, cuts[recency], n_groups + 1 - n) for n in groups},
        {n: _between(frequency, cuts[frequency], n) for n in groups},
        {n: _between(monetary, cuts[monetary], n) for n in groups},
    ]
    return {
        f"R{r}F{f}M{m}": exp.and_(within[0][r], within[1][f], within[2][m]).sql("duckdb")
        for r in groups
        for f in groups
        for m in groups
    }


def value_rules(column: str, values: Sequence[str]) -> dict[str, str]:
    """Return rules for `RuleSegmenter`: one segment per value of a column of text, such as the type of area.

    >>> value_rules("area_type", ["stad", "platteland"])
    {'stad': "area_type = 'stad'", 'platteland': "area_type = 'platteland'"}
    """
    return {
        value: exp.column(column).eq(exp.Literal.string(value)).sql("duckdb")
        for value in dict.fromkeys(values)
    }


def _cut_points(table: Any, columns: tuple[str, ...], n_groups: int) -> dict[str, list[exp.Expr]]:  # noqa: ANN401
    """Return the cut points of each column, lowest first: n_groups - 1 of them."""
    import duckdb  # noqa: PLC0415  as above

    from klantprofiel.warehouse.statement import load_sql  # noqa: PLC0415  the same

    found: dict[str, list[exp.Expr]] = {}
    with duckdb.connect(config={"enable_external_access": False}) as connection:
        for column in columns:
            if column not in table.column_names:
                raise NotFoundError(
                    f"there is no column {column!r}{near_miss(column, table.column_names)}",
                    expected="recency, frequency and monetary value",
                    todo="name the columns that hold them",
                )
            connection.register("measured", table.select([column]).rename_columns(["measure"]))
            query = load_sql("klantprofiel.segmentation", "rfm_cuts").sql()
            cuts = connection.execute(query, {"n_groups": n_groups}).fetchall()
            if not cuts:
                raise NotFoundError(f"the column {column!r} has no value", expected="numbers of customers")
            found[column] = [exp.convert(value) for _, value in cuts]
    return found


def _between(column: str, cuts: list[exp.Expr], group: int) -> exp.Expr:
    """Return the condition of a group: above the cut below it, up to and including its own."""
    value = exp.column(column)
    above = exp.GT(this=value, expression=cuts[group - 2].copy()) if group > 1 else None
    upto = exp.LTE(this=value.copy(), expression=cuts[group - 1].copy()) if group <= len(cuts) else None
    return exp.and_(*filter(None, (above, upto)))


def _first(holds: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.where(holds.any(axis=0), holds.argmax(axis=0), UNASSIGNED).astype(np.int64)


def _table(X: Any) -> Any:  # noqa: ANN401, N803  scikit-learn's name
    import pyarrow as pa  # noqa: PLC0415  import costs 100 ms

    if not hasattr(X, "__arrow_c_stream__"):
        raise TypeError(f"rules need customers in a frame with column names, got {type(X).__name__} instead")
    return pa.Table.from_pandas(X, preserve_index=False) if hasattr(X, "iloc") else pa.table(X)


def _arrow(rows: Iterator[tuple[object, ...]], names: tuple[str, ...]) -> Any:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415  as above

    kinds = [(name, pa.int64() if name.startswith("n_") else pa.string()) for name in names]
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema=pa.schema(kinds))
