"""What was asked and what was found, in words: Dutch for the page, English for errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.display import dutch_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from klantprofiel.validation.gate.findings import Finding

MOST_NAMED: Final = 8  # categories
CUSTOM: Final = "unexpected_rows_expectation"
ABOUT: Final = {
    "volume": "aantal",
    "freshness": "versheid",
    "uniqueness": "uniciteit",
    "relation": "relatie",
    "share": "aandeel",
    "range": "bereik",
    "distribution": "verdeling",
    "category": "categorieën",
}


@dataclass(frozen=True)
class Language:
    """How one language says what was asked and found; each text takes what stands between braces."""

    between: str
    at_least: str
    at_most: str
    one_of: str
    all_of: str
    exactly: str
    none_of: str
    and_more: str
    mostly: str
    every: str
    no_rows: str
    within: str
    as_asked: str
    observed_rows: str
    off: str
    number: Callable[[float], str]


def _decimals(value: float) -> int:
    """Return with how many decimals a number is told: four digits in all, without zeros at the end."""
    _, _, decimals = f"{value:.4g}".partition(".")
    return 0 if "e" in decimals or abs(value) >= 1000 else len(decimals)  # noqa: PLR2004


DUTCH: Final = Language(
    between="{low} tot en met {high}",
    at_least="minstens {low}",
    at_most="hoogstens {high}",
    one_of="alleen {names}",
    all_of="in elk geval {names}",
    exactly="precies {names}",
    none_of="niet {names}",
    and_more="en {n} andere",
    mostly="bij minstens {share}% van de records",
    every="bij elk record",
    no_rows="geen enkele afwijking",
    within="binnen de grens",
    as_asked="zoals gevraagd",
    observed_rows="{n} afwijkingen",
    off="{n} van {total} wijken af ({share}%)",
    number=lambda value: dutch_number(value, decimals=_decimals(value)),
)
ENGLISH: Final = Language(
    between="{low} to {high}",
    at_least="at least {low}",
    at_most="at most {high}",
    one_of="only {names}",
    all_of="at least {names}",
    exactly="exactly {names}",
    none_of="not {names}",
    and_more="and {n} more",
    mostly="in at least {share}% of the records",
    every="in every record",
    no_rows="nothing that deviates",
    within="within the bound",
    as_asked="as asked",
    observed_rows="{n} deviations",
    off="{n} of {total} deviate ({share}%)",
    number=lambda value: f"{value:,.{_decimals(value)}f}",
)


def title_of(finding: Finding) -> str:
    """Return in Dutch what an expectation is about, and of which column.

    >>> from klantprofiel.validation.gate.suites import Expectation, Suite
    >>> from klantprofiel.validation.gate.findings import Finding
    >>> mean = Expectation("expect_column_mean_to_be_between", {"column": "amount"}, {"about": "range"})
    >>> title_of(Finding(Suite("orders", (mean,)), mean, None))
    'bereik van amount'
    """
    about = about_of(finding)
    return f"{about} van {finding.declared.subject}" if finding.declared.subject else about


def about_of(finding: Finding) -> str:
    """Return in Dutch what an expectation is about."""
    own = "eigen vraag" if finding.declared.type == CUSTOM else ""
    kind = own or finding.declared.type.removeprefix("expect_").replace("_", " ")
    return ABOUT.get(str(finding.declared.meta.get("about")), kind)


def asked_of(finding: Finding, language: Language) -> str:
    """Return what was asked: a bound, names, or a share of the records."""
    asked: Mapping[str, Any] = finding.asked or {}
    low, high = (None, None) if "mostly" in asked else finding.bounds
    parts = [_range(asked.get("min_value", low), asked.get("max_value", high), language)]
    if "value_set" in asked:
        names = [str(name) for name in asked["value_set"] or ()]
        more = len(names) - MOST_NAMED
        told = ", ".join(names[:MOST_NAMED])
        parts.append(_form_of(finding.declared.type, language).format(names=told))
        parts.append(language.and_more.format(n=more) if more > 0 else "")
    if "threshold" in asked:
        parts.append(_range(None, asked["threshold"], language))
    if isinstance(asked.get("mostly"), (int, float)) and asked["mostly"] < 1:
        parts.append(language.mostly.format(share=language.number(100 * asked["mostly"])))
    told = " ".join(part for part in parts if part)
    if told:
        return told
    if finding.declared.type == CUSTOM:
        return language.no_rows
    return language.every if "unexpected_count" in finding.result else language.as_asked


def _form_of(kind: str, language: Language) -> str:
    """Return how an expectation about names is told: as what may be there, or what must, or what may not."""
    if kind.endswith("_to_contain_set"):
        return language.all_of
    if kind.endswith("_to_equal_set"):
        return language.exactly
    return language.none_of if kind.endswith("_to_not_be_in_set") else language.one_of


def found_of(finding: Finding, language: Language) -> str:
    """Return what was found: an aggregate, or how many records deviate; empty when nothing can be shown."""
    observed, result = finding.observed, finding.result
    if result.get("unexpected_count") is not None and result.get("element_count"):
        return language.off.format(
            n=language.number(result["unexpected_count"]),
            total=language.number(result["element_count"] - result.get("missing_count", 0)),
            share=language.number(round(result.get("unexpected_percent") or 0, 2)),
        )
    if observed is None:
        return ""
    if finding.declared.type == CUSTOM and "details" not in result:
        if observed:
            return language.observed_rows.format(n=_word(observed, language))
        return language.no_rows if finding.bounds == (None, None) else language.within
    return _word(observed, language)


def _range(low: object, high: object, language: Language) -> str:
    if low is None and high is None:
        return ""
    form = language.between if low is not None and high is not None else ""
    form = form or (language.at_most if low is None else language.at_least)
    return form.format(low=_word(low, language), high=_word(high, language))


def _word(value: object, language: Language) -> str:
    return language.number(value) if isinstance(value, (int, float)) else str(value)
