"""A project is a directory marked by klantprofiel.toml; relative paths start there, wherever you stand.

    klantprofiel.toml   [project] name; [warehouse] path, keep_releases, memory_limit, threads
    schemas/            tables and variables as Python; purposes and criteria as YAML
    pipelines/          one module per run, each with a `main(warehouse, as_of)`
    notebooks/          analyses

Modules of a project are loaded by path, under a private name of that project alone: two projects may
both have a `schemas/crm.py`, and neither hides an installed package. Each is loaded once per process.
"""

from __future__ import annotations

import importlib
import re
import sys
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from klantprofiel.errors import ConfigurationError, KlantprofielError, ProjectError, near_miss

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MARKER: Final = "klantprofiel.toml"
SETTINGS: Final[dict[str, dict[str, type]]] = {
    "project": {"name": str},
    "warehouse": {"path": str, "keep_releases": int, "memory_limit": str, "threads": int},
}
MEMORY: Final = re.compile(r"[0-9]+(\.[0-9]+)? ?[KMGT]i?B")
MOST: Final = 256  # threads or releases: more is a slip of the keyboard, and would halt the machine
SAFE_TO_SHOW: Final = (SyntaxError, NameError, ImportError)  # their text holds code, never a record

_active: ContextVar[Path | None] = ContextVar("klantprofiel_project", default=None)


@dataclass(frozen=True)
class Project:
    """One project: its name, its place and the settings of its warehouse.

    >>> project = Project(root=Path("/srv/winkel"), name="winkel", warehouse_path=Path("/srv/winkel/klanten"))
    >>> project.path("leveringen/klanten.csv").as_posix()
    '/srv/winkel/leveringen/klanten.csv'
    """

    root: Path
    name: str
    warehouse_path: Path
    keep_releases: int = 5
    memory_limit: str | None = None
    threads: int | None = None

    def path(self, relative: str | Path) -> Path:
        """Return the absolute path of `relative` in this project; an absolute path stays as it is."""
        return self.root / relative

    def schema(self, name: str) -> ModuleType:
        """Return the module `schemas/<name>.py`; schema files may import each other relatively."""
        return self._module("schemas", name)

    def schemas(self) -> tuple[str, ...]:
        """Return the names of the modules in schemas/, in alphabetical order."""
        return self._names("schemas")

    def themes(self) -> tuple[str, ...]:
        """Return the names of the SQL files in schemas/variables/, in alphabetical order."""
        return tuple(sorted(file.stem for file in self.path("schemas/variables").glob("*.sql")))

    def theme(self, name: str) -> ModuleType:
        """Return the module `schemas/variables/<name>.py`, which declares what `<name>.sql` makes."""
        return self._module("schemas/variables", name)

    def pipeline(self, name: str) -> ModuleType:
        """Return the module `pipelines/<name>.py`, which has a `main(warehouse, as_of)`."""
        module = self._module("pipelines", name)
        if not callable(getattr(module, "main", None)):
            raise ProjectError(
                f"pipelines/{name}.py has no main function",
                expected="def main(warehouse: Warehouse, as_of: date) -> None",
                todo="put the steps of the pipeline in a function of that name",
            )
        return module

    def pipelines(self) -> tuple[str, ...]:
        """Return the names of the pipelines, in alphabetical order."""
        return self._names("pipelines")

    def _names(self, room: str) -> tuple[str, ...]:
        files = self.path(room).glob("*.py")
        return tuple(sorted(file.stem for file in files if not file.stem.startswith("_")))

    def _module(self, room: str, name: str) -> ModuleType:
        known = self._names(room)
        if name not in known:
            raise ConfigurationError(
                f"{self.path(room)} has no {name}.py{near_miss(name, known)}",
                expected=f"one of {', '.join(known)}" if known else f"Python files in {room}/",
                todo=f"check the name, or add {room}/{name}.py",
            )
        package = _private_package(self.root)
        importlib.invalidate_caches()
        try:
            return importlib.import_module(f"{package}.{room.replace('/', '.')}.{name}")
        except KlantprofielError:
            raise
        except Exception as error:
            raise ProjectError(
                f"{room}/{name}.py cannot be loaded: {_what_went_wrong(error, self.root)}",
                expected="a module that Python can import",
                todo="correct the file; `klantprofiel --debug` shows the whole error",
            ) from error


