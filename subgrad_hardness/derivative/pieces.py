"""The distinct Jacobians of F'(x0; .), each once, without walking through all cells where there are many more of these.

Two things make fewer pieces of many cells before these are listed: independent blocks are enumerated each for itself,
and their Jacobians combined (``derivative.blocks``); and kinks that are one maximum are branched on as one
(``derivative.units``).  What is still equal afterwards is merged when it comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.derivative.blocks import Block, Row, blocks, local_net
from subgrad_hardness.derivative.cells import cells
from subgrad_hardness.derivative.unit_tree import unit_pieces
from subgrad_hardness.derivative.units import unit_net
from subgrad_hardness.local.local_net import LocalNet, Rows
from subgrad_hardness.normal_form.flatten import FlatNet, flatten


class LinearPiece(NamedTuple):
    """A Jacobian before the output scales, and a direction, of p integers, around which it rules."""

    rows: Rows
    interior: Row


def pieces(net: LocalNet, limits: Limits = NO_LIMITS) -> Iterator[LinearPiece]:
    """Every Jacobian that rules on an open cone once, in a fixed order, as found.

    These are the elements of the lexicographic subdifferential.

    Raises
    ------
    LimitReached

    Notes
    -----
    Memory: the Jacobians of each block.  The first ones come before all are known, but for all blocks save the first.
    """
    flat = flatten(net, limits)
    linear = tuple([tuple([form.get(index, 0) for index in range(flat.inputs)]) for form in flat.outputs])
    parts = blocks(flat)
    if not parts:
        yield LinearPiece(linear, (1, *(0,) * (net.inputs - 1)))
        return
    # The longest enumeration is the one that is not waited for.
    first, *others = sorted(parts, key=lambda block: -len(block.kinks))
    rest = [list(_block_pieces(block, limits)) for block in others]
    for piece in _block_pieces(first, limits):
        for chosen in product(*rest):
            limits.check()
            rows, directions = zip(piece, *chosen, strict=True)
            total = [tuple(map(sum, zip(*each, strict=True))) for each in zip(linear, *rows, strict=True)]
            yield LinearPiece(tuple(total), tuple(map(sum, zip(*directions, strict=True))))


def _block_pieces(block: Block, limits: Limits) -> Iterator[LinearPiece]:
    """The Jacobians of one block and directions, of the whole net."""
    for piece in flat_pieces(block.flat, limits):
        yield LinearPiece(block.whole_rows(piece.rows), block.direction(piece.interior))


def flat_pieces(flat: FlatNet, limits: Limits) -> Iterator[LinearPiece]:
    """The Jacobians of a net with its sums multiplied out, each once."""
    seen: set[Rows] = set()
    units = unit_net(flat, limits)
    if len(units.units) < len(flat.kinks):
        found = unit_pieces(units, limits)
    else:
        found = ((cell.rows, cell.interior) for cell in cells(local_net(flat), limits))
    for rows, interior in found:
        if rows not in seen:
            seen.add(rows)
            yield LinearPiece(rows, interior)
