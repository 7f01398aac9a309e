"""Clique nets of random graphs G(n, p) (``reduction.clique``, ``family.graphs``).

``offset`` 0 or 1 asks for a clique of the greatest size, or of one vertex more.  Up to 30 vertices the
verdict is known, from networkx.
"""

from __future__ import annotations

from subgrad_hardness.family.contract import Family
from subgrad_hardness.family.graphs import MOST_LISTED, ONE_OF, ThresholdValues, independence_number, threshold
from subgrad_hardness.family.known_verdicts import known, unknown
from subgrad_hardness.net.program import Program
from subgrad_hardness.reduction.clique import CLIQUE as REDUCTION
from subgrad_hardness.reduction.clique import Clique


def _make(values: ThresholdValues, given: frozenset[str]) -> Program:
    graph, parameters = threshold(values)
    size, facts = values.k or 0, unknown()
    if graph.vertices <= MOST_LISTED:
        best = independence_number(graph.complement())
        size = size if values.offset is None else best + values.offset
        facts = known(size <= best, f"networkx: the largest clique has {best} vertices")
    program, _ = REDUCTION.apply(Clique(graph, size))
    provenance = {**(program.provenance or {}), "family": CLIQUE.name, "parameters": parameters}
    name = f"clique of {size}, {graph.vertices} vertices, {len(graph.edges)} edges, seed {values.seed}"
    return program._replace(name=name, provenance={**provenance, "seed": values.seed, **facts})


CLIQUE = Family(
    name="clique",
    summary="has a random graph a clique of k vertices: two hidden layers",
    values=ThresholdValues,
    one_of=ONE_OF,
    make=_make,
    example="--vertices 6 --offset 0",
    picture="""
        relu(h), an input for each vertex and x_0: h rewards |x_v + x_0|, charges for each two chosen vertices that
        are not joined, and for |x_v| other than |x_0|.  On a diagonal, S the vertices with the sign of x_0 and b
        the pairs in S that are not joined, h > 0 iff 2 |S| - 4 b > 2k - 1, and dropping one of each pair leaves a
        clique of k.  So F is flat but for thin ridges about such diagonals, in opposite pairs; without a clique 0
        is the only subgradient.  Two hidden layers, at most 2m + 6n + 3 units, m the pairs that are not joined.
    """,
)
