"""Printing what a command found."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from subgrad_hardness.common.errors import one_line
from subgrad_hardness.common.files import write_text
from subgrad_hardness.net.json_writing import write_json

#: With smooth operations F'(x0; .) does not tell all Clarke subgradients (SPEC 6).
OF_LEXICOGRAPHIC = "smooth operations: all this is about lexicographic subgradients; Clarke's set may be larger"


def add_json(parser: argparse.ArgumentParser) -> None:
    """``--json``."""
    parser.add_argument("--json", action="store_true", help="print exactly one JSON object on standard output")


class Progress:
    """One line on standard error that is written over and over, only where that is a terminal."""

    def __init__(self) -> None:
        self.shown = False
        self.terminal = sys.stderr is not None and sys.stderr.isatty()

    def __call__(self, text: str) -> None:
        if self.terminal:
            sys.stderr.write(f"\r\033[K{text}")
            sys.stderr.flush()
            self.shown = True

    def clear(self) -> None:
        """Take the line away, before anything else is printed."""
        if self.shown:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
            self.shown = False


def print_json(value: dict[str, Any]) -> None:
    """One JSON object and a newline on standard output, in UTF-8 whatever the locale says."""
    write_text("-", write_json(value) + "\n")


def say_statement(statement: str | None) -> None:
    """Of which subgradients a report speaks, where that is not Clarke's whole set."""
    if statement == "lexicographic":
        say(OF_LEXICOGRAPHIC)


def say(line: str) -> None:
    """One line of a report for people; what a user's name may hold cannot break it."""
    print(one_line(line))
