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
from operator import mul
from typing import NamedTuple

from subgrad_hardness.limits import GaveUp, LimitReached, Limits, MoreTime, RoomReached
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.local.normal_form import Key, NormalForm
from subgrad_hardness.local.signs import Generator


class Question(NamedTuple):
    """Is there a direction d with F'(x0; d) != g d?

    ``reference`` is g before the output scales (m rows of p integers), any element of d_L; ``seed``
    drives whatever an engine draws at random.
    """

    net: LocalNet
    reference: tuple[tuple[int, ...], ...]
    seed: int = 0

    def separates(self, direction: tuple[int, ...]) -> bool:
        """Whether F'(x0; d) != g d, exactly; one forward pass."""
        values = self.net.output_values(direction)
        return any(value != sum(map(mul, row, direction)) for value, row in zip(values, self.reference, strict=True))


class Witness(NamedTuple):
    """A direction d (p integers) with F'(x0; d) != g d."""

    direction: tuple[int, ...]


class Literal(NamedTuple):
    """ "``form`` > 0" (``positive``), or its negation."""

    form: Key
    positive: bool


class Rule(NamedTuple):
    """The relu rule on ``form`` = L + c a, a = relu(w) the atom number ``atom`` (SPEC 4):
    ``form`` > 0 implies L > 0 or L + c w > 0 if c > 0, and both if c < 0."""

    form: Key
    atom: int


class Lemma(NamedTuple):
    """A clause that holds because the rows that its negation gives are contradictory (SPEC 4).

    Rows: the negated literals times ``multipliers`` (one for each literal, at least 0), and the
    ``generators``; their sum is identically zero, and a strict row takes part.
    """

    clause: tuple[Literal, ...]
    multipliers: tuple[int, ...]
    generators: tuple[Generator, ...] = ()


class Proof(NamedTuple):
    """Why no objective is ever positive: with the rules and the lemmas this is propositional.

    Everything is said over the inputs and atoms of ``normal``.  ``half``: only directions with this form in
    the inputs positive were looked at, the objectives being the same at -d.
    """

    normal: NormalForm
    rules: tuple[Rule, ...] = ()
    lemmas: tuple[Lemma, ...] = ()
    half: Key | None = None


class Refutation(NamedTuple):
    """No direction separates.

    ``why`` says in words how this was decided; ``proof`` is what a certificate is made of (None: this
    engine keeps no record of its reasons).
    """

    why: str
    proof: Proof | None = None


class Undecided(NamedTuple):
    """No exact answer: an inexact solver's claim in ``believed`` (a verdict), or a limit: then
    (``limited``) the run may be asked again, and is worth most of the time if it says so (``hopeful``)."""

    why: str
    believed: str | None = None
    limited: bool = False
    hopeful: bool = False


Answer = Witness | Refutation | Undecided


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
