"""One line that is shown over and over, as on a terminal: how far a call is, or at least that time goes by."""

from __future__ import annotations

import math
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from subgrad_hardness.common.progress import Line
from subgrad_hardness.common.words import duration

#: Seconds without news after which the line says how much time has gone by, again and again.
_QUIET = 2.0
#: Seconds between two lines; what is heard sooner is shown a tick later, if it is still the last.
_SOONEST = 0.05
#: Back to the first column, and the line away.
_CLEAR = "\r\033[K"


class LiveLine(ABC):
    """Hears lines and shows the last one; says how long it has been going on where nothing new is heard.

    Parameters
    ----------
    what : what is going on, until the first line is heard.
    most : seconds after which a limit ends it; None: none does.
    """

    def __init__(self, what: str, most: float | None = None) -> None:
        self._text, self._most = what, most
        self._lock = threading.Lock()
        self._start = self._heard = time.monotonic()
        self._written = -math.inf
        self._shown = self._silent = self._late = False

    def __call__(self, text: str) -> None:
        with self._lock:
            self._text, self._heard, self._silent = text, time.monotonic(), False
            self._late = self._heard - self._written < _SOONEST
            if not self._late:
                self._show(text)

    def tick(self) -> None:
        """A moment has passed."""
        with self._lock:
            now = time.monotonic()
            if self._late and not self._silent:
                self._show(self._text)
            if self._silent or now - self._heard < _QUIET:
                return
            # A limit that stands beside a share of the work is one for each part of it.
            part = isinstance(self._text, Line) and self._text.share is not None
            limit = "" if self._most is None or part else f" of at most {duration(self._most)}"
            line = Line(f"{self._text}; {duration(now - self._start)}{limit}")
            line.share = getattr(self._text, "share", None)
            self._show(line)

    def clear(self) -> None:
        """Take the line away, before anything else is printed; it comes back with the next news."""
        with self._lock:
            self._silent = True
            if self._shown:
                self._erase()
                self._shown = False

    def _show(self, text: str) -> None:
        self._write(text)
        self._shown, self._late, self._written = True, False, time.monotonic()

    @abstractmethod
    def _write(self, text: str) -> None:
        """Show this line instead of the one before."""

    @abstractmethod
    def _erase(self) -> None:
        """Leave nothing of it."""


class TerminalLine(LiveLine):
    """A line that is written over and over.

    Parameters
    ----------
    stream : the terminal.
    """

    def __init__(self, stream: TextIO, what: str, most: float | None = None) -> None:
        super().__init__(what, most)
        self._stream = stream

    def _write(self, text: str) -> None:
        self._stream.write(f"{_CLEAR}{text}")
        self._stream.flush()

    def _erase(self) -> None:
        self._stream.write(_CLEAR)
        self._stream.flush()


@contextmanager
def ticking(line: LiveLine, seconds: float = 1.0) -> Iterator[None]:
    """For a block: the line is told every second that time has passed, and is taken away at the end."""
    ended = threading.Event()

    def tick() -> None:
        while not ended.wait(seconds):
            line.tick()

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        line.clear()
