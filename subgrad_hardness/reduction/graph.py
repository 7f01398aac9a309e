"""Simple undirected graphs as source problems have them; networkx graphs are read into them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from subgrad_hardness.common.errors import InputError
from subgrad_hardness.common.words import count

if TYPE_CHECKING:
    import networkx

#: Some of the nets have n^2 units or more.
MAX_VERTICES = 1000

#: Two vertices, from 0.
Edge = tuple[int, int]
#: For every vertex whether it is chosen, vertex 0 first.
Choice = tuple[bool, ...]


class GraphError(InputError):
    """A graph that is not simple and undirected, or a solution that does not fit it."""


def require_simple(vertices: int, edges: Sequence[Edge]) -> None:
    """Raise GraphError for loops, repeated edges, unknown vertices, and more than ``MAX_VERTICES`` vertices or none."""
    if not 1 <= vertices <= MAX_VERTICES:
        raise GraphError(f"outside 1..{MAX_VERTICES}", place="vertices")
    seen: set[frozenset[int]] = set()
    for number, (u, v) in enumerate(edges):
        place = f"edges[{number}]"
        if not (0 <= u < vertices and 0 <= v < vertices):
            raise GraphError(f"({u}, {v}) leaves the vertices 0..{vertices - 1}", place=place)
        if u == v:
            raise GraphError(f"a loop at vertex {u}", place=place)
        if frozenset((u, v)) in seen:
            raise GraphError(f"({u}, {v}) stands twice", place=place)
        seen.add(frozenset((u, v)))


def numbered(graph: networkx.Graph) -> tuple[int, tuple[Edge, ...]]:
    """The number of nodes, and the edges between their places in the graph's order; attributes are ignored.

    Raises GraphError for a directed graph and for one with parallel edges.
    """
    if graph.is_directed() or graph.is_multigraph():
        raise GraphError("expected an undirected graph without parallel edges", place="graph")
    number = {node: index for index, node in enumerate(graph.nodes)}
    return len(number), tuple((number[u], number[v]) for u, v in graph.edges)


@dataclass(frozen=True, slots=True)
class SimpleGraph:
    """``edges`` joins vertices of 0..``vertices`` - 1, each pair at most once and in either order.

    Raises GraphError, see ``require_simple``.
    """

    vertices: int
    edges: tuple[Edge, ...]

    def __post_init__(self) -> None:
        require_simple(self.vertices, self.edges)

    @classmethod
    def from_networkx(cls, graph: networkx.Graph) -> SimpleGraph:
        """The graph of an undirected networkx graph, see ``numbered``.  Raises GraphError."""
        return cls(*numbered(graph))

    def joined(self) -> frozenset[frozenset[int]]:
        """The edges as sets, for questions of adjacency."""
        return frozenset(map(frozenset, self.edges))

    def complement(self) -> SimpleGraph:
        """All other pairs as edges; quadratic in the vertices."""
        joined = self.joined()
        pairs = combinations(range(self.vertices), 2)
        return SimpleGraph(self.vertices, tuple(pair for pair in pairs if frozenset(pair) not in joined))

    def require_choice(self, entries: int, place: str) -> None:
        """Raise GraphError unless there is one entry a vertex."""
        if entries != self.vertices:
            raise GraphError(f"{count(entries, 'entry', 'entries')}, expected {self.vertices}", place=place)

    def source(self) -> dict[str, Any]:
        """The graph for a net's provenance."""
        return {"vertices": self.vertices, "edges": [list(edge) for edge in self.edges]}
