"""Cells by the extreme rays of partial cones (``derivative.rays``); for spaces of few dimensions.

Cones may have very many rays in more dimensions; ``derivative.point_tree`` keeps one point of each.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.cell import Cell, LinearPiece
from subgrad_hardness.derivative.packed import PackedNet
from subgrad_hardness.derivative.rays import RayCone, Rays, lowest
from subgrad_hardness.derivative.tree import Cone, NoBranchError
from subgrad_hardness.normal_form.flatten import FlatNet


class RayTree:
    """The tree over the kinks of a net in topological order; implements ``Tree``.

    Costs some forward passes and comparisons of rays for each cell.
    """

    def __init__(self, flat: FlatNet) -> None:
        self._net, self._kinks = PackedNet(flat), len(flat.kinks)
        self._rays = Rays(self._net)

    def root(self) -> RayCone:
        return self._rays.space()

    def cells(self, stack: list[RayCone], limits: Limits) -> Iterator[Cell]:
        """The cells of the branches, depth first, each once.  Raises LimitReached."""
        while stack:
            limits.check()
            cone = stack.pop()
            up, down = cone.signs()
            if up & down:
                stack.extend(self._rays.split(cone, lowest(up & down)))
                continue
            signs: tuple[int, ...] = ()
            for first in range(0, self._kinks, 8):
                signs += _eight_signs(up >> first & 255, down >> first & 255)
            yield Cell(cone.interior(self._net.inputs), self._net.rows(up), signs[: self._kinks])

    def pieces(self, stack: list[RayCone], limits: Limits) -> Iterator[LinearPiece]:
        for cell in self.cells(stack, limits):
            yield LinearPiece(cell.rows, cell.interior)

    @property
    def order(self) -> str:
        return "kinks"

    def branch(self, cone: Cone) -> RayCone:
        levels, _, _ = self._net.arguments(cone.point)
        branch = self.root()
        while (kink := self._changing(branch)) < cone.decided:
            if kink == self._kinks or not levels[kink]:
                raise NoBranchError
            above, below = self._rays.split(branch, kink)
            branch = above if levels[kink] > 0 else below
        return branch

    def cone(self, branch: RayCone) -> Cone:
        return Cone(self._changing(branch), branch.interior(self._net.inputs))

    def _changing(self, branch: RayCone) -> int:
        """The first kink that changes its sign in the branch; their number where none does."""
        up, down = branch.signs()
        return lowest(up & down) if up & down else self._kinks


@lru_cache(maxsize=2**16)
def _eight_signs(up: int, down: int) -> tuple[int, ...]:
    """The signs that two bytes of bits stand for."""
    return tuple([(up >> bit & 1) - (down >> bit & 1) for bit in range(8)])
