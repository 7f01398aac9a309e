"""What a terminal shows while a command runs: how far it is, or that time goes by; gone before anything is printed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from subgrad_hardness.common.progress import hearing, listener
from subgrad_hardness.common.terminal import TerminalLine, ticking


class _Below:
    """Standard output while a line may be shown: the line is taken away before anything is written."""

    def __init__(self, stream: TextIO, line: TerminalLine) -> None:
        self._stream, self._line = stream, line

    def write(self, text: str) -> int:
        self._line.clear()
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":
            self._line.clear()
        return getattr(self._stream, name)


@contextmanager
def watching(command: str, most: float | None) -> Iterator[None]:
    """For a block, standard error, a terminal, shows how far the command is.

    Parameters
    ----------
    command : what is said until there is news.
    most : its time limit; None: there is none.
    """
    line, output = TerminalLine(sys.stderr, command, most), sys.stdout
    sys.stdout = cast(TextIO, _Below(output, line))
    try:
        with ticking(line), hearing(line):
            yield
    finally:
        sys.stdout = output


def clear() -> None:
    """Take the line away, before something is printed on standard error."""
    line = listener()
    if isinstance(line, TerminalLine):
        line.clear()
