"""A plain enumeration of cells, sign after sign, by exact cone questions: the oracle of faster ones.

A cell is a maximal open cone on which every kink whose localised row is not zero keeps a strict
sign.  Cells are met by a depth-first walk over the kinks in topological order; both signs of a
row are tried and decided exactly (``linear.cone``), so a cone of any width is found and none is
invented.  The number of cells can be exponential in the kinks: for small nets.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.cone import Feasible, StrictCone
from subgrad_hardness.local.local_net import Kink, LocalNet, Rows


class Cell(NamedTuple):
    """One full-dimensional cell.

    ``interior`` is a point strictly inside (p integers), ``rows`` the Jacobian there before the
    output scales, ``signs`` 1, -1 or (for a kink whose row is zero) 0 for each kink, ``walls`` the forms that are
    positive exactly inside.
    """

    interior: tuple[int, ...]
    rows: Rows
    signs: tuple[int, ...]
    walls: tuple[tuple[int, ...], ...]


class _Branch(NamedTuple):
    """A partial cell: the first kinks' signs, the rows so far, and a point inside its cone."""

    rows: list[tuple[int, ...]]
    signs: list[int]
    asserted: tuple[int, ...]
    point: tuple[int, ...]


def cells(net: LocalNet, limits: Limits | None = None) -> Iterator[Cell]:
    """Every cell once, in a fixed order.

    Costs one exact cone question a branch (the point at hand settles the other side), each on at
    most as many forms as kinks.  Raises LimitReached.
    """
    zero = (0,) * net.inputs
    units = [tuple(int(row == column) for column in range(net.inputs)) for row in range(net.inputs)]
    cone = StrictCone(net.inputs)
    numbers: dict[tuple[int, ...], int] = {}
    walls: list[tuple[int, ...]] = []  # by their numbers
    # An explicit stack: nets may have more kinks than Python has frames.
    stack = [_Branch(units, [], (), units[0])]
    while stack:
        branch = stack.pop()
        if limits is not None:
            limits.check()
        row = _next_row(net, branch)
        if row is None:
            outputs = tuple(branch.rows[output] if output >= 0 else zero for output in net.outputs)
            yield Cell(branch.point, outputs, tuple(branch.signs), tuple([walls[number] for number in branch.asserted]))
            continue
        for sign, passed in ((-1, zero), (1, row)):
            form = tuple(sign * entry for entry in row)
            if form not in numbers:
                numbers[form] = cone.add(form)
                walls.append(form)
            asserted = (*branch.asserted, numbers[form])
            point = branch.point
            if sum(map(mul, form, point)) <= 0:
                answer = cone.solve(asserted, limits)
                if not isinstance(answer, Feasible):
                    continue
                point = answer.point
            stack.append(_Branch([*branch.rows, passed], [*branch.signs, sign], asserted, point))


def _next_row(net: LocalNet, branch: _Branch) -> tuple[int, ...] | None:
    """Fill in the branch up to the next kink whose row is not zero; that row, or None at the end."""
    rows, signs = branch.rows, branch.signs
    for node in net.nodes[len(rows) - net.inputs :]:
        if not isinstance(node, Kink):
            gathered = [rows[argument] for argument in node.arguments]
            rows.append(tuple([sum(map(mul, node.coefficients, entries)) for entries in zip(*gathered, strict=True)]))
        elif any(rows[node.argument]):
            return rows[node.argument]
        else:
            rows.append(rows[node.argument])
            signs.append(0)
    return None
