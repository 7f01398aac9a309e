"""What README promises: two commands, and the answer that it shows; and what the pages that grew out of it do."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from support.paths import ROOT

from subgrad_hardness.cli.main import main

README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURES = (ROOT / "docs" / "pictures.md").read_text(encoding="utf-8")
INSTANCES = (ROOT / "docs" / "instances.md").read_text(encoding="utf-8")


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
    verify = re.search(r"`\.venv/bin/subgrad-hardness (verify [^`]*)`", README)
    assert verify is not None
    assert main(shlex.split(verify[1].replace("backprop-outside.cert", str(tmp_path / "out.cert")))) == 0
    assert f"`{capsys.readouterr().out.strip()}`" in README


def test_every_file_that_it_links_to_is_there() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_verifier_has_as_many_files_as_it_says() -> None:
    files = {file.name for file in (ROOT / "subgrad_hardness" / "certificate").glob("*.py")}
    beside = len(files - {"__init__.py", "verifier.py"})
    words = ["fourteen", "fifteen", "sixteen", "seventeen", "eighteen"]
    assert f"`certificate/verifier.py` and {words[beside - 14]} small files beside it" in README


def test_the_program_is_found_after_the_quick_start() -> None:
    """Bare names of the program come only after it is said how they are found."""
    before = README.split("source .venv/bin/activate")[0]
    assert re.findall(r"(?<!/)\bsubgrad-hardness [a-z]", before) == []
    shown = re.search(r"`\.venv/bin/subgrad-hardness (verify [^`]*)`", README)
    assert shown is not None


def test_the_scaling_that_it_shows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (line,) = re.findall(r"^subgrad-hardness (plot scaling .*)$", PICTURES, flags=re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    # Fewer nets and less time for each, the same request otherwise.
    words = shlex.split(line)
    sizes = words.index("--vary") + 1
    words[sizes] = ",".join(words[sizes].split(",")[:2])
    assert main([*words, "--seeds", "1", "--time-limit", "0.1"]) == 0
    assert capsys.readouterr().out.startswith("scaling.png: ")
    assert (tmp_path / "scaling.png").stat().st_size > 10_000


@pytest.mark.parametrize("line", re.findall(r"`(?:subgrad-hardness )?(generate [a-z0-9]+ --[^`]*)`", INSTANCES))
def test_the_nets_that_it_generates(line: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*shlex.split(line)]) == 0
