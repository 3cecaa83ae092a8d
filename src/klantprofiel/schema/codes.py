"""Kinds with a closed list of codes: Flag, Choice and Sex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

from sqlglot import exp

from klantprofiel.schema import casts
from klantprofiel.schema.column import Column
from klantprofiel.schema.declaration import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import UnionType

    from klantprofiel.schema.dialect import Dialect

SEXES: Final = ("female", "male", "other")


@dataclass(frozen=True, kw_only=True, eq=False)
class Coded(Column):
    """What Flag, Choice and Sex share: a closed list of delivered codes and what each stands for.

    A code that stands for None says that the source does not know; the column has to be nullable then.
    """

    listed_as: ClassVar[UnionType | type] = Mapping

    values: Mapping[str, Any] | Sequence[str]

    @property
    def codes(self) -> dict[str, str | bool | None]:
        """What each delivered code stands for."""
        if isinstance(self.values, Mapping):
            return dict(self.values)
        return dict(zip(self.values, self.values, strict=True))

    def means(self, meaning: object) -> bool:
        """Tell whether a code can stand for this."""
        raise NotImplementedError

    def cast(self, text: exp.Expr, dialect: Dialect) -> exp.Expression:  # noqa: ARG002 - codes are exact
        """Return what the delivered code stands for."""
        return casts.coded(text, self.codes)

    def unreadable(self, text: exp.Expr, dialect: Dialect) -> exp.Expression:  # noqa: ARG002 - codes are exact
        """Return whether a code was delivered that is not in the list."""
        listed = exp.In(this=casts.given(text), expressions=[exp.convert(code) for code in self.codes])
        return casts.fill("coalesce(not $listed, false)", listed=listed)

    def expects(self, dialect: Dialect) -> str:  # noqa: ARG002 - codes are exact
        """Return in Dutch what a delivered text should look like."""
        return f"een van: {', '.join(self.codes)}"

    def faults(self) -> Iterator[Fault]:
        """Tell what is wrong with this declaration."""
        yield from super().faults()
        if not isinstance(self.values, self.listed_as) or isinstance(self.values, str) or not self.values:
            yield Fault(f"values={self.values!r}", f"the delivered codes, as in {self.form}")
            return
        for code in self.values:
            if not isinstance(code, str) or not code or code != code.strip():
                yield Fault(f"the code {code!r}", f"text without spaces around it, as in {self.form}")
        if len(set(self.values)) < len(self.values):
            yield Fault("a code that is listed twice", f"each code once, as in {self.form}")
        yield from self._meaning_faults()

    def _meaning_faults(self) -> Iterator[Fault]:
        for code, meaning in self.codes.items():
            if meaning is None and not self.nullable:
                yield Fault(f"the code {code!r} stands for nothing", "nullable=True, since it leaves a gap")
            if meaning is not None and not self.means(meaning):
                yield Fault(f"the code {code!r} stands for {meaning!r}", self.form)


@dataclass(frozen=True, kw_only=True, eq=False)
class Flag(Coded):
    """Yes or no, with the codes that the source writes for them; by default `true` and `false`.

    >>> Flag(label="Retour", values={"J": True, "N": False}).sql_type
    'BOOLEAN'
    """

    form: ClassVar[str] = 's.Flag(label="Retour", values={"J": True, "N": False})'
    sql_type: ClassVar[str] = "BOOLEAN"

    values: Mapping[str, bool | None] = field(default_factory=lambda: {"true": True, "false": False})

    def means(self, meaning: object) -> bool:
        """Tell whether a code can stand for this: true or false."""
        return isinstance(meaning, bool)


@dataclass(frozen=True, kw_only=True, eq=False)
class Choice(Coded):
    """One of a closed list of words, as delivered or as what a delivered code stands for.

    >>> Choice(label="Kanaal", values=("email", "post")).codes
    {'email': 'email', 'post': 'post'}
    >>> Choice(label="Kanaal", values={"E": "email", "P": "post"}).codes
    {'E': 'email', 'P': 'post'}
    """

    form: ClassVar[str] = 's.Choice(label="Kanaal", values=("email", "post"))'

    listed_as: ClassVar[UnionType | type] = Mapping | Sequence

    values: Mapping[str, str | None] | Sequence[str]

    def means(self, meaning: object) -> bool:
        """Tell whether a code can stand for this: any word."""
        return isinstance(meaning, str) and meaning != ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Sex(Coded):
    """Female, male or other; protected, since the law forbids to choose people by it.

    >>> Sex(label="Geslacht", values={"V": "female", "M": "male", "O": None}, nullable=True).protected
    True
    """

    form: ClassVar[str] = 's.Sex(label="Geslacht", values={"V": "female", "M": "male"})'
    holds_person: ClassVar[bool] = True

    protected: bool = True
    values: Mapping[str, str | None] = field(default_factory=lambda: {sex: sex for sex in SEXES})

    def means(self, meaning: object) -> bool:
        """Tell whether a code can stand for this: one of the three words for a sex."""
        return meaning in SEXES
