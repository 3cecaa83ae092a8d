"""A YAML file together with the line that each of its keys stands on, so that an error can point there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from klantprofiel.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True)
class YamlFile:
    """What a YAML file says, and where: `lines` maps a path of keys to a line number, counted from 1."""

    path: Path
    content: Any
    lines: Mapping[tuple[str, ...], int]

    def place(self, keys: tuple[str, ...]) -> str:
        """Return the file and line of the deepest of `keys` that the file has."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return f"{self.path}, line {self.lines.get(keys, 1)}"


def read_yaml(path: Path) -> YamlFile:
    """Read a YAML file; a key that stands twice in one mapping is refused, where YAML would keep the last.

    Raises
    ------
    DeclarationError
        When the file is not there, is not UTF-8 or not YAML, or has a key twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        lines = _lines(root, path) if root is not None else {}
        return YamlFile(path, yaml.safe_load(text), lines)
    except FileNotFoundError:
        raise DeclarationError(
            f"there is no file {path}",
            expected="a YAML file",
            todo="check the path; `klantprofiel init` writes an example",
        ) from None
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}, line {mark.line + 1}" if mark else str(path)
        raise DeclarationError(
            f"{where} is not YAML: {getattr(error, 'problem', None) or type(error).__name__}",
            expected="YAML in UTF-8",
            todo="correct the file at that line",
        ) from None


def _lines(root: yaml.Node, path: Path) -> dict[tuple[str, ...], int]:
    lines: dict[tuple[str, ...], int] = {}
    for keys, line in _walk(root, ()):
        if keys in lines:
            raise DeclarationError(
                f"{path}, line {line} has the key {keys[-1]!r} again, after line {lines[keys]}",
                expected="each key once",
                todo="remove one of the two",
            )
        lines[keys] = line
    return lines


def _walk(node: yaml.Node, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        here = (*above, str(key.value))
        yield here, key.start_mark.line + 1
        yield from _walk(value, here)
