"""The judging process: loads Great Expectations, then answers each line of JSON with one line of JSON.

Started as `python -m klantprofiel.validation.gate.child`. It ends when its input does. Its answers hold no
row of the build and no text out of one: `kept_of` says what of a result may leave this process.
"""

from __future__ import annotations

import json
import math
import os
import re
import sys
from typing import TYPE_CHECKING, Any, Final, TextIO

from klantprofiel.validation.gate.engine import duckdb_source, lock, open_build

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

CUSTOM: Final = "unexpected_rows_expectation"
COUNTS: Final = (  # of map expectations: how many records, never which
    "element_count", "missing_count", "missing_percent", "unexpected_count", "unexpected_percent",
    "unexpected_percent_nonmissing", "unexpected_percent_total",
)  # fmt: skip
OF_ONE_RECORD: Final = frozenset({"expect_column_max_to_be_between", "expect_column_min_to_be_between"})
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}:\d{2}(\.\d+)?)?")
SAFE_TO_SHOW: Final = (  # messages that speak of SQL and of names, never of a value
    re.compile(r"(?:Binder|Catalog|Parser) Error: [^\n]*"),
    re.compile(r'The column "[^"]*" in BatchData does not exist'),
)


def main() -> None:
    """Answer until the input ends; what libraries print goes to the error stream."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        import great_expectations  # noqa: PLC0415, F401  6 to 8 seconds, while the parent does other work

        _serve(sys.stdin, answers)


def _serve(jobs: Iterable[str], answers: TextIO) -> None:
    doors: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {"judge": judge, "check": check}
    for line in jobs:
        job = json.loads(line)
        try:
            answer = doors[job["do"]](job)
        except Exception as error:  # noqa: BLE001  the parent must hear of it, without a value of anyone
            answer = {"failed": said(type(error).__name__, str(error))}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def check(job: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is wrong with expectations by themselves, by their number."""
    built = {each["number"]: _built(each) for each in job["expectations"]}
    return {"faults": {number: fault for number, fault in built.items() if isinstance(fault, str)}}


def judge(job: Mapping[str, Any]) -> dict[str, Any]:
    """Judge every expectation of a job on the closed build; the results go by their number."""
    connection = open_build(job["release"], job["identity"], job["settings"])
    try:
        for number, asset in enumerate(job["assets"]):
            connection.execute(view_of(f"batch_{number}", asset))
        lock(connection)
        source = duckdb_source(connection)
        results: dict[int, dict[str, Any]] = {}
        for number, asset in enumerate(job["assets"]):
            batch = (
                source.add_table_asset(f"batch_{number}").add_batch_definition_whole_table("all").get_batch()
            )
            results |= _results(batch, asset)
    finally:
        connection.close()
    return {"results": results}


def view_of(name: str, asset: Mapping[str, Any]) -> str:
    """Return the view that an asset is: a table, or its records of one day."""
    select = f"create view {name} as select * from {asset['table']}"
    return select if asset["day"] is None else f"{select} where delivered_on = date '{asset['day']}'"


def _results(batch: Any, asset: Mapping[str, Any]) -> dict[int, dict[str, Any]]:  # noqa: ANN401  theirs
    """Judge the expectations about one asset: one validation for all, and one for custom SQL.

    Only the second asks for rows, of which at most one aggregate is kept.
    """
    from great_expectations import ExpectationSuite  # noqa: PLC0415  loaded by now

    results: dict[int, dict[str, Any]] = {}
    groups: dict[str, list[Any]] = {"BASIC": [], "COMPLETE": []}
    for each in asset["expectations"]:
        built = _built(each)
        if isinstance(built, str):
            results[each["number"]] = {"success": False, "result": {}, "fault": built}
        else:
            groups["COMPLETE" if each["type"] == CUSTOM else "BASIC"].append(built)
    for result_format, expectations in groups.items():
        if expectations:
            suite = ExpectationSuite(name=result_format, expectations=expectations)
            wanted = {"result_format": result_format, "partial_unexpected_count": 0}
            for result in batch.validate(suite, result_format=wanted).results:
                configuration = result.expectation_config
                results[configuration.meta["number"]] = {
                    "success": bool(result.success),
                    "result": kept_of(configuration.type, configuration.kwargs, result.result, asset["open"]),
                    "fault": _fault_of(result.exception_info),
                }
    return results


def _built(expectation: Mapping[str, Any]) -> Any:  # noqa: ANN401  the library's own class
    """Return an expectation as the library's object, or in words what is wrong with it."""
    from great_expectations.expectations.expectation_configuration import (  # noqa: PLC0415  loaded by now
        ExpectationConfiguration,
    )

    try:
        return ExpectationConfiguration(
            type=expectation["type"],
            kwargs=expectation["kwargs"],
            meta={"number": expectation["number"]},
            severity=expectation["severity"],
        ).to_domain_obj()
    except Exception as error:  # noqa: BLE001  of many kinds; all speak of the suite and of nothing else
        return " ".join(str(error).split()) or type(error).__name__


def kept_of(
    kind: str, kwargs: Mapping[str, Any], result: Mapping[str, Any], open_columns: Collection[object]
) -> dict[str, Any]:
    """Return what of a result may be shown: counts, and an observed aggregate; no rows and no texts.

    The largest and smallest value of a column are those of one record: only of open columns, and there they
    may be a moment.

    >>> kept_of("expect_column_mean_to_be_between", {"column": "x"}, {"observed_value": 2.5}, [])
    {'observed_value': 2.5}
    >>> kept_of("expect_column_max_to_be_between", {"column": "born"}, {"observed_value": "1990-01-02"}, [])
    {}
    """
    kept: dict[str, Any] = {
        name: _number(result[name]) for name in COUNTS if _number(result.get(name)) is not None
    }
    observed = result.get("observed_value")
    is_open = kwargs.get("column") in open_columns
    if kind in OF_ONE_RECORD and not is_open:
        return kept
    if _number(observed) is not None:
        kept["observed_value"] = _number(observed)
    elif kind in OF_ONE_RECORD and DAY.fullmatch(str(observed)):
        kept["observed_value"] = str(observed)
    rows = (result.get("details") or {}).get("unexpected_rows") if kind == CUSTOM else None
    if rows and len(rows) == 1 and list(rows[0]) == ["observed"] and _number(rows[0]["observed"]) is not None:
        kept["details"] = {"unexpected_rows": [{"observed": _number(rows[0]["observed"])}]}
    return kept


def _number(value: Any) -> int | float | None:  # noqa: ANN401  of any library
    """Return a finite number as Python's own; None for anything else."""
    if isinstance(value, (str, bytes)) or value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _fault_of(exception_info: Mapping[str, Any] | None) -> str | None:
    """Return in words that may be shown why an expectation could not be judged."""
    if not exception_info or exception_info.get("raised_exception") is False:
        return None
    infos = [exception_info] if "exception_message" in exception_info else list(exception_info.values())
    return said("error", str(infos[0]["exception_message"]))


def said(kind: str, message: str) -> str:
    """Return what may be shown of an error: its text when that holds no value, else its kind.

    >>> said("Error", "Conversion Error: Could not convert string 'Jansen'")
    'ConversionError'
    >>> said("Error", 'Binder Error: Referenced column "x" not found')
    'Binder Error: Referenced column "x" not found'
    """
    for pattern in SAFE_TO_SHOW:
        if found := pattern.search(message):
            return found[0]
    named = re.search(r"\b([A-Z]\w+) Error: ", message)
    return f"{named[1]}Error" if named else kind


if __name__ == "__main__":
    main()
