"""The maximum-cut reduction: the net against its formula and the oracle, both ways against brute force."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import oracle

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.lexicographic import lexicographic_derivative, lock_branches
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.forms import LayeredForm
from subgrad_hardness.net.reading import program_from
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.reduction.contract import Evidence, Separation, SolutionError, WitnessError
from subgrad_hardness.reduction.graph import MAX_VERTICES, Edge, GraphError
from subgrad_hardness.reduction.max_cut import Cut, MaxCut, MaxCutReduction

REDUCTION = MaxCutReduction()
TRIANGLE: tuple[Edge, ...] = ((0, 1), (1, 2), (2, 0))

EDGES_CASES = (
    MaxCut(1, (), 1),
    MaxCut(2, (), 1),
    MaxCut(4, (), 3),
    MaxCut(2, ((1, 0),), 1),
    MaxCut(2, ((1, 0),), 2),
    MaxCut(3, TRIANGLE, 2),
    MaxCut(3, TRIANGLE, 3),
    MaxCut(3, ((0, 2),), 1),  # vertex 1 has no edge
    MaxCut(4, tuple(combinations(range(4), 2)), 4),
    MaxCut(5, tuple(combinations(range(5), 2)), 7),
)


def random_graphs(count: int, most: int, seed: int) -> Iterator[tuple[int, tuple[Edge, ...]]]:
    """Graphs with 1..most vertices, sparse ones and dense ones, edges in random order and either direction."""
    stream = Stream(seed, "test graphs")
    for _ in range(count):
        n, tenths = stream.integer(1, most), stream.integer(2, 10)
        pairs = [pair for pair in combinations(range(n), 2) if stream.below(10) < tenths]
        yield n, tuple((v, u) if stream.below(2) else (u, v) for u, v in stream.shuffled(pairs))


def cuts(problem: MaxCut) -> list[Cut]:
    """All solutions, by brute force."""
    return [
        cut
        for cut in product((False, True), repeat=problem.vertices)
        if sum(cut[u] != cut[v] for u, v in problem.edges) >= problem.bound
    ]


def formula(problem: MaxCut, x: Sequence[int]) -> Fraction:
    """F from its definition."""
    n = problem.vertices
    degrees = [sum(i in edge for edge in problem.edges) for i in range(n)]
    penalty = n * max(degrees) + 2 * problem.bound - 1
    h = n * sum(abs(x[u] - x[v]) for u, v in problem.edges) - (2 * problem.bound - 1) * sum(map(abs, x))
    for i, j in combinations(range(n), 2):
        h += penalty * (abs(x[i]) + abs(x[j]) - abs(x[i] + x[j]) - abs(x[i] - x[j]))
    return Fraction(max(h, 0))


def test_the_net_is_its_formula_and_has_two_hidden_relu_layers() -> None:
    stream = Stream(1, "points")
    for n, edges in random_graphs(60, 6, seed=1):
        problem = MaxCut(n, edges, stream.integer(1, 5))
        program, _ = REDUCTION.apply(problem)
        net = localise(program).net
        for size in (1, 3, 10**6):
            point = stream.direction(n, size)
            assert net.derivative(point) == (formula(problem, point),)
        assert isinstance(program.form, LayeredForm)
        assert [layer.activation for layer in program.form.layers] == ["relu", "relu", "identity"]
        assert all(row.denominator == 1 and not row.bias for layer in program.form.layers for row in layer.rows)
        assert program_from(to_mapping(program)) == program


@pytest.mark.parametrize("problem", EDGES_CASES, ids=str)
def test_edge_cases_both_ways(problem: MaxCut) -> None:
    check_both_ways(problem)


def test_both_ways_on_random_graphs() -> None:
    verdicts = []
    SILENT.clear()
    for n, edges in random_graphs(130, 5, seed=2):
        best = max(sum(cut[u] != cut[v] for u, v in edges) for cut in product((False, True), repeat=n))
        for bound in {1, max(best, 1), best + 1}:
            verdicts.append(check_both_ways(MaxCut(n, edges, bound)))
    assert verdicts.count(True) > 100
    assert verdicts.count(False) > 100
    assert sum(SILENT) > 50, "the witnesses with F'(x0; d) = 0 were hardly tested"


#: How many witnesses with F'(x0; d) = 0 each problem gave.
SILENT: list[int] = []


def check_both_ways(problem: MaxCut) -> bool:
    """Solvable iff F != 0; every solution becomes evidence; every witness becomes a solution.

    h is linear on the cones that the forms x_i, x_i +- x_j cut out; their rays are the vectors of
    {-1, 0, 1}^n, so F = 0 iff F is 0 at all of these.
    """
    program, inverse = REDUCTION.apply(problem)
    net = localise(program).net
    solutions = cuts(problem)
    rays = [ray for ray in product((-1, 0, 1), repeat=problem.vertices) if net.output_values(ray)[0]]
    assert set(rays) == {tuple(1 if side else -1 for side in cut) for cut in solutions}
    for ray in rays:
        assert problem.satisfied(inverse.decode(ray))
    for solution in solutions[:8]:
        evidence = inverse.direction_of(solution)
        assert inverse.decode(evidence.direction) == solution
        check_evidence(net, evidence)
        assert inverse.solution_of(Separation(evidence.direction, evidence.second.directions)) == solution
    if solutions:
        check_silent_witnesses(problem, net)
    return bool(solutions)


def check_evidence(net: LocalNet, evidence: Evidence) -> None:
    """F'(x0; d) > 0, both elements are J_L of their directions, and d alone enters its cell."""
    assert net.output_values(evidence.direction)[0] > 0
    assert evidence.first.rows != evidence.second.rows
    assert evidence.first.directions.leading == (evidence.direction,)
    for element in (evidence.first, evidence.second):
        matrix = list(zip(*element.directions.columns(net.inputs), strict=True))
        assert lexicographic_derivative(net, matrix) == net.scaled(element.rows)


