"""Tseitin formulas on random regular graphs as nets: charges that do not add up.

Variables are the edges of a graph; at every vertex the number of true edges is odd or even as the vertex's charge
says: 2^(d-1) clauses of width d.  Every edge counts twice, so there is a solution iff each component has an even
total charge.  On expanders, such as random regular graphs of degree at least 3 are, resolution needs exponentially
many clauses (Urquhart 1987; Ben-Sasson and Wigderson 2001).

The distribution: every vertex of the graph has d ends, which are shuffled and joined two by two; pairs that would make
a loop or a double edge are shuffled again among themselves, and all is drawn anew where they cannot be joined or the
graph is not connected (Steger and Wormald 1999: uniform in the limit).  Charges are independent fair bits, and that
of the last vertex makes the total odd, or even.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import flag, integer, random_seed
from subgrad_hardness.family.formulas import Formula, FormulaFamily, FormulaValues, assignment
from subgrad_hardness.reduction.cnf import Clause, Cnf

_DRAWS, _ROUNDS = 1000, 50

Edge = tuple[int, int]


def tseitin(vertices: int, edges: Sequence[Edge], charges: Sequence[int]) -> Cnf:
    """At each vertex the edges there sum to its charge modulo 2; edge k (from 1) is variable k."""
    clauses: list[Clause] = []
    for vertex in range(vertices):
        own = [number for number, edge in enumerate(edges, start=1) if vertex in edge]
        for signs in product((1, -1), repeat=len(own)):
            # The clause forbids the values that make all its literals false: -sign > 0 means true.
            if signs.count(-1) % 2 != charges[vertex]:
                clauses.append(tuple(sign * number for sign, number in zip(signs, own, strict=True)))
    return Cnf(len(edges), tuple(clauses))


def random_regular(vertices: int, degree: int, stream: Stream) -> list[Edge]:
    """A simple, connected, ``degree``-regular graph (the module's distribution), its edges in order.

    Raises ParameterError where none is drawn.
    """
    for _ in range(_DRAWS):
        edges = sorted(_joined(vertices, degree, stream))
        if 2 * len(edges) == vertices * degree and len(_tree(vertices, edges)) == vertices:
            return edges
    raise ParameterError(f"no simple connected graph of degree {degree} in {_DRAWS} draws", place="degree")


def _joined(vertices: int, degree: int, stream: Stream) -> set[Edge]:
    """Edges of a simple graph; fewer than all where the last ends cannot be joined."""
    edges: set[Edge] = set()
    ends = [vertex for vertex in range(vertices) for _ in range(degree)]
    for _ in range(_ROUNDS):
        left: list[int] = []
        ends = list(stream.shuffled(ends))
        for u, v in zip(ends[::2], ends[1::2], strict=True):
            edge = min(u, v), max(u, v)
            if u == v or edge in edges:
                left += edge
            else:
                edges.add(edge)
        ends = left
    return edges


def _tree(vertices: int, edges: Sequence[Edge]) -> list[tuple[int, int]]:
    """(vertex, edge to its parent, from 1) of a spanning tree of the component of vertex 0, which has edge 0, parents
    first."""
    beside: list[list[tuple[int, int]]] = [[] for _ in range(vertices)]
    for number, (u, v) in enumerate(edges, start=1):
        beside[u].append((v, number))
        beside[v].append((u, number))
    order = [(0, 0)]
    seen = {0}
    for vertex, _ in order:
        for other, number in beside[vertex]:
            if other not in seen:
                seen.add(other)
                order.append((other, number))
    return order


def solution(vertices: int, edges: Sequence[Edge], charges: Sequence[int]) -> list[int]:
    """The true edges, from 1, of a solution with all edges outside a spanning tree false.

    The graph is connected and the total charge even.
    """
    open_charges = list(charges)
    true = []
    for vertex, number in reversed(_tree(vertices, edges)[1:]):
        if open_charges[vertex]:
            true.append(number)
            for end in edges[number - 1]:
                open_charges[end] ^= 1
    return true


@dataclass(frozen=True, kw_only=True)
class TseitinValues(FormulaValues):
    """The parameters of ``tseitin``."""

    vertices: int = integer("number of vertices", default=8, low=2, high=10_000)
    degree: int = integer("edges at each vertex", default=3, low=1, high=16)
    even: bool = flag("an even total charge, which has solutions")
    seed: int = random_seed()


def _formula(values: TseitinValues) -> Formula:
    vertices, degree, even, seed = values.vertices, values.degree, values.even, values.seed
    if degree >= vertices:
        raise ParameterError(f"{degree} neighbours, but there are only {vertices - 1} others", place="degree")
    if vertices * degree % 2:
        raise ParameterError(f"{vertices} vertices of degree {degree}: an odd number of ends", place="degree")
    stream = Stream(seed, "tseitin", vertices, degree)
    edges = random_regular(vertices, degree, stream)
    charges = [stream.below(2) for _ in range(vertices - 1)]
    charges.append((sum(charges) + (not even)) % 2)
    cnf = tseitin(vertices, edges, charges)
    name = f"Tseitin, {vertices} vertices of degree {degree}, {'even' if even else 'odd'}, seed {seed}"
    if not even:
        return Formula(cnf, name, "parity: the charges add up to an odd number, and every edge counts twice", None)
    why = "by construction: the charges are paid along a spanning tree"
    return Formula(cnf, name, why, assignment(cnf.variables, solution(vertices, edges, charges)))


def _literals(values: TseitinValues) -> int:
    count: int = values.vertices * values.degree * 2 ** (values.degree - 1)
    return count


TSEITIN = FormulaFamily(
    name="tseitin",
    summary="Tseitin formulas on random regular graphs: odd charges do not add up; or even ones, which do",
    picture="""
        relu(min over clauses of max over literals) over one input for each edge of a random d-regular graph,
        positive where the edge is true.  At each vertex 2^(d-1) clauses of width d say that the true edges there
        are odd or even in number.  With an odd total it is identically zero, which linear algebra modulo 2 sees at
        once and resolution only after exponentially many steps; with an even one there are 2^(edges - vertices + 1)
        solutions.
    """,
    values=TseitinValues,
    formula=_formula,
    literals=_literals,
).family()
