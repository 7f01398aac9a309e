"""The engine contract: ``decide(question, limits) -> Witness | Refutation | Undecided``.

Questions and answers are small, immutable and picklable, so that an engine can run in a worker
process.  An engine prints nothing, knows no command line and is not trusted: a witness is replayed
exactly by the caller, and only engines declared ``exact`` may answer with a refutation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import mul

from subgrad_hardness.limits import Limits
from subgrad_hardness.local.local_net import LocalNet


@dataclass(frozen=True, slots=True)
class Question:
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


@dataclass(frozen=True, slots=True)
class Witness:
    """A direction d (p integers) with F'(x0; d) != g d."""

    direction: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lemma:
    """Positive multipliers under which the input forms (p integers each) sum to zero (Gordan)."""

    forms: tuple[tuple[int, ...], ...]
    multipliers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Refutation:
    """No direction separates.

    ``why`` says in words how this was decided.  ``lemmas`` are the Gordan lemmas that an engine
    used; the proof over them becomes part of the certificate format with the engine's proofs.
    """

    why: str
    lemmas: tuple[Lemma, ...] = ()


@dataclass(frozen=True, slots=True)
class Undecided:
    """No exact answer: a limit, or an inexact solver's claim in ``believed`` (a verdict)."""

    why: str
    believed: str | None = None


Answer = Witness | Refutation | Undecided


@dataclass(frozen=True, slots=True)
class Engine:
    """An entry of the portfolio's table.

    ``decide`` may raise ``LimitReached`` instead of returning ``Undecided``.  ``exact`` says whether
    its refutations count.  ``solver`` is the outside package it calls, if any.
    """

    name: str
    decide: Callable[[Question, Limits], Answer]
    exact: bool
    summary: str
    solver: str | None = field(default=None)
