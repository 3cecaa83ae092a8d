"""The themes of the house, and those that a project adds: `schemas/variables/<name>.sql` and `<name>.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from klantprofiel.errors import DeclarationError
from klantprofiel.profiles import areas, experience, people, purchases, survey, value
from klantprofiel.profiles.theme import Theme
from klantprofiel.profiles.variable import Variable

if TYPE_CHECKING:
    from klantprofiel.project import Project

HOUSE: Final[tuple[Theme, ...]] = (
    *areas.THEMES,
    *people.THEMES,
    *purchases.THEMES,
    *value.THEMES,
    *survey.THEMES,
    *experience.THEMES,
)


def themes_of(project: Project | None) -> tuple[Theme, ...]:
    """Return the themes of the house, and after them those of a project, by name.

    A project declares the variables of `schemas/variables/leesgedrag.sql` in `leesgedrag.py` beside it, as a
    tuple `VARIABLES`; nothing else has to be changed.

    Raises
    ------
    DeclarationError
        When a theme of the project has the name of one of the house, or declares no variables.
    """
    if project is None:
        return HOUSE
    return (*HOUSE, *(_of_project(project, name) for name in project.themes()))


def _of_project(project: Project, name: str) -> Theme:
    taken = {"profiles", "variables", "customers", *(theme.name for theme in HOUSE)}
    taken |= {facts.name for theme in HOUSE for facts in (*theme.references, *theme.facts)}
    if name in taken:
        raise DeclarationError(
            f"schemas/variables/{name}.sql makes the table {name}, which klantprofiel makes already",
            expected="a name of its own",
            todo="rename the file and the table in its first line",
        )
    variables = getattr(project.theme(name), "VARIABLES", None)
    if not (
        isinstance(variables, tuple) and variables and all(isinstance(each, Variable) for each in variables)
    ):
        raise DeclarationError(
            f"schemas/variables/{name}.py declares no variables",
            expected="VARIABLES = (Variable(...), ...), one for each column of the SQL but customer_id",
            todo=f"declare what schemas/variables/{name}.sql yields",
        )
    return Theme(name=name, package=project.path("schemas/variables"), variables=variables)
