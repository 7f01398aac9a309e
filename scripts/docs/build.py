"""Build the documentation's site from docs/ and the docstrings: one folder of files that need no network.

pip install -e '.[docs]'
python scripts/docs/build.py            # into site/; open site/index.html

Every link is checked, and so is that nothing is fetched from elsewhere; exit status 1 if anything is wrong.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from links import faults
from notebooks import as_page
from reference import write_calls, write_commands

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = Path(__file__).with_name("mkdocs.yml")
#: Without the first the search needs a server; the second is about widths.
ASSETS = [Path(__file__).with_name(name) for name in ("iframe-worker.js", "site.css")]

#: Pages that lie elsewhere in the repository, or have another name there.
MOVED = {
    "README.md": "index.md",
    "docs/README.md": "pages.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "scripts/README.md": "scripts.md",
}
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s#]+)(#[^)\s]*)?\)")


def sources() -> dict[Path, str]:
    """Each page of the repository, with its name on the site."""
    pages = {ROOT / name: moved for name, moved in MOVED.items()}
    for file in [*(ROOT / "docs").rglob("*.md"), *(ROOT / "docs").rglob("*.ipynb")]:
        name = file.relative_to(ROOT / "docs").with_suffix(".md").as_posix()
        pages.setdefault(file, re.sub(r"README\.md$", "index.md", name))
    return pages


def title(page: Path) -> str:
    """The first heading of a page."""
    found = re.search(r"^# (.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return page.name if found is None else found[1]


def relinked(text: str, page: Path, pages: dict[Path, str], folder: Path) -> str:
    """The text of a page with its links as they are on the site, whose pages lie in ``folder``.

    To what is not on the site, the words alone.  Raises ValueError for a picture that is not there: a reader without it
    would miss what the text speaks of.
    """

    def link(found: re.Match[str]) -> str:
        mark, words, target, place = found.groups()
        if "://" in target or target.startswith("mailto:"):
            return found[0]
        file = (page.parent / target).resolve()
        if file.is_dir() and (file / "README.md") in pages:
            file /= "README.md"
        here = Path(pages[page]).parent
        if (folder / here / target).is_file():  # made for the site, as what the cells of a notebook draw
            return found[0]
        if file in pages:
            if file.suffix == ".md" and words.endswith(".md"):  # a page of the site is known by its title
                words = title(file)
            return f"{mark}[{words}]({os.path.relpath(pages[file], here)}{place or ''})"
        if file.is_relative_to(ROOT / "docs") and file.is_file():
            return f"{mark}[{words}]({os.path.relpath(file.relative_to(ROOT / 'docs'), here)}{place or ''})"
        if mark:
            raise ValueError(f"{page.relative_to(ROOT)}: the picture {target} is not there")
        return words

    blocks = re.split(r"(^```.*?^```)", text, flags=re.MULTILINE | re.DOTALL)
    for number, block in enumerate(blocks):
        if number % 2:  # a block of code: the name of its file is its title
            titled = re.sub(r"\A```(\w+) file=(\S+)", r'```\1 title="\2"', block)
            blocks[number] = re.sub(r"\A```python\n(?=>>> )", "```pycon\n", titled)  # what is printed is no code
        else:
            blocks[number] = _LINK.sub(link, block)
    return "".join(blocks)


def lay_together(folder: Path) -> None:
    """All pages and pictures in one folder, as mkdocs wants them."""
    pages = sources()
    for file in (ROOT / "docs").rglob("*"):
        if file.is_file() and file.suffix not in {".md", ".ipynb"}:
            target = folder / file.relative_to(ROOT / "docs")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    for file, name in pages.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        text = as_page(file, target.parent / "drawn") if file.suffix == ".ipynb" else file.read_text("utf-8")
        target.write_text(relinked(text, file, pages, folder), encoding="utf-8")
    (folder / "assets").mkdir()
    for asset in ASSETS:
        shutil.copyfile(asset, folder / "assets" / asset.name)
    write_commands(folder / "reference" / "commands")
    write_calls(folder / "reference" / "calls")


def configuration(folder: Path) -> str:
    """mkdocs.yml with the folders of its navigation filled, and those that are empty left out."""

    def filled(found: re.Match[str]) -> str:
        indent, title, place = found.groups()
        files = sorted((folder / place).glob("*.md"), key=lambda file: (file.name != "index.md", file.name))
        lines = [f"{indent}    - {file.relative_to(folder).as_posix()}\n" for file in files]
        return f"{indent}- {title}:\n{''.join(lines)}" if lines else ""

    text = CONFIGURATION.read_text("utf-8")
    return re.sub(r"^( +)- ([^:\n]+): (\S+/)\n", filled, text, flags=re.MULTILINE)


def main() -> int:
    """Build and check; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", nargs="?", type=Path, default=ROOT / "site", help="the folder (default: site)")
    output = parser.parse_args().output.resolve()
    with TemporaryDirectory() as name:
        pages, settings = Path(name) / "pages", Path(name) / "mkdocs.yml"
        pages.mkdir()
        try:
            lay_together(pages)
        except ValueError as problem:
            print(problem, file=sys.stderr)
            return 1
        settings.write_text(configuration(pages), encoding="utf-8")
        places = {"SITE_PAGES": str(pages), "SITE_OUTPUT": str(output), "SITE_SOURCE": str(ROOT)}
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--clean", "--config-file", str(settings)]
        built = subprocess.run(
            command,
            env={**os.environ, **places, "NO_MKDOCS_2_WARNING": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if built.returncode:
            print(built.stderr, file=sys.stderr, end="")
            return 1
    for file in (output / "reference" / "calls").glob("*.html"):  # types are shown as they stand in the docstring
        text = re.sub(r"``([^`<]+)``", r"\1", file.read_text("utf-8"))
        text = re.sub(r"\bSPEC (\d+)", r'<a href="../../specification.html">specification, section \1</a>', text)
        file.write_text(text, encoding="utf-8")
    wrong = faults(output)
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{output}: {len(list(output.rglob('*.html')))} pages, {len(wrong)} faults")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
