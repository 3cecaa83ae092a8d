"""The public names fit on one screen, cost nothing until they are used, and each shows how to use it."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

import klantprofiel

FACE = Path(klantprofiel.__file__)
ONE_SCREEN = 50


def test_the_public_names_are_these() -> None:
    assert klantprofiel.__all__ == [
        "ConfigurationError",
        "DeclarationError",
        "Delivery",
        "DeliveryError",
        "GateError",
        "KMeansSegmenter",
        "KlantprofielError",
        "LockedError",
        "MixtureSegmenter",
        "NotFoundError",
        "PermissionRefusedError",
        "Profiles",
        "Project",
        "ProjectError",
        "RuleSegmenter",
        "Segmentation",
        "Warehouse",
        "audience",
        "build_profiles",
        "export",
        "find_project",
        "ingest",
        "open_release",
        "schema",
        "score",
        "segment",
        "unify",
        "validate",
    ]


def test_they_fit_on_one_screen() -> None:
    assert len(klantprofiel.__all__) <= ONE_SCREEN


def test_completion_offers_the_public_names_and_nothing_else() -> None:
    assert dir(klantprofiel) == sorted(klantprofiel.__all__)


def test_what_editors_see_is_what_python_fetches() -> None:
    body = ast.parse(FACE.read_text(encoding="utf-8")).body
    (seen, *_) = (node.body for node in body if isinstance(node, ast.If))
    names = {name.name for node in seen if isinstance(node, ast.ImportFrom) for name in node.names}
    assert names == set(klantprofiel.__all__)


@pytest.mark.parametrize("name", klantprofiel.__all__)
def test_every_public_name_can_be_fetched_and_is_documented(name: str) -> None:
    assert inspect.getdoc(getattr(klantprofiel, name))


@pytest.mark.parametrize("name", klantprofiel.__all__)
def test_every_public_name_has_an_example_that_runs(name: str) -> None:
    value = getattr(klantprofiel, name)
    text = inspect.getdoc(value) or ""
    if inspect.isclass(value) and issubclass(value, Exception):
        return  # the tree of errors has one example, at the top of errors.py
    if (maker := re.search(r"[Mm]ade by `([a-z_]+)`", text)) and inspect.isclass(value):
        text = inspect.getdoc(getattr(klantprofiel, maker[1])) or ""
    assert ">>> " in text


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'segmnt'"):
        getattr(klantprofiel, "segmnt")  # noqa: B009 - a type checker would refuse klantprofiel.segmnt
