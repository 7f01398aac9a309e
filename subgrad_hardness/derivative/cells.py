"""All full-dimensional cells of F'(x0; .), exactly: what everything else is compared with.

A cell is a maximal open cone on which every kink whose localised row is not zero keeps a strict
sign.  Cells are met by a depth-first walk over the kinks in topological order; a cone is split by a kink iff
the kink changes its sign in it, which its rays say (``derivative.ray_tree``) or, where there may be too many, exact
cone questions (``derivative.point_tree``), so a cone of any width is found and none is invented.  The number of cells
can be exponential in the kinks: for small nets.
"""

from __future__ import annotations

from collections.abc import Iterator

from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.derivative.cell import Cell
from subgrad_hardness.derivative.central import central_cells, central_net
from subgrad_hardness.derivative.point_tree import PointTree
from subgrad_hardness.derivative.ray_tree import RayTree
from subgrad_hardness.local.local_net import LocalNet, Rows
from subgrad_hardness.normal_form.flatten import FlatNet, flatten

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
    tree = tree_of(net, flat)
    if tree is None:
        central = central_net(flat)
        assert central is not None
        yield from central_cells(central, limits)
    elif isinstance(tree, RayTree):  # two types of branches
        yield from tree.cells([tree.root()], limits)
    else:
        yield from tree.cells([tree.root()], limits)


def tree_of(net: LocalNet, flat: FlatNet) -> RayTree | PointTree | None:
    """The tree whose leaves are the cells of a net; None where these are listed in bulk (``derivative.central``).

    Parameters
    ----------
    flat : the net with its sums multiplied out.
    """
    central = central_net(flat)
    if central is not None and _FEW < central.most_cells <= _HOPELESS:
        return None
    return RayTree(flat) if net.inputs <= _MOST_DIMENSIONS else PointTree(net)


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
