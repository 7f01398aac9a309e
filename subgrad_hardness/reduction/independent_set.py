"""Independent set to two distinct subgradients at 0, by a net with two hidden layers and O(n + m) units.

Statement.  Let G have n vertices and m edges.  With an input x_0 and one for each vertex,
    f(x) = sum_v |x_v + x_0| - sum over edges uv of (4 |x_0| - |x_u - x_v| - |x_u - x_0| - |x_v - x_0|)
           - (2 k - 1) |x_0|
is positive at a sign vector iff G has an independent set of k vertices or more; ``sign_search`` makes of it a
net with n + 1 inputs, at most 2 m + 6 n + 2 units in its first layer and one in its second.

Proof.  Let s be a sign vector and S = {v : s_v = s_0}.  The first sum is 2 |S|.  An edge costs 0 unless its two
ends and x_0 all have one sign, that is, unless both ends are in S (of three signs that are not all equal
exactly two pairs differ, by 2 each); then it costs 4.  So f(s) = 2 |S| - 4 b - (2 k - 1) with b edges inside S.
If S is independent and has k vertices or more, f(s) >= 1.  If f(s) > 0, then |S| - 2 b >= k (both sides are
integers), and S without one end of each of the b edges is independent with at least |S| - b >= k vertices.
Source: Karp 1972 for the NP-completeness; the net is the project's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from subgrad_hardness.reduction.absolute_sum import AbsoluteTerm
from subgrad_hardness.reduction.composition import Composed, Translation
from subgrad_hardness.reduction.graph import Choice
from subgrad_hardness.reduction.sign_search import SignProblem, SignReduction, Signs
from subgrad_hardness.reduction.vertex_set import VertexSetProblem


@dataclass(frozen=True, slots=True)
class IndependentSet(VertexSetProblem):
    """Has the graph ``size`` or more vertices, no two of them joined?  Raises GraphError for a negative size."""

    problem: ClassVar[str] = "independent set"

    def solved_by(self, chosen: Choice) -> bool:
        return sum(chosen) >= self.size and not any(chosen[u] and chosen[v] for u, v in self.graph.edges)


@dataclass(frozen=True)
class IndependentSetToSigns(Translation[IndependentSet, Choice, SignProblem, Signs]):
    """Vertex v, which is input v + 1, is chosen iff it has the sign of x_0, and is no end of a bad edge."""

    name: ClassVar[str] = "independent set to sign vectors"
    takes: ClassVar[type] = IndependentSet

    def translate(self, problem: IndependentSet) -> SignProblem:
        edges = problem.graph.edges
        inputs = range(1, 1 + problem.graph.vertices)
        terms = [AbsoluteTerm(((0, 1),), 1 - 2 * problem.size - 4 * len(edges))]
        terms += [AbsoluteTerm(((0, 1), (index, 1)), 1) for index in inputs]
        for u, v in edges:
            terms += [AbsoluteTerm(((a, 1), (b, -1)), 1) for a, b in ((u + 1, v + 1), (0, u + 1), (0, v + 1))]
        return SignProblem(len(inputs) + 1, tuple(terms))

    def forth(self, problem: IndependentSet, solution: Choice) -> Signs:
        return (True, *solution)

    def back(self, problem: IndependentSet, image: Signs) -> Choice:
        chosen = [sign is image[0] for sign in image[1:]]
        for u, v in problem.graph.edges:
            chosen[u] = chosen[u] and not chosen[v]
        return tuple(chosen)


#: From ``IndependentSet`` to a net.
INDEPENDENT_SET = Composed(IndependentSetToSigns(), SignReduction())
