"""Ways to take in one CSV file of order lines, each in a process of its own: seconds and peak memory.

`python -m benchmarks.contenders floor lines.csv` prints seconds, peak_mb and n_good: the fastest of three
rounds, and the memory of the process at its peak plus that of the largest of its children at theirs.

| contender | what it does |
| --- | --- |
| floor | DuckDB reads the file, every type declared, into a table on disk; what it cannot read is dropped |
| split | `ingest` and `validate`: landed, judged by every rule, loaded or in quarantine with reasons |
| published | the same, published as a release |
| gated | the same, judged by Great Expectations, which a process of its own imports in the first round |
| pandera | pandas reads text and types it, pandera judges by the same rules, good and bad go to Parquet |
| great_expectations | the same with Great Expectations on the pandas frame |
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

import duckdb
from benchmarks.order_lines import AS_OF, CHANNELS, HEADERS, ORDER_ID, BenchOrders

import klantprofiel as kp
from klantprofiel.schema import Email, PostalCode
from klantprofiel.validation import door, one_judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from klantprofiel.warehouse import Run

ROUNDS: Final = 3
EARLIEST: Final = "1900-01-01"
REQUIRED: Final = [name for name, column in BenchOrders.columns.items() if not column.nullable]
SHAPES: Final = {
    "order_id": f"^(?:{ORDER_ID})$",
    "email": f"^(?:{Email.shape})$",
    "postal_code": f"^(?:{PostalCode.shape})$",
}


def floor(file: Path, work: Path) -> tuple[float, int]:
    """Return the seconds and the number of rows of a bare typed copy."""
    types = {
        column.header: "VARCHAR" if column.sql_type == "BOOLEAN" else column.sql_type  # it knows no J and N
        for column in BenchOrders.columns.values()
    }
    with duckdb.connect(str(work / "floor.duckdb")) as connection:
        start = perf_counter()
        connection.execute(
            f"""
            create table lines as from read_csv(
                '{file}', columns = {types}, auto_detect = false, header = true, delim = ';',
                quote = '"', escape = '"', nullstr = '', decimal_separator = ',', dateformat = '%d-%m-%Y',
                ignore_errors = true
            )
            """
        )
        connection.execute("checkpoint")
        return perf_counter() - start, connection.execute("select count(*) from lines").fetchall()[0][0]


def split(file: Path, work: Path) -> tuple[float, int]:
    """Return the seconds that landing, judging and loading take, and how many rows are loaded."""
    with _without_the_gate(), kp.Warehouse(work / "klanten").run("bench", as_of=AS_OF) as run:
        start = perf_counter()
        n_loaded = _take_in(run, file)
        seconds = perf_counter() - start
    return seconds, n_loaded


def published(file: Path, work: Path) -> tuple[float, int]:
    """Return the seconds of a whole run without the gate, and how many rows are loaded."""
    with _without_the_gate():
        return gated(file, work)


def gated(file: Path, work: Path) -> tuple[float, int]:
    """Return the seconds of a whole run with the gate, and how many rows are loaded."""
    warehouse = kp.Warehouse(work / "klanten")
    start = perf_counter()
    with warehouse.run("bench", as_of=AS_OF) as run:
        n_loaded = _take_in(run, file)
    return perf_counter() - start, n_loaded


def _take_in(run: Run, file: Path) -> int:
    kp.ingest(run, [kp.Delivery(BenchOrders, file)])
    return kp.validate(run).n_loaded


@contextlib.contextmanager
def _without_the_gate() -> Iterator[None]:
    """Leave out the gate, and the statistics of deliveries that only the gate asks for."""
    with patch.object(door, "start_gate", return_value=None), patch.object(door, "keep_statistics"):
        yield


def pandera(file: Path, work: Path) -> tuple[float, int]:
    """Return the seconds of pandas and pandera, and how many rows are good."""
    import pandas as pd  # noqa: PLC0415  each contender imports its own
    import pandera.pandas as pa  # noqa: PLC0415  the same

    shapes = {name: [pa.Check.str_matches(shape)] for name, shape in SHAPES.items()}
    checks = shapes | {
        "birth_date": [pa.Check.in_range(pd.Timestamp(EARLIEST), pd.Timestamp(AS_OF))],
        "ordered_on": [pa.Check.le(pd.Timestamp(AS_OF))],
        "quantity": [pa.Check.ge(1)],
        "paid_eur": [pa.Check.ge(0)],
        "sales_channel": [pa.Check.isin(CHANNELS)],
        "is_readable": [pa.Check.isin([True])],
    }
    schema = pa.DataFrameSchema(
        {
            name: pa.Column(checks=checks.get(name), nullable=name not in REQUIRED)
            for name in (*BenchOrders.columns, "is_readable")
        },
        unique=["order_id"],
        report_duplicates="exclude_first",
    )
    start = perf_counter()
    frame = _typed(file)
    bad = set()
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as found:
        bad = set(found.failure_cases["index"])
    return _written(frame, bad, work, start)


def great_expectations(file: Path, work: Path) -> tuple[float, int]:
    """Return the seconds of pandas and Great Expectations, and how many rows are good."""
    import great_expectations as gx  # noqa: PLC0415  each contender imports its own

    expect: Any = gx.expectations  # its names are not exported in so many words
    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    suite = gx.ExpectationSuite(name="lines")
    for expectation in (
        *(expect.ExpectColumnValuesToNotBeNull(column=name) for name in REQUIRED),
        *(expect.ExpectColumnValuesToMatchRegex(column=name, regex=SHAPES[name]) for name in SHAPES),
        expect.ExpectColumnValuesToBeUnique(column="order_id"),
        expect.ExpectColumnValuesToBeBetween(column="birth_date", min_value=EARLIEST, max_value=str(AS_OF)),
        expect.ExpectColumnValuesToBeBetween(column="ordered_on", max_value=str(AS_OF)),
        expect.ExpectColumnValuesToBeBetween(column="quantity", min_value=1),
        expect.ExpectColumnValuesToBeBetween(column="paid_eur", min_value=0),
        expect.ExpectColumnValuesToBeInSet(column="sales_channel", value_set=list(CHANNELS)),
        expect.ExpectColumnValuesToBeInSet(column="is_readable", value_set=[True]),
    ):
        suite.add_expectation(expectation)
    start = perf_counter()
    frame = _typed(file)
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("lines")
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    results = batch.validate(suite, result_format={"result_format": "COMPLETE"})
    bad = {at for result in results.results for at in result.result.get("unexpected_index_list") or ()}
    return _written(frame, bad, work, start)


def _typed(file: Path) -> Any:  # noqa: ANN401  pandas, imported by its contenders alone
    """Read all as text and then type it, so that what cannot be read spoils its row and not its column."""
    import pandas as pd  # noqa: PLC0415  each contender imports its own

    frame = pd.read_csv(
        file, sep=";", dtype=str, on_bad_lines="skip", keep_default_na=False, na_values=[""], engine="c"
    )
    frame.columns = [dict(zip(HEADERS, BenchOrders.columns, strict=True))[header] for header in frame.columns]
    given = frame.notna()
    for name in frame.columns:
        frame[name] = frame[name].str.strip()
    for name in ("birth_date", "ordered_on"):
        frame[name] = pd.to_datetime(frame[name], format="%d-%m-%Y", errors="coerce")
    frame["quantity"] = pd.to_numeric(frame["quantity"], errors="coerce")
    amounts = frame["paid_eur"].where(frame["paid_eur"].str.fullmatch(r"[+-]?[0-9]+(?:,[0-9]{1,2})?"))
    frame["paid_eur"] = pd.to_numeric(amounts.str.replace(",", "."), errors="coerce")
    frame["is_return"] = frame["is_return"].map({"J": True, "N": False})
    frame["is_readable"] = ~(given & frame.isna()).any(axis=1)
    return frame


def _written(frame: Any, bad: set[Any], work: Path, start: float) -> tuple[float, int]:  # noqa: ANN401
    is_bad = frame.index.isin([at for at in bad if at is not None])
    frame[~is_bad].to_parquet(work / "good.parquet")
    frame[is_bad].to_parquet(work / "bad.parquet")
    return perf_counter() - start, int((~is_bad).sum())


CONTENDERS: Final[dict[str, Callable[[Path, Path], tuple[float, int]]]] = {
    each.__name__: each for each in (floor, split, published, gated, pandera, great_expectations)
}


def main(name: str, file: str) -> None:
    """Measure one contender and print what was found."""
    judge = one_judge() if name == "gated" else contextlib.nullcontext()
    with contextlib.redirect_stdout(sys.stderr), judge:
        rounds = [_round(CONTENDERS[name], Path(file)) for _ in range(ROUNDS)]
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds, n_good = min(rounds)
    print(json.dumps({"seconds": seconds, "n_good": n_good, "peak_mb": sum(peaks) / 1024}))


def _round(contender: Callable[[Path, Path], tuple[float, int]], file: Path) -> tuple[float, int]:
    with tempfile.TemporaryDirectory() as work:
        return contender(file, Path(work))


if __name__ == "__main__":
    main(*sys.argv[1:])
