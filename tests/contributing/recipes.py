"""The recipes of CONTRIBUTING.md, carried out in a copy of the repository exactly as the page shows them.

A fenced block with ``file=PATH`` behind its language is a new file; a ``diff`` is a change of that file: in each of its
hunks (apart by ``@@``) the lines without ``+`` have to stand in the file once, as they are.
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
from xml.etree import ElementTree

from support.paths import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```(\w+) file=(\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_COPIED = ("subgrad_hardness", "tests", "scripts", "docs", "pyproject.toml", "README.md", "CONTRIBUTING.md")
#: A generous end of one command; the longest takes a few seconds.
_SECONDS = 300
_LINKED = ("instances", "tests/certificates")
_IGNORED = shutil.ignore_patterns("__pycache__", ".*", "certificates")


class Block(NamedTuple):
    """A block of the page."""

    language: str
    file: str
    text: str


class Ran(NamedTuple):
    """A run of pytest: the tests that passed and the others, as ``file::test`` without folders, and what was said."""

    passed: frozenset[str]
    failed: frozenset[str]
    said: str


def recipe(title: str) -> list[Block]:
    """The blocks of a section."""
    section = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert section is not None, title
    return [Block(*found) for found in _BLOCK.findall(section[1])]


class Copy:
    """A copy of the repository; shipped nets and the proof corpus are links to the originals."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in _COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=_IGNORED)
            else:
                shutil.copy(ROOT / name, folder / name)
        for name in _LINKED:
            (folder / name).symlink_to(ROOT / name)

    def apply(self, blocks: list[Block]) -> None:
        """Make these changes."""
        for block in blocks:
            path = self.folder / block.file
            if block.language == "diff":
                path.write_text(changed(path.read_text(encoding="utf-8"), block), encoding="utf-8")
            else:
                assert not path.exists(), block.file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, encoding="utf-8")

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Python with these arguments, over the copy."""
        return subprocess.run(
            [sys.executable, *map(str, command)],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )

    def tests(self, *names: str, only: str) -> Ran:
        """Run these files and folders of ``tests/``, but only tests whose names say so."""
        report = self.folder / "report.xml"
        options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=short", f"--junitxml={report}", "-k", only]
        done = self.run("-m", "pytest", *options, *(f"tests/{name}" for name in names))
        passed: set[str] = set()
        failed: set[str] = set()
        for case in ElementTree.parse(report).iter("testcase"):
            name = f"{case.attrib['classname'].rpartition('.')[2]}.py::{case.attrib['name']}"
            (failed if {"failure", "error"} & {child.tag for child in case} else passed).add(name)
        return Ran(frozenset(passed), frozenset(failed), done.stdout)


def changed(text: str, block: Block) -> str:
    """The file after a diff."""
    lines = text.splitlines()
    for hunk in hunks(block.text):
        old = [line[1:] for line in hunk if not line.startswith("+")]
        places = [start for start in range(len(lines)) if lines[start : start + len(old)] == old]
        assert len(places) == 1, f"{block.file} does not have once: {old}"
        lines[places[0] : places[0] + len(old)] = [line[1:] for line in hunk if not line.startswith("-")]
    return "\n".join(lines) + "\n"


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
