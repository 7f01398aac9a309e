"""Vertex-cover nets of random graphs G(n, p) (``reduction.vertex_cover``, ``family.graphs``).

``offset`` 0 or 1 asks for a cover of the least size, or of one vertex less.  Up to 30 vertices the verdict is
known, from networkx.
"""

from __future__ import annotations

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.family.contract import Family
from subgrad_hardness.family.graphs import MOST_LISTED, ONE_OF, ThresholdValues, independence_number, threshold
from subgrad_hardness.family.known_verdicts import known, unknown
from subgrad_hardness.net.program import Program
from subgrad_hardness.reduction.vertex_cover import VERTEX_COVER, VertexCover


def _make(values: ThresholdValues, given: frozenset[str]) -> Program:
    graph, parameters = threshold(values)
    size, facts = values.k or 0, unknown()
    if graph.vertices <= MOST_LISTED:
        best = graph.vertices - independence_number(graph)
        size = size if values.offset is None else best - values.offset
        if size < 0:
            raise ParameterError(
                "the graph of this draw has no edges, and no cover is smaller than none", place="offset"
            )
        facts = known(size >= best, f"networkx: the smallest cover has {best} vertices")
    program, _ = VERTEX_COVER.apply(VertexCover(graph, size))
    provenance = {**(program.provenance or {}), "family": VERTEXCOVER.name, "parameters": parameters}
    name = f"vertex cover of {size}, {graph.vertices} vertices, {len(graph.edges)} edges, seed {values.seed}"
    return program._replace(name=name, provenance={**provenance, "seed": values.seed, **facts})


VERTEXCOVER = Family(
    name="vertexcover",
    aliases=("vertex-cover",),
    summary="do k vertices meet every edge of a random graph: two hidden layers",
    values=ThresholdValues,
    one_of=ONE_OF,
    make=_make,
    example="--vertices 6 --offset 1",
    picture="""
        relu(h), an input for each vertex and x_0: the vertices with the sign of x_0 are those left out of the
        cover.  h rewards |x_v + x_0|, charges for each edge between two of them, and for |x_v| other than |x_0|; on
        a diagonal with b edges among the vertices S left out it is positive iff 2 |S| - 4 b > 2 (n - k) - 1.  F is
        flat but for thin ridges about such diagonals, in opposite pairs; without a cover of k vertices 0 is the
        only subgradient.  Two hidden layers, at most 2m + 6n + 3 units for n vertices and m edges.
    """,
)
