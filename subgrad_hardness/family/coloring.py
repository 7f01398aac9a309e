"""3-colouring nets of random graphs G(n, m) (``reduction.three_coloring``, ``family.graphs``).

Near average degree 4.7 the share of graphs with a colouring falls, for large n, from 1 to 0.  Planted: hidden
colours, uniform with classes of equal sizes as far as that goes, and only pairs of two colours may be joined.
Without them the verdict is
CaDiCaL's up to ``MOST_SOLVED`` vertices, from the formula with one variable for each vertex and colour.
"""

from __future__ import annotations

from itertools import combinations

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Family
from subgrad_hardness.family.graphs import SparseValues, chosen_pairs, edge_count
from subgrad_hardness.family.known_verdicts import by_cadical, known, unknown
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import format_rational
from subgrad_hardness.reduction.cnf import Cnf
from subgrad_hardness.reduction.graph import SimpleGraph
from subgrad_hardness.reduction.three_coloring import ThreeColoring, ThreeColoringReduction

#: Graphs with more vertices are not solved at generation.
MOST_SOLVED = 100


def coloring_cnf(graph: SimpleGraph) -> Cnf:
    """Variable 3 v + c + 1 says that vertex v has the colour c: some colour each, none at both ends of an edge."""
    some = [tuple(3 * vertex + colour for colour in (1, 2, 3)) for vertex in range(graph.vertices)]
    apart = [(-(3 * u + colour), -(3 * v + colour)) for u, v in graph.edges for colour in (1, 2, 3)]
    return Cnf(3 * graph.vertices, (*some, *apart))


def _make(values: SparseValues, given: frozenset[str]) -> Program:
    vertices, planted, seed = values.vertices, values.planted, values.seed
    stream = Stream(seed, "coloring", vertices)
    pairs = list(combinations(range(vertices), 2))
    facts = unknown()
    if planted:
        colours = stream.shuffled([vertex % 3 for vertex in range(vertices)])
        pairs = [(u, v) for u, v in pairs if colours[u] != colours[v]]
        facts = {**known(True, "planted: these colours"), "colours": colours}
    graph = SimpleGraph(vertices, chosen_pairs(pairs, edge_count(vertices, values.degree), stream))
    if not planted and vertices <= MOST_SOLVED:
        facts = by_cadical(coloring_cnf(graph))
    program, _ = ThreeColoringReduction().apply(ThreeColoring(graph))
    parameters = {"vertices": vertices, "degree": format_rational(values.degree), "planted": planted}
    provenance = {**(program.provenance or {}), "family": COLORING.name, "parameters": parameters, "seed": seed}
    name = f"{'planted ' * planted}3-colouring, {vertices} vertices, {len(graph.edges)} edges, seed {seed}"
    return program._replace(name=name, provenance={**provenance, **facts})


COLORING = Family(
    name="coloring",
    aliases=("3-coloring",),
    summary="can a random graph be coloured with three colours (phase transition near degree 4.7): min-max net",
    values=SparseValues,
    make=_make,
    example="--vertices 8 --degree 9/2",
    picture="""
        Two inputs a_v, b_v for each vertex; three of their four sign patterns are the colours.  relu(min of:
        max(a_v, b_v) for each vertex, which forbids the fourth; for each edge a max of four mins, positive iff the
        colours of its ends differ).  F stands on the orthants that are colourings, six for each that uses three
        colours, and is flat on the others; without a colouring 0 is the only subgradient.  About 2n + 8m relus for
        n vertices and m edges, weights in {-1, 0, 1}.
    """,
)
