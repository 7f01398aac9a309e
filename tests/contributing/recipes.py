"""The recipes of CONTRIBUTING.md, carried out in a copy of the repository exactly as the page shows them.

A fenced block with ``file=PATH`` behind its language is a new file; a ``diff`` is a change of that file: in each of its hunks
(apart by ``@@``) the lines without ``+`` have to stand in the file once, as they are.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```(\w+) file=(\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_COPIED = ("subgrad_hardness", "tests", "scripts", "docs", "pyproject.toml", "README.md", "CONTRIBUTING.md")


class Block(NamedTuple):
    """A block of the page: ``file`` may hold ``**`` where the page leaves the folder open."""

    language: str
    file: str
    text: str


class Ran(NamedTuple):
    """A run of pytest: its exit status, the outcome of each test by its name without the folder, and all that was said."""

    status: int
    outcomes: dict[str, str]
    said: str


def recipe(title: str) -> list[Block]:
    """The blocks of a section."""
    section = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert section is not None, title
    return [Block(*found) for found in _BLOCK.findall(section[1])]


class Copy:
    """A copy of the repository; shipped nets are links to the originals until they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in _COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
            else:
                shutil.copy(ROOT / name, folder / name)
        (folder / "instances").symlink_to(ROOT / "instances")

    def copy_instances(self) -> None:
        """From now on the shipped nets may be changed, too."""
        (self.folder / "instances").unlink()
        shutil.copytree(ROOT / "instances", self.folder / "instances")

    def path(self, name: str) -> Path:
        """The file of a block; ``**`` is looked up."""
        if "**" not in name:
            return self.folder / name
        (found,) = self.folder.glob(name)
        return found

    def apply(self, blocks: list[Block]) -> None:
        """Make these changes."""
        for block in blocks:
            path = self.path(block.file)
            if block.language == "diff":
                path.write_text(changed(path.read_text(encoding="utf-8"), block), encoding="utf-8")
            else:
                assert not path.exists(), block.file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, encoding="utf-8")

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Python with these arguments, over the copy."""
        environment = {**os.environ, "PYTHONPATH": str(self.folder)}
        environment.pop("PYTEST_ADDOPTS", None)
        return subprocess.run(
            [sys.executable, *map(str, command)],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def tests(self, *names: str, only: str) -> Ran:
        """Run the test files of these names, wherever they lie, but only tests whose names say so."""
        files = [self.path(f"tests/**/{name}") for name in names]
        options = ["-p", "no:cacheprovider", "-p", "no:xdist", "-vv", "--tb=short", "-k", only]
        done = self.run("-m", "pytest", *options, *files)
        found = re.findall(r"^\S*?([\w.]+\.py)::(\S+) (PASSED|FAILED|ERROR|SKIPPED|XFAIL)", done.stdout, re.MULTILINE)
        return Ran(done.returncode, {f"{file}::{test}": outcome for file, test, outcome in found}, done.stdout)


def changed(text: str, block: Block) -> str:
    """The file after a diff."""
    for hunk in hunks(block.text):
        old = "".join(f"{line[1:]}\n" for line in hunk if not line.startswith("+"))
        new = "".join(f"{line[1:]}\n" for line in hunk if not line.startswith("-"))
        assert f"\n{text}".count(f"\n{old}") == 1, f"{block.file} does not have once:\n{old}"
        text = f"\n{text}".replace(f"\n{old}", f"\n{new}")[1:]
    return text


def hunks(diff: str) -> Iterator[list[str]]:
    """The lines of each hunk."""
    hunk: list[str] = []
    for line in diff.splitlines():
        if line.startswith("@@"):
            yield hunk
            hunk = []
        else:
            hunk.append(line)
    yield hunk
