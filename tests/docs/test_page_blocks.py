"""What the pages show of commands and calls is what there is: consoles run, command lines parse, names exist."""

from __future__ import annotations

import re
import shlex
from importlib import import_module
from pathlib import Path

import pytest
from support.paths import INSTANCES, ROOT

import subgrad_hardness as sh
from subgrad_hardness.cli.main import COMMANDS, main

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> list[tuple[str, str]]:
    """What stands behind the backticks of each block, and what stands in it."""
    return BLOCK.findall(page.read_text(encoding="utf-8"))


FILES = {named[1]: text for page in PAGES for kind, text in blocks(page) if (named := re.search(r" file=(\S+)", kind))}


def agree(shown: str, printed: str) -> bool:
    """``...`` stands for whatever is left out, and any time for a time."""
    shown, printed = (re.sub(r"^\d+\.\d+ s$", "SECONDS", text, flags=re.MULTILINE) for text in (shown, printed))
    return re.fullmatch(".*?".join(map(re.escape, shown.split("..."))), printed, flags=re.DOTALL) is not None


@pytest.mark.parametrize(
    "page", [page for page in PAGES if "```console" in page.read_text("utf-8")], ids=lambda page: page.stem
)
def test_consoles(
    page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In the order of the page, in a folder with ``instances``, ``docs`` and the files that pages show."""
    for folder in (INSTANCES, ROOT / "docs"):
        (tmp_path / folder.name).symlink_to(folder)
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).write_text(text, encoding="utf-8")
    for kind, text in blocks(page):
        for line, shown in re.findall(r"^\$ ([^\n]*)\n((?:(?!\$ ).*\n)*)", text, flags=re.MULTILINE):
            if kind == "console":
                words = shlex.split(line, comments=True)
                assert words.pop(0) == "subgrad-hardness"
                main(words)
                printed = capsys.readouterr()
                assert agree(shown, printed.out + printed.err), (line, printed)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_command_lines_parse(page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """No command is run; those with optional parts in brackets are not meant literally."""
    text = "\n".join(text.replace("\\\n", " ") for _, text in blocks(page))
    for line in re.findall(r"^(?:\$ )?subgrad-hardness ([^\n]*)", text, flags=re.MULTILINE):
        words = shlex.split(line, comments=True)
        if "[" not in line and "--help" not in words:
            monkeypatch.setattr(import_module(f"subgrad_hardness.cli.{words[0]}"), "run", lambda _: 0)
            assert main(words) == 0, (line, capsys.readouterr().err)


def test_names_of_the_package() -> None:
    for page in PAGES:
        if page.parent.name != "decisions":  # records of what was thought at the time
            for name in re.findall(r"\bsh\.([a-z_]+)\b(?!/)", page.read_text(encoding="utf-8")):
                assert hasattr(sh, name), (page, name)


@pytest.mark.parametrize("page", ["README.md", "docs/commands.md"])
def test_the_table_of_commands_names_them_all(page: str) -> None:
    rows = re.findall(r"^\|.*", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`([a-z]+)\b", row)} >= set(COMMANDS)
