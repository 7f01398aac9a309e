"""How many cells and Jacobians there are: block by block, and without listing them where theory gives the number."""

from __future__ import annotations

from math import prod

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.derivative.blocks import blocks, local_net
from subgrad_hardness.derivative.cells import cells
from subgrad_hardness.derivative.central import CentralNet, central_net
from subgrad_hardness.derivative.pieces import flat_pieces
from subgrad_hardness.linear.elimination import independent
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.normal_form.flatten import FlatNet, flatten


def count_cells(net: LocalNet, limits: Limits = NO_LIMITS) -> int:
    """The number of full-dimensional cells.

    Raises
    ------
    LimitReached

    Notes
    -----
    The product over independent blocks.  A block of one layer is counted by its characteristic polynomial
    (``linear.chambers.counting``), others by listing.
    """
    return prod([_cells(block.flat, limits) for block in blocks(flatten(net, limits))])


def count_pieces(net: LocalNet, limits: Limits = NO_LIMITS) -> int:
    """The number of Jacobians: of elements of the lexicographic subdifferential.

    Raises
    ------
    LimitReached

    Notes
    -----
    The product over independent blocks.  A block of one layer with a convex or a concave output that has a kink in each
    hyperplane has one Jacobian for each cell, because the gradients of a convex function on different pieces differ:
    it is counted by its characteristic polynomial.  Others are listed.
    """
    return prod([count_flat_pieces(block.flat, limits) for block in blocks(flatten(net, limits))])


def _cells(flat: FlatNet, limits: Limits) -> int:
    central = central_net(flat)
    if central is not None:
        return _chambers(central, limits)
    return sum(1 for _ in cells(local_net(flat), limits))


def count_flat_pieces(flat: FlatNet, limits: Limits) -> int:
    """The number of Jacobians of one block.  Raises LimitReached."""
    central = central_net(flat)
    if central is not None and _bends_one_way(central):
        return _chambers(central, limits)
    return sum(1 for _ in flat_pieces(flat, limits))


def _chambers(central: CentralNet, limits: Limits) -> int:
    from subgrad_hardness.linear.chambers.counting import number_of_cells

    columns = independent(list(zip(*central.forms, strict=True)))
    return number_of_cells([tuple([form[column] for column in columns]) for form in central.forms], limits)


def _bends_one_way(central: CentralNet) -> bool:
    """Whether some output's gradient steps the same way, up or down, onto the positive side of each hyperplane."""
    size = central.inputs
    for start in range(0, len(central.linear), size):
        signs = set()
        for form, above, below in zip(central.forms, central.positive, central.negative, strict=True):
            index = next(index for index, entry in enumerate(form) if entry)  # forms begin with a positive entry
            step = above[start + index] - below[start + index]
            signs.add((step > 0) - (step < 0))
        if len(signs) == 1 and 0 not in signs:
            return True
    return False
