"""Completion in a real shell, where the extra is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.cli_runner import in_process
from support.paths import INSTANCES

# What bash does with the words before the cursor.
_ASK = """
source "$1"; shift
asked=$(complete -p subgrad-hardness | sed 's/.*-F \\([^ ]*\\).*/\\1/')
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
"$asked" subgrad-hardness "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
echo "${COMPREPLY[*]}"
"""


def test_without_the_extra(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    ran = in_process(capsys)("completion", "bash")
    assert ran.status == 2
    assert "needs the package shtab: pip install shtab, or pip install '.[completion]'" in ran.error


def test_bash_completes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pytest.importorskip("shtab", reason="the extra completion is not installed")
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    script = tmp_path / "completion"
    script.write_text(in_process(capsys)("completion", "bash").out, encoding="utf-8")
    for words, expected in (
        ("dec", "decode"),
        ("check --sol", "--solver"),
        ("check --solver ph", "phase"),
        ("check abs.", "abs.json"),
        ("generate ksat --seeds", "--seeds"),
        ("plot f", "fan"),
    ):
        command = [bash, "-c", _ASK, "bash", str(script), "subgrad-hardness", *words.split()]
        ran = subprocess.run(command, capture_output=True, text=True, cwd=INSTANCES, check=True)
        assert ran.stdout.strip() == expected


def test_zsh_has_all_commands(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("shtab", reason="the extra completion is not installed")
    script = in_process(capsys)("completion", "zsh").out
    assert script.startswith("#compdef subgrad-hardness")
    assert "_shtab_subgrad_hardness_generate_ksat" in script


def test_fish_completes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    script = tmp_path / "completion.fish"
    script.write_text(in_process(capsys)("completion", "fish").out, encoding="utf-8")
    lines = script.read_text(encoding="utf-8").splitlines()
    assert all(line.count("'") % 2 == 0 for line in lines if "\\'" not in line)
    assert sum(line.startswith("complete -c subgrad-hardness ") for line in lines) > 500
    fish = shutil.which("fish")
    if fish is None:
        pytest.skip("no fish here")
    asked = {
        "dec": "decode",
        "check --sol": "--solver",
        "check --solver ph": "phase",
        "check abs.": "abs.json",
        "generate ksat --seeds": "--seeds",
        "plot f": "fan",
        "fan --out": "",
    }
    tries = "; ".join(f"complete -C 'subgrad-hardness {words}'; echo ==" for words in asked)
    command = [fish, "--no-config", "-c", f"source {script}; {tries}"]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=INSTANCES, check=True)
    found = [part.strip().split("\t")[0] for part in ran.stdout.split("==\n")[:-1]]
    assert found == list(asked.values())
