"""The portable comparisons on Spark: whether pairs are as much alike there as in DuckDB, and weigh as much.

A model is trained in DuckDB, as `train(run, portable=True)` does, and the pairs that its rules find are
compared and weighed twice, from `identity.link_records` on: in DuckDB, and in a local Spark that reads the
same statements as sqlglot translates them, with the functions of Splink's own jar. pyspark has a place of its
own, `build/pyspark`, where it is installed when it is not there.

`python -m benchmarks.unify_spark WORK` does so with what `ours` of `benchmarks.unify_contenders` left behind.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb
from benchmarks.unify_contenders import LONGEST, warehouse
from benchmarks.unify_data import AS_OF
from benchmarks.unify_environments import NotThereError, install
from sqlglot import exp, parse_one
from sqlglot.optimizer.qualify import qualify

from klantprofiel.unification.linkage import train
from klantprofiel.unification.linkage.blocking import find_large, hide, keys_sql, pairs_sql
from klantprofiel.unification.linkage.engine import PAIRS, make_records, vectors_sql
from klantprofiel.unification.linkage.frequencies import with_frequencies, with_own_domain
from klantprofiel.unification.linkage.predict import weights_sql
from klantprofiel.warehouse.statement import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klantprofiel.unification.linkage import Model

VERSION: Final = "4.3.0"
SESSION: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.shuffle.partitions": "4",
    "spark.ui.enabled": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}
TABLES: Final = ("identity.link_records", "identity.term_frequencies", "numbers", PAIRS)
"""What both begin from: the rest are views on these."""


@dataclass(frozen=True)
class Portable:
    """Of how many pairs Spark finds another level than DuckDB, and the largest difference of two scores."""

    n_pairs: int
    n_other: int
    most_bits: float


def measure_portable(work: Path) -> Portable:
    """Return what differs, from a fresh process that has pyspark.

    Raises
    ------
    NotThereError
        When there is no Java, no network or no uv.
    """
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise NotThereError("there is no Java")
    (packages,) = install("pyspark", VERSION).parents[1].glob("lib/python*/site-packages")
    done = subprocess.run(  # noqa: S603  our own module
        [sys.executable, "-m", "benchmarks.unify_spark", str(work)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(packages)},
        timeout=LONGEST,
    )
    return Portable(**json.loads(done.stdout.splitlines()[-1]))


def compare(work: Path) -> Portable:
    """Compare and weigh the pairs of a release in both, and return what differs."""
    with warehouse(work).run("bench", as_of=AS_OF) as run:
        model = train(run, portable=True)
        records = run.arrow("select * from identity.link_records order by record_id")
    with duckdb.connect() as connection:
        _begin(connection, records, model)
        views = _views(connection, model)
        connection.execute(f"create temp table compared as {views['compared']}")
        connection.execute(f"create temp table weighed as {views['weighed']}")
        found = _in_spark(connection, views, work / "spark")
        levels = [f"gamma_{name}" for name in model.comparison_names]
        ((n_pairs, n_other, most_bits),) = connection.execute(
            f"""
            select
                count(*),
                count(*) filter (({_of("a", levels)}) is distinct from ({_of("b", levels)})),
                coalesce(max(abs(a.score - b.score)), 0)
            from weighed as a
            full join read_parquet('{found}') as b using (number_l, number_r)
            """
        ).fetchall()
    return Portable(n_pairs, n_other, most_bits)


def _begin(connection: duckdb.DuckDBPyConnection, records: object, model: Model) -> None:
    """Make `TABLES`, and the views of the records that the product makes."""
    connection.execute("create schema identity")
    for name, frame in (("link_records", records), ("term_frequencies", model.frequencies)):
        connection.register("frame", frame)
        connection.execute(f"create table identity.{name} as from frame")
    make_records(connection, portable=True)
    keyed = with_own_domain(model.common_domains, "records")
    connection.execute(f"create temp view keyed as {keyed}")
    connection.execute(f"create temp table keys as {keys_sql(model.rules, 'keyed')}")
    find_large(connection, model.rules)
    hide(connection, model.rules, "large")
    connection.execute(f"create temp table {PAIRS} as {pairs_sql(model.rules, 'keys')}")


def _views(connection: duckdb.DuckDBPyConnection, model: Model) -> dict[str, str]:
    """Return the SQL that leads from the tables to the weighed pairs with their levels, by name, in order."""
    made = dict(connection.execute("select view_name, sql from duckdb_views() where not internal").fetchall())
    comparisons = tuple(trained.comparison for trained in model.trained)
    weighed = parse(vectors_sql(comparisons, "compared") + weights_sql(model))
    levels = [exp.column(f"gamma_{name}") for name in model.comparison_names]
    return {
        "known_records": made["known_records"],
        "records": made["records"],
        "compared": with_frequencies(model.trained, model.common_domains, "records"),
        "weighed": weighed.select(*levels).sql("duckdb"),
    }


def _in_spark(connection: duckdb.DuckDBPyConnection, views: Mapping[str, str], work: Path) -> str:
    """Let Spark make the views from the tables and write the last one; return its files."""
    jar: Any = importlib.import_module("splink.internals.spark.jar_location")  # it imports pyspark
    sessions: Any = importlib.import_module("pyspark.sql").SparkSession  # it is in no other environment
    settings = SESSION | {
        "spark.jars": jar.similarity_jar_location(),
        "spark.sql.warehouse.dir": str(work / "own"),
    }
    spark = sessions.builder.master("local[*]").config(map=settings).getOrCreate()
    for function in jar.get_scala_udfs():
        spark.udf.registerJavaFunction(*function)
    work.mkdir(exist_ok=True)
    for table in TABLES:
        file = work / f"of_{table}.parquet"  # Spark reads none that begins with an underscore
        connection.execute(f"copy (from {table}) to '{file}'")
        spark.read.parquet(str(file)).createOrReplaceTempView(table.removeprefix("identity."))
    columns = {name: kind for name, kind, *_ in connection.execute(f"describe {TABLES[0]}").fetchall()}
    for name, sql in views.items():
        spark.sql(translated(sql, columns)).createOrReplaceTempView(name)
    spark.table(name).write.mode("overwrite").parquet(str(work / name))
    spark.stop()
    return f"{work / name}/*.parquet"


def translated(sql: str, columns: Mapping[str, str]) -> str:
    """Return a select, or the view that is made of it, for Spark; `columns` are those of the link records.

    Spark has no schema for temporary views and no `* replace`.

    >>> view = "create view v as select * replace (lower(a) as a) from identity.link_records"
    >>> translated(view, {"a": "text"})
    'SELECT LOWER(`link_records`.`a`) AS `a` FROM `link_records` AS `link_records`'
    """
    parsed = parse_one(sql, dialect="duckdb")
    select = parsed.expression if isinstance(parsed, exp.Create) else parsed
    if any(star.args.get("replace") for star in select.find_all(exp.Star)):
        select = qualify(select, schema={"identity": {"link_records": dict(columns)}}, dialect="duckdb")
    for table in select.find_all(exp.Table):
        table.set("db", None)
    return select.sql("spark")


def _of(table: str, columns: list[str]) -> str:
    return ", ".join(f"{table}.{column}" for column in columns)


if __name__ == "__main__":
    print(json.dumps(asdict(compare(Path(sys.argv[1])))))