def check_silent_witnesses(problem: MaxCut, net: LocalNet) -> None:
    """Directions with F'(x0; d) = 0 != g d: the cell of g decodes."""
    inverse = REDUCTION.apply(problem)[1]
    stream = Stream(problem.bound, "silent", problem.vertices, len(problem.edges))
    tried = 0
    for _ in range(20):
        reference = lock_branches(net, [stream.direction(net.inputs, 1)])
        direction = stream.direction(net.inputs, 3)
        slope = sum(x * y for x, y in zip(reference.rows[0], direction, strict=True))
        if not net.output_values(direction)[0] and slope:
            tried += 1
            assert problem.satisfied(inverse.solution_of(Separation(direction, reference.directions)))
    SILENT.append(tried)


def test_verdicts_of_the_oracle() -> None:
    """All graphs with up to three vertices, and bounds around their maximum cuts."""
    for n in (1, 2, 3):
        pairs = list(combinations(range(n), 2))
        for chosen in product((False, True), repeat=len(pairs)):
            edges = tuple(pair for pair, taken in zip(pairs, chosen, strict=True) if taken)
            for bound in (1, 2, 3) if n == 3 else (1, 2):
                problem = MaxCut(n, edges, bound)
                expected = "distinct" if cuts(problem) else "unique"
                assert oracle.verdict(oracle.read(to_mapping(REDUCTION.apply(problem)[0]))) == expected


@st.composite
def problems_and_directions(draw: st.DrawFn) -> tuple[MaxCut, tuple[int, ...]]:
    """A graph and a direction whose entries have nearly equal sizes, where F is often positive."""
    n = draw(st.integers(1, 7))
    pairs = list(combinations(range(n), 2))
    edges = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    base = draw(st.sampled_from([0, 1, 10, 1000]))
    entries = [draw(st.sampled_from((-1, 1))) * (base + draw(st.integers(0, 3))) for _ in range(n)]
    return MaxCut(n, tuple(edges), draw(st.integers(1, 1 + len(edges)))), tuple(entries)


