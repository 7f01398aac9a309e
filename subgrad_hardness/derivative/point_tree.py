"""Cells by a point inside each partial cone: an exact cone question for each sign that the point does not settle.

For cones in spaces of any dimension: unlike extreme rays, of which a cone may have very many, one point is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.derivative.cell import Cell, LinearPiece, Row
from subgrad_hardness.derivative.tree import Cone, NoBranchError
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.local.local_net import Kink, LocalNet


class PointBranch(NamedTuple):
    """A partial cell: the first kinks' signs, the rows so far, the forms that are positive, and a point inside."""

    rows: list[Row]
    signs: list[int]
    asserted: tuple[int, ...]
    point: Row


class PointTree:
    """The tree over the kinks of a net in topological order; implements ``Tree``.

    Costs one exact cone question a branch (the point at hand settles the other side), each on at most as many forms as
    kinks.
    """

    def __init__(self, net: LocalNet) -> None:
        self._net = net
        self._zero = (0,) * net.inputs
        self._cone = StrictCone(net.inputs)
        self._numbers: dict[Row, int] = {}

    def root(self) -> PointBranch:
        size = self._net.inputs
        units = [tuple(int(row == column) for column in range(size)) for row in range(size)]
        return PointBranch(units, [], (), units[0])

    def cells(self, stack: list[PointBranch], limits: Limits) -> Iterator[Cell]:
        """The cells of the branches, depth first, each once.  Raises LimitReached."""
        # An explicit stack: nets may have more kinks than Python has frames.
        while stack:
            limits.check()
            branch = stack.pop()
            row = self._next_row(branch)
            if row is None:
                outputs = tuple([branch.rows[output] if output >= 0 else self._zero for output in self._net.outputs])
                yield Cell(branch.point, outputs, tuple(branch.signs))
                continue
            try:
                children = [self._child(branch, row, sign, limits) for sign in (-1, 1)]
            except LimitReached:
                stack.append(branch)
                raise
            stack += [child for child in children if child is not None]

    def pieces(self, stack: list[PointBranch], limits: Limits) -> Iterator[LinearPiece]:
        for cell in self.cells(stack, limits):
            yield LinearPiece(cell.rows, cell.interior)

    @property
    def order(self) -> str:
        return "kinks"

    def branch(self, cone: Cone) -> PointBranch:
        branch = self.root()._replace(point=cone.point)
        while len(branch.signs) < cone.decided:
            row = self._next_row(branch)
            if row is None or len(branch.signs) >= cone.decided:  # what is left is zero, or was decided beyond
                break
            level = sum(map(mul, row, cone.point))
            child = self._child(branch, row, 1 if level > 0 else -1, NO_LIMITS) if level else None
            if child is None:
                raise NoBranchError
            branch = child
        if len(branch.signs) < cone.decided:
            raise NoBranchError
        return branch

    def cone(self, branch: PointBranch) -> Cone:
        return Cone(len(branch.signs), branch.point)

    def _child(self, branch: PointBranch, row: Row, sign: int, limits: Limits) -> PointBranch | None:
        """The side of the next kink, whose row is given; None if it is empty."""
        form = tuple([sign * entry for entry in row])
        if form not in self._numbers:
            self._numbers[form] = self._cone.add(form)
        asserted = (*branch.asserted, self._numbers[form])
        point = branch.point
        if sum(map(mul, form, point)) <= 0:
            answer = self._cone.solve(asserted, limits)
            if not isinstance(answer, Feasible):
                return None
            point = answer.point
        passed = row if sign > 0 else self._zero
        return PointBranch([*branch.rows, passed], [*branch.signs, sign], asserted, point)

    def _next_row(self, branch: PointBranch) -> Row | None:
        """Fill in the branch up to the next kink whose row is not zero; that row, or None at the end."""
        rows, signs = branch.rows, branch.signs
        for node in self._net.nodes[len(rows) - self._net.inputs :]:
            if not isinstance(node, Kink):
                gathered = [rows[argument] for argument in node.arguments]
                rows.append(
                    tuple([sum(map(mul, node.coefficients, entries)) for entries in zip(*gathered, strict=True)])
                )
            elif any(rows[node.argument]):
                return rows[node.argument]
            else:
                rows.append(rows[node.argument])
                signs.append(0)
        return None
