"""Counts of the derived programs of a program, from the programs themselves: for programs that are no nodes alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.cost_model.backward import backward
from subgrad_hardness.cost_model.forward import forward
from subgrad_hardness.cost_model.lexicographic import branch_locking, two_elements
from subgrad_hardness.cost_model.primitives import Value
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.weights import Counts


class Counted(NamedTuple):
    """Counts, values that are kept for the sweeps, and what a row has to say.

    Attributes
    ----------
    ties : those that are left (branch locking), or were there (two elements).
    same : whether the two elements are equal.
    """

    counts: Counts
    stored: int
    ties: int = 0
    same: bool = False


class Directions(NamedTuple):
    """What all directions of forward share, and what each one adds."""

    shared: Counts
    each: Counts


class WrittenCounts:
    """Every derived program is written, and counted."""

    def __init__(
        self, program: StraightLine, point: Sequence[Value], wrt: Sequence[int], limits: Limits = NO_LIMITS
    ) -> None:
        self.program, self.point, self.wrt, self.limits = program.flat, tuple(point), wrt, limits
        self._values = program.plain.values(self.point)  # raises PointError where there is no value

    @property
    def evaluation(self) -> Counts:
        """Of the evaluation."""
        return self.program.counts

    @property
    def rounded(self) -> int:
        """How many comparisons are of floats."""
        compared = (step.arguments for step in self.program.plain.steps if step.operation == "sign")
        return sum(any(isinstance(self._values[slot], float) for slot in each) for each in compared)

    def backward(self, form: str, worst: bool = False) -> Counted:
        """Of ``backward``, at the point unless all branches are wanted.  Raises PointError, LimitReached."""
        at = None if worst or form == "textbook" else self.point
        found = backward(self.program, form, at=at, wrt=self.wrt, limits=self.limits)
        return Counted(found.counts, found.stored or 0)

    def forward(self, form: str) -> Directions:
        """Of ``forward``: the same from the first direction on.  Raises LimitReached."""
        one, two = (forward(self.program, k, form, wrt=self.wrt, limits=self.limits).counts for k in (1, 2))
        each = two.minus(one)
        return Directions(one.minus(each), each)

    def locking(self, direction: Sequence[Value]) -> Counted:
        """Of ``branch_locking`` along one direction.  Raises PointError, LimitReached."""
        found = branch_locking(self.program, self.point, [direction], wrt=self.wrt, limits=self.limits)
        return Counted(found.program.counts, found.program.stored or 0, found.ties)

    def two(self) -> Counted:
        """Of ``two_elements``.  Raises PointError, LimitReached."""
        found = two_elements(self.program, self.point, wrt=self.wrt, limits=self.limits)
        results = found.program.run(found.values)
        q, size = len(self.program.outputs), len(self.program.outputs) * len(self.wrt)
        same = results[q : q + size] == results[q + size :]
        return Counted(found.program.counts, found.program.stored or 0, found.ties, same)
