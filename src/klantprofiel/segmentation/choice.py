"""Which variables a segmentation uses: those of the chosen bases that can tell customers apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from klantprofiel.errors import ConfigurationError, near_miss
from klantprofiel.labels import BASES, FINDINGS
from klantprofiel.profiles import MOST_MISSING
from klantprofiel.segmentation.columns import columns_of, is_usable_type, says_nothing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from klantprofiel.profiles import Profiles, Variable
    from klantprofiel.segmentation.columns import Column

REASONS: Final = {
    "protected": "beschermd kenmerk: wordt alleen gebruikt als u het bij naam kiest",
    "type": "geen getal, tekst of vlag",
    "special": "bijzonder persoonsgegeven (artikel 9 AVG)",
    "id_like": "bij bijna elke klant anders",
    **FINDINGS,
}


@dataclass(frozen=True)
class Choice:
    """The variables asked for, and `left_out`: the reason per variable that cannot be used."""

    variables: tuple[Variable, ...]
    left_out: dict[str, str]
    are_named: bool

    def without(self, reasons: dict[str, str]) -> Choice:
        """Leave out variables; the analyst who named one of them hears it as an error.

        Raises
        ------
        ConfigurationError
            When a variable chosen by name is left out, or when nothing remains.
        """
        if self.are_named and reasons:
            name, reason = next(iter(reasons.items()))
            raise ConfigurationError(
                f"the variable {name!r} cannot be used: {REASONS[reason]}",
                expected="variables with at least two values, not a different one per customer",
                todo=f"leave {name!r} out of `variables`",
            )
        kept = tuple(variable for variable in self.variables if variable.name not in reasons)
        left_out = {**self.left_out, **reasons}
        if not kept:
            found = "; ".join(f"{name}: {REASONS[reason]}" for name, reason in left_out.items())
            raise ConfigurationError(
                f"none of the variables can be used ({found or 'the bases have no variables'})",
                expected="at least one variable with different values between customers",
                todo="choose other bases, or see what there is with `profiles.describe()`",
            )
        return Choice(kept, left_out, self.are_named)


def choose(profiles: Profiles, bases: Sequence[str] | None, variables: Sequence[str] | None) -> Choice:
    """Return the variables of the bases, or of those the ones named.

    Those that are protected, or that their theme found to be measured too poorly, are there only when named.

    Raises
    ------
    ConfigurationError
        When nothing is chosen, or a basis or a variable is not known.
    """
    if not bases and not variables:
        raise ConfigurationError(
            "no bases were chosen to segment by",
            expected=f"bases=[...] of {', '.join(BASES)}, or variables=[...]",
            todo='for example: segment(profiles, bases=["behavioural"])',
        )
    for basis in bases or ():
        _refuse_unknown("basis", basis, BASES)
    available = {v.name: v for v in profiles.variables() if v.basis in (bases or BASES)}
    for name in variables or ():
        _refuse_unknown("variable in these bases", name, available)
    chosen = [available[name] for name in dict.fromkeys(variables or available)]
    by_basis = [] if variables else chosen
    refused = {v.name: v.finding for v in by_basis if v.finding}
    refused |= {v.name: "protected" for v in by_basis if v.protected}
    refused |= {v.name: "special" for v in chosen if v.special}
    return Choice(tuple(chosen), {}, are_named=bool(variables)).without(refused)


def readable(choice: Choice, table: Any) -> Choice:  # noqa: ANN401  pyarrow ships no types
    """Leave out what is not numbers, text or flags in an Arrow table of the chosen variables."""
    kinds = {v.name: table.schema.field(v.name).type for v in choice.variables}
    return choice.without({name: "type" for name, kind in kinds.items() if not is_usable_type(kind)})


def telling(choice: Choice, table: Any) -> Choice:  # noqa: ANN401  pyarrow ships no types
    """Leave out what tells nothing about these customers: unknown, equal, or different for each."""
    columns = columns_of(table.select([v.name for v in choice.variables]))
    found = {column.name: _says_nothing(column) for column in columns}
    return choice.without({name: reason for name, reason in found.items() if reason})


def _says_nothing(column: Column) -> str:
    is_rare = column.is_known.sum() < (1 - MOST_MISSING) * column.is_known.size
    reason = says_nothing(column)
    return "rare" if is_rare and reason in {"", "id_like"} else reason


def _refuse_unknown(what: str, name: str, known: Iterable[str]) -> None:
    known = list(known)
    if name not in known:
        raise ConfigurationError(
            f"there is no {what} {name!r}{near_miss(name, known)}",
            expected=f"one of {', '.join(known)}",
            todo="correct the name; `profiles.describe()` shows what there is",
        )
