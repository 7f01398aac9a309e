"""What a process does with cones of a block: list the Jacobians in them for a while, and say which cones are left."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.derivative.cell import LinearPiece
from subgrad_hardness.derivative.pieces import tree_of_pieces
from subgrad_hardness.derivative.tree import Cone, Tree, Walk
from subgrad_hardness.local.local_net import Rows
from subgrad_hardness.normal_form.flatten import FlatNet


class Bundle(NamedTuple):
    """Disjoint cones of the block with this number."""

    block: int
    cones: tuple[Cone, ...]


class Task(NamedTuple):
    """Look into the bundle for about so many seconds."""

    bundle: Bundle
    seconds: float


class Report(NamedTuple):
    """The Jacobians that were found in a bundle, each once, and the cones of it that are left.

    ``end``: the process ended, as this tells, and all of the bundle is left.
    """

    bundle: Bundle
    found: tuple[LinearPiece, ...]
    left: tuple[Cone, ...]
    end: str | None = None


class Exploring:
    """Looks into cones of the blocks of one net.

    Notes
    -----
    Sent to each process once.  Trees are made when they are needed, and keep what they learn.
    """

    def __init__(self, blocks: tuple[FlatNet, ...]) -> None:
        self.blocks = blocks
        self._trees: dict[int, Tree[Any]] = {}

    def __reduce__(self) -> tuple[type[Exploring], tuple[tuple[FlatNet, ...]]]:
        return Exploring, (self.blocks,)

    def __call__(self, task: Task, /) -> Report:
        limits = Limits.seconds(task.seconds)
        bundle = task.bundle
        walk = Walk(self._tree(bundle.block), bundle.cones)
        found: dict[Rows, LinearPiece] = {}
        with suppress(LimitReached):
            for piece in walk.pieces(limits):
                found.setdefault(piece.rows, piece)
                limits.check()
        return Report(bundle, tuple(found.values()), walk.left())

    def _tree(self, block: int) -> Tree[Any]:
        if block not in self._trees:
            tree = tree_of_pieces(self.blocks[block], NO_LIMITS)
            assert tree is not None, "what is listed in bulk is not explored"
            self._trees[block] = tree
        return self._trees[block]


def lost(task: Task, end: str, /, *, killed: bool) -> Report:
    """The report of a task whose process ended without one."""
    return Report(task.bundle, (), task.bundle.cones, end)
