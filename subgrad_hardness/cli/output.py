"""Printing what a command found."""

from __future__ import annotations

import argparse
from typing import Any, Protocol

from subgrad_hardness.common.errors import one_line
from subgrad_hardness.common.files import write_text
from subgrad_hardness.net.json_writing import write_json


def add_json(parser: argparse.ArgumentParser) -> None:
    """``--json``."""
    parser.add_argument("--json", action="store_true", help="print exactly one JSON object on standard output")


class Answer(Protocol):
    """What every answer of the package can do."""

    def explain(self) -> str:
        """The text for people."""

    def to_json(self) -> dict[str, Any]:
        """The object of ``--json``."""


def print_json(value: dict[str, Any]) -> None:
    """One JSON object and a newline on standard output, in UTF-8 whatever the locale says."""
    write_text("-", write_json(value) + "\n")


def show(answer: Answer, *, as_json: bool) -> None:
    """An answer on standard output: for people, or as its JSON object."""
    if as_json:
        print_json(answer.to_json())
    else:
        print(answer.explain())


def say(line: str) -> None:
    """One line of a report for people; what a user's name may hold cannot break it."""
    print(one_line(line))
