"""How a wrong declaration waits for its table, which knows the file, the class and the column.

`s.Text(lable="Naam")` is evaluated before the table around it exists, so it returns a `Misdeclared` in place
of a column; the table that finds one raises DeclarationError with all names. Right declarations never notice.
"""

from __future__ import annotations

import inspect
import sys
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from klantprofiel.errors import DeclarationError, near_miss

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Fault:
    """What is wrong with one declaration, and its correct form as someone would type it."""

    found: str
    expected: str


@dataclass(frozen=True)
class Misdeclared:
    """Stands where a column, rule or setting was meant, until the table that holds it can name the place."""

    fault: Fault


class UnknownNameError(DeclarationError, AttributeError):
    """A declaration uses a name that this room does not have; an AttributeError too, as Python expects."""


def unknown_name(module: str, name: str, known: Collection[str]) -> AttributeError:
    """Return the error for `s.Txt`, asked for by a module's `__getattr__`."""
    found = f"{module} has no {name!r}"
    if name.startswith("_"):
        return AttributeError(found)
    frame = sys._getframe(2)  # noqa: SLF001 - the declaration that used the name
    return UnknownNameError(
        f"{frame.f_code.co_filename}, line {frame.f_lineno}: {found}{near_miss(name, known)}",
        expected=f"one of {', '.join(sorted(known))}",
        todo="correct the name and start again; nothing was read or written",
    )


class Declared(type):
    """The type of what a table's body makes: a call with wrong options waits for the table to report it.

    A class says in `form` how it is written correctly.
    """

    form: str

    def __call__(cls, *args: object, **options: object) -> Any:  # noqa: ANN401 - each class types its own __init__
        """Make the declaration, or a `Misdeclared` when the options do not fit."""
        fault = misuse(cls.__name__, _own_signature(cls), args, options, cls.form)
        return Misdeclared(fault) if fault else super().__call__(**options)


def declared(form: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Give a declaring function the same patience; `form` is how it is written correctly."""

    def patient(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def call(*args: P.args, **options: P.kwargs) -> R:
            fault = misuse(function.__name__, inspect.signature(function), args, options, form)
            return cast("R", Misdeclared(fault)) if fault else function(*args, **options)

        return call

    return patient


def misuse(
    what: str,
    signature: inspect.Signature,
    args: tuple[object, ...],
    options: Mapping[str, object],
    form: str,
) -> Fault | None:
    """Say what is wrong with a call before making it; None when nothing is."""
    for option in options:
        if option not in signature.parameters:
            return Fault(
                f"{option!r} is not an option of {what}{near_miss(option, signature.parameters)}", form
            )
    try:
        signature.bind(*args, **options)
    except TypeError as error:
        return Fault(f"{what}: {error}", form)
    return None


def _own_signature(cls: type) -> inspect.Signature:
    signature = inspect.signature(cls.__init__)  # type: ignore[misc]  # read, not called
    return signature.replace(parameters=list(signature.parameters.values())[1:])
