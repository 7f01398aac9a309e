"""Clique, independent set, vertex cover, 3-colouring and Hamiltonian cycle, against networkx and enumeration."""

from __future__ import annotations

from itertools import combinations, permutations, product

import networkx
import pytest
from pysat.solvers import Cadical195
from support.reductions import Tally, round_trip

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.reduction.clique import CLIQUE, Clique
from subgrad_hardness.reduction.composition import Composed
from subgrad_hardness.reduction.contract import SolutionError
from subgrad_hardness.reduction.graph import Choice, GraphError, SimpleGraph
from subgrad_hardness.reduction.hamilton import HAMILTON, HamiltonianCycle, HamiltonToCnf, Tour
from subgrad_hardness.reduction.independent_set import INDEPENDENT_SET, IndependentSet
from subgrad_hardness.reduction.tent_sat import TentReduction
from subgrad_hardness.reduction.three_coloring import Colours, ThreeColoring, ThreeColoringReduction
from subgrad_hardness.reduction.vertex_cover import VERTEX_COVER, VertexCover

COLORING = ThreeColoringReduction()
K4 = tuple(combinations(range(4), 2))

GRAPHS = (
    SimpleGraph(1, ()),
    SimpleGraph(2, ()),
    SimpleGraph(2, ((1, 0),)),
    SimpleGraph(3, ((0, 1), (1, 2), (2, 0))),
    SimpleGraph(4, ((0, 1), (3, 2))),  # not connected
    SimpleGraph(4, ((3, 0),)),  # vertices without edges
    SimpleGraph(4, K4),
    SimpleGraph(4, ((0, 1), (1, 2), (2, 3), (3, 0))),
)


def random_graph(stream: Stream, most: int, low: int = 2) -> SimpleGraph:
    """Up to ``most`` vertices, sparse to dense, edges in either direction."""
    n, tenths = stream.integer(1, most), stream.integer(low, 10)
    pairs = [pair for pair in combinations(range(n), 2) if stream.below(10) < tenths]
    return SimpleGraph(n, tuple((v, u) if stream.below(2) else (u, v) for u, v in stream.shuffled(pairs)))


def as_networkx(graph: SimpleGraph) -> networkx.Graph:
    result = networkx.Graph()
    result.add_nodes_from(range(graph.vertices))
    result.add_edges_from(graph.edges)
    return result


def chosen(problem: Clique | IndependentSet | VertexCover) -> list[Choice]:
    """All solutions, by enumeration."""
    every = product((False, True), repeat=problem.graph.vertices)
    return [choice for choice in every if problem.satisfied(choice)]


def clique_number(graph: networkx.Graph) -> int:
    return max(map(len, networkx.find_cliques(graph)))


def three_faces(graph: SimpleGraph, size: int, tally: Tally) -> None:
    """Clique, independent set and vertex cover of one graph, with networkx as the solver."""
    plain = as_networkx(graph)
    clique = Clique(graph, size)
    assert bool(chosen(clique)) is (clique_number(plain) >= size)
    round_trip(CLIQUE, clique, chosen(clique), tally)
    independence = clique_number(networkx.complement(plain))
    independent = IndependentSet(graph, size)
    assert bool(chosen(independent)) is (independence >= size)
    round_trip(INDEPENDENT_SET, independent, chosen(independent), tally)
    cover = VertexCover(graph, size)
    assert bool(chosen(cover)) is (graph.vertices - independence <= size)
    round_trip(VERTEX_COVER, cover, chosen(cover), tally)


@pytest.mark.parametrize("graph", GRAPHS, ids=str)
def test_sets_of_vertices_edge_cases(graph: SimpleGraph) -> None:
    for size in range(graph.vertices + 2):
        three_faces(graph, size, Tally())


def test_sets_of_vertices_both_ways() -> None:
    stream, tally = Stream(1, "vertex sets"), Tally()
    for _ in range(150):
        graph = random_graph(stream, 4)
        three_faces(graph, stream.integer(0, graph.vertices + 1), tally)
    tally.require(distinct=135, unique=90)


def colourings(graph: SimpleGraph) -> list[Colours]:
    every = product(range(3), repeat=graph.vertices)
    return [colours for colours in every if all(colours[u] != colours[v] for u, v in graph.edges)]


def colourable(graph: SimpleGraph) -> bool:
    """One variable for each vertex and colour, by CaDiCaL."""
    with Cadical195() as solver:
        for vertex in range(graph.vertices):
            solver.add_clause([3 * vertex + colour for colour in (1, 2, 3)])
        for u, v in graph.edges:
            solver.append_formula([[-(3 * u + colour), -(3 * v + colour)] for colour in (1, 2, 3)])
        return bool(solver.solve())


