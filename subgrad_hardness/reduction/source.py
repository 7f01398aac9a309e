"""What the reductions that write a nonnegative net down at once have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from subgrad_hardness.derivative.lexicographic import Direction
from subgrad_hardness.net.program import Program
from subgrad_hardness.reduction.contract import NonnegativeInverse, Reduction, Solution, SolutionError

_Solution_contra = TypeVar("_Solution_contra", contravariant=True)
Checked = TypeVar("Checked", bound="Checker[Any]")


class Checker(Protocol[_Solution_contra]):
    """A problem that knows its solutions."""

    def satisfied(self, solution: _Solution_contra, /) -> bool:
        """Whether this is a solution.  Raises InputError for one of the wrong shape."""


class SourceProblem(ABC, Generic[Solution]):
    """A source problem with its own checker; the concrete ones are small immutable dataclasses."""

    @abstractmethod
    def satisfied(self, solution: Solution, /) -> bool:
        """Whether this is a solution.  Raises InputError for one of the wrong shape."""

    @abstractmethod
    def source(self) -> dict[str, Any]:
        """The problem for a net's provenance, as a JSON object."""


def require_solved(problem: Checker[Solution], solution: Solution) -> None:
    """Raise SolutionError where the problem's own checker rejects."""
    if not problem.satisfied(solution):
        raise SolutionError(f"does not solve the {type(problem).__name__}", place="solution")


@dataclass(frozen=True)
class SourceInverse(NonnegativeInverse[Solution], Generic[Checked, Solution]):
    """The inverse over a problem with a checker; a reduction supplies ``positive`` and ``decode``."""

    program: Program
    problem: Checked

    def encode(self, solution: Solution) -> Direction:
        """See ``NonnegativeInverse``.  Raises SolutionError."""
        require_solved(self.problem, solution)
        return self.positive(solution)

    @abstractmethod
    def positive(self, solution: Solution) -> Direction:
        """A direction d with F'(x0; d) > 0, from a solution that was checked."""


@dataclass(frozen=True)
class DirectionInverse(SourceInverse[Checked, Direction]):
    """Where the solutions are directions themselves."""

    def positive(self, solution: Direction) -> Direction:
        """The solution."""
        return solution

    def decode(self, direction: Direction) -> Direction:
        """The direction."""
        return direction


class NetReduction(Reduction[Checked, Solution]):
    """A reduction that takes every problem of one type; it supplies ``body``, ``inverse`` and ``source``."""

    takes: ClassVar[type]

    def accepts(self, problem: object) -> bool:
        """Every problem of the type ``takes``."""
        return isinstance(problem, self.takes)

    def apply(self, problem: Checked) -> tuple[Program, SourceInverse[Checked, Solution]]:
        """The net and its inverse; see the module's docstring.  Raises TypeError."""
        require_accepted(self, problem)
        provenance = {"reduction": self.name, "source": self.source(problem), **self.known(problem)}
        program = self.net(problem)._replace(provenance=provenance)
        return program, self.inverse(program, problem)

    @abstractmethod
    def net(self, problem: Checked) -> Program:
        """The net, without provenance."""

    @abstractmethod
    def inverse(self, program: Program, problem: Checked) -> SourceInverse[Checked, Solution]:
        """The maps between witnesses and solutions."""

    @abstractmethod
    def source(self, problem: Checked) -> dict[str, Any]:
        """The problem for the net's provenance."""

    def known(self, problem: Checked) -> dict[str, str | None]:
        """The verdict, and how it is known, for the net's provenance, where it can be seen at once; else nothing."""
        return {"verdict": None, "known_by": None}


class Acceptor(Protocol):
    """Anything that takes some problems and not others."""

    def accepts(self, problem: object) -> bool:
        """Whether it takes this problem."""


def require_accepted(acceptor: Acceptor, problem: object) -> None:
    """Raise TypeError for a problem that is not accepted."""
    if not acceptor.accepts(problem):
        raise TypeError(f"{type(acceptor).__name__} does not accept this {type(problem).__name__}")
