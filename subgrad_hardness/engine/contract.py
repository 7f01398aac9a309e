"""The engine contract: ``start(question, session)``, then ``run(limits) -> Witness | Refutation | Undecided``.

A run that hit a limit keeps what it has learned and may be asked again, with a later limit.  Questions and answers
are small, immutable and picklable, so that an engine can run in a worker process.  An engine prints nothing, knows no
command line and is not trusted: a witness is replayed exactly by the caller, a refutation is checked by the verifier,
and only engines declared ``exact`` may refute.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from subgrad_hardness.common.limits import LimitReached, Limits, MemoryReached
from subgrad_hardness.engine.memory import EngineMemory
from subgrad_hardness.question.answer import Answer, Refutation, Undecided, Witness
from subgrad_hardness.question.question import Question
from subgrad_hardness.question.session import Session

if TYPE_CHECKING:
    from subgrad_hardness.question.restriction import Restriction


class RoomReached(LimitReached):
    """An engine outgrew the room it gave itself; asked again it takes more."""


class MoreTime(LimitReached):
    """An engine that is on its way: what is left is a search that no other engine would be spared."""


class GaveUp(LimitReached):
    """A limit of an engine's own, which more time does not lift."""


#: A started engine: each call goes on from where a limit stopped the last one (and may raise LimitReached).
Run = Callable[[Limits], Answer]
#: Starts a run on a question, over what the session of its net keeps.
Start = Callable[[Question, Session], Run]


def once(decide: Callable[[Question, Limits], Answer]) -> Start:
    """The ``start`` of an engine that keeps nothing between calls."""
    return lambda question, _: partial(decide, question)


class Engine(NamedTuple):
    """An entry of the table of engines: what the engine is, declared.

    Attributes
    ----------
    name : what ``--solver`` calls it.
    target : the function that starts a run, ``"module:function"``, imported when it is first called.
    summary : one line about it.
    exact : whether its refutations count; an engine that is not exact only finds witnesses.
    proves : whether its refutations carry a proof, of which a certificate is made.
    enumerates : whether it goes through all cells, so that their enumeration is no second opinion on it.
    most_inputs : it accepts nets with at most this many inputs (None: any).
    two_sided : it accepts only questions whether differences are zero, everywhere (``Question.two_sided``).
    constrained : it accepts constraints.
    least_memory : bytes that it takes before it begins, as for a package that it loads; with less left in the budget it
        does not begin, since a package that finds no memory may abort the process.
    package : one that it cannot do without, and others can; where it is not installed the engine is not asked.
    made_for : a function that tells whether a question has the structure that the engine is made for,
        ``"module:function"`` with the arguments ``(question, session, limits)``; ``auto`` asks the engine early then.
    """

    name: str
    target: str
    summary: str
    exact: bool = False
    proves: bool = False
    enumerates: bool = False
    most_inputs: int | None = None
    two_sided: bool = False
    constrained: bool = True
    least_memory: int = 0
    package: str | None = None
    made_for: str | None = None

    def suits(self, question: Question, session: Session, limits: Limits) -> bool:
        """Whether the engine accepts the question and says that it is made for it.  Raises LimitReached."""
        if self.made_for is None or self.refusal(question) is not None:
            return False
        suits: Callable[[Question, Session, Limits], bool] = _target(self.made_for)
        return suits(question, session, limits)

    def refusal(self, question: Question) -> str | None:
        """Why the engine does not accept ``question``; None: it does."""
        if self.most_inputs is not None and question.net.inputs > self.most_inputs:
            return f"{question.net.inputs} inputs, more than {self.most_inputs}"
        if question.constraints and not self.constrained:
            return "it knows no constraints"
        if self.two_sided and not question.two_sided:
            return "the goals are one-sided"
        return None

    def start(self, question: Question, session: Session | None = None, *, patient: bool = False) -> Run:
        """A run on ``question``; a limit that it hits becomes ``Undecided``, and so does want of memory.

        Where the engines of the session hold more than its budget, the one that holds most is freed.

        Constraints that leave no open cone are put into the net first; the run then answers with witnesses of the
        question, and with refutations that carry no proof.

        Parameters
        ----------
        session : the session of the question's net; a new one by default.
        patient : where the run would let another engine have its turn, it goes on instead.
        """
        return _Guarded(self, question, session or Session(question.net), patient)

    def decide(self, question: Question, limits: Limits, session: Session | None = None) -> Answer:
        """A patient run, asked once."""
        return self.start(question, session, patient=True)(limits)

    def begin(self, question: Question, session: Session) -> Run:
        """The engine's own run, without the guards of ``start``."""
        begin: Start = _target(self.target)
        return begin(question, session)


