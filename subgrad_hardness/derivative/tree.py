"""Trees over the kinks, or units, of a net, whose walk can stop anywhere and go on elsewhere, and later.

A branch is a cone on which the first kinks, in topological order, keep their signs (the first units their pieces).
Whoever knows a point inside and how many are decided knows the branch: so it is written in two lines, and means
the same to every process.  The branches that a walk has not looked into yet are disjoint cones; together with what it
has found they are all there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.cell import LinearPiece, Row

Branch = TypeVar("Branch")


class Cone(NamedTuple):
    """The open cone around ``point`` where the first ``decided`` kinks or units are as they are at the point."""

    decided: int
    point: Row


def space(dimension: int) -> Cone:
    """All of it: nothing is decided."""
    return Cone(0, (1, *(0,) * (dimension - 1)))


class NoBranchError(ValueError):
    """No branch of the tree is written so."""


class Tree(Protocol[Branch]):
    """What is walked: by rays, by points, by units."""

    def root(self) -> Branch:
        """All of the space."""

    def pieces(self, stack: list[Branch], limits: Limits) -> Iterator[LinearPiece]:
        """What is in the branches, the last one first, perhaps several times.

        ``stack`` is what is still to be looked into, whenever a piece is given and when LimitReached is raised.
        """

    @property
    def order(self) -> str:
        """What ``Cone.decided`` counts here, in which order: cones mean the same in trees of one order."""

    def branch(self, cone: Cone) -> Branch:
        """The branch that was written as ``cone``.  Raises NoBranchError."""

    def cone(self, branch: Branch) -> Cone:
        """The branch as what can be written."""


class Walk(Generic[Branch]):
    """A walk through some cones of a tree, which may be left after any piece.

    Parameters
    ----------
    cones : the last one is looked into first.
    """

    def __init__(self, tree: Tree[Branch], cones: Sequence[Cone]) -> None:
        self._tree = tree
        self._cones = list(cones)
        self._stack: list[Branch] = []

    def pieces(self, limits: Limits) -> Iterator[LinearPiece]:
        """What is in the cones, perhaps several times.  Raises LimitReached."""
        while self._cones:
            self._stack = [self._tree.branch(self._cones.pop())]
            yield from self._tree.pieces(self._stack, limits)

    def left(self) -> tuple[Cone, ...]:
        """The cones that are still to be looked into, when a piece has just been given or a limit was hit."""
        return (*self._cones, *map(self._tree.cone, self._stack))
