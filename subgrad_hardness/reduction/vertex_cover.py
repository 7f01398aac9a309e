"""Vertex cover to two distinct subgradients at 0: the net of ``independent_set`` for n - k vertices.

A set of vertices covers all edges iff the other vertices are independent; so G has a cover of at most k of
its n vertices iff it has an independent set of n - k or more (of 0 or more where k >= n).
Source: Karp 1972 for the NP-completeness.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from subgrad_hardness.reduction.composition import Composed, Translation
from subgrad_hardness.reduction.graph import Choice, SimpleGraph
from subgrad_hardness.reduction.independent_set import INDEPENDENT_SET, IndependentSet, require_size
from subgrad_hardness.reduction.source import SourceProblem


@dataclass(frozen=True, slots=True)
class VertexCover(SourceProblem[Choice]):
    """Do ``size`` or fewer vertices meet every edge of the graph?  Raises GraphError for a negative size."""

    graph: SimpleGraph
    size: int

    def __post_init__(self) -> None:
        require_size(self.size)

    def satisfied(self, chosen: Choice, /) -> bool:
        """Whether the chosen vertices do; linear.  Raises GraphError for a wrong length."""
        self.graph.require_choice(len(chosen), "chosen")
        return sum(chosen) <= self.size and all(chosen[u] or chosen[v] for u, v in self.graph.edges)

    def source(self) -> dict[str, Any]:
        return {"problem": "vertex cover", **self.graph.source(), "k": self.size}


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
