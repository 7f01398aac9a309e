"""Clique to two distinct subgradients at 0: the net of ``independent_set`` for the complement of the graph.

A clique of G is an independent set of its complement; so the net has two hidden layers, n + 1 inputs, and
O(n + number of pairs that are not joined) units.
Source: Karp 1972 for the NP-completeness.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from subgrad_hardness.reduction.composition import Composed, Translation
from subgrad_hardness.reduction.graph import Choice
from subgrad_hardness.reduction.independent_set import INDEPENDENT_SET, IndependentSet
from subgrad_hardness.reduction.vertex_set import VertexSetProblem


@dataclass(frozen=True, slots=True)
class Clique(VertexSetProblem):
    """Has the graph ``size`` or more vertices, any two of them joined?  Raises GraphError for a negative size."""

    problem: ClassVar[str] = "clique"

    def solved_by(self, chosen: Choice) -> bool:
        size, inside = sum(chosen), sum(chosen[u] and chosen[v] for u, v in self.graph.edges)
        return size >= self.size and inside == size * (size - 1) // 2


@dataclass(frozen=True)
class CliqueToIndependentSet(Translation[Clique, Choice, IndependentSet, Choice]):
    """The same vertices."""

    name: ClassVar[str] = "clique to independent set of the complement"
    takes: ClassVar[type] = Clique

    def translate(self, problem: Clique) -> IndependentSet:
        return IndependentSet(problem.graph.complement(), problem.size)

    def forth(self, problem: Clique, solution: Choice) -> Choice:
        return solution

    def back(self, problem: Clique, image: Choice) -> Choice:
        return image


#: From ``Clique`` to a net.
CLIQUE = Composed(CliqueToIndependentSet(), INDEPENDENT_SET)
