"""All full-dimensional cells of F'(x0; .), exactly: what everything else is compared with.

A cell is a maximal open cone on which every kink whose localised row is not zero keeps a strict
sign.  Cells are met by a depth-first walk over the kinks in topological order; a cone is split by a kink iff
the kink changes its sign in it, which its rays say (``derivative.rays``) or, where there may be too many, exact cone
questions (``derivative.point_tree``), so a cone of any width is found and none is
invented.  The number of cells can be exponential in the kinks: for small nets.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.derivative.cell import Cell
from subgrad_hardness.derivative.central import central_cells, central_net
from subgrad_hardness.derivative.packed import PackedNet
from subgrad_hardness.derivative.point_tree import point_cells
from subgrad_hardness.derivative.rays import Rays, lowest
from subgrad_hardness.local.local_net import LocalNet, Rows
from subgrad_hardness.normal_form.flatten import flatten

#: Nets up to this size count as small: all their cells are enumerated as a second opinion.
MOST_KINKS = 12
MOST_INPUTS = 8
# In spaces of more dimensions than this, cones may have so many rays that questions are cheaper.
_MOST_DIMENSIONS = 6
# Where there cannot be more cells than this, they are found one by one before numpy is loaded.
_FEW = 1000
# Of more cells than this nobody sees the last: the first ones, one by one, come at once.
_HOPELESS = 10**11


def cells(net: LocalNet, limits: Limits = NO_LIMITS) -> Iterator[Cell]:
    """Every cell once, in a fixed order; the first ones long before the last.

    Parameters
    ----------
    net : of any size, but the number of cells can be exponential in it.

    Raises
    ------
    LimitReached

    Notes
    -----
    Measured in cells a second of one processor: docs/subdifferential.md.
    """
    flat = flatten(net, limits)
    central = central_net(flat)
    if central is not None and _FEW < central.most_cells <= _HOPELESS:
        yield from central_cells(central, limits)
    elif net.inputs <= _MOST_DIMENSIONS:
        yield from _ray_cells(PackedNet(flat), len(net.kinks), limits)
    else:
        yield from point_cells(net, limits)


def _ray_cells(net: PackedNet, kinks: int, limits: Limits) -> Iterator[Cell]:
    """By extreme rays; some forward passes and comparisons of rays for each cell."""
    rays = Rays(net)
    stack = [rays.space()]
    while stack:
        limits.check()
        cone = stack.pop()
        up, down = cone.signs()
        if up & down:
            stack.extend(rays.split(cone, lowest(up & down)))
            continue
        signs: tuple[int, ...] = ()
        for first in range(0, kinks, 8):
            signs += _eight_signs(up >> first & 255, down >> first & 255)
        yield Cell(cone.interior(net.inputs), net.rows(up), signs[:kinks])


@lru_cache(maxsize=2**16)
def _eight_signs(up: int, down: int) -> tuple[int, ...]:
    """The signs that two bytes of bits stand for."""
    return tuple([(up >> bit & 1) - (down >> bit & 1) for bit in range(8)])


class SmallNet:
    """The distinct Jacobians of a small net, enumerated at most once, for all who ask.

    ``small`` says whether the net is small enough to try.
    """

    def __init__(self, net: LocalNet, seconds: float) -> None:
        self.net = net
        self.seconds = seconds
        self.small = len(net.kinks) <= MOST_KINKS and net.inputs <= MOST_INPUTS
        self._found: frozenset[Rows] | None = None
        self._late = False

    def jacobians(self, limits: Limits) -> frozenset[Rows]:
        """All of them, before the output scales.  Raises LimitReached, also if it once ran out of time."""
        if self._found is None:
            if self._late:
                raise LimitReached("time limit")
            self._late = True
            self._found = frozenset(cell.rows for cell in cells(self.net, limits.within(self.seconds)))
        return self._found
