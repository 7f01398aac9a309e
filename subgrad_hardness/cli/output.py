"""Printing what a command found."""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any, Protocol

from subgrad_hardness.common.errors import one_line
from subgrad_hardness.common.files import write_text
from subgrad_hardness.common.words import count, duration
from subgrad_hardness.net.json_writing import write_json

#: Seconds between two lines of progress.
_PAUSE = 0.2


def add_json(parser: argparse.ArgumentParser) -> None:
    """``--json``."""
    parser.add_argument("--json", action="store_true", help="print exactly one JSON object on standard output")


class Answer(Protocol):
    """What every answer of the package can do."""

    def explain(self) -> str:
        """The text for people."""

    def to_json(self) -> dict[str, Any]:
        """The object of ``--json``."""


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


class Steps:
    """Progress of work of known size: how much of it is done, and how long the rest may take.

    Parameters
    ----------
    total : how many steps there are.
    what : one of them, in the singular.
    """

    def __init__(self, total: int, what: str) -> None:
        self._total, self._what, self._progress = total, what, Progress()
        self._start = self._shown = time.monotonic()

    def done(self, steps: int) -> None:
        """So many are done; shown at most five times a second."""
        now = time.monotonic()
        if self._progress.terminal and steps and now - self._shown >= _PAUSE:
            left = duration((now - self._start) / steps * (self._total - steps))
            self._progress(f"{steps} of {count(self._total, self._what)}, {left} left")
            self._shown = now

    def clear(self) -> None:
        """Take the line away."""
        self._progress.clear()


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
