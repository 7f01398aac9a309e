"""The pages of the reference: the help of every command, and the docstring of every public name."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import subgrad_hardness as sh
from subgrad_hardness.cli.main import COMMANDS, _command_parser, main


def write_commands(folder: Path) -> None:
    """One page a command: what ``--help`` says, its own and that of its sub-commands."""
    os.environ["COLUMNS"] = "78"
    for name, summary in COMMANDS.items():
        text = f"# {name}\n\n{summary[0].upper()}{summary[1:]}.\n\n{_help(name)}"
        parser, _ = _command_parser(name)
        for inner in dict.fromkeys(map(tuple, _words(parser))):
            text += f"\n## {' '.join(inner)}\n\n{_help(*inner)}"
        _write(folder / f"{name}.md", text)


def _words(parser: argparse.ArgumentParser) -> Iterator[list[str]]:
    """What leads to each sub-command; one of two names once, by its first."""
    for action in parser._actions:  # argparse has no public list
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield inner.prog.split()[1:]


def _help(*words: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main([*words, "--help"])
    return f"```text\n{out.getvalue()}```\n"


def write_calls(folder: Path) -> None:
    """One page a row of the package's overview, whose rows name everything that is public."""
    rows = re.findall(r"^(\w[\w, ]*?)  +(.*\n(?: {2,}.*\n)*)", sh.__doc__ or "", flags=re.MULTILINE)
    for group, text in rows:
        names = [name for name in re.findall(r"``(\w+)``", text) if name in sh.__all__]
        if names:
            body = "\n\n".join(f"::: subgrad_hardness.{sh._HOMES[name]}.{name}" for name in names)
            title = group[0].upper() + group[1:]
            _write(folder / f"{re.sub(r'[^a-z]+', '-', group.lower())}.md", f"# {title}\n\n{body}\n")


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
