"""What README promises: two commands, and the answer that it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from subgrad_hardness.cli.main import main

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    quick_start = README.split("## Quick start")[1].split("\n## ")[0]
    return [block.strip() for block in re.findall(r"```\n(.*?)```", quick_start, flags=re.DOTALL)]


def test_exactly_two_commands() -> None:
    found = commands()
    assert len(found) == 2
    assert all("\n" not in command and command.startswith("python3 -m venv") for command in found)
    assert "pytest" in found[1]


def test_the_answer_that_it_shows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    arguments = shlex.split(commands()[0].split("-m subgrad_hardness ")[1])
    arguments[arguments.index("--certificate") + 1] = str(tmp_path / "out.cert")
    monkeypatch.chdir(ROOT)
    assert main(arguments) == 0
    printed = capsys.readouterr().out.splitlines()
    shown = re.search(r"```\n(DISTINCT.*?)```", README, flags=re.DOTALL)
    assert shown is not None
    assert shown[1].splitlines()[:-1] == printed[:-1]  # the last line is the time


def test_every_file_that_it_links_to_is_there() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