@pytest.mark.parametrize("graph", GRAPHS, ids=str)
def test_coloring_edge_cases(graph: SimpleGraph) -> None:
    round_trip(COLORING, ThreeColoring(graph), colourings(graph), Tally())


def test_coloring_both_ways() -> None:
    stream, tally = Stream(2, "coloring"), Tally()
    for _ in range(150):
        graph = random_graph(stream, 5, low=7)
        found = colourings(graph)
        assert colourable(graph) is bool(found)
        round_trip(COLORING, ThreeColoring(graph), found, tally)
    tally.require(distinct=45, unique=13)


def tours(graph: SimpleGraph) -> list[Tour]:
    """All cycles that start at the last vertex, by enumeration."""
    n, plain = graph.vertices, as_networkx(graph)
    found = []
    for order in permutations(range(n - 1)):
        tour = (n - 1, *order)
        if n >= 3 and all(plain.has_edge(tour[i - 1], tour[i]) for i in range(n)):
            found.append(tour)
    return found


@pytest.mark.parametrize("graph", GRAPHS, ids=str)
def test_hamilton_edge_cases(graph: SimpleGraph) -> None:
    round_trip(HAMILTON, HamiltonianCycle(graph), tours(graph), Tally())


def test_hamilton_both_ways() -> None:
    stream, tally = Stream(3, "hamilton"), Tally()
    for number in range(300):
        graph = random_graph(stream, 5 if number % 5 == 0 else 4, low=6)
        round_trip(HAMILTON, HamiltonianCycle(graph), tours(graph), tally)
    tally.require(distinct=27, unique=45)


def test_compositions_take_any_reduction_of_the_target() -> None:
    """Hamiltonian cycles with two inputs."""
    planar, tally = Composed(HamiltonToCnf(), TentReduction()), Tally()
    for graph in GRAPHS:
        problem = HamiltonianCycle(graph)
        assert planar.apply(problem)[0].input_count == 2
        if graph.vertices < 4:
            round_trip(planar, problem, tours(graph), tally)
    assert tally.distinct == 1


def test_checkers() -> None:
    square = SimpleGraph(4, GRAPHS[-1].edges)
    assert HamiltonianCycle(square).satisfied((2, 1, 0, 3))
    assert not HamiltonianCycle(square).satisfied((0, 2, 1, 3))
    assert not HamiltonianCycle(square).satisfied((0, 1, 1, 3))
    assert not HamiltonianCycle(GRAPHS[2]).satisfied((0, 1))
    assert not ThreeColoring(SimpleGraph(1, ())).satisfied((3,))
    assert SimpleGraph.from_networkx(networkx.cycle_graph("cab")) == SimpleGraph(3, ((0, 1), (0, 2), (1, 2)))
    for wrong in (networkx.DiGraph([(0, 1)]), networkx.MultiGraph([(0, 1), (0, 1)])):
        with pytest.raises(GraphError, match="graph: expected an undirected graph without parallel edges"):
            SimpleGraph.from_networkx(wrong)
    with pytest.raises(GraphError, match=r"edges\[0\]: a loop at vertex 0"):
        SimpleGraph.from_networkx(networkx.Graph([(5, 5)]))
    with pytest.raises(GraphError, match=r"vertices: outside 1\.\.1000"):
        SimpleGraph.from_networkx(networkx.null_graph())
    for kind in (Clique, IndependentSet, VertexCover):
        with pytest.raises(GraphError, match="size: less than 0"):
            kind(square, -1)
        with pytest.raises(GraphError, match="chosen: 1 entry, expected 4"):
            kind(square, 1).satisfied((True,))


def test_what_is_refused() -> None:
    triangle = GRAPHS[3]
    assert not CLIQUE.accepts(IndependentSet(triangle, 1))
    assert not INDEPENDENT_SET.accepts(Clique(triangle, 1))
    assert not VERTEX_COVER.accepts(triangle)
    assert not COLORING.accepts(as_networkx(triangle))
    assert not HAMILTON.accepts(ThreeColoring(triangle))
    with pytest.raises(TypeError, match="CliqueToIndependentSet does not accept this SimpleGraph"):
        CLIQUE.apply(triangle)  # type: ignore[arg-type]
    with pytest.raises(SolutionError, match="solution: does not solve the Clique"):
        CLIQUE.apply(Clique(triangle, 2))[1].direction_of((True, False, False))
    with pytest.raises(SolutionError, match="solution: does not solve the ThreeColoring"):
        COLORING.apply(ThreeColoring(triangle))[1].direction_of((0, 1, 1))
