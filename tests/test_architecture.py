"""The house stands as it was drawn: layers, sizes, no circles, nothing heavy at the door."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "klantprofiel"
PLACES = ("src", "tests", "schemas", "pipelines", "notebooks", "benchmarks")
FILES = sorted(file for place in PLACES for file in (ROOT / place).rglob("*.py"))
MODULES = sorted(SOURCE.rglob("*.py"))
SQL = sorted(SOURCE.rglob("*.sql"))
CONTRACT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
LAYERS = [layer.strip("()").split(" | ") for layer in CONTRACT["contracts"][0]["layers"]]

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 50
HEAVY = {
    "duckdb", "duckdb_engine", "great_expectations", "hypothesis", "jinja2", "numpy", "pandas",
    "phonenumbers", "polars", "pyarrow", "pydantic", "pygments", "pytest", "python_calamine", "rich",
    "scipy", "sklearn", "splink", "sqlalchemy", "sqlglot", "sqlite3", "stdnum", "tomllib", "xlsxwriter",
    "yaml",
}  # fmt: skip
ONLY_IN = {  # heavy libraries, each with the rooms that may import it
    "duckdb_engine": {"validation"},
    "great_expectations": {"validation"},
    "jinja2": {"display"},
    "phonenumbers": {"unification"},
    "pydantic": {"purposes", "targeting"},
    "python_calamine": {"ingestion"},
    "rich": {"display"},
    "scipy": {"unification", "segmentation", "profiles"},
    "sklearn": {"segmentation", "profiles"},
    "splink": {"unification"},
    "sqlalchemy": {"validation"},
    "stdnum": {"unification"},
    "xlsxwriter": {"demo"},
    "yaml": {"purposes", "targeting"},
}


def relative(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def room_of(module: Path) -> str:
    return module.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports_of(file: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.append(node.module or "")
    return names


def lines_of_code(function: ast.FunctionDef) -> int:
    """Count the lines of a function without its docstring, which may be as long as its promise."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function) is not None:
        lines -= (function.body[0].end_lineno or 0) - function.body[0].lineno + 1
    return lines


def test_no_room_knows_a_later_one_and_there_are_no_circles() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_types_too_come_from_rooms_below() -> None:
    rooms = {room: height for height, rooms in enumerate(reversed(LAYERS)) for room in rooms}
    strayed = [
        f"{name} in {relative(file)}"
        for file in MODULES
        for name in imports_of(file)
        if (own := room_of(file)) in rooms and name.startswith("klantprofiel.")
        if (other := name.split(".")[1]) != own and rooms[other] >= rooms[own]
    ]
    assert strayed == []


def test_no_module_imports_from_the_face_of_the_package() -> None:
    face = SOURCE / "__init__.py"  # which fetches its own room `schema`
    assert [relative(file) for file in MODULES if "klantprofiel" in imports_of(file) and file != face] == []


def test_a_heavy_library_stays_in_its_rooms() -> None:
    strayed = [
        f"{library} in {relative(file)}"
        for file in MODULES
        for library in {name.partition(".")[0] for name in imports_of(file)} & set(ONLY_IN)
        if room_of(file) not in ONLY_IN[library]
    ]
    assert strayed == []


def test_a_file_can_be_read_in_one_sitting() -> None:
    lengths = {relative(file): len(file.read_text(encoding="utf-8").splitlines()) for file in FILES + SQL}
    assert {name: n for name, n in lengths.items() if n > MOST_LINES_OF_A_FILE} == {}


def test_a_function_can_be_seen_whole() -> None:
    lengths = {
        f"{relative(file)}: {function.name}": lines_of_code(function)
        for file in FILES
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef)
    }
    assert {name: n for name, n in lengths.items() if n > MOST_LINES_OF_A_FUNCTION} == {}


def test_nothing_is_left_for_later() -> None:
    words = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
    texts = {relative(file): file.read_text(encoding="utf-8") for file in FILES + SQL}
    assert [name for name, text in texts.items() if any(word in text for word in words)] == []


@pytest.mark.parametrize("start", ["import klantprofiel", "import klantprofiel.cli"])
def test_the_door_loads_nothing_heavy(start: str) -> None:
    script = f"{start}, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


def test_help_loads_nothing_heavy() -> None:
    script = "import sys; from klantprofiel.cli import main; main(['--help']); print('LOADED', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.partition("LOADED")[2].split())
    assert "klantprofiel.cli.commands" in loaded
    assert not HEAVY & loaded
