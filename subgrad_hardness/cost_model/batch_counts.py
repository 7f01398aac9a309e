"""Counts of many samples from those of two and three: all samples start at the same point, so that each costs the same.

Sample by sample the same steps are written; the gradients in the weights, which the samples share, take one addition
for each further sample.  So every count is c_2 + (B - 2) (c_3 - c_2) from two samples on.  Branch locking is an
exception where there are ties, as each sample has a direction of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from subgrad_hardness.cost_model.counting import Passes
from subgrad_hardness.cost_model.node_counts import NodeCounts
from subgrad_hardness.cost_model.primitives import Value
from subgrad_hardness.cost_model.weights import Counts
from subgrad_hardness.cost_model.written_counts import Counted, Directions


class BatchCounts:
    """The counts for ``batch`` samples, three or more; ``make`` counts so many of them one by one."""

    def __init__(self, batch: int, make: Callable[[int], NodeCounts]) -> None:
        self._batch, self._make = batch, make
        self._two, self._three = make(2), make(3)

    @property
    def passes(self) -> Passes:
        """Of three samples: the same operations as of more."""
        return self._three.passes

    def _many(self, two: Counts, three: Counts) -> Counts:
        return two.plus(three.minus(two), self._batch - 2)

    def _counted(self, two: Counted, three: Counted) -> Counted:
        times = self._batch - 2
        stored, ties = ((a + times * (b - a)) for a, b in ((two.stored, three.stored), (two.ties, three.ties)))
        return Counted(self._many(two.counts, three.counts), stored, ties, three.same)

    @property
    def evaluation(self) -> Counts:
        """As ``NodeCounts.evaluation``."""
        return self._many(self._two.evaluation, self._three.evaluation)

    @property
    def rounded(self) -> int:
        """As ``NodeCounts.rounded``."""
        return self._two.rounded + (self._batch - 2) * (self._three.rounded - self._two.rounded)

    def backward(self, form: str, worst: bool = False) -> Counted:
        """As ``NodeCounts.backward``."""
        return self._counted(self._two.backward(form, worst), self._three.backward(form, worst))

    def forward(self, form: str) -> Directions:
        """As ``NodeCounts.forward``."""
        two, three = self._two.forward(form), self._three.forward(form)
        return Directions(self._many(two.shared, three.shared), self._many(two.each, three.each))

    def locking(self, direction: Sequence[Value]) -> Counted:
        """As ``NodeCounts.locking``."""
        if any(0 in outcomes for outcomes in self.passes.values.outcomes if outcomes):
            return self._make(self._batch).locking(direction)
        two, three = (each.locking(direction[: len(each.passes.wrt)]) for each in (self._two, self._three))
        return self._counted(two, three)

    def two(self) -> Counted:
        """As ``NodeCounts.two``."""
        return self._counted(self._two.two(), self._three.two())
