"""A full-dimensional cell of F'(x0; .), and what follows from its signs."""

from __future__ import annotations

from operator import mul
from typing import NamedTuple

from subgrad_hardness.local.local_net import Kink, LocalNet, Rows

Row = tuple[int, ...]


class Cell(NamedTuple):
    """One maximal open cone on which every kink whose localised row is not zero keeps a strict sign.

    ``interior`` is a point strictly inside (p integers), ``rows`` the Jacobian there before the
    output scales, ``signs`` 1, -1 or (for a kink whose row is zero) 0 for each kink.
    """

    interior: Row
    rows: Rows
    signs: tuple[int, ...]


class LinearPiece(NamedTuple):
    """A Jacobian before the output scales, and a direction, of p integers, around which it rules."""

    rows: Rows
    interior: Row


def walls(net: LocalNet, cell: Cell) -> tuple[Row, ...]:
    """Linear forms that are all positive exactly inside the cell; one pass of p columns through the net."""
    zero = (0,) * net.inputs
    rows: list[Row] = [tuple([int(row == column) for column in range(net.inputs)]) for row in range(net.inputs)]
    found: list[Row] = []
    for node in net.nodes:
        if isinstance(node, Kink):
            row, sign = rows[node.argument], cell.signs[len(found)]
            found.append(tuple([sign * entry for entry in row]))
            rows.append(row if sign > 0 else zero)
        else:
            gathered = [rows[argument] for argument in node.arguments]
            rows.append(tuple([sum(map(mul, node.coefficients, column)) for column in zip(*gathered, strict=True)]))
    return tuple([form for form in dict.fromkeys(found) if form != zero])
