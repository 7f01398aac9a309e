"""The hull of the conservative set: all that backpropagation may return, as a convex set that is asked ([B22]).

Results are affine in the derivative that each kink uses at 0, so the hull is that of the results with 0 and 1.  A
linear functional is climbed by changing one kink's choice after another, and bounded by trees over the choices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.subdifferentials.sets import Bound, Point, Whole, greatest, product, whole
from subgrad_hardness.subdifferentials.trees import Grower

# So many random choices before the first question.
_FIRST_CHOICES = 8


class Choice(NamedTuple):
    """A result of backpropagation: the kinks (relu numbers) whose derivative at 0 is 1; all others have 0."""

    jacobian: Matrix
    passing: tuple[int, ...]
    whole: Whole


class AutodiffSet:
    """conv D_a F(x0) of a program at its point."""

    name = "autodiff"

    def __init__(self, program: Program, seed: int = 0) -> None:
        self.grower = Grower(program, localise(program))
        self.found: dict[Matrix, Choice] = {}
        count = self.grower.count
        self.choose((False,) * count)
        self.choose((True,) * count)
        stream = Stream(seed, "choices")
        for _ in range(min(_FIRST_CHOICES, count)):
            self.choose([sign > 0 for sign in stream.signed(count, 1)])

    @property
    def known(self) -> Iterable[Point]:
        return tuple(self.found.values())

    def choose(self, passing: Sequence[bool]) -> Choice:
        """The result where these kinks have relu'(0) = 1, the others 0."""
        made = self.grower.jacobian(self.grower.chosen(passing))
        relus = tuple([relu for relu, passes in zip(self.grower.relus, passing, strict=True) if passes])
        return self.found.setdefault(made, Choice(made, relus, whole(made)))

    def improves(self, functional: Matrix, limits: Limits) -> bool:
        """A result with a greater value than all known ones, from the best of these by changing one choice at a time.

        A pass over the multiplied-out net for each change that is tried; ends where none helps, or the time does.
        """
        best = self.found[greatest(self.known, functional).jacobian]
        chosen = [relu in set(best.passing) for relu in self.grower.relus]
        value = start = self.grower.value(functional, chosen)
        tried, kink, count = 0, 0, self.grower.count
        while tried < count and limits.remaining > 0:
            chosen[kink] = not chosen[kink]
            changed = self.grower.value(functional, chosen)
            tried = 0 if changed > value else tried + 1
            if changed > value:
                value = changed
            else:
                chosen[kink] = not chosen[kink]
            kink = (kink + 1) % count
        if value > start:
            self.choose(chosen)
        return value > start

    def exceeds(self, functional: Matrix, bound: Fraction, limits: Limits, *, argued: bool = True) -> Bound:
        """Known results first, then climbing, then a tree over the choices."""
        best = greatest(self.known, functional)
        if product(functional, best.jacobian) <= bound and self.improves(functional, limits):
            best = greatest(self.known, functional)
        if product(functional, best.jacobian) > bound:
            return Bound(False, point=best)
        ends = self.grower.bounded(functional, bound)
        tree = []
        try:
            for step in self.grower.by_slope(limits, ends):
                if step.values is not None and not ends(step.values):
                    return Bound(False, point=self.choose([value is not None and any(value) for value in step.values]))
                tree.append(step.step)
        except LimitReached as reached:
            return Bound(None, why=str(reached))
        return Bound(True, tree=tuple(tree))
