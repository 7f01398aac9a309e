"""Links lead somewhere, and the indexes name every page, record and script."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import subgrad_hardness

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "scripts/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def links(page: Path) -> list[str]:
    """Where the page's links lead, those to other places of the net left out."""
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)) if "://" not in link]


def anchors(page: Path) -> set[str]:
    """The headings as links spell them."""
    headings = re.findall(r"^#+ (.*)$", prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("folder", ["docs", "docs/decisions", "docs/results"])
def test_an_index_names_every_page(folder: str) -> None:
    index = ROOT / folder / "README.md"
    pages = {page.name for page in (ROOT / folder).glob("*.md")} - {"README.md"}
    assert pages <= set(links(index))


def test_records_are_numbered_and_dated() -> None:
    records = sorted(path for path in (ROOT / "docs" / "decisions").glob("*.md") if path.name != "README.md")
    assert [path.name[:4] for path in records] == [f"{number:03}-" for number in range(1, len(records) + 1)]
    for path in records:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith(f"# {path.name[:3]}: ")
        assert re.match(r"\d{4}-\d\d-\d\d", lines[2])
        assert [f"**{part}.**" in "\n".join(lines) for part in ("Situation", "Decision", "Consequences")] == [True] * 3


def test_scripts_are_all_described() -> None:
    page = (ROOT / "scripts" / "README.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\w+)/.*?\n(.*?)(?=^## |\Z)", page, flags=re.MULTILINE | re.DOTALL))
    folders = {path.name for path in (ROOT / "scripts").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert set(sections) == folders
    for folder, text in sections.items():
        described = set(re.findall(r"^\| `(\w+\.py)` \|", text, flags=re.MULTILINE))
        assert described == {path.name for path in (ROOT / "scripts" / folder).glob("*.py")}


def test_no_page_names_a_script_that_is_not_there() -> None:
    for page in [*PAGES, ROOT / "tests" / "certificates" / "README.md", ROOT / ".ci" / "run"]:
        for name in re.findall(r"(?<!tests/)scripts/[a-z_0-9/]+\.(?:py|json)", page.read_text(encoding="utf-8")):
            assert (ROOT / name).exists(), (page, name)


def test_one_version() -> None:
    version = subgrad_hardness.__version__
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    first = re.search(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert first is not None
    assert version in first[1]


def test_the_pipeline_is_a_program_of_the_shell() -> None:
    done = subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
