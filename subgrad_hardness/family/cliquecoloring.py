"""Clique against colouring as nets: a graph with a clique of k cannot be coloured with fewer than k colours.

Variables: an edge between u and v; member i of the clique is vertex v; vertex v has colour l.  Clauses: every member
is some vertex, none is two, no two are the same one, any two are joined; every vertex has a colour, and the ends of an
edge have no colour in common.  For k > c there is no solution, and for suitable k and c resolution, even with cutting
planes, needs exponentially many steps, by interpolation (Krajicek 1997; Pudlak 1997).  For k <= c the first k vertices
are the clique and have k colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.family.contract import integer
from subgrad_hardness.family.formulas import Formula, FormulaFamily, FormulaValues, assignment, at_most_one
from subgrad_hardness.reduction.cnf import Clause, Cnf


class _Variables:
    """Their numbers: edges, then members, then colours."""

    def __init__(self, vertices: int, clique: int, colors: int) -> None:
        self.edges = {pair: number for number, pair in enumerate(combinations(range(vertices), 2), start=1)}
        first = len(self.edges) + 1
        self.members = [[first + i * vertices + v for v in range(vertices)] for i in range(clique)]
        first += clique * vertices
        self.colors = [[first + v * colors + shade for shade in range(colors)] for v in range(vertices)]
        self.count = first + vertices * colors - 1


def clique_coloring(vertices: int, clique: int, colors: int) -> Cnf:
    """The formula of the module's docstring."""
    variables = _Variables(vertices, clique, colors)
    clauses: list[Clause] = []
    for member in variables.members:
        clauses.append(tuple(member))
        clauses += at_most_one(member)
    for one, other in combinations(variables.members, 2):
        clauses += [(-one[v], -other[v]) for v in range(vertices)]
        for (u, v), edge in variables.edges.items():
            clauses += [(edge, -one[u], -other[v]), (edge, -one[v], -other[u])]
    clauses += [tuple(shades) for shades in variables.colors]
    for (u, v), edge in variables.edges.items():
        clauses += [(-edge, -a, -b) for a, b in zip(variables.colors[u], variables.colors[v], strict=True)]
    return Cnf(variables.count, tuple(clauses))


@dataclass(frozen=True, kw_only=True)
class CliquecoloringValues(FormulaValues):
    """The parameters of ``cliquecoloring``."""

    vertices: int = integer("number of vertices n", default=5, low=1, high=200)
    clique: int = integer("members k of the clique, at most n", default=4, low=1, high=200)
    colors: int = integer("number of colours c; k > c: no solution", default=3, low=1, high=200)


def _formula(values: CliquecoloringValues) -> Formula:
    vertices, clique, colors = values.vertices, values.clique, values.colors
    if clique > vertices:
        raise ParameterError(f"{clique} different members, but there are only {vertices} vertices", place="clique")
    cnf = clique_coloring(vertices, clique, colors)
    name = f"clique of {clique}, {colors} colours, {vertices} vertices"
    if clique > colors:
        return Formula(cnf, name, f"the {clique} members of the clique need {clique} different colours", None)
    variables = _Variables(vertices, clique, colors)
    true = [number for (_, v), number in variables.edges.items() if v < clique]
    true += [member[i] for i, member in enumerate(variables.members)]
    true += [shades[v if v < clique else 0] for v, shades in enumerate(variables.colors)]
    why = f"by construction: the first {clique} vertices are a clique of as many colours"
    return Formula(cnf, name, why, assignment(cnf.variables, true))


def _literals(values: CliquecoloringValues) -> int:
    n, k, c = values.vertices, values.clique, values.colors
    pairs = n * (n - 1) // 2
    count: int = k * n + 2 * k * pairs + k * (k - 1) // 2 * (2 * n + 6 * pairs) + n * c + 3 * c * pairs
    return count


CLIQUECOLORING = FormulaFamily(
    name="cliquecoloring",
    summary="a graph with a clique of k and a colouring with c < k colours: there is none",
    picture="""
        relu(min over clauses of max over literals) over inputs for the edges of an unknown graph of n vertices, for
        the k members of a clique in it and for a colouring of it with c colours.  Identically zero for k > c, by
        the pigeonhole principle behind a graph that nobody knows: hard for resolution and for cutting planes.  For
        k <= c it is positive around every graph with such a clique and such a colouring.
    """,
    values=CliquecoloringValues,
    formula=_formula,
    literals=_literals,
).family()
