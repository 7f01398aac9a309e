"""Vertex cover to two distinct subgradients at 0: the net of ``independent_set`` for n - k vertices.

A set of vertices covers all edges iff the other vertices are independent; so G has a cover of at most k of
its n vertices iff it has an independent set of n - k or more (of 0 or more where k >= n).
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
class VertexCover(VertexSetProblem):
    """Do ``size`` or fewer vertices meet every edge of the graph?  Raises GraphError for a negative size."""

    problem: ClassVar[str] = "vertex cover"

    def solved_by(self, chosen: Choice) -> bool:
        return sum(chosen) <= self.size and all(chosen[u] or chosen[v] for u, v in self.graph.edges)


@dataclass(frozen=True)
class VertexCoverToIndependentSet(Translation[VertexCover, Choice, IndependentSet, Choice]):
    """The other vertices."""

    name: ClassVar[str] = "vertex cover to independent set"
    takes: ClassVar[type] = VertexCover

    def translate(self, problem: VertexCover) -> IndependentSet:
        return IndependentSet(problem.graph, max(0, problem.graph.vertices - problem.size))

    def forth(self, problem: VertexCover, solution: Choice) -> Choice:
        return tuple(not chosen for chosen in solution)

    def back(self, problem: VertexCover, image: Choice) -> Choice:
        return tuple(not chosen for chosen in image)


#: From ``VertexCover`` to a net.
VERTEX_COVER = Composed(VertexCoverToIndependentSet(), INDEPENDENT_SET)
