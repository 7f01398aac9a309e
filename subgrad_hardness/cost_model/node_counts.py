"""The same counts as ``written_counts``, by nodes: nothing is written, a million weights take seconds."""

from __future__ import annotations

from collections.abc import Sequence

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.cost_model.compact import Compact, Values
from subgrad_hardness.cost_model.counting import Branches, Passes
from subgrad_hardness.cost_model.counting_ties import counted_locking, counted_two, require_slopes
from subgrad_hardness.cost_model.primitives import Value
from subgrad_hardness.cost_model.reverse_counts import reverse
from subgrad_hardness.cost_model.weights import Counts
from subgrad_hardness.cost_model.written_counts import Counted, Directions


class NodeCounts:
    """Every derived program is counted node by node.  Raises PointError where there is no value at the point."""

    def __init__(self, program: Compact, wrt: Sequence[int], limits: Limits = NO_LIMITS) -> None:
        self.passes = Passes(program, wrt, Values(program, limits), limits)

    @property
    def evaluation(self) -> Counts:
        """Of the evaluation."""
        return self.passes.evaluation

    @property
    def rounded(self) -> int:
        """How many comparisons are of floats."""
        return self.passes.values.rounded

    def backward(self, form: str, worst: bool = False) -> Counted:
        """As ``WrittenCounts.backward``."""
        if form == "textbook":
            found = self.passes.textbook()
        else:
            branches = Branches(None if worst else self.passes.values.outcomes)
            found = reverse(self.passes, [(output, branches) for output in self.passes.program.outputs])
            if not worst:
                require_slopes(self.passes)
        return Counted(found.once, found.stored)

    def forward(self, form: str) -> Directions:
        """As ``WrittenCounts.forward``."""
        passes = self.passes
        found = passes.textbook_forward() if form == "textbook" else reverse(passes, [], passes.tangents)
        return Directions(found.once, found.each)

    def locking(self, direction: Sequence[Value]) -> Counted:
        """As ``WrittenCounts.locking``."""
        return counted_locking(self.passes, direction)

    def two(self) -> Counted:
        """As ``WrittenCounts.two``."""
        return counted_two(self.passes)
