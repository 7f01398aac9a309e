"""The linear pieces of a net of units (``derivative.units``), by a point inside each partial cone.

On the cone where piece i of a unit is larger than each of its other pieces, the unit is linear.  For all units together
such cones cover the space but for their borders, so every Jacobian rules in one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.units import UnitNet
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.local.local_net import Rows
from subgrad_hardness.normal_form.linear_form import Form

Row = tuple[int, ...]


class _Branch(NamedTuple):
    """The rows of the inputs and the first units, the forms that are positive, and a point where they are."""

    rows: list[Row]
    asserted: tuple[int, ...]
    point: Row


def unit_pieces(net: UnitNet, limits: Limits) -> Iterator[tuple[Rows, Row]]:
    """Jacobians, perhaps several times, each with a point around which it rules.

    Costs an exact cone question for each piece of a unit that the point at hand does not settle.  Raises LimitReached.
    """
    units = [tuple([int(row == column) for column in range(net.inputs)]) for row in range(net.inputs)]
    cone = StrictCone(net.inputs)
    numbers: dict[Row, int] = {}
    stack = [_Branch(units, (), units[0])]
    while stack:
        limits.check()
        branch = stack.pop()
        done = len(branch.rows) - net.inputs
        if done == len(net.units):
            yield tuple([_row(form, branch.rows) for form in net.outputs]), branch.point
            continue
        candidates = list(dict.fromkeys([_row(piece, branch.rows) for piece in net.units[done]]))
        for winner in candidates:
            differences = [
                tuple([x - y for x, y in zip(winner, other, strict=True)])
                for other in candidates
                if other is not winner
            ]
            for form in differences:
                if form not in numbers:
                    numbers[form] = cone.add(form)
            asserted = (*branch.asserted, *[numbers[form] for form in differences])
            point = branch.point
            if any(sum(map(mul, form, point)) <= 0 for form in differences):
                answer = cone.solve(asserted, limits)
                if not isinstance(answer, Feasible):
                    continue
                point = answer.point
            stack.append(_Branch([*branch.rows, winner], asserted, point))


def _row(form: Form, rows: list[Row]) -> Row:
    """A form over inputs and units as one over the inputs."""
    if not form:
        return (0,) * len(rows[0])
    columns = zip(*[rows[place] for place in form], strict=True)
    gains = form.values()
    return tuple([sum(map(mul, gains, column)) for column in columns])
