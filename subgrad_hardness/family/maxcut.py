"""Maximum-cut nets of random graphs (``reduction.max_cut``).

The distribution: G(n, 1/2), every pair of vertices joined by the toss of a fair coin, in the order
(0,1), (0,2), ..., (n-2,n-1).  The net asks for a cut of ``k`` edges; ``offset`` 0 or 1 asks for the
maximum cut, or for one edge more, which are the two hardest thresholds.  Up to 20 vertices the
maximum cut is found by enumeration, so that the verdict is known: 2^(n-1) Gray code steps, about
half a second at n = 20.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Family, Values, integer, random_seed
from subgrad_hardness.net.program import Program
from subgrad_hardness.reduction.graph import MAX_VERTICES, Edge
from subgrad_hardness.reduction.max_cut import Cut, MaxCut, MaxCutReduction

#: Graphs with more vertices are not enumerated.
MOST_ENUMERATED = 20


@dataclass(frozen=True, kw_only=True)
class MaxcutValues(Values):
    """The parameters of ``maxcut``."""

    vertices: int = integer("number of vertices", required=True, low=1, high=MAX_VERTICES)
    k: int | None = integer("edges that the cut should have", low=1, high=MAX_VERTICES**2)
    offset: int | None = integer(
        f"k is the maximum cut plus this, 0 or 1 (up to {MOST_ENUMERATED} vertices)", low=0, high=1
    )
    seed: int = random_seed()


def random_graph(vertices: int, seed: int) -> tuple[Edge, ...]:
    """The edges of one draw of G(n, 1/2); the same on every platform."""
    stream = Stream(seed, "maxcut", vertices)
    return tuple(pair for pair in combinations(range(vertices), 2) if stream.below(2))


def maximum_cut(vertices: int, edges: Sequence[Edge]) -> Cut:
    """A maximum cut, by enumeration in Gray code order: 2^(n-1) steps of one vertex each."""
    neighbours = [0] * vertices
    for u, v in edges:
        neighbours[u] |= 1 << v
        neighbours[v] |= 1 << u
    degrees = [mask.bit_count() for mask in neighbours]
    side = best_side = size = best = 0
    for step in range(1, 1 << (vertices - 1)):  # the last vertex stays where it is
        vertex = (step & -step).bit_length() - 1
        side ^= 1 << vertex
        others = (neighbours[vertex] & side).bit_count()
        joined = degrees[vertex] - others if side >> vertex & 1 else others
        size += 2 * joined - degrees[vertex]
        if size > best:
            best, best_side = size, side
    return tuple(best_side >> vertex & 1 == 1 for vertex in range(vertices))


def _make(values: MaxcutValues, given: frozenset[str]) -> Program:
    vertices, seed = values.vertices, values.seed
    edges = random_graph(vertices, seed)
    facts: dict[str, Any] = {}
    bound = values.k
    if vertices <= MOST_ENUMERATED:
        cut = maximum_cut(vertices, edges)
        size = MaxCut(vertices, edges, 1).cut_size(cut)
        bound = _bound(size, values)
        facts = {
            "verdict": "distinct" if bound <= size else "unique",
            "known_by": f"enumeration: the maximum cut has {size} edges",
            "cut": [vertex for vertex, chosen in enumerate(cut) if chosen],
        }
    elif bound is None:
        raise ParameterError(f"the maximum cut is known up to {MOST_ENUMERATED} vertices only", place="offset")
    program, _ = MaxCutReduction().apply(MaxCut(vertices, edges, bound))
    asked = {"k": values.k} if values.offset is None else {"offset": values.offset}
    parameters = {"vertices": vertices, **asked}
    provenance = {"family": MAXCUT.name, "parameters": parameters, "seed": seed, **(program.provenance or {}), **facts}
    name = f"maximum cut, {vertices} vertices, {len(edges)} edges, k = {bound}, seed {seed}"
    return program._replace(name=name, provenance=provenance)


def _bound(size: int, values: MaxcutValues) -> int:
    if values.offset is None:
        return values.k or 0
    if size + values.offset < 1:
        raise ParameterError("the graph of this draw has no edges, and k has to be at least 1", place="offset")
    return size + values.offset


MAXCUT = Family(
    name="maxcut",
    aliases=("max-cut",),
    summary="has a random graph a cut of k edges: two hidden layers, verdict known up to 20 vertices",
    values=MaxcutValues,
    one_of=("k", "offset"),
    make=_make,
    example="--vertices 6 --offset 1",
    picture="""
        relu(h), an input for each vertex: h rewards |x_u - x_v| for each edge, charges |x_i| for each vertex, and
        charges most for ||x_i| - |x_j||.  So only directions with nearly equal |x_i| count; their signs are the two
        sides of a cut, and h > 0 iff it has k edges or more.  F is flat but for thin ridges about the diagonals of
        such cuts, in opposite pairs; with k one more than the maximum cut the best diagonals just miss, and 0 is
        the only subgradient.  Two hidden layers, at most 2n^2 + 1 relus for n vertices.
    """,
)
