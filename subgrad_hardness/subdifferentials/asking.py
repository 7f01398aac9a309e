"""One-sided goals about a program at its point, in rationals: asked of the engines, answered with an argument.

The programs are mostly those of ``certificate.derived``; the answer's argument is what certificates of statements hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.certificate.argument import Argument
from subgrad_hardness.certificate.goals import OneSided
from subgrad_hardness.common.errors import CertificateError
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.engine.portfolio import decide, prove
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import common_denominator
from subgrad_hardness.proof.writer import goals_argument
from subgrad_hardness.question.answer import Answer, Refutation, Witness
from subgrad_hardness.question.question import Goal, Question
from subgrad_hardness.question.session import Session
from subgrad_hardness.subdifferentials.fixed_phases import by_fixed_phases

Vector = Sequence[Fraction | int]


class Found(NamedTuple):
    """A goal is positive at ``direction`` (integers), which satisfies the constraints."""

    direction: tuple[int, ...]


class Refuted(NamedTuple):
    """No goal is positive anywhere; ``argument`` says why, or is None with the reason in ``unargued``."""

    argument: Argument | None
    unargued: str | None = None


class Open(NamedTuple):
    """Nobody knows within the limits."""

    why: str


class Asker:
    """A program at its point, localised once, that is asked about many goals.

    Not thread-safe.  ``memory`` is the engines' budget in bytes (``question.session``).
    """

    def __init__(self, program: Program, memory: int | None = None) -> None:
        self.program = program
        self.local = localise(program)
        self.session = Session(self.local.net, memory)

    def ask(
        self,
        goals: Sequence[OneSided],
        constraints: Sequence[Vector] = (),
        limits: Limits | None = None,
        *,
        solver: str = "auto",
        argued: bool = True,
        seed: int = 0,
    ) -> Found | Refuted | Open:
        """Is one of the goals sum_k u_k F'_k(x0; d) - l d positive at some d with w d >= 0 for all constraints w?

        Parameters
        ----------
        goals : p numbers each in ``linear``.
        constraints : rows of p numbers; zero rows say nothing and are dropped.
        argued : whether a refutation is to come with an argument; it costs about a run of a SAT solver.

        A direction is replayed exactly before it is returned.  Limits end in ``Open``.
        """
        limits = limits or Limits()
        rows = tuple([tuple(common_denominator(row)[0]) for row in constraints if any(row)])
        question = Question(self.local.net, tuple([self._goal(goal) for goal in goals]), seed, rows)
        try:
            answer = self._decided(question, solver, limits)
            if isinstance(answer, Refutation) and argued and answer.proof is None:
                answer = prove(question, self.session, limits).answer
                if not isinstance(answer, Refutation):
                    return Refuted(None, answer.why if not isinstance(answer, Witness) else "contradicted")
        except LimitReached as reached:
            return Open(str(reached))
        if isinstance(answer, Witness):
            if not question.holds(answer.direction):
                raise AssertionError("an engine's witness does not stand up to its replay")
            return Found(answer.direction)
        if not isinstance(answer, Refutation):
            return Open(answer.why)
        if not argued or answer.proof is None:
            return Refuted(None, "no argument was asked for")
        try:
            return Refuted(goals_argument(self.program, self.local, goals, answer.proof, limits, constraints=rows))
        except LimitReached as reached:
            return Refuted(None, str(reached))
        except CertificateError as problem:
            return Refuted(None, f"no file can hold the proof: {problem.message}")

    def _decided(self, question: Question, solver: str, limits: Limits) -> Answer:
        """By the phases where the constraints fix them all, else by the engines."""
        fixed = by_fixed_phases(question, self.session, limits) if solver == "auto" else None
        return decide(question, solver, limits, session=self.session).answer if fixed is None else fixed

    def _goal(self, goal: OneSided) -> Goal:
        """The goal times a positive number, over the local net's outputs before their scales."""
        scales = self.local.net.scales
        outputs = [(number, Fraction(factor) * scales[number]) for number, factor in goal.outputs if factor]
        whole, _ = common_denominator([*[factor for _, factor in outputs], *goal.linear])
        numbers = [number for number, _ in outputs]
        return Goal(tuple(zip(numbers, whole, strict=False)), tuple(whole[len(numbers) :]))
