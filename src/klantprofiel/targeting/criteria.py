"""The criteria by which segments are compared: a dated definition, decided by people.

It stands in YAML, in `schemas/targeting.yaml`:

    dated: 2026-09-01                # the day on which this definition was decided
    decided_by: directie
    competitors: [Bol, Coolblue]     # those who satisfy the same need; judgements may name these only
    criteria:
      growth:                        # the name that judgements use
        question: growth             # opportunities, advantage, growth, value, volume or strategic
        axis: attractiveness         # attractiveness of the segment, or strength of ours in it
        label: Groei
        unit: aandeel
        source: measured             # measured in the release (growth, value, volume), or judged by people
        direction: more              # more is better, or less
        low: -0.5                # the bounds: at `low` the value is 0, at `high` it is 1,
        high: 0.5                # on a straight line between; reversed when less is better
        weight: 2                # above 0; only the proportions between weights matter

The bounds are fixed in the definition, not taken from the segments at hand: so adding a segment reverses no
ranks, and scores can be compared over time. What is measured has these units: growth from -2 to 2 (symmetric
growth of spending, the last half year against the one before), value in EUR per customer, volume in
customers.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003  pydantic needs it when the class is made
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from klantprofiel.errors import DeclarationError, near_miss
from klantprofiel.project import resolve
from klantprofiel.purposes.yaml_lines import YamlFile, read_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic_core import ErrorDetails

Question = Literal["opportunities", "advantage", "growth", "value", "volume", "strategic"]
Axis = Literal["attractiveness", "strength"]
Source = Literal["measured", "judged"]
Direction = Literal["more", "less"]

MEASURED: Final = ("growth", "value", "volume")  # the questions that a release can answer by itself

QUESTIONS: Final[dict[Question, str]] = {
    "opportunities": "Kansen en bedreigingen",
    "advantage": "Concurrentievoordeel",
    "growth": "Groei",
    "value": "Waarde",
    "volume": "Volume",
    "strategic": "Strategische waarde",
}

_MOST: Final = 10**12  # with six decimals what a DECIMAL(18,6) holds
_DECIMALS: Final = 6


def _exact(value: object) -> object:
    """Take numbers as they are written, so that 0.1 is a tenth; nothing else is a number."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("is not a number")  # noqa: TRY004  pydantic reports a ValueError
    exact = Decimal(str(value))
    if exact.is_finite() and (abs(exact) >= _MOST or exact != round(exact, _DECIMALS)):
        raise ValueError(f"is not a number below {_MOST:,} with at most {_DECIMALS} decimals")
    return exact


