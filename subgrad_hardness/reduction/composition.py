"""Reductions compose: a translation of one source problem into another one, then a reduction of that.

A ``Translation`` keeps "has a solution" and maps solutions both ways.  ``Composed`` is again a
``Reduction``, so that chains of any length can be built.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from subgrad_hardness.net.program import Program
from subgrad_hardness.reduction.contract import Evidence, Inverse, Reduction, Separation, Solution
from subgrad_hardness.reduction.source import SourceProblem, require_accepted, require_solved

#: The source problem of a translation.
Source = TypeVar("Source", bound=SourceProblem[Any])
#: The problem that it becomes, and that one's solutions.
Target = TypeVar("Target")
Image = TypeVar("Image")


class Translation(ABC, Generic[Source, Solution, Target, Image]):
    """A map between problems that has a solution on one side iff it has one on the other."""

    #: The name under which provenance speaks of this translation.
    name: ClassVar[str]
    takes: ClassVar[type]

    def accepts(self, problem: object) -> bool:
        """Every problem of the type ``takes``, unless a translation says otherwise."""
        return isinstance(problem, self.takes)

    @abstractmethod
    def translate(self, problem: Source) -> Target:
        """The other problem."""

    @abstractmethod
    def forth(self, problem: Source, solution: Solution) -> Image:
        """A solution of the other problem, from one of ``problem``."""

    @abstractmethod
    def back(self, problem: Source, image: Image) -> Solution:
        """A solution of ``problem``, from any one of the other problem."""


@dataclass(frozen=True)
class ComposedInverse(Inverse[Solution], Generic[Source, Solution, Target, Image]):
    """Solutions of the source problem to evidence on the net and back, by way of the other problem."""

    translation: Translation[Source, Solution, Target, Image]
    problem: Source
    inner: Inverse[Image]

    def direction_of(self, solution: Solution) -> Evidence:
        """See ``Inverse``.  Raises SolutionError."""
        require_solved(self.problem, solution)
        return self.inner.direction_of(self.translation.forth(self.problem, solution))

    def solution_of(self, separation: Separation) -> Solution:
        """See ``Inverse``.  Raises WitnessError."""
        return self.translation.back(self.problem, self.inner.solution_of(separation))


@dataclass(frozen=True)
class Composed(Reduction[Source, Solution], Generic[Source, Solution, Target, Image]):
    """``translation``, then ``reduction``."""

    translation: Translation[Source, Solution, Target, Image]
    reduction: Reduction[Target, Image]
    name: ClassVar[str] = "composition"

    def accepts(self, problem: object) -> bool:
        """What the translation accepts."""
        return self.translation.accepts(problem)

    def apply(self, problem: Source) -> tuple[Program, ComposedInverse[Source, Solution, Target, Image]]:
        """The net of the translated problem, with the source problem in its provenance.  Raises TypeError."""
        require_accepted(self.translation, problem)
        program, inner = self.reduction.apply(self.translation.translate(problem))
        facts = dict(program.provenance or {})
        names = f"{self.translation.name}; {facts['reduction']}"
        provenance = {**facts, "reduction": names, "source": problem.source()}
        return program._replace(provenance=provenance), ComposedInverse(self.translation, problem, inner)
