"""The glossary is in order, and knows the labels that people see."""

from __future__ import annotations

from pathlib import Path

from klantprofiel import labels

ROWS = [
    [cell.strip() for cell in line.strip("|\n ").split("|")]
    for line in (Path(__file__).parents[2] / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("|")
][2:]


def test_terms_are_sorted_and_named_once() -> None:
    terms = [term.lower() for term, _, _ in ROWS]
    assert terms == sorted(set(terms))


def test_every_basis_and_facet_that_people_see_is_in_it() -> None:
    dutch = " ".join(label.lower() for _, label, _ in ROWS)
    english = " ".join(term for term, _, _ in ROWS)
    assert all(label.lower() in dutch for label in labels.BASES.values())
    assert all(facet in english for facet in labels.FACETS)
