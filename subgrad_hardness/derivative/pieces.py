"""The distinct Jacobians of F'(x0; .), each once, without walking through all cells where there are many more of these.

Two things make fewer pieces of many cells before these are listed: independent blocks are enumerated each for itself,
and their Jacobians combined (``derivative.blocks``); and kinks that are one maximum are branched on as one
(``derivative.units``).  What is still equal afterwards is merged when it comes.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from itertools import product
from typing import Any

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.derivative.blocks import Block, blocks, local_net
from subgrad_hardness.derivative.cell import LinearPiece
from subgrad_hardness.derivative.cells import cells, tree_of
from subgrad_hardness.derivative.central import central_net
from subgrad_hardness.derivative.tree import Tree
from subgrad_hardness.derivative.unit_tree import UnitTree
from subgrad_hardness.derivative.units import unit_net
from subgrad_hardness.local.local_net import LocalNet, Rows
from subgrad_hardness.normal_form.flatten import FlatNet, flatten


def pieces(net: LocalNet, limits: Limits = NO_LIMITS) -> Generator[LinearPiece]:
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
    linear = linear_part(flat)
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
            yield added(linear, (piece, *chosen))


def most_listed(flat: FlatNet, limits: Limits = NO_LIMITS) -> int | None:
    """There are not more cells than this where all blocks are listed in bulk, which then takes some microseconds for
    each cell that there is, mostly as many; None elsewhere.  Raises LimitReached."""
    total = 1
    for block in blocks(flat):
        if tree_of_pieces(block.flat, limits) is not None:
            return None
        central = central_net(block.flat)
        assert central is not None
        total *= central.most_cells
    return total


def linear_part(flat: FlatNet) -> Rows:
    """What the outputs have beside their kinks: m rows of p integers."""
    return tuple([tuple([form.get(index, 0) for index in range(flat.inputs)]) for form in flat.outputs])


def added(linear: Rows, chosen: Sequence[LinearPiece]) -> LinearPiece:
    """The Jacobian of the whole net from one of each block, in the whole net's inputs."""
    rows, directions = zip(*chosen, strict=True)
    total = [tuple(map(sum, zip(*each, strict=True))) for each in zip(linear, *rows, strict=True)]
    return LinearPiece(tuple(total), tuple(map(sum, zip(*directions, strict=True))))


def _block_pieces(block: Block, limits: Limits) -> Iterator[LinearPiece]:
    """The Jacobians of one block and directions, of the whole net."""
    return map(block.widened, flat_pieces(block.flat, limits))


def flat_pieces(flat: FlatNet, limits: Limits) -> Iterator[LinearPiece]:
    """The Jacobians of a net with its sums multiplied out, each once."""
    tree = tree_of_pieces(flat, limits)
    seen: set[Rows] = set()
    for piece in tree.pieces([tree.root()], limits) if tree is not None else _listed(flat, limits):
        if piece.rows not in seen:
            seen.add(piece.rows)
            yield piece


def tree_of_pieces(flat: FlatNet, limits: Limits) -> Tree[Any] | None:
    """The tree whose leaves have the Jacobians: that over the units, if there are fewer of these than kinks, else that
    of the cells, or None (``derivative.cells.tree_of``).  Raises LimitReached."""
    units = unit_net(flat, limits)
    return UnitTree(units) if len(units.units) < len(flat.kinks) else tree_of(local_net(flat), flat)


def _listed(flat: FlatNet, limits: Limits) -> Iterator[LinearPiece]:
    for cell in cells(local_net(flat), limits):
        yield LinearPiece(cell.rows, cell.interior)
