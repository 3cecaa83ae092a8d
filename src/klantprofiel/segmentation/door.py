"""The door of the room: customers in, a segmentation out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeGuard

import numpy as np

from klantprofiel.display import dutch
from klantprofiel.errors import ConfigurationError, NotFoundError
from klantprofiel.labels import BASES
from klantprofiel.segmentation.choice import REASONS, Choice, choose, readable, telling
from klantprofiel.segmentation.columns import columns_of
from klantprofiel.segmentation.portrait import label_of, portray, segment_names
from klantprofiel.segmentation.quality import Quality, measure_quality
from klantprofiel.segmentation.result import Segmentation
from klantprofiel.segmentation.store import MEMBERS, PROFILES, SEGMENTS, arrow_columns, arrow_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from klantprofiel.profiles import Profiles
    from klantprofiel.segmentation.estimator import Segmenter
    from klantprofiel.segmentation.portrait import Row
    from klantprofiel.segmentation.rules import RuleSegmenter

NOTES: Final = {
    "left_out": "Niet gebruikt: {name} ({reason}).",
    "incomplete": "Onvolledig bekend: {n}; voor een variabele die ontbreekt telt de gemiddelde score.",
    "left_open": "Onvolledig bekend: {n}; voor hen telt wat wel bekend is.",
    "no_rule": "Niet ingedeeld: {n}; voor hen geldt geen enkele regel.",
    "unassigned": "Niet ingedeeld: {n}; van hen is geen enkele gekozen variabele bekend.",
    "protected": "Beschermd kenmerk, bij naam gekozen: {name}.",
    "finding": "Bij naam gekozen: {name} ({reason}).",
    "no_purpose": "Zonder doel gemaakt: alleen om te verkennen, niet om te bewaren.",
}


def segment(  # noqa: PLR0913  what an analyst chooses: customers, bases, purpose, method, variables, register
    profiles: Profiles,
    bases: Sequence[str] | None = None,
    *,
    purpose: str | None = None,
    using: Segmenter | RuleSegmenter | None = None,
    variables: Sequence[str] | None = None,
    register: str | Path = "schemas/purposes.yaml",
) -> Segmentation:
    """Divide customers into segments by the variables of one or more bases.

    Every basis weighs the same, whatever its number of variables. Variables by which people may not be chosen
    (`protected`), or that were measured too poorly (`finding`, such as a low alpha), are left out unless they
    are chosen by name in `variables`; special personal data (`special`) always are.

    Parameters
    ----------
    profiles
        The customers, from a run or a release.
    bases
        Of geographic, demographic, psychological, behavioural; alone or in combination.
    purpose
        A purpose of the register, for its channel `analysis`. Customers who may not be used for it are not
        used to find segments, and are in none. Without a purpose the segmentation cannot be saved.
    using
        The estimator; by default `MixtureSegmenter()`, which finds the number of segments. It is not changed.
        The conditions of a `RuleSegmenter` are over the chosen variables.
    variables
        The names of variables to use, of those in `bases` (of all bases when `bases` is not given).
    register
        The register of purposes; a relative path starts at the project.

    Raises
    ------
    ConfigurationError
        For an unknown basis or variable, variables that say nothing, or too many segments.
    NotFoundError
        When there are no customers.
    PermissionRefusedError
        When the register does not have the purpose, or not for analysis.

    Examples
    --------
    >>> import datetime, tempfile
    >>> import pyarrow as pa
    >>> from klantprofiel.profiles import Profiles
    >>> from klantprofiel.segmentation import KMeansSegmenter
    >>> from klantprofiel.warehouse import Warehouse
    >>> spent = {"customer_id": ["K-000001", "K-000002", "K-000003"], "frequency": [9, 1, 1]}
    >>> variable = {
    ...     "name": ["frequency"], "label": ["Bestellingen"], "facet": ["gegevens"],
    ...     "basis": ["behavioural"], "kind": ["count"], "unit": ["bestellingen"],
    ...     "missing": ["komt niet voor"], "purpose": ["segmentatie"], "protected": [False],
    ...     "special": [False],
    ... }
    >>> with Warehouse(tempfile.mkdtemp()).run("example", as_of=datetime.date(2026, 10, 1)) as run:
    ...     for name, rows in {"profiles": spent, "variables": variable}.items():
    ...         run.write(name, pa.table(rows), describes="an example.", grain="One row per line.")
    ...     segmentation = segment(Profiles(run), bases=["behavioural"], using=KMeansSegmenter(2))
    >>> segmentation.sizes()["label"].to_pylist()
    ['Bestellingen laag', 'Bestellingen hoog']
    >>> segmentation.members()["segment_id"].to_pylist()
    ['S2', 'S1', 'S1']
    """
    from klantprofiel.segmentation.mixture.estimator import (  # noqa: PLC0415  scikit-learn costs a second
        MixtureSegmenter,
    )

    using = using or MixtureSegmenter()
    choice = choose(profiles, bases, variables)
    everyone = profiles.to_arrow(["customer_id", *(v.name for v in choice.variables)]).sort_by("customer_id")
    customers = _permitted(profiles, everyone, purpose, register)
    if customers.table.num_rows == 0:
        raise NotFoundError(
            "there are no customers to segment",
            expected="profiles with at least one customer who may be used",
            todo="run the pipeline that builds profiles, or check the purpose and its consents",
        )
    choice = telling(readable(choice, customers.table), customers.table)
    return _described(profiles, choice, customers, _fit(using, choice, customers.table))


@dataclass(frozen=True)
class _Customers:
    """The customers who may be used for a purpose, an Arrow table by customer_id, and how many may not."""

    table: Any
    purpose: str | None
    n_excluded: int


def _permitted(
    profiles: Profiles,
    everyone: Any,  # noqa: ANN401  pyarrow ships no types
    purpose: str | None,
    register: str | Path,
) -> _Customers:
    if purpose is None:
        return _Customers(everyone, None, 0)
    import pyarrow.compute as pc  # noqa: PLC0415  not every segmentation has a purpose

    from klantprofiel.purposes import load_register, permitted  # noqa: PLC0415  the same

    told = permitted(profiles.tables, load_register(register), purpose, "analysis")
    allowed = told.filter(told.column("is_permitted")).column("customer_id")
    ids = everyone.column("customer_id")
    used = everyone.filter(pc.is_in(ids, value_set=allowed.cast(ids.type).combine_chunks()))
    return _Customers(used, purpose, everyone.num_rows - used.num_rows)


def _fit(using: Segmenter | RuleSegmenter, choice: Choice, customers: Any) -> Segmenter | RuleSegmenter:  # noqa: ANN401
    """Fit a copy of the estimator on the chosen variables, with their bases."""
    from sklearn.base import clone  # noqa: PLC0415  the estimator has loaded it

    bases = {variable.name: variable.basis for variable in choice.variables}
    asked = using.get_params().get("n_segments")
    if isinstance(asked, int) and asked > customers.num_rows:
        raise ConfigurationError(
            f"{asked} segments were asked of {customers.num_rows} customers",
            expected=f"at most {customers.num_rows} segments",
            todo="ask fewer segments, or use more customers",
        )
    segmenter = clone(using)
    if "bases" in using.get_params():
        segmenter.set_params(bases=bases)
    try:
        fitted: Segmenter | RuleSegmenter = segmenter.fit(customers.select(list(bases)))
    except (TypeError, ValueError) as error:
        raise ConfigurationError(
            f"these customers cannot be segmented: {error}",
            expected="settings that fit the customers and variables",
            todo="change the estimator given as `using`, or the variables",
        ) from error
    return fitted


def _quality(fitted: Segmenter | RuleSegmenter, choice: Choice, assigned: Any) -> Quality:  # noqa: ANN401
    """Return the quality: of rules only what they explain, since they are the same in every sample."""
    if not _is_by_rules(fitted):
        return measure_quality(fitted, assigned)
    from klantprofiel.segmentation.encoding import (  # noqa: PLC0415  costly, and only who measures needs it
        explained_share,
        learn_encoding,
    )

    columns = columns_of(assigned)
    scores = learn_encoding(columns, [variable.basis or "" for variable in choice.variables]).apply(columns)
    labels = fitted.labels_[fitted.labels_ >= 0]
    return Quality(explained_share(scores, np.ones(labels.size), labels) if labels.size else 0.0, ())


def _is_by_rules(fitted: Segmenter | RuleSegmenter) -> TypeGuard[RuleSegmenter]:
    return hasattr(fitted, "rules")


def _described(
    profiles: Profiles, choice: Choice, customers: _Customers, fitted: Segmenter | RuleSegmenter
) -> Segmentation:
    """Return the segmentation: customers with their label, and what each segment is like."""
    from klantprofiel.segmentation.scoring import named_segments  # noqa: PLC0415  sqlglot costs a second

    if not (fitted.labels_ >= 0).any():
        raise ConfigurationError(
            "no rule holds for any customer",
            expected="rules that hold for some of these customers",
            todo="look at the values with `profiles.describe()`, and change the rules",
        )
    names = tuple(variable.name for variable in choice.variables)
    is_assigned = fitted.labels_ >= 0
    assigned, labels = customers.table.filter(is_assigned), fitted.labels_[is_assigned]
    profile = portray(choice.variables, assigned, labels)
    members = {"customer_id": assigned.column("customer_id"), "segment_id": segment_names(labels)}
    n_unassigned = customers.table.num_rows - assigned.num_rows
    scoring = named_segments(fitted.scoring_sql(), "customer_id", segment_names(range(fitted.n_segments_)))
    return Segmentation(
        as_of=profiles.tables.as_of,
        purpose=customers.purpose,
        bases=tuple(basis for basis in BASES if any(v.basis == basis for v in choice.variables)),
        variables=names,
        method=_method(fitted),
        n_excluded=customers.n_excluded,
        n_unassigned=n_unassigned,
        n_incomplete=_n_incomplete(fitted),
        quality_found=_quality(fitted, choice, assigned.select(names)),
        notes=tuple(_notes(choice, customers.purpose, fitted, n_unassigned)),
        segment_table=arrow_table(_sizes(fitted, profile), SEGMENTS),
        member_table=arrow_columns(members, MEMBERS),
        profile_table=arrow_table(profile, PROFILES),
        tables=profiles.tables,
        scoring=scoring.sql("duckdb"),
    )


def _n_incomplete(fitted: Segmenter | RuleSegmenter) -> int:
    return 0 if _is_by_rules(fitted) else fitted.n_incomplete_


def _sizes(fitted: Segmenter | RuleSegmenter, profile: list[Row]) -> list[Row]:
    total = int(fitted.sizes_.sum())
    names = dict(zip(segment_names(range(fitted.n_segments_)), getattr(fitted, "names_", ()), strict=False))
    return [
        {
            "segment_id": segment_id,
            "label": names.get(segment_id)
            or label_of([row for row in profile if row["segment_id"] == segment_id]),
            "size": int(size),
            "share": int(size) / total,
        }
        for segment_id, size in zip(segment_names(range(len(fitted.sizes_))), fitted.sizes_, strict=True)
    ]


def _method(fitted: Segmenter | RuleSegmenter) -> str:
    """Return the estimator and its settings, without the bases, which the segmentation has itself."""
    settings = {name: value for name, value in fitted.get_params().items() if name != "bases"}
    return f"{type(fitted).__name__}({', '.join(f'{name}={value!r}' for name, value in settings.items())})"


def _notes(
    choice: Choice, purpose: str | None, fitted: Segmenter | RuleSegmenter, n_unassigned: int
) -> Iterator[str]:
    """Say in Dutch what was left out, and what was done about what is not known."""
    n_incomplete = _n_incomplete(fitted)
    if n_unassigned:
        yield NOTES["no_rule" if _is_by_rules(fitted) else "unassigned"].format(n=dutch(n_unassigned))
    if n_incomplete:
        yield NOTES["incomplete" if hasattr(fitted, "centers_") else "left_open"].format(
            n=dutch(n_incomplete)
        )
    for name, reason in choice.left_out.items():
        yield NOTES["left_out"].format(name=name, reason=REASONS[reason])
    for variable in choice.variables:
        if variable.protected:
            yield NOTES["protected"].format(name=variable.name)
        if variable.finding:
            yield NOTES["finding"].format(name=variable.name, reason=REASONS[variable.finding])
    if purpose is None:
        yield NOTES["no_purpose"]
