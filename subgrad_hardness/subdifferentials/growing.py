"""A tree by sign that goes on where limits stopped it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from subgrad_hardness.certificate.tree import Tree
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.subdifferentials.trees import Grower, Step


class GrowingTree:
    """A tree by sign that shows a bound; goes on where limits stopped it."""

    def __init__(self, grower: Grower, functional: Matrix, bound: Fraction) -> None:
        self._ends = grower.bounded(functional, bound)
        self._grow = partial(grower.by_sign, ends=self._ends, heaviest=partial(grower.heaviest, functional))
        self._steps: Iterator[Step] | None = None
        self._made: list[tuple[int, ...]] = []

    def grow(self, limits: Limits) -> Tree | Step | None:
        """The whole tree; or a leaf beyond the bound; or None where a limit came first."""
        # A generator ends with the exception that passes through it, so the limits are looked at here.
        if self._steps is None:
            self._steps = self._grow(Limits())
        for step in self._steps:
            if step.values is not None and not self._ends(step.values):
                return step
            self._made.append(step.step)
            if limits.remaining <= 0:
                return None
        return tuple(self._made)
