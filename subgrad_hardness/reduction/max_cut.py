"""Maximum cut to two distinct subgradients at 0, by a relu net with two hidden layers.

Statement.  Let G have n vertices, edges E, greatest degree D; k >= 1 and K = n D + 2 k - 1.  Put
    h(x) = n sum over uv in E of |x_u - x_v|  -  (2 k - 1) sum_i |x_i|
           +  K sum over i < j of (|x_i| + |x_j| - |x_i + x_j| - |x_i - x_j|),      F = relu(h).
F = 0 iff every cut of G has fewer than k edges; and if F(d) > 0, then no entry of d is 0 and the cut
{i : d_i > 0} has at least k edges.  So F, which is even and nonnegative, has two distinct subgradients
at 0 iff G has a cut of k edges or more, and two layers of relus suffice for NP-hardness of the question
(which [B22, arXiv 2206.01730] shows with deeper nets).

Proof.  Let s_i be the sign of x_i (any sign at 0) and y = |x|.  |a + b| + |a - b| = 2 max(|a|, |b|), so
each term of the last sum is -|y_i - y_j|; and |x_u - x_v| is y_u + y_v if s cuts the edge (s_u != s_v),
else |y_u - y_v|.  With y_i = integral over t > 0 of [y_i >= t], and |y_i - y_j| = integral of
|[y_i >= t] - [y_j >= t]|, every term is additive over the level sets S_t = {i : y_i >= t}:
    h(x) = integral over t > 0 of h(s 1_S), S = S_t   (t up to max y; no S is empty there).
For a set S of m >= 1 vertices, c edges inside S that s cuts, and e edges between S and the rest,
    h(s 1_S) = 2 n c + n e - (2 k - 1) m - K m (n - m).
If m < n: 2 c + e <= the degrees of S together <= m D and n - m >= 1, so
h(s 1_S) <= m (n D - (2 k - 1) - K) < 0.  If m = n: e = 0 and h(s 1_S) = n (2 c - 2 k + 1), which is
positive iff c >= k.  So h(x) > 0 needs a t with S_t = all vertices (min y > 0) and c >= k, where c is
the size of the cut {i : x_i > 0}.  Conversely a cut of k edges or more has h(s) >= n > 0 at its signs s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar

from subgrad_hardness.common.words import count
from subgrad_hardness.derivative.lexicographic import Direction
from subgrad_hardness.net.program import Program
from subgrad_hardness.reduction.absolute_sum import AbsoluteTerm, absolute_net
from subgrad_hardness.reduction.graph import Edge, GraphError, numbered, require_simple
from subgrad_hardness.reduction.source import NetReduction, SourceInverse, SourceProblem

#: The side of each vertex, vertex 0 first.
Cut = tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class MaxCut(SourceProblem[Cut]):
    """Has this graph a cut of at least ``bound`` edges?

    ``edges`` joins vertices of 0..``vertices`` - 1, each pair at most once and in either order.
    Raises GraphError for loops, repeated edges, unknown vertices, more than ``MAX_VERTICES``
    vertices or none, and for a bound under 1.
    """

    vertices: int
    edges: tuple[Edge, ...]
    bound: int

    def __post_init__(self) -> None:
        require_simple(self.vertices, self.edges)
        if self.bound < 1:
            raise GraphError("less than 1", place="bound")

    @classmethod
    def from_networkx(cls, graph: Any, bound: int) -> MaxCut:
        """The problem of an undirected networkx graph, see ``numbered``.  Raises GraphError."""
        return cls(*numbered(graph), bound)

    def cut_size(self, cut: Sequence[bool]) -> int:
        """How many edges join the two sides; linear.  Raises GraphError unless there is one side a vertex."""
        if len(cut) != self.vertices:
            raise GraphError(f"{count(len(cut), 'side')}, expected {self.vertices}", place="cut")
        return sum(bool(cut[u]) is not bool(cut[v]) for u, v in self.edges)

    def satisfied(self, cut: Sequence[bool], /) -> bool:
        """Whether the cut has at least ``bound`` edges; linear.  Raises GraphError for a wrong length."""
        return self.cut_size(cut) >= self.bound

    def source(self) -> dict[str, Any]:
        edges = [list(edge) for edge in self.edges]
        return {"problem": "maximum cut", "vertices": self.vertices, "edges": edges, "k": self.bound}

    @property
    def greatest_degree(self) -> int:
        """D, 0 without edges."""
        degrees = [0] * self.vertices
        for edge in self.edges:
            for vertex in edge:
                degrees[vertex] += 1
        return max(degrees)

    @property
    def penalty(self) -> int:
        """K = n D + 2 k - 1."""
        return self.vertices * self.greatest_degree + 2 * self.bound - 1


@dataclass(frozen=True)
class MaxCutInverse(SourceInverse[MaxCut, Cut]):
    """Cuts and directions: vertex i is on the side of the true ones iff d_i > 0."""

    def positive(self, solution: Cut) -> Direction:
        """d_i = +-(n^2 K + i), which is near the signs and has no ties, so that d alone enters its cell.

        h(d) > 0: by the level sets h(d) is n^2 K h(s) >= n^3 K plus the sum of h(s 1_S) over the n - 1
        sets S = {i, ..., n - 1} of m < n vertices; each is >= -(2 k - 1) m - K m (n - m) >= -K n^2.
        """
        base = self.problem.vertices**2 * self.problem.penalty
        return tuple(base + index if side else -base - index for index, side in enumerate(solution))

    def decode(self, direction: Direction) -> Cut:
        """The signs; see the module's docstring for why they do whenever F(d) > 0."""
        return tuple(entry > 0 for entry in direction)


@dataclass(frozen=True)
class MaxCutReduction(NetReduction[MaxCut, Cut]):
    """F = relu(h); |t| = relu(t) + relu(-t), so that it is a pure relu net of integers.

    2 n^2 units (fewer where coefficients vanish); ``apply`` is linear in their number.
    """

    name: ClassVar[str] = "maximum cut to net with two hidden layers"
    takes: ClassVar[type] = MaxCut

    def net(self, problem: MaxCut) -> Program:
        return absolute_net(problem.vertices, _terms(problem))

    def inverse(self, program: Program, problem: MaxCut) -> MaxCutInverse:
        return MaxCutInverse(program, problem)

    def source(self, problem: MaxCut) -> dict[str, Any]:
        return problem.source()

    def known(self, problem: MaxCut) -> dict[str, str | None]:
        """Known are bounds beyond all edges, and up to half of them."""
        if problem.bound > len(problem.edges):
            return {"verdict": "unique", "known_by": "the graph has fewer than k edges"}
        if 2 * problem.bound <= len(problem.edges):
            return {"verdict": "distinct", "known_by": "every graph has a cut of at least half of its edges"}
        return super().known(problem)


def _terms(problem: MaxCut) -> list[AbsoluteTerm]:
    """h as coefficients of absolute values of forms."""
    n, penalty = problem.vertices, problem.penalty
    joined = {frozenset(edge) for edge in problem.edges}
    terms = [AbsoluteTerm(((i, 1),), penalty * (n - 1) - (2 * problem.bound - 1)) for i in range(n)]
    for i, j in combinations(range(n), 2):
        terms.append(AbsoluteTerm(((i, 1), (j, 1)), -penalty))
        terms.append(AbsoluteTerm(((i, 1), (j, -1)), (n if frozenset((i, j)) in joined else 0) - penalty))
    return [term for term in terms if term.coefficient]