def installed(package: str) -> bool:
    """Whether a package can be imported; it is not."""
    from importlib.util import find_spec

    try:
        return find_spec(package) is not None
    except ImportError:
        return False


def _target(target: str) -> Any:
    """What ``"module:name"`` names."""
    module, name = target.split(":")
    return getattr(import_module(module), name)


class _Guarded:
    """A run whose limits are answers, and that is freed where its engine holds too much memory."""

    def __init__(self, engine: Engine, question: Question, session: Session, patient: bool) -> None:
        self.engine, self.question, self.session, self.patient = engine, question, session, patient
        self.run: Run | None = None
        self.outgrown = 0  # bytes that did not suffice

    def __call__(self, limits: Limits) -> Answer:
        name, memory = self.engine.name, EngineMemory.of(self.session)
        refusal = self.engine.refusal(self.question)
        if refusal is None and self.engine.package is not None and not installed(self.engine.package):
            refusal = f"needs the package {self.engine.package}: pip install {self.engine.package}"
        if refusal is not None:
            return Undecided(f"{name}: {refusal}")
        if memory.lacks(self.engine.least_memory) or not memory.worth_while(self.outgrown):
            return Undecided(f"{name}: {memory.full}")
        while True:
            start = time.monotonic()
            try:
                answer = self._turn(memory.within(limits))
                memory.count(name, self, time.monotonic() - start)
                break
            except MemoryReached:
                pass  # what the exception still refers to is let go before anything is freed
            memory.count(name, self)
            larger = memory.larger(name)
            if larger is None:
                self.outgrown = memory.outgrown(name, self.outgrown)
                memory.free(name, self.session)
                return Undecided(f"{name}: {memory.full}", limited=True)
            memory.free(larger, self.session)
        if isinstance(answer, Refutation) and not self.engine.exact:
            raise TypeError(f"{name} is not exact and may not refute")
        return answer

    def free(self) -> None:
        """Forget all work; asked again it begins anew."""
        self.run = None

    def _turn(self, limits: Limits) -> Answer:
        """The answer of the engine's own run; its limits are answers.  Raises MemoryReached."""
        name = self.engine.name
        while True:
            try:
                return self._asked(limits)
            except RoomReached as reached:
                if not self.patient:
                    return Undecided(f"{name}: {reached}", limited=True)
            except LimitReached as reached:
                limited, hopeful = not isinstance(reached, GaveUp), isinstance(reached, MoreTime)
                return Undecided(f"{name}: {reached}", limited=limited, hopeful=hopeful)
            except MemoryError:  # refused before the budget was full; another engine may do with less
                break
        self.free()
        self.session.forget(name)
        return Undecided(f"{name}: out of memory")

    def _asked(self, limits: Limits) -> Answer:
        if self.run is None:
            self.run = self._begun(limits)
        return self.run(limits)

    def _begun(self, limits: Limits) -> Run:
        question, session = self.question, self.session
        if not question.constraints:
            return self.engine.begin(question, session)
        from subgrad_hardness.question.restriction import restricted  # constraints are rare

        restriction = restricted(question, limits)
        if restriction is None:
            why = "only the direction 0 satisfies the constraints"
            return lambda _: Refutation(why) if self.engine.exact else Undecided(why, believed="unique")
        if restriction.basis is None:
            return self.engine.begin(restriction.question, session)
        run = self.engine.begin(restriction.question, Session(restriction.question.net))
        return lambda within: extended(restriction, run(within))


def extended(restriction: Restriction, answer: Answer) -> Answer:
    """An answer about a restricted net, about the net itself."""
    if isinstance(answer, Witness):
        return answer._replace(direction=restriction.extended(answer.direction))
    return answer._replace(proof=None) if isinstance(answer, Refutation) else answer
