"""Time limits, handed down to whatever may run long."""

from __future__ import annotations

import errno
import math
import time
from typing import NamedTuple

#: Less memory than this, in bytes, does not even hold the interpreter and this package.
LEAST_MEMORY = 32 * 2**20


def lacks_memory(problem: BaseException) -> bool:
    """Whether the exception says, in one of the many ways there are, that memory was refused."""
    if isinstance(problem, MemoryError) or (isinstance(problem, OSError) and problem.errno == errno.ENOMEM):
        return True
    if isinstance(problem, SystemError) and "without setting an exception" in str(problem):
        return True  # parts of the interpreter written in C forget to say what failed
    words = str(problem).lower()
    return any(sign in words for sign in ("can't start new thread", "cannot allocate memory", "failed to map segment"))


class LimitReached(Exception):
    """A limit was hit; whoever catches this answers ``unknown`` and says why."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C in a long job; ``known`` is the last result that the job had reported, or None."""

    def __init__(self, known: object) -> None:
        super().__init__()
        self.known = known


class Limits(NamedTuple):
    """A deadline on this machine's monotonic clock (infinity: none)."""

    deadline: float = math.inf

    @classmethod
    def seconds(cls, seconds: float | None) -> Limits:
        """The limit that ends ``seconds`` from now; None means never."""
        return cls() if seconds is None else cls(time.monotonic() + seconds)

    def within(self, seconds: float) -> Limits:
        """This limit, and at most ``seconds`` from now."""
        return Limits(min(self.deadline, time.monotonic() + seconds))

    @property
    def remaining(self) -> float:
        """Seconds left, possibly infinite, never negative."""
        return max(0.0, self.deadline - time.monotonic())

    def check(self) -> None:
        """Raise LimitReached once the deadline has passed."""
        if time.monotonic() > self.deadline:
            raise LimitReached("time limit")


#: No limit at all.
NO_LIMITS = Limits()
