"""The engine contract: ``start(question)``, then ``run(limits) -> Witness | Refutation | Undecided``.

A run that hit a limit keeps what it has learned and may be asked again, with a later limit.
Questions and answers are small, immutable and picklable, so that an engine can run in a worker process.
An engine prints nothing, knows no command line and is not trusted: a witness is replayed exactly by the
caller, a refutation is checked by the verifier, and only engines declared ``exact`` may refute.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import NamedTuple

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.question.answer import Answer, Refutation, Undecided
from subgrad_hardness.question.question import Question


class RoomReached(LimitReached):
    """An engine outgrew the room it gave itself; asked again it takes more."""


class MoreTime(LimitReached):
    """An engine that is on its way: what is left is a search that no other engine would be spared."""


class GaveUp(LimitReached):
    """A limit of an engine's own, which more time does not lift."""


#: A started engine: each call goes on from where a limit stopped the last one (and may raise LimitReached).
Run = Callable[[Limits], Answer]


def once(decide: Callable[[Question, Limits], Answer]) -> Callable[[Question], Run]:
    """The ``start`` of an engine that keeps nothing between calls."""
    return lambda question: partial(decide, question)


class Engine(NamedTuple):
    """An entry of the portfolio's table.

    ``target`` names the function that starts a run, ``"module:function"``, imported when it is first
    called.  ``exact`` says whether its refutations count.
    """

    name: str
    target: str
    exact: bool
    summary: str

    def start(self, question: Question, *, patient: bool = False) -> Run:
        """A run on ``question``; a limit that it hits becomes ``Undecided``, and so does want of memory.

        ``patient``: where it would let another engine have its turn, it goes on instead.
        """
        module, function = self.target.split(":")
        start: Callable[[Question], Run] = getattr(import_module(module), function)
        run = start(question)

        def guarded(limits: Limits) -> Answer:
            try:
                answer = run(limits)
            except RoomReached as reached:
                return guarded(limits) if patient else Undecided(f"{self.name}: {reached}", limited=True)
            except LimitReached as reached:
                limited, hopeful = not isinstance(reached, GaveUp), isinstance(reached, MoreTime)
                return Undecided(f"{self.name}: {reached}", limited=limited, hopeful=hopeful)
            except MemoryError:  # the run is of no use any more, but another engine may do with less
                return Undecided(f"{self.name}: out of memory")
            if isinstance(answer, Refutation) and not self.exact:
                raise TypeError(f"{self.name} is not exact and may not refute")
            return answer

        return guarded

    def decide(self, question: Question, limits: Limits) -> Answer:
        """A patient run, asked once."""
        return self.start(question, patient=True)(limits)
