"""Limits on time and memory, handed down to whatever may run long."""

from __future__ import annotations

import errno
import math
import time
from typing import NamedTuple

from subgrad_hardness.common.errors import SaidInOneLine
from subgrad_hardness.common.memory import resident

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


class LimitReached(SaidInOneLine, Exception):
    """A limit was hit; whoever catches this answers ``unknown`` and says why."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C in a long job; ``known`` is the last result that the job had reported, or None."""

    def __init__(self, known: object) -> None:
        super().__init__()
        self.known = known


class MemoryReached(Exception):
    """This process occupies more memory than the limits allow.

    No LimitReached, because what helps is not to ask again but to free what is held: it is for whoever set the limit
    (the contract of engines) and nobody else to catch.
    """


#: Seconds between two looks at the memory, which take some microseconds each.  Not a number of calls: between two of
#: them may lie a microsecond or a second, and the memory that a process can take in so long is what is bounded.
LOOK_EVERY = 0.02


class _Looks:
    """When anybody in this process looked last."""

    last = -math.inf


class Limits(NamedTuple):
    """A deadline on this machine's monotonic clock, and how much memory this process may occupy; infinity: no limit.

    Attributes
    ----------
    deadline : in seconds.
    memory : in bytes, as ``common.memory.resident`` counts.
    """

    deadline: float = math.inf
    memory: float = math.inf

    @classmethod
    def seconds(cls, seconds: float | None) -> Limits:
        """The limit that ends ``seconds`` from now; None means never."""
        return cls() if seconds is None else cls(time.monotonic() + seconds)

    def within(self, seconds: float) -> Limits:
        """This limit, and at most ``seconds`` from now."""
        return Limits(min(self.deadline, time.monotonic() + seconds), self.memory)

    def holding(self, memory: float) -> Limits:
        """This limit, and at most ``memory`` bytes."""
        return self._replace(memory=min(self.memory, memory))

    @property
    def remaining(self) -> float:
        """Seconds left, possibly infinite, never negative."""
        return max(0.0, self.deadline - time.monotonic())

    def check(self) -> None:
        """Raise LimitReached once the deadline has passed, MemoryReached where more memory is taken."""
        now = time.monotonic()
        if now > self.deadline:
            raise LimitReached("time limit")
        if self.memory < math.inf and now >= _Looks.last + LOOK_EVERY:
            _Looks.last = now
            if resident() > self.memory:
                raise MemoryReached


#: No limit at all.
NO_LIMITS = Limits()
