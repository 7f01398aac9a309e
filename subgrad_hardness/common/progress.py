"""How far a long call is: one line of text at a time, told to whoever listens; by default nobody does.

A listener is set for a block (``hearing``): by the command line, which shows the line on a terminal; by
``subgrad_hardness.progress``, in Python; by a worker process, which sends the lines to its parent.  Whoever works for
long tells: ``told`` a line, or ``Steps`` where it is known how much there is to do, with what share is done and how
long the rest may take.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from subgrad_hardness.common.words import count, duration

#: Hears lines about how far a call is.
Listener = Callable[[str], None]

#: Seconds between two lines.
_PAUSE = 0.2

_LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


class Line(str):
    """A line that also knows what share of the work is done, between 0 and 1; None: nobody knows how much there is."""

    share: float | None = None


def share_of(text: str, done: int, total: int) -> Line:
    """The line that so much of so much is done."""
    line = Line(text)
    line.share = min(done / max(total, 1), 1.0)
    return line


def ignore(_: Any) -> None:
    """A listener that hears nothing."""


def listener() -> Listener | None:
    """Who listens here and now; None: nobody."""
    return _LISTENER.get()


@contextmanager
def hearing(heard: Listener | None) -> Iterator[None]:
    """For a block, what is told goes to ``heard``; None leaves things as they are."""
    if heard is None:
        yield
        return
    before = _LISTENER.set(heard)
    try:
        yield
    finally:
        _LISTENER.reset(before)


@contextmanager
def within(whole: Line) -> Iterator[None]:
    """For a block, which is a part of some work, what is told stands behind a line about all of it."""
    outer = listener()
    if outer is None:
        yield
        return

    def behind(text: str) -> None:
        line = Line(f"{whole}; {text}")
        line.share = whole.share
        outer(line)

    outer(whole)
    with hearing(behind):
        yield


class Steps:
    """Work of known size: how much of it is done, and how long the rest may take.

    Parameters
    ----------
    total : how many steps there are.
    what : one of them, in the singular.
    known : how many of them were done before, in no time that says anything about the others.
    """

    def __init__(self, total: int, what: str, known: int = 0) -> None:
        self._total, self._what, self._known, self._listener = total, what, known, listener()
        self._start = self._told = time.monotonic()
        self._tell(known)

    def done(self, steps: int) -> None:
        """So many are done; told at most five times a second."""
        if self._listener is None or steps <= self._known:
            return
        now = time.monotonic()
        if now - self._told < _PAUSE:
            return
        left = duration((now - self._start) / (steps - self._known) * (self._total - steps))
        self._tell(steps, f", {left} left")
        self._told = now

    def _tell(self, steps: int, left: str = "") -> None:
        if self._listener is not None:
            self._listener(share_of(f"{steps} of {count(self._total, self._what)}{left}", steps, self._total))


class Now:
    """Work of unknown size: from time to time, at most five times a second, whoever listens then hears where it is."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def due(self) -> bool:
        """Whether to tell something now: somebody listens, and has heard nothing for a moment."""
        return listener() is not None and time.monotonic() - self._told >= _PAUSE

    def tell(self, text: str) -> None:
        """Where the work is."""
        heard = listener()
        if heard is not None:
            heard(text)
            self._told = time.monotonic()


class Found(Now):
    """Work that finds one thing after another, nobody knows how many: so many were found.

    Parameters
    ----------
    what, many : what is found, in the singular and the plural.
    """

    def __init__(self, what: str, many: str | None = None) -> None:
        super().__init__()
        self._what, self._many = what, many

    def so_many(self, found: int) -> None:
        """So many; told if it is time."""
        if self.due():
            self.tell(f"{count(found, self._what, self._many)} found")


class Reached(Now):
    """Work along the way from 0 to 1, in steps nobody knows the number of: how far it is, and what was found.

    Parameters
    ----------
    what, many : what is found on the way, in the singular and the plural.
    """

    def __init__(self, what: str, many: str) -> None:
        super().__init__()
        self._what, self._many = what, many

    def at(self, share: float, found: int) -> None:
        """So far, with so much found; told if it is time."""
        if self.due():
            line = Line(f"{100 * share:.0f} % of the way, {count(found, self._what, self._many)}")
            line.share = share
            self.tell(line)
