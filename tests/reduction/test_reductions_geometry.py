"""Zonotope containment, equivalence of lattice terms and stationarity, against exact enumerations of rays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product

import pytest
from support import oracle, small_nets
from support.reductions import Tally, round_trip

from subgrad_hardness.api.check import check
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.hull import in_convex_hull
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import program_from
from subgrad_hardness.net.writing import to_mapping
from subgrad_hardness.reduction.cnf import Cnf
from subgrad_hardness.reduction.contract import SolutionError
from subgrad_hardness.reduction.lattice_equivalence import LatticeEquivalence, LatticeReduction, TermError
from subgrad_hardness.reduction.layered_minmax import Term, balanced
from subgrad_hardness.reduction.stationarity import (
    FrechetStationarity,
    StationarityError,
    StationarityReduction,
    clarke_instance,
)
from subgrad_hardness.reduction.three_sat import MinMaxReduction
from subgrad_hardness.reduction.zonotope_containment import ZonotopeContainment, ZonotopeError, ZonotopeReduction

ZONOTOPES, LATTICES, FRECHET = ZonotopeReduction(), LatticeReduction(), StationarityReduction()
Vector = tuple[int, ...]


def rays(vectors: Sequence[Vector], size: int) -> list[Vector]:
    """Generators of all cones that the hyperplanes of the vectors and the coordinate ones cut out, size <= 3.

    A map that is linear on these cones is determined by its values there.
    """
    units = [tuple(int(row == column) for column in range(size)) for row in range(size)]
    normals = list(dict.fromkeys([*filter(any, vectors), *units]))
    found: list[Vector]
    if size == 1:
        found = [(1,)]
    elif size == 2:
        found = [(-y, x) for x, y in normals]
    else:
        found = [
            (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
            for a, b in combinations(normals, 2)
        ]
    both = [tuple(sign * entry for entry in ray) for ray in found if any(ray) for sign in (1, -1)]
    return list(dict.fromkeys(both))


def value(vectors: Sequence[Vector], x: Vector) -> int:
    return sum(abs(sum(a * b for a, b in zip(vector, x, strict=True))) for vector in vectors)


def outside(problem: ZonotopeContainment) -> list[Vector]:
    """All rays with a larger support function of the inner zonotope."""
    every = rays((*problem.inner, *problem.outer), problem.dimension)
    return [ray for ray in every if value(problem.inner, ray) > value(problem.outer, ray)]


ZONOTOPE_EDGES = (
    ZonotopeContainment(1, (), ()),
    ZonotopeContainment(2, (), ((1, 2),)),
    ZonotopeContainment(2, ((1, 2),), ()),
    ZonotopeContainment(2, ((0, 0),), ((1, 0),)),
    ZonotopeContainment(2, ((1, 1),), ((1, 0), (0, 1))),
    ZonotopeContainment(2, ((1, 0), (0, 1)), ((1, 1), (1, -1))),
    ZonotopeContainment(1, ((2,), (-1,)), ((3,),)),
    ZonotopeContainment(3, ((1, 0, 0),), ((0, 1, 0), (0, 0, 1))),  # the outer one is flat
)


@pytest.mark.parametrize("problem", ZONOTOPE_EDGES, ids=str)
def test_zonotope_edge_cases(problem: ZonotopeContainment) -> None:
    round_trip(ZONOTOPES, problem, outside(problem), Tally())


def test_zonotopes_both_ways() -> None:
    stream, tally = Stream(1, "zonotopes"), Tally()
    for _ in range(150):
        size = stream.integer(1, 3)
        inner = tuple(stream.direction(size, 3) for _ in range(stream.integer(0, 2)))
        outer = tuple(stream.direction(size, 3) for _ in range(stream.integer(0, 3)))
        if stream.below(2) and outer:  # a combination of the outer vectors with coefficients of sum 1 or more
            scale = stream.integer(1, 2)
            inner = (tuple(sum(entries) for entries in zip(*outer, strict=True)),)
            outer = tuple(tuple(scale * entry for entry in vector) for vector in outer)
        problem = ZonotopeContainment(size, inner, outer)
        found = outside(problem)
        for normal in found[:2]:
            vertex = problem.vertex(normal)
            height = sum(a * b for a, b in zip(vertex, normal, strict=True))
            assert height == value(inner, normal) > value(outer, normal)
        round_trip(ZONOTOPES, problem, found, tally)
    tally.require(distinct=36, unique=36)


def test_one_hidden_layer_is_decided_in_polynomial_time() -> None:
    """sum |a x| - sum |b x| without the outer relu: 60 inputs, linear iff the terms cancel line by line."""
    stream = Stream(2, "border")
    vectors = [stream.direction(60, 5) for _ in range(80)]
    signed = [[sign * entry for entry in vector] for vector in vectors for sign in (1, -1)]
    halves = [[2 * entry for entry in row] for row in signed[::2]] + [
        [-2 * entry for entry in row] for row in signed[::2]
    ]
    for last, verdict in ((Fraction(-1, 2), "unique"), (Fraction(-1, 3), "distinct")):
        top = [[Fraction(1)] * len(signed) + [last] * len(halves)]
        result = check(Program.from_layers([[*signed, *halves], top]), certify=False)
        assert result.verdict == verdict
        assert result.solver in ("normal form", "layer", "search")


def by_definition(term: Term, values: Sequence[int]) -> int:
    if isinstance(term, int):
        return values[abs(term) - 1] * (1 if term > 0 else -1)
    sides = [by_definition(term.left, values), by_definition(term.right, values)]
    return max(sides) if term.maximum else min(sides)


def differing(problem: LatticeEquivalence) -> list[Vector]:
    """The rays of the hyperplanes l_i = +-l_j and l_i = 0 at which the terms differ."""
    pairs = combinations(problem.forms, 2)
    planes = [tuple(x + sign * y for x, y in zip(a, b, strict=True)) for a, b in pairs for sign in (1, -1)]
    found = []
    for ray in rays([*planes, *problem.forms], problem.inputs):
        values = [sum(a * b for a, b in zip(form, ray, strict=True)) for form in problem.forms]
        if by_definition(problem.left, values) != by_definition(problem.right, values):
            found.append(ray)
    return found


def random_term(stream: Stream, forms: int, depth: int) -> Term:
    if not depth or stream.below(4) == 0:
        return (1 + stream.below(forms)) * (1 - 2 * (stream.below(4) == 0))
    sides = [random_term(stream, forms, depth - 1) for _ in range(2)]
    return balanced(stream.below(2) == 1, sides)


def rewritten(stream: Stream, term: Term) -> Term:
    """The same function: exchanged arguments, absorption, idempotence."""
    if isinstance(term, int):
        return balanced(stream.below(2) == 1, [term, term])
    sides = [rewritten(stream, term.right), rewritten(stream, term.left)]
    again = balanced(term.maximum, sides)
    return balanced(stream.below(2) == 1, [again, again]) if stream.below(3) == 0 else again


@pytest.mark.parametrize(
    "problem",
    [
        LatticeEquivalence(1, ((1,),), 1, 1),
        LatticeEquivalence(1, ((1,),), 1, -1),
        LatticeEquivalence(1, ((0,), (1,)), 1, 2),  # the difference is linear, but not 0
        LatticeEquivalence(2, ((1, 2), (1, 2)), 1, 2),
        LatticeEquivalence(2, ((0, 0), (0, 0)), balanced(True, [1, -2]), 2),
        LatticeEquivalence(2, ((1, 0), (0, 1)), balanced(True, [1, balanced(False, [1, 2])]), 1),
        LatticeEquivalence(2, ((1, 0), (0, 1)), balanced(True, [1, 2]), balanced(False, [1, 2])),
    ],
    ids=str,
)
def test_lattice_edge_cases(problem: LatticeEquivalence) -> None:
    round_trip(LATTICES, problem, differing(problem), Tally())


def test_lattice_terms_both_ways() -> None:
    stream, tally = Stream(3, "lattice terms"), Tally()
    for _ in range(150):
        size, count = stream.integer(1, 3), stream.integer(1, 4)
        forms = tuple(tuple(stream.integer(-2, 2) for _ in range(size)) for _ in range(count))
        left = random_term(stream, count, 3)
        right = rewritten(stream, left) if stream.below(2) else random_term(stream, count, 2)
        problem = LatticeEquivalence(size, forms, left, right)
        round_trip(LATTICES, problem, differing(problem), tally)
    tally.require(distinct=36, unique=45)


def descents(net: oracle.Net) -> list[Vector]:
    """Interiors of the cells of f and of the sign of f - f(x0) where f descends, by the oracle."""
    here = oracle.value(net, net.point)[0]
    size = len(net.point) + len(net.steps)
    minus = oracle.Step("minus", "affine", net.outputs, (Fraction(-1),), here)
    signed = net._replace(steps=(*net.steps, minus, oracle.Step("sign", "relu", (size,))))
    found = []
    for piece in oracle.pieces(signed):
        if oracle.dot(piece.jacobian[0], piece.interior) < 0:
            common = math.lcm(*(entry.denominator for entry in piece.interior))
            found.append(tuple(int(entry * common) for entry in piece.interior))
    return found


def test_frechet_stationarity_both_ways() -> None:
    """Nets at any points, and the same with their own cone of descent cut off."""
    tally, tried = Tally(), 0
    for number, net in enumerate(small_nets.nets()):
        program = program_from(net)
        if program.output_count != 1 or tried >= 300:
            continue
        round_trip(FRECHET, FrechetStationarity(program), descents(oracle.read(net)), tally)
        tried += 1
        if number % 2:
            convex = absolute(program)
            round_trip(FRECHET, FrechetStationarity(convex), [], tally)
            tried += 1
    assert tried >= 300
    tally.require(distinct=45, unique=45)


def absolute(program: Program) -> Program:
    """|f - f(x0)|, which is least at x0."""
    descent, _ = FRECHET.apply(FrechetStationarity(program))
    net = to_mapping(descent)
    nodes = [*net["nodes"][:-1], {"id": "absolute", "op": "abs", "args": [net["nodes"][-2]["id"]]}]
    return program_from({**net, "nodes": nodes, "outputs": ["absolute"]})


def test_clarke_stationarity_is_the_verdict() -> None:
    """0 in the convex hull of all Jacobians iff the formula is satisfiable iff f has two subgradients."""
    stream, seen = Stream(4, "clarke"), {True: 0, False: 0}
    for _ in range(40):
        literals = (1, -1, 2, -2)
        clauses = tuple(
            tuple(literals[stream.below(4)] for _ in range(stream.integer(1, 2))) for _ in range(stream.integer(2, 7))
        )
        formula = Cnf(2, clauses)
        satisfiable = any(map(formula.satisfied, product((False, True), repeat=2)))
        seen[satisfiable] += 1
        f = clarke_instance(MinMaxReduction(layered=stream.below(2) == 1).apply(formula)[0])
        members = oracle.bouligand(oracle.read(to_mapping(f)))
        assert in_convex_hull(((Fraction(0),) * 3,), members) is satisfiable
        assert check(f, certify=False).verdict == ("distinct" if satisfiable else "unique")
    assert min(seen.values()) > 5


def test_names_that_are_taken() -> None:
    net = {"inputs": ["G", "z"], "nodes": [{"id": "descent", "op": "max", "args": ["G", "z"]}], "outputs": ["descent"]}
    program = program_from(net)
    round_trip(FRECHET, FrechetStationarity(program), [(-1, -1)], Tally())
    assert clarke_instance(program).inputs == ("G", "z", "_z")


def test_what_is_refused() -> None:
    problem = ZONOTOPE_EDGES[4]
    assert not ZONOTOPES.accepts(LatticeEquivalence(1, ((1,),), 1, 1))
    assert not LATTICES.accepts(problem)
    assert not FRECHET.accepts(problem)
    with pytest.raises(TypeError, match="ZonotopeReduction does not accept this tuple"):
        ZONOTOPES.apply(((1,), (2,)))  # type: ignore[arg-type]
    with pytest.raises(SolutionError, match="solution: does not solve the ZonotopeContainment"):
        ZONOTOPES.apply(problem)[1].direction_of((1, 0))
    with pytest.raises(ZonotopeError, match="dimension: less than 1"):
        ZonotopeContainment(0, (), ())
    with pytest.raises(ZonotopeError, match=r"outer\[0\]: 1 entry, expected 2"):
        ZonotopeContainment(2, (), ((1,),))
    with pytest.raises(ZonotopeError, match="normal: 1 entry, expected 2"):
        problem.satisfied((1,))
    with pytest.raises(TermError, match="inputs: less than 1"):
        LatticeEquivalence(0, (), 1, 1)
    with pytest.raises(TermError, match=r"forms\[0\]: 2 entries, expected 1"):
        LatticeEquivalence(1, ((1, 2),), 1, 1)
    with pytest.raises(TermError, match="right: 0 is no leaf over 1 forms"):
        LatticeEquivalence(1, ((1,),), 1, 0)
    with pytest.raises(TermError, match="point: 2 entries, expected 1"):
        LatticeEquivalence(1, ((1,),), 1, 1).satisfied((1, 2))
    two = program_from({"inputs": 1, "layers": [{"weight": [[1], [2]]}]})
    for refused in (FrechetStationarity, clarke_instance):
        with pytest.raises(StationarityError, match="outputs: 2 outputs, expected 1"):
            refused(two)


def test_provenance_and_size() -> None:
    program, _ = ZONOTOPES.apply(ZONOTOPE_EDGES[4])
    assert len(localise(program).net.kinks) == 7
    assert program.provenance is not None
    assert program.provenance["source"]["inner"] == [[1, 1]]
    term, _ = LATTICES.apply(LatticeEquivalence(1, ((1,),), balanced(True, [1, -1]), 1))
    assert term.provenance is not None
    assert term.provenance["source"]["left"] == "max(l1,-l1)"
