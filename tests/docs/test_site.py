"""The documentation's site: its navigation names every page, and the parts that build it need no site generator."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest
from support.paths import ROOT

DOCS = ROOT / "scripts" / "docs"
NAVIGATION = (DOCS / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:\n")[1]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The names of a script, with its neighbours beside it."""
    monkeypatch.syspath_prepend(str(DOCS))
    yield lambda name: runpy.run_path(str(DOCS / f"{name}.py"))
    for neighbour in ("links", "notebooks", "reference"):
        sys.modules.pop(neighbour, None)


def test_the_navigation_names_every_page(script: Any) -> None:
    named = set(re.findall(r"^ +- (?:.*: )?(\S+\.md)$", NAVIGATION, flags=re.MULTILINE))
    folders = tuple(re.findall(r": (\S+/)$", NAVIGATION, flags=re.MULTILINE))
    pages = set(script("build")["sources"]().values())
    assert {page for page in pages if not page.startswith(folders)} == named


def test_links_on_the_site(script: Any, tmp_path: Path) -> None:
    names = script("build")
    pages = names["sources"]()
    text = (
        "[audit.md](docs/audit.md)\n```python\n>>> 1\n1\n```\n```python\n1\n```\n"
        "[a](docs/audit.md#torch) [b](instances) ![c](docs/pictures/fan.png) [d](https://arxiv.org)\n```\n[e](f)\n```\n"
    )
    begin = "[What does a framework's gradient mean?](audit.md)\n```pycon\n>>> 1\n1\n```\n```python\n1\n```\n"
    shown = begin + "[a](audit.md#torch) b ![c](pictures/fan.png) [d](https://arxiv.org)\n```\n[e](f)\n```\n"
    assert names["relinked"](text, ROOT / "README.md", pages, tmp_path) == shown
    with pytest.raises(ValueError, match=r"README\.md: the picture docs/none\.png is not there"):
        names["relinked"]("![c](docs/none.png)", ROOT / "README.md", pages, tmp_path)


@pytest.mark.parametrize("notebook", sorted((ROOT / "docs" / "notebooks").glob("*.ipynb")), ids=lambda file: file.stem)
def test_a_notebook_s_page_shows_all_that_its_cells_draw(script: Any, tmp_path: Path, notebook: Path) -> None:
    names = script("build")
    page = names["as_page"](notebook, tmp_path / "notebooks" / "drawn")
    shown = re.findall(r"!\[[^\]]*\]\((\S+)\)", names["relinked"](page, notebook, names["sources"](), tmp_path))
    assert len(set(shown)) == notebook.read_text("utf-8").count('"image/png": ')
    assert all((tmp_path / "notebooks" / picture).is_file() for picture in shown)


def test_the_reference_has_every_call(script: Any, tmp_path: Path) -> None:
    import subgrad_hardness as sh

    script("reference")["write_calls"](tmp_path)
    found = re.findall(
        r"^::: subgrad_hardness\.\S+\.(\w+)$", "".join(p.read_text() for p in tmp_path.iterdir()), flags=re.M
    )
    assert sorted(found) == sorted(sh.__all__)


def test_what_the_checker_of_links_finds(script: Any, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<a href="b.html#here">1</a><a href="b.html#there">2</a><a href="c.html">3</a><a href="https://a.b">4</a>'
        '<img src="x.png"><script src="https://cdn.example/x.js"></script>'
    )
    (tmp_path / "b.html").write_text('<p id="here"></p>')
    found = sorted(line.split(": ", 1)[1] for line in script("links")["faults"](tmp_path))
    wanted = [
        "b.html#there: no such place",
        "c.html is not there",
        "fetches https://cdn.example/x.js",
        "x.png is not there",
    ]
    assert found == wanted
