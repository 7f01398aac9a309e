"""Identities put on edges: a value is replaced by another expression of itself.

x = relu(x) - relu(-x) = max(x, x) = min(x, x) = leaky_1/s(leaky_s(x)) for s > 0, and y = relu(y) where y is the value
of an operation that is never negative. The map stays the same, and with it F', its subgradients and its witnesses.
Kinks join wherever x is 0 at the point (max(x, x) and min(x, x) have one at every point, with a zero row), and each
identity has a choice of relu'(0) that passes x through, so D_a stays inside the new one, which may be larger: for
relu(x) - relu(-x) it is [0, 2].

The result is a graph: in layers all edges of a unit read the same value, and an identity on one of them has no place.
"""

from __future__ import annotations

from fractions import Fraction

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.net.operations import OPERATIONS
from subgrad_hardness.net.program import Program
from subgrad_hardness.obfuscation.drafts import Draft

#: One edge in so many gets an identity.
_ONE_IN = 4


def most_units(program: Program) -> int:
    """Four for each edge and each output, in the worst case."""
    nodes, edges = program.form.graph_size()
    return nodes + 4 * (edges + program.output_count)


def with_identities(program: Program, seed: int) -> Program:
    """The same map with an identity on a quarter of the edges, drawn uniformly; as a graph."""
    stream = Stream(seed, "identity")
    draft = Draft(program)
    nonnegative = set()
    for reference, node in draft.in_order():
        arguments = [_edge(draft, argument, argument in nonnegative, stream) for argument in node.arguments]
        draft.place[reference] = draft.copied(node, arguments)
        if node.row is None and OPERATIONS[node.operation].nonnegative:
            nonnegative.add(reference)
    outputs = [_edge(draft, output, output in nonnegative, stream) for output in draft.form.outputs]
    return draft.finished(outputs)


def _edge(draft: Draft, reference: int, nonnegative: bool, stream: Stream) -> int:
    """The new place of an argument, or of an identity on it."""
    place = draft.place[reference]
    if stream.below(_ONE_IN):
        return place
    kind = stream.below(5 if nonnegative else 4)
    if kind == 4:
        return draft.add("relu", [place])
    if kind == 3:
        slope = Fraction(stream.integer(1, 5), stream.integer(1, 5))
        return draft.add("leaky_relu", [draft.add("leaky_relu", [place], slope)], 1 / slope)
    if kind:
        return draft.add("max" if kind == 2 else "min", [place, place])
    opposite = draft.affine([(place, -1)])
    return draft.affine([(draft.add("relu", [place]), 1), (draft.add("relu", [opposite]), -1)])
