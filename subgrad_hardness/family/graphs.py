"""What the families of random graphs share: the draws, and the threshold of a set of vertices.

G(n, p): every pair is joined with probability ``density``, independently, in the order (0,1), (0,2), ....
G(n, m): all sets of m = floor(n ``degree`` / 2 + 1/2) of the pairs are equally likely.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Values, flag, integer, random_seed, rational
from subgrad_hardness.net.rational import format_rational
from subgrad_hardness.reduction.graph import MAX_VERTICES, Edge, SimpleGraph

#: Up to so many vertices the largest independent set is found by listing the maximal ones.
MOST_LISTED = 30

#: How a threshold is asked for: by itself, or by how far it is from the best possible one.
ONE_OF = ("k", "offset")


@dataclass(frozen=True, kw_only=True)
class ThresholdValues(Values):
    """The parameters of a family that asks for a set of ``k`` vertices in G(n, p)."""

    vertices: int = integer("number of vertices", required=True, low=1, high=MAX_VERTICES)
    density: Fraction = rational("probability of an edge, exact", default=Fraction(1, 2), low=0, high=1)
    k: int | None = integer("how many vertices", low=0, high=MAX_VERTICES)
    offset: int | None = integer(
        f"0: k is the best possible, 1: one better (up to {MOST_LISTED} vertices)", low=0, high=1
    )
    seed: int = random_seed()


@dataclass(frozen=True, kw_only=True)
class SparseValues(Values):
    """The parameters of a family over G(n, m); each family says how many vertices there may be."""

    vertices: int = integer("number of vertices", required=True, low=1, high=MAX_VERTICES)
    degree: Fraction = rational("average degree, exact; floor(N D / 2 + 1/2) edges", required=True)
    planted: bool = flag("with a hidden solution")
    seed: int = random_seed()


def random_pairs(vertices: int, density: Fraction, stream: Stream) -> SimpleGraph:
    """One draw of G(n, p); the same on every platform."""
    pairs = combinations(range(vertices), 2)
    return SimpleGraph(vertices, tuple(pair for pair in pairs if stream.below(density.denominator) < density.numerator))


def edge_count(vertices: int, degree: Fraction) -> int:
    """floor(n degree / 2 + 1/2)."""
    return math.floor(degree * vertices / 2 + Fraction(1, 2))


def chosen_pairs(pairs: Sequence[Edge], count: int, stream: Stream) -> tuple[Edge, ...]:
    """``count`` of the pairs, all sets equally likely.  Raises ParameterError where there are too few."""
    if not 0 <= count <= len(pairs):
        raise ParameterError(f"{count} of {len(pairs)} possible edges", place="degree")
    return tuple(pairs[index] for index in sorted(stream.sample(len(pairs), count)))


def independence_number(graph: SimpleGraph) -> int:
    """The size of the largest independent set: the largest clique of the complement, by networkx; exponential."""
    import networkx

    complement = networkx.Graph(graph.complement().edges)
    return max(map(len, networkx.find_cliques(complement)), default=1)  # no edge in it: single vertices


def threshold(values: ThresholdValues) -> tuple[SimpleGraph, dict[str, Any]]:
    """The graph of a family with ``ThresholdValues``, and the parameters for the provenance.

    Raises ParameterError for too many vertices for ``offset``.
    """
    vertices = values.vertices
    if vertices > MOST_LISTED and values.offset is not None:
        raise ParameterError(f"the best possible is known up to {MOST_LISTED} vertices only", place="offset")
    stream = Stream(values.seed, "vertex sets", vertices, format_rational(values.density))
    graph = random_pairs(vertices, values.density, stream)
    asked = {"k": values.k} if values.offset is None else {"offset": values.offset}
    return graph, {"vertices": vertices, **asked, "density": format_rational(values.density)}
