"""The tables that segmentations are kept in; they grow by name, and a name written again is replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from klantprofiel.errors import NotFoundError, PermissionRefusedError, near_miss
from klantprofiel.segmentation.quality import Quality

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klantprofiel.segmentation.result import Segmentation
    from klantprofiel.warehouse import Run, Tables

SEGMENTATIONS: Final = {
    "name": "varchar",
    "as_of": "date",
    "purpose": "varchar",
    "bases": "varchar[]",
    "variables": "varchar[]",
    "method": "varchar",
    "n_excluded": "bigint",
    "n_unassigned": "bigint",
    "n_incomplete": "bigint",
    "explained_share": "double",
    "stability": "double[]",
    "notes": "varchar[]",
    "run_id": "varchar",
    "recorded_at": "timestamp",
}
SEGMENTS: Final = {"segment_id": "varchar", "label": "varchar", "size": "bigint", "share": "double"}
MEMBERS: Final = {"customer_id": "varchar", "segment_id": "varchar"}
PROFILES: Final = {
    "segment_id": "varchar",
    "variable": "varchar",
    "label": "varchar",
    "basis": "varchar",
    "unit": "varchar",
    "n_known": "bigint",
    "n_missing": "bigint",
    "mean": "double",
    "median": "double",
    "population_mean": "double",
    "population_median": "double",
    "top_category": "varchar",
    "top_share": "double",
    "population_share": "double",
    "deviation": "double",
}


def arrow_table(rows: list[dict[str, Any]], columns: Mapping[str, str]) -> Any:  # noqa: ANN401
    """Return rows as an Arrow table of the declared columns, so that empty ones have their type too."""
    import pyarrow as pa  # noqa: PLC0415  import costs 100 ms

    return pa.Table.from_pylist(rows, schema=_schema(columns))


def arrow_columns(values: dict[str, Any], columns: Mapping[str, str]) -> Any:  # noqa: ANN401
    """Return whole columns as an Arrow table of the declared columns."""
    import pyarrow as pa  # noqa: PLC0415  as above

    return pa.table(values).cast(_schema(columns))


def _schema(columns: Mapping[str, str]) -> Any:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415  as above

    kinds = {
        "varchar": pa.string(),
        "bigint": pa.int64(),
        "double": pa.float64(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("us"),
        "decimal(18,6)": pa.decimal128(18, 6),
        "decimal(18,12)": pa.decimal128(18, 12),
        "decimal(18,13)": pa.decimal128(18, 13),
        "varchar[]": pa.list_(pa.string()),
        "double[]": pa.list_(pa.float64()),
    }
    return pa.schema({name: kinds[kind] for name, kind in columns.items()})


def write_segmentation(segmentation: Segmentation, run: Run, name: str) -> None:
    """Write one segmentation into its four tables.

    Raises
    ------
    PermissionRefusedError
        When it was made without a purpose.
    """
    if segmentation.purpose is None:
        raise PermissionRefusedError(
            f"the segmentation {name!r} was made without a purpose",
            expected="a purpose of schemas/purposes.yaml, so that who may not be used is left out",
            todo='make it again with segment(..., purpose="...")',
        )
    fields = [{**_fields(segmentation), "name": name, "run_id": run.run_id, "recorded_at": run.recorded_at}]
    run.create(
        "segmentations",
        SEGMENTATIONS,
        describes="segmentations: how customers were divided into segments.",
        grain="One row per segmentation.",
        made_from=("profiles", "variables", "consents"),
    )
    run.execute("delete from segmentations where name = $name", name=name)
    run.execute("insert into segmentations by name from added", added=arrow_table(fields, SEGMENTATIONS))
    parts = (
        (
            "segments",
            SEGMENTS,
            segmentation.segment_table,
            "segments: the segments with their sizes.",
            "segment",
        ),
        ("segment_members", MEMBERS, segmentation.member_table, "segment_members: who is where.", "customer"),
        (
            "segment_profiles",
            PROFILES,
            segmentation.profile_table,
            "segment_profiles: each segment beside all customers, in the unit of the variable.",
            "segment and variable",
        ),
    )
    for table, columns, rows, describes, what in parts:
        grain = f"One row per segmentation and {what}."
        made_from = ("segmentations", "profiles")
        run.create(
            table,
            {"segmentation": "varchar", **columns},
            describes=describes,
            grain=grain,
            made_from=made_from,
        )
        run.execute(f"delete from {table} where segmentation = $name", name=name)
        run.execute(
            f"insert into {table} by name select $name as segmentation, * from added", name=name, added=rows
        )


def read_fields(tables: Tables, name: str) -> dict[str, Any]:
    """Return the fields of the segmentation kept as `name`.

    Raises
    ------
    NotFoundError
        When there is none of that name.
    """
    known = (
        [n for (n,) in tables.rows("select name from segmentations order by name")]
        if (tables.has("segmentations"))
        else []
    )
    if name not in known:
        raise NotFoundError(
            f"there is no segmentation {name!r}{near_miss(name, known)}",
            expected=f"one of {', '.join(known) or 'none yet'}",
            todo="check the name, or run the pipeline that saves it",
        )
    (row,) = tables.arrow("select * from segmentations where name = $name", name=name).to_pylist()
    quality = Quality(row["explained_share"], tuple(row["stability"]))
    plain = ("name", "as_of", "purpose", "method", "n_excluded", "n_unassigned", "n_incomplete")
    return {
        **{field: row[field] for field in plain},
        **{field: tuple(row[field]) for field in ("bases", "variables", "notes")},
        "quality_found": quality,
        "segment_table": _part(
            tables, "segments", SEGMENTS, "try_cast(substr(segment_id, 2) as bigint)", name
        ),
        "member_table": _part(tables, "segment_members", MEMBERS, "customer_id", name),
        "profile_table": _profile(tables, row["variables"], name),
        "tables": tables,
    }


def _fields(segmentation: Segmentation) -> dict[str, Any]:
    quality = segmentation.quality_found
    return {
        **{
            column: getattr(segmentation, column) for column in SEGMENTATIONS if hasattr(segmentation, column)
        },
        "explained_share": quality.explained_share,
        "stability": quality.stability,
    }


def _part(tables: Tables, table: str, columns: Mapping[str, str], order: str, name: str) -> Any:  # noqa: ANN401
    chosen = ", ".join(columns)
    query = f"select {chosen} from {table} where segmentation = $name order by {order}"
    return tables.arrow(query, name=name).cast(_schema(columns))


def _profile(tables: Tables, variables: list[str], name: str) -> Any:  # noqa: ANN401
    """Return the profile in its own order: that of the segments, and of the variables as they were chosen."""
    order = "try_cast(substr(segment_id, 2) as bigint), list_position($variables, variable)"
    chosen = ", ".join(PROFILES)
    query = f"select {chosen} from segment_profiles where segmentation = $name order by {order}"
    found = tables.arrow(query, name=name, variables=variables)
    return found.cast(_schema(PROFILES))
