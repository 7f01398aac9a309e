"""What an engine is asked: is one of these goals positive somewhere? (SPEC 7)"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul
from typing import NamedTuple

from subgrad_hardness.local.local_net import LocalNet


class Goal(NamedTuple):
    """A one-sided goal: is ``sign`` * (sum of c_k y_k(d) - l d) positive for some direction d?

    Attributes
    ----------
    outputs : the pairs (k, c_k), k a number of an output and c_k a nonzero integer.  y_k is output k of the local
        net before its scale: F'_k = scales[k] * y_k.
    linear : l, p integers.
    sign : 1 or -1.
    """

    outputs: tuple[tuple[int, int], ...]
    linear: tuple[int, ...]
    sign: int = 1

    def value(self, outputs: Sequence[int], direction: Sequence[int]) -> int:
        """The goal at ``direction``, where the local net's outputs are ``outputs``."""
        total: int = sum([coefficient * outputs[number] for number, coefficient in self.outputs])
        along: int = sum(map(mul, self.linear, direction))
        return self.sign * (total - along)

    def opposite(self) -> Goal:
        """The goal that is positive where this one is negative."""
        return self._replace(sign=-self.sign)


class Question(NamedTuple):
    """Is one of ``goals`` positive at some direction d with w d >= 0 for all w in ``constraints``?

    Small, immutable and picklable.  ``seed`` drives whatever an engine draws at random.
    """

    net: LocalNet
    goals: tuple[Goal, ...]
    seed: int = 0
    constraints: tuple[tuple[int, ...], ...] = ()

    def holds(self, direction: tuple[int, ...]) -> bool:
        """Whether the constraints allow ``direction`` and a goal is positive there, exactly; one forward pass."""
        if not self.allows(direction):
            return False
        outputs = self.net.output_values(direction)
        row: tuple[int, ...] | None = None
        along = 0
        for goal in self.goals:
            if goal.linear is not row:  # a goal and its opposite share the row
                row, along = goal.linear, sum(map(mul, goal.linear, direction))
            total = sum([coefficient * outputs[number] for number, coefficient in goal.outputs])
            if goal.sign * (total - along) > 0:
                return True
        return False

    def allows(self, direction: tuple[int, ...]) -> bool:
        """Whether ``direction`` satisfies the constraints."""
        return all(sum(map(mul, row, direction)) >= 0 for row in self.constraints)

    @property
    def two_sided(self) -> bool:
        """Whether with every goal its opposite is asked for too, everywhere: are these differences zero?"""
        return not self.constraints and set(self.goals) == {goal.opposite() for goal in self.goals}


def linearity(net: LocalNet, subgradient: Sequence[tuple[int, ...]], seed: int = 0) -> Question:
    """Is there a direction d with F'(x0; d) != g d?  2m goals: both signs of F'_k - g_k d for each output k.

    Parameters
    ----------
    subgradient : g before the output scales (m rows of p integers), any element of d_L F(x0).
    """
    return Question(
        net,
        tuple([Goal(((output, 1),), row, sign) for output, row in enumerate(subgradient) for sign in (1, -1)]),
        seed,
    )