def find_project(start: str | Path | None = None) -> Project:
    r"""Return the project around `start`, a file or a directory.

    Without `start` that is the project of `--project`, else the one around the working directory.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as directory:
    ...     root = Path(directory)
    ...     _ = (root / "klantprofiel.toml").write_text('[project]\nname = "winkel"')
    ...     (root / "notebooks").mkdir()
    ...     project = find_project(root / "notebooks")
    >>> project.name, project.warehouse_path.name, project.keep_releases
    ('winkel', 'klanten', 5)

    Raises
    ------
    ProjectError
        When there is no klantprofiel.toml at `start` or above, or when it holds a wrong setting.
    """
    root = _active_root() if start is None else _root_around(Path(start))
    if root is None:
        raise ProjectError(
            f"no {MARKER} in {Path(start) if start is not None else Path.cwd()} or above",
            expected=f"a directory marked by {MARKER}",
            todo="go to your project, name it with --project, or make one with `klantprofiel init DIR`",
        )
    return _read(root)


def activate(root: str | Path) -> Project:
    """Make the project at `root` the one where relative paths start, as `--project` does.

    Raises
    ------
    ProjectError
        When `root` itself has no klantprofiel.toml.
    """
    place = Path(root).resolve()
    if not (place / MARKER).is_file():
        raise ProjectError(
            f"{place} is not a project",
            expected=f"a directory with a {MARKER}",
            todo="name the directory of your project, or make one with `klantprofiel init DIR`",
        )
    project = _read(place)
    _active.set(place)
    return project


def resolve(path: str | Path) -> Path:
    """Return `path` as an absolute path: relative ones start at the project, else where you stand.

    >>> resolve("/srv/klanten").as_posix()
    '/srv/klanten'
    """
    return (_active_root() or Path.cwd()) / path


def _active_root() -> Path | None:
    return _active.get() or _root_around(Path.cwd())


def _root_around(start: Path) -> Path | None:
    place = start.resolve()
    return next((p for p in (place, *place.parents) if (p / MARKER).is_file()), None)


def _read(root: Path) -> Project:
    import tomllib  # noqa: PLC0415 - a quarter of the time of this module, and only needed here

    marker = root / MARKER
    try:
        settings = tomllib.loads(marker.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProjectError(
            f"{marker} is not TOML: {error}",
            expected='[project] with name = "...", in UTF-8',
            todo="correct the file at the place named",
        ) from error
    _refuse_unknown("section", settings, SETTINGS, marker)
    for section, keys in SETTINGS.items():
        _check_section(section, settings.get(section, {}), keys, marker)
    if not settings.get("project", {}).get("name"):
        raise _wrong("no name", 'name = "..." under [project]', marker)
    operation = dict(settings.get("warehouse", {}))
    warehouse_path = root / operation.pop("path", "klanten")
    return Project(root=root, name=settings["project"]["name"], warehouse_path=warehouse_path, **operation)


def _check_section(section: str, given: object, keys: Mapping[str, type], marker: Path) -> None:
    if not isinstance(given, dict):
        raise _wrong(f"{section} is not a section", f"[{section}] on a line of its own", marker)
    _refuse_unknown(f"setting under [{section}]", given, keys, marker)
    for key, value in given.items():
        if type(value) is not keys[key]:
            kind = "a whole number" if keys[key] is int else "text between quotes"
            raise _wrong(f"{key} = {value!r}", f"{key} is {kind}", marker)
        if isinstance(value, int) and not 1 <= value <= MOST:
            raise _wrong(f"{key} = {value}", f"{key} is 1 to {MOST}", marker)
        if key == "memory_limit" and not MEMORY.fullmatch(str(value)):
            raise _wrong(f"{key} = {value!r}", 'a size with its unit, like "4GB"', marker)


def _refuse_unknown(what: str, given: Iterable[str], known: Iterable[str], marker: Path) -> None:
    for name in given:
        if name not in known:
            raise _wrong(f"an unknown {what}, {name!r}{near_miss(name, known)}", ", ".join(known), marker)


def _wrong(found: str, expected: str, marker: Path) -> ProjectError:
    return ProjectError(f"{marker} has {found}", expected=expected, todo=f"correct {marker.name}")


def _private_package(root: Path) -> str:
    """Return the name of the package that stands for `root` in `sys.modules`, made when it is not there."""
    name = f"_klantprofiel_project_{sha256(str(root).encode()).hexdigest()[:16]}"
    if name not in sys.modules:
        package = ModuleType(name, f"The modules of the project in {root}.")
        package.__path__ = [str(root)]
        sys.modules[name] = package
    return name


def _what_went_wrong(error: Exception, root: Path) -> str:
    """Return the kind of error and the line in the project it came from, with its text if that is code."""
    kind = type(error).__name__
    text = f": {error}" if isinstance(error, SAFE_TO_SHOW) else ""
    trace, line = error.__traceback__, None
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename).is_relative_to(root):
            line = f"{Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return f"{kind} in {line}{text}" if line else f"{kind}{text}"
