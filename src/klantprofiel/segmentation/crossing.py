"""Two segmentations of the same customers beside each other, such as one by rules and one that was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from klantprofiel.warehouse.statement import load_sql

if TYPE_CHECKING:
    from klantprofiel.segmentation.result import Segmentation


def crossed(one: Segmentation | Any, other: Segmentation | Any) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Return how two segmentations divide the customers that both of them know.

    Parameters
    ----------
    one, other
        Segmentations, or Arrow tables as their `members()`: customer_id and segment_id.

    Returns
    -------
    pyarrow.Table
        One row per two segments with a customer in both: segment_id, other_segment_id, n_customers;
        segment_share and other_share, the share (0 to 1) of either segment that these customers are; and
        lift, how often they are together for each time they would be by chance.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rules = pa.table({"customer_id": ["K-1", "K-2", "K-3"], "segment_id": ["S1", "S1", "S2"]})
    >>> found = pa.table({"customer_id": ["K-1", "K-2", "K-3"], "segment_id": ["S2", "S2", "S1"]})
    >>> crossed(rules, found).column("lift").to_pylist()
    [1.5, 3.0]
    """
    import duckdb  # noqa: PLC0415  only who crosses needs it

    with duckdb.connect(config={"enable_external_access": False}) as connection:
        for name, given in (("one_members", one), ("other_members", other)):
            connection.register(name, given.members() if hasattr(given, "members") else given)
        return connection.sql(load_sql("klantprofiel.segmentation", "crossing").sql()).to_arrow_table()
