"""The engine contract: ``decide(question, limits) -> Witness | Refutation | Undecided``.

Questions and answers are small, immutable and picklable, so that an engine can run in a worker
process.  An engine prints nothing, knows no command line and is not trusted: a witness is replayed
exactly by the caller, and only engines declared ``exact`` may answer with a refutation.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from operator import mul
from typing import NamedTuple

from subgrad_hardness.limits import LimitReached, Limits
from subgrad_hardness.local.local_net import LocalNet


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


class Lemma(NamedTuple):
    """Positive multipliers under which the input forms (p integers each) sum to zero (Gordan)."""

    forms: tuple[tuple[int, ...], ...]
    multipliers: tuple[int, ...]


class Refutation(NamedTuple):
    """No direction separates.

    ``why`` says in words how this was decided.  ``lemmas`` are the Gordan lemmas that an engine
    used; the proof over them becomes part of the certificate format with the engine's proofs.
    """

    why: str
    lemmas: tuple[Lemma, ...] = ()


class Undecided(NamedTuple):
    """No exact answer: a limit, or an inexact solver's claim in ``believed`` (a verdict)."""

    why: str
    believed: str | None = None


Answer = Witness | Refutation | Undecided


class Engine(NamedTuple):
    """An entry of the portfolio's table.

    ``target`` names the function, ``"module:function"``, imported when it is first called.
    ``exact`` says whether its refutations count.
    """

    name: str
    target: str
    exact: bool
    summary: str

    def decide(self, question: Question, limits: Limits) -> Answer:
        """Run the engine; a limit that it hits becomes ``Undecided``."""
        module, function = self.target.split(":")
        decide: Callable[[Question, Limits], Answer] = getattr(import_module(module), function)
        try:
            answer = decide(question, limits)
        except LimitReached as reached:
            return Undecided(f"{self.name}: {reached}")
        if isinstance(answer, Refutation) and not self.exact:
            raise TypeError(f"{self.name} is not exact and may not refute")
        return answer