@given(problems_and_directions())
def test_every_direction_with_a_positive_value_decodes(case: tuple[MaxCut, tuple[int, ...]]) -> None:
    """The module's proof: no entry is 0 there and the signs are a cut of k edges."""
    problem, direction = case
    program, inverse = REDUCTION.apply(problem)
    value = formula(problem, direction)
    assert localise(program).net.derivative(direction) == (value,)
    if value > 0:
        assert all(direction)
        assert problem.satisfied(inverse.decode(direction))


def test_from_networkx() -> None:
    graph = networkx.Graph()
    graph.add_nodes_from("cab")
    graph.add_edge("a", "b", weight=7)
    assert MaxCut.from_networkx(graph, 1) == MaxCut(3, ((1, 2),), 1)
    petersen = MaxCut.from_networkx(networkx.petersen_graph(), 12)
    assert (petersen.vertices, len(petersen.edges), petersen.greatest_degree) == (10, 15, 3)
    for wrong in (networkx.DiGraph([(0, 1)]), networkx.MultiGraph([(0, 1), (0, 1)])):
        with pytest.raises(GraphError, match="graph: expected an undirected graph without parallel edges"):
            MaxCut.from_networkx(wrong, 1)
    with pytest.raises(GraphError, match=r"edges\[0\]: a loop at vertex 0"):
        MaxCut.from_networkx(networkx.Graph([(5, 5)]), 1)


@pytest.mark.parametrize(
    ("vertices", "edges", "bound", "message"),
    [
        (0, (), 1, f"vertices: outside 1..{MAX_VERTICES}"),
        (MAX_VERTICES + 1, (), 1, f"vertices: outside 1..{MAX_VERTICES}"),
        (2, (), 0, "bound: less than 1"),
        (2, ((0, 2),), 1, "edges[0]: (0, 2) leaves the vertices 0..1"),
        (2, ((-1, 0),), 1, "edges[0]: (-1, 0) leaves the vertices 0..1"),
        (3, ((0, 1), (1, 1)), 1, "edges[1]: a loop at vertex 1"),
        (3, ((0, 1), (1, 2), (1, 0)), 1, "edges[2]: (1, 0) stands twice"),
    ],
)
def test_graph_errors(vertices: int, edges: tuple[Edge, ...], bound: int, message: str) -> None:
    with pytest.raises(GraphError) as caught:
        MaxCut(vertices, edges, bound)
    assert str(caught.value) == message


def test_false_solutions_and_false_witnesses_are_refused() -> None:
    problem = MaxCut(3, TRIANGLE, 2)
    program, inverse = REDUCTION.apply(problem)
    with pytest.raises(SolutionError, match="solution: does not solve the MaxCut"):
        inverse.direction_of((True, True, True))
    with pytest.raises(GraphError, match="cut: 2 sides, expected 3"):
        inverse.direction_of((True, False))
    flat = lock_branches(localise(program).net, [(1, 5, 9)])
    with pytest.raises(WitnessError, match="and so is the reference subgradient"):
        inverse.solution_of(Separation((1, 5, 9), flat.directions))
    with pytest.raises(TypeError, match="MaxCutReduction does not accept this list"):
        REDUCTION.apply([])  # type: ignore[arg-type]
    assert not REDUCTION.accepts("graph")


def test_provenance_and_pickling() -> None:
    for edges, bound, verdict in ((TRIANGLE, 4, "unique"), (TRIANGLE, 1, "distinct"), (TRIANGLE, 2, None)):
        program, inverse = REDUCTION.apply(MaxCut(3, edges, bound))
        assert program.provenance is not None
        assert program.provenance["verdict"] == verdict
        listed = [[0, 1], [1, 2], [2, 0]]
        assert program.provenance["source"] == {
            "problem": "maximum cut",
            "vertices": 3,
            "edges": listed,
            "k": bound,
        }
        assert pickle.loads(pickle.dumps(inverse)) == inverse
