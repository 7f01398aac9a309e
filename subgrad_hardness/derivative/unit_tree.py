"""The linear pieces of a net of units (``derivative.units``), by a point inside each partial cone.

On the cone where piece i of a unit is larger than each of its other pieces, the unit is linear.  For all units together
such cones cover the space but for their borders, so every Jacobian rules in one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.derivative.cell import LinearPiece
from subgrad_hardness.derivative.tree import Cone, NoBranchError
from subgrad_hardness.derivative.units import UnitNet
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.normal_form.linear_form import Form

Row = tuple[int, ...]


class UnitBranch(NamedTuple):
    """The rows of the inputs and the first units, the forms that are positive, and a point where they are."""

    rows: list[Row]
    asserted: tuple[int, ...]
    point: Row


class UnitTree:
    """The tree over the units of a net in topological order; implements ``Tree``.

    Costs an exact cone question for each piece of a unit that the point at hand does not settle.
    """

    def __init__(self, net: UnitNet) -> None:
        self._net = net
        self._cone = StrictCone(net.inputs)
        self._numbers: dict[Row, int] = {}

    def root(self) -> UnitBranch:
        size = self._net.inputs
        units = [tuple([int(row == column) for column in range(size)]) for row in range(size)]
        return UnitBranch(units, (), units[0])

    def pieces(self, stack: list[UnitBranch], limits: Limits) -> Iterator[LinearPiece]:
        """Jacobians, perhaps several times, each with a point around which it rules.  Raises LimitReached."""
        while stack:
            limits.check()
            branch = stack.pop()
            if self._done(branch) == len(self._net.units):
                rows = tuple([_row(form, branch.rows) for form in self._net.outputs])
                yield LinearPiece(rows, branch.point)
                continue
            candidates = self._candidates(branch)
            try:
                children = [self._child(branch, winner, candidates, limits) for winner in candidates]
            except LimitReached:
                stack.append(branch)
                raise
            stack += [child for child in children if child is not None]

    @property
    def order(self) -> str:
        return f"units {[[sorted(piece.items()) for piece in unit] for unit in self._net.units]}"

    def branch(self, cone: Cone) -> UnitBranch:
        branch = self.root()._replace(point=cone.point)
        if cone.decided > len(self._net.units):
            raise NoBranchError
        for _ in range(cone.decided):
            candidates = self._candidates(branch)
            levels = [sum(map(mul, row, cone.point)) for row in candidates]
            if levels.count(max(levels)) > 1:
                raise NoBranchError
            child = self._child(branch, candidates[levels.index(max(levels))], candidates, NO_LIMITS)
            assert child is not None, "the point is inside"
            branch = child
        return branch

    def cone(self, branch: UnitBranch) -> Cone:
        return Cone(self._done(branch), branch.point)

    def _done(self, branch: UnitBranch) -> int:
        return len(branch.rows) - self._net.inputs

    def _candidates(self, branch: UnitBranch) -> list[Row]:
        """The different pieces of the next unit."""
        return list(dict.fromkeys([_row(piece, branch.rows) for piece in self._net.units[self._done(branch)]]))

    def _child(self, branch: UnitBranch, winner: Row, candidates: list[Row], limits: Limits) -> UnitBranch | None:
        """Where this piece of the next unit is the largest; None if that is nowhere."""
        differences = [
            tuple([x - y for x, y in zip(winner, other, strict=True)]) for other in candidates if other is not winner
        ]
        for form in differences:
            if form not in self._numbers:
                self._numbers[form] = self._cone.add(form)
        asserted = (*branch.asserted, *[self._numbers[form] for form in differences])
        point = branch.point
        if any(sum(map(mul, form, point)) <= 0 for form in differences):
            answer = self._cone.solve(asserted, limits)
            if not isinstance(answer, Feasible):
                return None
            point = answer.point
        return UnitBranch([*branch.rows, winner], asserted, point)


def _row(form: Form, rows: list[Row]) -> Row:
    """A form over inputs and units as one over the inputs."""
    if not form:
        return (0,) * len(rows[0])
    columns = zip(*[rows[place] for place in form], strict=True)
    gains = form.values()
    return tuple([sum(map(mul, gains, column)) for column in columns])
