"""The reduction contract: a source problem to a net at x0 = 0, with witnesses mapped both ways.

``accepts(problem)`` says whether a reduction takes a problem, ``apply(problem)`` gives the net and
an ``Inverse``.  The inverse maps a solution of the source problem to a direction and two distinct
subgradients, and a witness on the net back to a solution that the source problem's own checker
accepts.  A new reduction is one file: a ``Reduction`` and, if its net is nonnegative, the two short
methods of ``NonnegativeInverse``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Generic, TypeVar

from subgrad_hardness.common.errors import InputError
from subgrad_hardness.common.words import count
from subgrad_hardness.derivative.lexicographic import Direction, Directions, Element, forward, lock_branches
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import primitive

Problem = TypeVar("Problem")
Solution = TypeVar("Solution")


class SolutionError(InputError):
    """A claimed solution of the source problem that the problem's own checker rejects."""


class WitnessError(InputError):
    """A claimed witness on the net that separates nothing."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Two distinct elements of d_L F(x0), and a direction d (p integers) on which they differ."""

    direction: Direction
    first: Element
    second: Element


@dataclass(frozen=True, slots=True)
class Separation:
    """A witness: a direction d (p integers) with F'(x0; d) != g d, where g = J_L(x0; M).

    ``reference`` holds the columns of M; g itself is recomputed from them.
    """

    direction: Direction
    reference: Directions


class Inverse(ABC, Generic[Solution]):
    """The way back from one net to its source problem, and forth."""

    @abstractmethod
    def direction_of(self, solution: Solution) -> Evidence:
        """Two distinct subgradients of the net, from a solution.  Raises SolutionError."""

    @abstractmethod
    def solution_of(self, separation: Separation) -> Solution:
        """A solution of the source problem, from any witness on the net.  Raises WitnessError."""


class Reduction(ABC, Generic[Problem, Solution]):
    """A map from source problems to nets that have two distinct subgradients iff a solution exists."""

    #: The name under which provenance speaks of this reduction.
    name: ClassVar[str]

    @abstractmethod
    def accepts(self, problem: object) -> bool:
        """Whether ``apply`` takes this problem."""

    @abstractmethod
    def apply(self, problem: Problem) -> tuple[Program, Inverse[Solution]]:
        """The net at x0 and the maps between its witnesses and the problem's solutions.

        Raises TypeError for a problem that is not accepted.
        """


class NonnegativeInverse(Inverse[Solution]):
    """The inverse for nets with one output, F >= 0 near x0 and F(x0) = 0.

    A reduction supplies ``program``, ``encode`` (a solution to some d with F'(x0; d) > 0) and
    ``decode`` (any d with F'(x0; d) > 0 to a solution).

    Forth: with f = F'(x0; .) and f(d) > 0 let g1, g2 be J_L entered by d and by -d.  Then
    g1 d = f(d) > 0, while g2 d = -f(-d) <= 0, so g1 and g2 differ.
    Back: let f(d) != g d, g = J_L(x0; M).  If f(d) > 0, decode d.  Otherwise f(d) = 0 != g d, so
    g != 0, and near m_1 + e m_2 + ... + e^(p-1) m_p, for all small e > 0, f is g; there
    f = g m_1 + e g m_2 + ... is a nonzero polynomial in e (M is nonsingular), hence nonzero for
    small e, hence positive: decode that point.  (relu(x_1) with g = 1 and d = -1 shows that d alone
    would not do.)
    """

    program: Program

    @abstractmethod
    def encode(self, solution: Solution) -> Direction:
        """A direction d with F'(x0; d) > 0.  Raises SolutionError where the checker rejects."""

    @abstractmethod
    def decode(self, direction: Direction) -> Solution:
        """A solution, from a direction d with F'(x0; d) > 0."""

    @cached_property
    def net(self) -> LocalNet:
        """The localised program."""
        return localise(self.program).net

    def direction_of(self, solution: Solution) -> Evidence:
        """See ``Inverse``.  Two branch lockings: usually two forward and two backward passes."""
        direction = self.encode(solution)
        opposite = tuple(-entry for entry in direction)
        return Evidence(direction, lock_branches(self.net, [direction]), lock_branches(self.net, [opposite]))

    def solution_of(self, separation: Separation) -> Solution:
        """See ``Inverse``.  One forward pass where F'(x0; d) > 0, else see ``positive_point``."""
        direction, net = tuple(separation.direction), self.net
        if len(direction) != net.inputs:
            raise WitnessError(f"{count(len(direction), 'entry', 'entries')}, expected {net.inputs}", place="direction")
        if net.output_values(direction)[0] > 0:
            return self.decode(direction)
        return self.decode(positive_point(net, separation.reference))


def positive_point(net: LocalNet, directions: Directions) -> Direction:
    """A point of the cell that M enters, or near it, with F'(x0; .) > 0, for F >= 0 with one output.

    m_1 + e m_2 + e^2 m_3 + ... for e = 1, 1/2, 1/4, ..., times the power of 1/e that makes it
    integer; the leading directions alone where they suffice.  p integers.

    Raises WitnessError if M has not p columns or if J_L(x0; M) = 0.  Ends for a singular M too: the
    pushed row holds the coefficients of F'(x0; .) along the curve for small e, and is not zero.
    Costs k forward passes for k leading directions (p where those push to zeros), and one for each e.
    """
    given = len(directions.leading) + len(directions.complete)
    if given != net.inputs:
        raise WitnessError(f"{count(given, 'direction')}, expected {net.inputs}", place="reference")
    columns: Sequence[Direction] = directions.leading
    if not any(forward(net, columns)[0]):
        columns = directions.columns(net.inputs)
        if not any(forward(net, columns)[0]):
            raise WitnessError("F'(x0; d) is zero, and so is the reference subgradient", place="direction")
    base = 1
    while True:
        point = (0,) * net.inputs
        for column in columns:
            point = tuple(base * x + y for x, y in zip(point, column, strict=True))
        if net.output_values(point)[0] > 0:
            return primitive(point)
        base *= 2