Number = Annotated[Decimal, BeforeValidator(_exact), Field(allow_inf_nan=False)]
Words = Annotated[str, Field(min_length=1, pattern=r"\S")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Criterion(_Declared):
    """One criterion, with the straight line that turns what is found into a value from 0 to 1."""

    question: Question
    axis: Axis
    label: Words
    unit: str
    source: Source
    direction: Direction
    low: Number
    high: Number
    weight: Annotated[Number, Field(gt=0)]

    @model_validator(mode="after")
    def _is_possible(self) -> Criterion:
        if self.low >= self.high:
            raise ValueError(f"has low {self.low}, which is not below high {self.high}")
        if self.source == "measured" and self.question not in MEASURED:
            raise ValueError(
                f"is measured, and {self.question} can only be judged; measured can be {', '.join(MEASURED)}"
            )
        return self

    def value(self, found: Decimal | Fraction) -> Fraction:
        """Return the value, 0 to 1, of what was found; beyond the bounds it stays 0 or 1.

        >>> criterion = Criterion(
        ...     question="value", axis="attractiveness", label="Waarde", unit="EUR", source="measured",
        ...     direction="more", low=0, high=200, weight=1,
        ... )
        >>> criterion.value(Decimal("50.00")), criterion.value(Decimal("900"))
        (Fraction(1, 4), Fraction(1, 1))
        """
        low, high = Fraction(self.low), Fraction(self.high)
        share = min(max((Fraction(found) - low) / (high - low), Fraction(0)), Fraction(1))
        return share if self.direction == "more" else 1 - share


class Definition(_Declared):
    """All criteria, with the date of the definition and who decided it."""

    dated: date
    decided_by: Words
    competitors: tuple[Words, ...] = ()
    criteria: Annotated[dict[Name, Criterion], Field(min_length=1)]

    def weight_share(self, name: str) -> Fraction:
        """Return the share, 0 to 1, that a criterion has in all weights together."""
        total = sum((Fraction(criterion.weight) for criterion in self.criteria.values()), Fraction(0))
        return Fraction(self.criteria[name].weight) / total


def load_criteria(path: str | Path = "schemas/targeting.yaml") -> Definition:
    r"""Read the definition of the criteria; a relative path starts at the project.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as directory:
    ...     file = Path(directory, "targeting.yaml")
    ...     _ = file.write_text('''
    ... dated: 2026-09-01
    ... decided_by: directie
    ... criteria:
    ...   volume: {question: volume, axis: attractiveness, label: Volume, unit: klanten, source: measured,
    ...            direction: more, low: 0, high: 10000, weight: 1}
    ... ''')
    ...     definition = load_criteria(file)
    >>> definition.weight_share("volume")
    Fraction(1, 1)

    Raises
    ------
    DeclarationError
        For the first thing in the file that is not as it should be, with its line and the nearest right name.
    """
    file = read_yaml(resolve(path))
    content = file.content
    if isinstance(content, dict) and isinstance(content.get("competitors"), list):
        content = {**content, "competitors": tuple(content["competitors"])}
    try:
        return Definition.model_validate(content)
    except ValidationError as error:
        raise _refusal(file, error.errors(include_url=False)[0]) from None


_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "question": get_args(Question),
    "axis": get_args(Axis),
    "source": get_args(Source),
    "direction": get_args(Direction),
}
_FORMS: Final = {
    "": "a mapping with dated, decided_by, competitors and criteria",
    "dated": "a date, as 2026-09-01",
    "decided_by": "who decided, such as: directie",
    "competitors": "a list of names, as [Bol, Coolblue]",
    "criteria": "a mapping from the name of a criterion to its question, axis, label and so on",
    "label": "a short Dutch label",
    "unit": "the unit, such as klanten; '' when there is none",
    "low": "a number",
    "high": "a number",
    "weight": "a number above 0",
    **{key: f"one of {', '.join(choices)}" for key, choices in _CHOICES.items()},
}
_A_CRITERION: Final = f"a criterion with {', '.join(Criterion.model_fields)}"


def _refusal(file: YamlFile, problem: ErrorDetails) -> DeclarationError:
    keys = tuple(str(key) for key in problem["loc"] if key != "[key]")
    found, expected = _in_our_words(problem, keys)
    where = f"{file.place(keys)}: " + (".".join(keys) or "the file")
    return DeclarationError(
        f"{where} {found}", expected=expected, todo=f"correct {file.path.name} and run again"
    )


def _in_our_words(problem: ErrorDetails, keys: tuple[str, ...]) -> tuple[str, str]:
    """Return what was found at a key and what belongs there."""
    key = keys[-1] if keys else ""
    n_above_a_field = 3  # criteria, the name of one, its field
    is_field = len(keys) == n_above_a_field or (len(keys) == 1 and key in Definition.model_fields)
    form = _FORMS.get(key, _A_CRITERION) if is_field or not keys else _A_CRITERION
    match problem["type"]:
        case "extra_forbidden":
            known = tuple((Criterion if len(keys) == n_above_a_field else Definition).model_fields)
            found, form = f"is not a key here{near_miss(key, known)}", f"the keys {', '.join(known)}"
        case "missing":
            found = "is missing"
        case "literal_error":
            found = f"is {problem['input']!r}{_near_choice(key, problem['input'])}"
        case "string_pattern_mismatch" if "[key]" in problem["loc"]:
            found, form = "is not a name", "lower-case letters, digits and _, starting with a letter"
        case "greater_than":
            found = f"is {problem['input']}"
        case "value_error":
            found = problem["msg"].removeprefix("Value error, ")
        case _:
            found = f"is wrong: {problem['msg']}"
    return found, form


def _near_choice(key: str, given: Any) -> str:  # noqa: ANN401  whatever stands in the file
    return near_miss(given, _CHOICES[key]) if isinstance(given, str) else ""
