"""Hamiltonian-cycle nets of random graphs G(n, m) (``reduction.hamilton``, ``family.graphs``).

Near average degree ln n + ln ln n the share of graphs with such a cycle rises from 0 to 1.  Planted: a hidden
uniform cycle is in the graph, and the other edges are drawn among the other pairs.  Without it the verdict
is CaDiCaL's, up to ``MOST_SOLVED`` vertices.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Family, integer
from subgrad_hardness.family.graphs import SparseValues, chosen_pairs, edge_count
from subgrad_hardness.family.known_verdicts import by_cadical, known, unknown
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import format_rational
from subgrad_hardness.reduction.graph import SimpleGraph
from subgrad_hardness.reduction.hamilton import HAMILTON as REDUCTION
from subgrad_hardness.reduction.hamilton import HamiltonianCycle, hamilton_cnf

#: The formulas have n^3 clauses.
MOST_VERTICES = 40
#: Graphs with more vertices are not solved at generation.
MOST_SOLVED = 10


@dataclass(frozen=True, kw_only=True)
class HamiltonValues(SparseValues):
    """The parameters of ``hamilton``."""

    vertices: int = integer("number of vertices", required=True, low=1, high=MOST_VERTICES)


def _make(values: HamiltonValues, given: frozenset[str]) -> Program:
    vertices, planted, seed = values.vertices, values.planted, values.seed
    stream = Stream(seed, "hamilton", vertices)
    count = edge_count(vertices, values.degree)
    pairs, facts = list(combinations(range(vertices), 2)), unknown()
    if planted:
        tour = _tour(vertices, count, stream)
        cycle = {(min(step), max(step)) for step in zip(tour, (*tour[1:], tour[0]), strict=True)}
        others = [pair for pair in pairs if pair not in cycle]
        edges = tuple(sorted((*cycle, *chosen_pairs(others, count - vertices, stream))))
        facts = {**known(True, "planted: this cycle"), "tour": tour}
    else:
        edges = chosen_pairs(pairs, count, stream)
    problem = HamiltonianCycle(SimpleGraph(vertices, edges))
    if not planted and vertices <= MOST_SOLVED:
        facts = by_cadical(hamilton_cnf(problem))
    program, _ = REDUCTION.apply(problem)
    parameters = {"vertices": vertices, "degree": format_rational(values.degree), "planted": planted}
    provenance = {**(program.provenance or {}), "family": HAMILTON.name, "parameters": parameters, "seed": seed}
    name = f"{'planted ' * planted}Hamiltonian cycle, {vertices} vertices, {len(edges)} edges, seed {seed}"
    return program._replace(name=name, provenance={**provenance, **facts})


def _tour(vertices: int, count: int, stream: Stream) -> list[int]:
    if vertices < 3:
        raise ParameterError("no cycle has fewer than 3 vertices", place="vertices")
    if count < vertices:
        raise ParameterError(f"{count} edges, but the cycle has {vertices}", place="degree")
    return stream.shuffled(range(vertices))


HAMILTON = Family(
    name="hamilton",
    aliases=("hamiltonian-cycle",),
    summary="has a random graph a Hamiltonian cycle, by way of a CNF formula: min-max net",
    values=HamiltonValues,
    make=_make,
    example="--vertices 5 --degree 3",
    picture="""
        relu(min over clauses of max over literals), an input for each vertex and each step of a tour, positive
        where the vertex comes at that step: a chessboard with one rook in each row and column, those in successive
        columns on joined vertices.  F stands on two orthants for each tour, one for each sense, and is flat on the
        others; without a tour 0 is the only subgradient.  (n-1)^2 inputs and O(n^3) clauses for n vertices, most of
        them of two literals.
    """,
)
