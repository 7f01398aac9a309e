"""A plain enumeration of cells, sign after sign: the oracle of faster ones, which shares no code with them.

A cell is a maximal open cone on which every kink whose localised row is not zero keeps a strict
sign.  Both signs of a row are tried and decided by Fourier-Motzkin elimination, so a cone of any width is found and
none is invented.  For small nets.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.local.local_net import Kink, LocalNet, Rows
from support import oracle

Form = tuple[int, ...]


class Cell(NamedTuple):
    """One full-dimensional cell.

    ``rows`` is the Jacobian there before the output scales, ``signs`` 1, -1 or (for a kink whose row is zero) 0 for
    each kink.
    """

    rows: Rows
    signs: tuple[int, ...]


def cells(net: LocalNet) -> Iterator[Cell]:
    """Every cell once."""
    units = [tuple(int(row == column) for column in range(net.inputs)) for row in range(net.inputs)]
    yield from _below(net, units, (), (), (Fraction(0),) * net.inputs)


def _below(
    net: LocalNet, rows: list[Form], signs: tuple[int, ...], cone: tuple[Form, ...], inside: oracle.Row
) -> Iterator[Cell]:
    """The cells in a cone, with a point inside, where the first kinks have these signs, the first slots these rows."""
    zero = (0,) * net.inputs
    for place in range(len(rows) - net.inputs, len(net.nodes)):
        node = net.nodes[place]
        if not isinstance(node, Kink):
            pairs = list(zip(node.coefficients, [rows[argument] for argument in node.arguments], strict=True))
            rows = [*rows, tuple(sum(factor * row[k] for factor, row in pairs) for k in range(net.inputs))]
            continue
        row = rows[node.argument]
        if row == zero:
            rows, signs = [*rows, zero], (*signs, 0)
            continue
        for sign, passed in ((1, row), (-1, zero)):
            smaller = (*cone, tuple(sign * entry for entry in row))
            within = inside if oracle.dot(smaller[-1], inside) > 0 else oracle.positive_point(smaller, net.inputs)
            if within is not None:
                yield from _below(net, [*rows, passed], (*signs, sign), smaller, within)
        return
    yield Cell(tuple([rows[output] if output >= 0 else zero for output in net.outputs]), signs)
