"""The memory budget that the engines of one session share: who has to give way where it is full.

The budget is what the process may occupy while an engine runs.  It is read from the system (``common.memory``) and not
added up by the engines: much of what they hold is in solvers written in C, and what an object takes is Python's
business.  What is attributed to an engine is what the process has grown since the turn before.

The engine that holds most gives way.  If that is the one whose turn it is, its answer is ``Undecided``; if it is one
that waits for its next turn, it is freed, and the one whose turn it is goes on.  Memory that was freed may stay with
the process, for Python to use again, so that the process is above the budget at the start of a turn: then the turn may
add a sixteenth of the budget, beside what it finds free.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Protocol
from weakref import WeakSet

from subgrad_hardness.common.limits import LOOK_EVERY, Limits
from subgrad_hardness.common.memory import give_back, memory_budget, resident
from subgrad_hardness.question.session import Session

# A turn that begins where the budget is full may add this share of it.
_SLACK = 16
# An engine that outgrew its room begins again where it finds so much more: five quarters of what it had.
_MORE, _OF = 5, 4

_MIB = 1 << 20


class Freed(Protocol):
    """A run that can be freed while it waits for its next turn."""

    def free(self) -> None:
        """Forget all work; asked again it begins anew."""


class EngineMemory:
    """Who holds how much of a session's budget.

    Attributes
    ----------
    budget : in bytes; None: there is none, because the system does not say what there is.
    """

    def __init__(self, budget: int | None) -> None:
        self.budget = memory_budget() if budget is None else budget
        self._held = Counter[str]()
        self._runs: dict[str, WeakSet[Freed]] = {}
        self._seen = resident()

    @classmethod
    def of(cls, session: Session) -> EngineMemory:
        """The one of a session."""
        return session.of_net("memory of engines", lambda: cls(session.memory))

    def within(self, limits: Limits) -> Limits:
        """The limits of a turn that begins now."""
        if self.budget is None:
            return limits
        return limits.holding(max(self.budget, self._seen + self.budget // _SLACK))

    def count(self, name: str, run: Freed, seconds: float = math.inf) -> None:
        """After a turn of the engine: what it holds now.

        A turn that took fewer ``seconds`` than lie between two looks at the memory is not worth a look, either.
        """
        self._runs.setdefault(name, WeakSet()).add(run)
        if seconds >= LOOK_EVERY:
            before, self._seen = self._seen, resident()
            self._held[name] = max(0, self._held[name] + self._seen - before)

    def larger(self, name: str) -> str | None:
        """The engine that holds most, if that is another one and more than this one does."""
        largest = max(self._held, key=self._held.__getitem__, default=name)
        return largest if self._held[largest] > self._held[name] else None

    def free(self, name: str, session: Session) -> None:
        """Free all that the engine holds: its runs, and what it keeps in the session."""
        for run in self._runs.pop(name, ()):
            run.free()
        session.forget(name)
        del self._held[name]
        give_back()
        self._seen = resident()

    def outgrown(self, name: str, before: int) -> int:
        """The bytes that did not suffice for the engine; ``before``: those that did not the last time.

        Each time more, so that an engine begins again a dozen times at most.
        """
        return max(self._held[name], before * _MORE // _OF, (self.budget or 0) // _SLACK, 1)

    def worth_while(self, outgrown: int) -> bool:
        """Whether an engine for which so many bytes did not suffice (0: it was not stopped) finds enough more."""
        return not outgrown or not self.lacks(outgrown * _MORE // _OF)

    def lacks(self, most: int) -> bool:
        """Whether less than so many bytes, other than none, are left."""
        return self.budget is not None and 0 < most > self.budget - resident()

    @property
    def full(self) -> str:
        """That the budget is full, in words."""
        return f"the memory budget of {(self.budget or 0) // _MIB} MiB is full"
