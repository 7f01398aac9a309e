"""Links of built pages: each leads to a file and a place in it that are there; nothing is fetched from elsewhere."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

#: What a browser fetches by itself.
_FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src"}
#: Of a ``link``: these relations fetch nothing.
_NOT_FETCHED = {"canonical", "prev", "next", "alternate"}


class _Page(HTMLParser):
    """Where a page's links lead, what it fetches, and the places that can be led to."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.places: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.places.update(given[name] for name in ("id", "name") if name in given)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "link" and given.get("rel") not in _NOT_FETCHED:
            self.fetched.append(given["href"])
        if _FETCHED.get(tag) in given:
            self.fetched.append(given[_FETCHED[tag]])


def faults(folder: Path) -> list[str]:
    """One line for each link or asset of the site in ``folder`` that is not there, or lies elsewhere."""
    pages = {file.resolve(): _Page() for file in folder.rglob("*.html")}
    for file, page in pages.items():
        page.feed(file.read_text(encoding="utf-8"))
    found = []
    for file, page in pages.items():
        name = file.relative_to(folder.resolve())
        found += [f"{name}: fetches {link}" for link in page.fetched if urlsplit(link).netloc]
        for link in page.links + page.fetched:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            if file.name == "404.html" and parts.path.startswith("/"):
                target = folder.resolve() / unquote(parts.path[1:])
            if not target.exists():
                found.append(f"{name}: {link} is not there")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].places:
                found.append(f"{name}: {link}: no such place")
    for file in folder.rglob("*.css"):
        text = file.read_text(encoding="utf-8")
        found += [
            f"{file.relative_to(folder)}: fetches from elsewhere" for mark in ("url(http", "@import") if mark in text
        ]
    return found
