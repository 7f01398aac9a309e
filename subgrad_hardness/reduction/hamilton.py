"""Hamiltonian cycle to two distinct subgradients at 0, by way of a CNF formula.

The translation is the standard one by positions.  A cycle may be said to start at vertex 0; let x_(v,p),
for v and p in 1..n-1, say that vertex v comes at step p.  Clauses: at each step some vertex; at no step two;
no vertex at two steps; no step from a vertex to one that it is not joined to; the first and the last step are
at neighbours of 0.  With at least one vertex at each of the n - 1 steps and no vertex twice, every vertex has a
step, so that the models are the Hamiltonian cycles with a direction, read from vertex 0.  A graph of fewer
than three vertices has no cycle: then the formula is the empty clause.

(n-1)^2 variables and O(n^3) clauses; then any reduction of ``three_sat`` or ``tent_sat``.
Source: Karp 1972 for the NP-completeness; the encoding is folklore.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar

from subgrad_hardness.reduction.cnf import Assignment, Clause, Cnf
from subgrad_hardness.reduction.composition import Composed, Translation
from subgrad_hardness.reduction.graph import SimpleGraph
from subgrad_hardness.reduction.source import SourceProblem
from subgrad_hardness.reduction.three_sat import MinMaxReduction

#: All vertices in the order of the cycle, starting anywhere.
Tour = tuple[int, ...]

#: A shorter round trip would use an edge twice.
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class HamiltonianCycle(SourceProblem[Tour]):
    """Has the graph a cycle through all its vertices, each once?"""

    graph: SimpleGraph

    def satisfied(self, tour: Tour, /) -> bool:
        """Whether this is one, closed from its end to its start; linear.  Raises GraphError for a wrong length."""
        self.graph.require_choice(len(tour), "tour")
        if len(tour) < _SHORTEST or sorted(tour) != list(range(self.graph.vertices)):
            return False
        joined = self.graph.joined()
        return all(frozenset(step) in joined for step in zip(tour, (*tour[1:], tour[0]), strict=True))

    def source(self) -> dict[str, Any]:
        return {"problem": "Hamiltonian cycle", **self.graph.source()}


def hamilton_cnf(problem: HamiltonianCycle) -> Cnf:
    """The formula of the module's docstring; x_(v,p) is variable (v - 1) (n - 1) + p."""
    n = problem.graph.vertices
    if n < _SHORTEST:
        return Cnf(0, ((),))
    joined, others = problem.graph.joined(), range(1, n)
    clauses: list[Clause] = [tuple(_variable(n, v, p) for v in others) for p in others]
    for u, v in combinations(others, 2):
        clauses += [(-_variable(n, u, p), -_variable(n, v, p)) for p in others]
        clauses += [(-_variable(n, p, u), -_variable(n, p, v)) for p in others]
        if frozenset((u, v)) not in joined:
            steps = [step for p in others[:-1] for step in (((u, p), (v, p + 1)), ((v, p), (u, p + 1)))]
            clauses += [(-_variable(n, *first), -_variable(n, *second)) for first, second in steps]
    ends = [(v, p) for v in others if frozenset((0, v)) not in joined for p in (1, n - 1)]
    clauses += [(-_variable(n, *place),) for place in ends]
    return Cnf((n - 1) ** 2, tuple(clauses))


def _variable(n: int, vertex: int, step: int) -> int:
    return (vertex - 1) * (n - 1) + step


@dataclass(frozen=True)
class HamiltonToCnf(Translation[HamiltonianCycle, Tour, Cnf, Assignment]):
    """The steps of the tour, read from vertex 0."""

    name: ClassVar[str] = "Hamiltonian cycle to CNF"
    takes: ClassVar[type] = HamiltonianCycle

    def translate(self, problem: HamiltonianCycle) -> Cnf:
        return hamilton_cnf(problem)

    def forth(self, problem: HamiltonianCycle, solution: Tour) -> Assignment:
        start = solution.index(0)
        tour = solution[start:] + solution[:start]
        return tuple(tour[step] == vertex for vertex in range(1, len(tour)) for step in range(1, len(tour)))

    def back(self, problem: HamiltonianCycle, image: Assignment) -> Tour:
        n = problem.graph.vertices
        steps = range(1, n)
        return (0, *(next(v for v in steps if image[_variable(n, v, p) - 1]) for p in steps))


#: From ``HamiltonianCycle`` to a min-max net.
HAMILTON = Composed(HamiltonToCnf(), MinMaxReduction())
