"""Random circuits, and a recorder of the clauses that a solver is given."""

from __future__ import annotations

import random
from collections.abc import Iterable

from subgrad_hardness.engine.circuit.gate import Gate
from subgrad_hardness.solvers.sat import Cdcl

Clause = tuple[int, ...]


def random_gates(source: random.Random, leaves: int, count: int) -> dict[int, Gate]:
    """Gates on leaves 2, 3, ... of either sign and on earlier gates, often of the same kind, often shared."""
    gates: dict[int, Gate] = {}
    children = [sign * (2 + leaf) for leaf in range(leaves) for sign in (1, -1)]
    kind = source.random() < 0.5
    for number in range(2 + leaves, 2 + leaves + count):
        kind = kind if source.random() < 0.6 else not kind
        left, right = source.sample(children, 2)
        if source.random() < 0.5 and gates:
            left = number - 1
        gates[number] = Gate(kind, left, right)
        children += [number] * 3
    return gates


class Recorded(Cdcl):
    """A solver that remembers what it was given."""

    given: list[Clause] = []  # noqa: RUF012

    def add(self, clause: Iterable[int]) -> None:
        clause = tuple(clause)
        Recorded.given.append(clause)
        super().add(clause)
