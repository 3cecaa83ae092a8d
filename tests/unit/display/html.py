"""A strict reader of HTML: every tag closed in order, every id once, every place that is pointed at there."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise

VOID = {"meta"}
FOREIGN = {"script", "iframe", "object", "embed", "link", "img", "form", "base", "image", "use"}
SELF_CLOSED = {"rect", "line", "path", "circle", "col"}


class Page(HTMLParser):
    """What stands in a page: its tags in order, its ids, its links and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.texts: list[str] = []
        self.text_by_tag: list[tuple[str, str]] = []
        self.rows: list[list[str]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == [], f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in {tag}"
        if tag == "tr":
            self.rows.append([])
        if tag in {"th", "td"}:
            self.rows[-1].append("")
        if tag not in VOID | SELF_CLOSED:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        assert tag in SELF_CLOSED, f"{tag} is no void element"

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"{tag} is closed and was not open"
        assert self._open.pop() == tag, f"{tag} is closed out of order"

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        self.text_by_tag.append((self._open[-1] if self._open else "", data))
        if {"th", "td"} & set(self._open) and "svg" not in self._open:
            self.rows[-1][-1] += data

    def values(self, name: str) -> list[str]:
        """Return the values of an attribute, wherever it stands."""
        return [value or "" for _, found, value in self.attributes if found == name]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


def check(html: str) -> Page:
    """Return the page, when it is whole and points at nothing outside itself."""
    page = Page(html)
    ids = page.values("id")
    assert len(ids) == len(set(ids)), "an id stands twice"
    assert all(link.startswith("#") and link[1:] in ids for link in page.values("href"))
    assert {place for value in page.values("aria-labelledby") for place in value.split()} <= set(ids)
    levels = [int(tag[1]) for tag in page.tags if tag in {"h1", "h2", "h3", "h4"}]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert not FOREIGN & set(page.tags)
    assert not {name for _, name, _ in page.attributes if name.startswith("on") or name in {"src", "style"}}
    return page
