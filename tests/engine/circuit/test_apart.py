"""Goals in groups without common half-spaces: the finest ones, against the closure of what two goals share."""

from __future__ import annotations

import random

from subgrad_hardness.engine.circuit.apart import apart
from subgrad_hardness.engine.circuit.gate import FALSE, TRUE, Gate


def leaves_of(gates: dict[int, Gate], literal: int) -> frozenset[int]:
    if literal not in gates:
        return frozenset([abs(literal)])
    return leaves_of(gates, gates[literal].left) | leaves_of(gates, gates[literal].right)


def test_groups_are_those_of_common_leaves() -> None:
    source = random.Random("apart")
    counts = set()
    for _ in range(200):
        planes = range(2, source.randint(4, 14))
        gates: dict[int, Gate] = {}
        for number in range(planes.stop, planes.stop + source.randint(0, 8)):
            left, right = (source.choice([*planes, *(-plane for plane in planes), *gates]) for _ in "lr")
            gates[number] = Gate(source.random() < 0.5, left, right)
        goals = [source.choice([*gates, *planes, -planes[0], FALSE]) for _ in range(source.randint(0, 6))]
        groups = apart(gates, goals)
        assert sorted(goal for group in groups for goal in group) == sorted(set(goals) - {FALSE})
        sets: list[frozenset[int]] = []  # of leaves, one for each group by definition
        for goal in set(goals) - {FALSE}:
            own = leaves_of(gates, goal)
            touched = [other for other in sets if other & own]
            sets = [other for other in sets if not other & own] + [own.union(*touched)]
        found = [frozenset().union(*(leaves_of(gates, goal) for goal in group)) for group in groups if group]
        assert set(found) == set(sets)
        counts.add(len(groups))
    assert counts >= {1, 2, 3}


def test_what_is_true_needs_no_other() -> None:
    assert apart({}, [2, TRUE, 3]) == [[2, TRUE, 3]]
    assert apart({}, [FALSE]) == apart({}, []) == [[]]
