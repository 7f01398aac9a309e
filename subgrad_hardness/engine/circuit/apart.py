"""Goals that have nothing to do with one another.

A conflict of half-spaces that make one goal true is one among the half-spaces of this goal.  So goals without common
half-spaces, as those are that were cut at thresholds of their own, are searched one after another: each model then has
the gates of a few goals, and the cone their thresholds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from subgrad_hardness.common.union_find import find
from subgrad_hardness.engine.circuit.gate import FALSE, TRUE, Gate


def apart(gates: Mapping[int, Gate], goals: Sequence[int]) -> list[list[int]]:
    """The goals that are not false, in groups without common hyperplanes; no goals at all are one group.

    Linear in the gates that the goals depend on.
    """
    goals = [goal for goal in dict.fromkeys(goals) if goal != FALSE]
    if TRUE in goals or not goals:
        return [goals]
    group = list(range(len(goals)))
    reached: dict[int, int] = {}  # a variable -> the number of the first goal that depends on it
    for number, goal in enumerate(goals):
        stack = [goal]
        while stack:
            literal = stack.pop()
            variable = abs(literal)
            if variable in reached:
                group[find(group, reached[variable])] = find(group, number)
                continue
            reached[variable] = number
            if (gate := gates.get(literal)) is not None:
                stack += (gate.right, gate.left)
    members: dict[int, list[int]] = {}
    for number, goal in enumerate(goals):
        members.setdefault(find(group, number), []).append(goal)
    return list(members.values())
