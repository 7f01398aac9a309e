"""3-colouring to two distinct subgradients at 0, by a min-max net with two inputs a vertex.

Statement.  With inputs a_v, b_v for every vertex v put
    F = relu(min over vertices v and edges uw of:   max(a_v, b_v),
             max(min(a_u, -a_w), min(-a_u, a_w), min(b_u, -b_w), min(-b_u, b_w))).
F has two distinct subgradients at 0 iff the graph has a colouring with three colours.  F is positively
homogeneous, with weights in {-1, 0, 1}: 2 n inputs, about 2 n + 8 m relus, no variable for a colour.

Proof.  F >= 0, so two distinct subgradients mean F != 0.  The signs of (a_v, b_v) stand for the colour of v.
Let F(d) > 0, and the colour of v be ([a_v > 0], [b_v > 0]).  Since max(a_v, b_v) > 0 it is one of three:
(1, 0), (0, 1), (1, 1).  For an edge uw one of the four minima is positive; then a_u and a_w, or b_u and b_w,
have strictly opposite signs, and the colours of u and w differ.
Conversely, give every vertex the signs of its colour, (1, -1), (-1, 1) or (1, 1): then max(a_v, b_v) = 1, and
where the colours of u and w differ, so does one of the signs, and its minimum with the right order is 1.
So F(d) = 1; any other sizes with these signs keep F(d) > 0.
Source: Karp 1972, Garey, Johnson and Stockmeyer 1976 for the NP-completeness; the net is the project's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from subgrad_hardness.derivative.lexicographic import Direction
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.program import Program
from subgrad_hardness.reduction.graph import SimpleGraph
from subgrad_hardness.reduction.source import NetReduction, SourceInverse, SourceProblem

#: A colour, 0, 1 or 2, for every vertex.
Colours = tuple[int, ...]

#: The signs (a, b) of the colours.
_SIGNS = ((1, -1), (-1, 1), (1, 1))


@dataclass(frozen=True, slots=True)
class ThreeColoring(SourceProblem[Colours]):
    """Can the vertices be given three colours so that the ends of every edge differ?"""

    graph: SimpleGraph

    def satisfied(self, colours: Colours, /) -> bool:
        """Whether these are such; linear.  Raises GraphError for a wrong length."""
        self.graph.require_choice(len(colours), "colours")
        return set(colours) <= {0, 1, 2} and all(colours[u] != colours[v] for u, v in self.graph.edges)

    def source(self) -> dict[str, Any]:
        return {"problem": "3-colouring", **self.graph.source()}


@dataclass(frozen=True)
class ColoringInverse(SourceInverse[ThreeColoring, Colours]):
    """Colours and directions (a_0, b_0, a_1, b_1, ...)."""

    def positive(self, solution: Colours) -> Direction:
        """The signs, with different sizes 2, 3, 4, ..., which leaves few ties between kinks."""
        signs = [sign for colour in solution for sign in _SIGNS[colour]]
        return tuple(size * sign for size, sign in enumerate(signs, start=2))

    def decode(self, direction: Direction) -> Colours:
        """The colours of the signs; a zero counts as negative."""
        signs = [1 if entry > 0 else -1 for entry in direction]
        return tuple(_SIGNS.index(pair) for pair in zip(signs[::2], signs[1::2], strict=True))


@dataclass(frozen=True)
class ThreeColoringReduction(NetReduction[ThreeColoring, Colours]):
    """F as a graph of maxima and minima."""

    name: ClassVar[str] = "3-colouring to min-max net"
    takes: ClassVar[type] = ThreeColoring

    def inverse(self, program: Program, problem: ThreeColoring) -> ColoringInverse:
        return ColoringInverse(program, problem)

    def source(self, problem: ThreeColoring) -> dict[str, Any]:
        return problem.source()

    def net(self, problem: ThreeColoring) -> Program:
        graph = problem.graph
        build = GraphBuilder([f"{letter}{vertex}" for vertex in range(graph.vertices) for letter in "ab"])
        for vertex in sorted({vertex for edge in graph.edges for vertex in edge}):
            for letter in "ab":
                build.affine([(f"{letter}{vertex}", -1)], name=f"-{letter}{vertex}")
        conditions = [
            build.apply("max", [f"a{vertex}", f"b{vertex}"], name=f"colour{vertex}") for vertex in range(graph.vertices)
        ]
        for u, w in graph.edges:
            differences = [
                build.apply("min", [first, second], name=f"{first}>{second}")
                for letter in "ab"
                for first, second in ((f"{letter}{u}", f"-{letter}{w}"), (f"-{letter}{u}", f"{letter}{w}"))
            ]
            conditions.append(build.apply("max", differences, name=f"edge{u}-{w}"))
        build.apply("min", conditions, name="coloring")
        return build.program([build.apply("relu", ["coloring"], name="F")])
