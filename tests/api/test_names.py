"""The public names: every command has a call, and who asks for a command's name is told it."""

from __future__ import annotations

import re

import pytest
from support.paths import ROOT

import subgrad_hardness as sh
from subgrad_hardness.cli.main import COMMANDS


def test_every_command_has_a_call_or_is_told_of() -> None:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        if command in sh.__all__ or command == "completion":
            continue
        with pytest.raises(AttributeError, match=f"the command {command} is sh\\.") as problem:
            getattr(sh, command)
        named = re.findall(r"sh\.(\w+)", str(problem.value))
        assert set(named) <= set(sh.__all__)
        (row,) = re.findall(rf"^\| `{command}\b.*$", page, flags=re.MULTILINE)
        assert set(re.findall(r"sh\.(plot_\w+|solution_\w+|to_\w+)", row)) <= set(named)


def test_other_names_are_only_missing() -> None:
    with pytest.raises(AttributeError, match=r"has no attribute 'nothing'$"):
        _ = sh.nothing
