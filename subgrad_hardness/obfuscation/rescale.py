"""Neurons permuted and rescaled: relu(c z) = c relu(z) for c > 0.

Every hidden unit of a positively homogeneous operation is multiplied by a positive rational that its readers divide
out again, and the units of a layer, or the nodes of a graph, are put into another order (and renamed). The
homogeneous operations (``net.operations`` says which) are relu, leaky_relu, abs, max and min: max(c a, c b) = c
max(a, b). The map stays the same, and with it F', its subgradients and its witnesses; a kink's preactivation is
multiplied by a positive number, so the kinks stay, and the gains along a chain of kinks stay what they were, so D_a
does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.net.forms import Layer, LayeredForm, Node
from subgrad_hardness.net.operations import OPERATIONS
from subgrad_hardness.net.program import Program
from subgrad_hardness.obfuscation.drafts import Draft
from subgrad_hardness.obfuscation.rows import ordered_row, row_bias, row_terms

#: The reference of a value, and what it has to be divided by.
_Scaled = tuple[int, Fraction]


def most_units(program: Program) -> int:
    """Layers keep theirs; in a graph every argument of an operation, and every output, may need an affine node."""
    if program.form.chain is not None:
        return program.form.unit_count
    graph = program.form.to_graph(program.inputs)
    operations = sum(len(node.arguments) for node in graph.nodes if node.row is None)
    return graph.unit_count + operations + program.output_count


def rescaled(program: Program, seed: int) -> Program:
    """The same map with its units permuted and rescaled by n/d, n and d uniform in 1..9.

    In a graph the factors are those of affine nodes, max and min; operations of one argument take over that of their
    argument; those of other operations, and the outputs, are scaled back by affine nodes.
    """
    stream = Stream(seed, "rescaled")

    def factor() -> Fraction:
        return Fraction(stream.integer(1, 9), stream.integer(1, 9))

    layers = program.form.chain
    if layers is not None:
        return program._replace(form=LayeredForm(rescaled_layers(layers, stream, factor)))
    draft = Draft(program)
    scales: dict[int, Fraction] = dict.fromkeys(range(draft.inputs), Fraction(1))
    for reference, node in _shuffled(draft, stream):
        draft.place[reference], scales[reference] = _scaled(draft, node, scales, factor)
    return draft.finished([_unscaled(draft, reference, scales) for reference in draft.form.outputs])


def _scaled(draft: Draft, node: Node, scales: dict[int, Fraction], factor: Callable[[], Fraction]) -> _Scaled:
    """The node times a factor."""
    if node.row is not None:
        scale = factor()
        terms = [
            (draft.place[argument], coefficient * scale / scales[argument])
            for argument, coefficient in row_terms(node.row)
        ]
        return draft.affine(terms, row_bias(node.row) * scale), scale
    if not OPERATIONS[node.operation].homogeneous:
        return draft.copied(node, [_unscaled(draft, argument, scales) for argument in node.arguments]), Fraction(1)
    if len(node.arguments) == 1:
        return draft.copied(node, draft.places(node.arguments)), scales[node.arguments[0]]
    scale = factor()
    arguments = [
        draft.place[argument]
        if scales[argument] == scale
        else draft.affine([(draft.place[argument], scale / scales[argument])])
        for argument in node.arguments
    ]
    return draft.copied(node, arguments), scale


def _unscaled(draft: Draft, reference: int, scales: dict[int, Fraction]) -> int:
    if scales[reference] == 1:
        return draft.place[reference]
    return draft.affine([(draft.place[reference], 1 / scales[reference])])


def _shuffled(draft: Draft, stream: Stream) -> Iterator[tuple[int, Node]]:
    """The old nodes in a random order with arguments first: the next one uniform among those that can come."""
    nodes = dict(draft.in_order())
    waiting = {
        reference: len({argument for argument in node.arguments if argument in nodes})
        for reference, node in nodes.items()
    }
    readers: dict[int, list[int]] = {reference: [] for reference in nodes}
    for reference, node in nodes.items():
        for argument in dict.fromkeys(node.arguments):
            if argument in nodes:
                readers[argument].append(reference)
    ready = [reference for reference, count in waiting.items() if not count]
    while ready:
        place = stream.below(len(ready))
        ready[place], ready[-1] = ready[-1], ready[place]
        reference = ready.pop()
        yield reference, nodes[reference]
        for reader in readers[reference]:
            waiting[reader] -= 1
            if not waiting[reader]:
                ready.append(reader)


def rescaled_layers(layers: Sequence[Layer], stream: Stream, factor: Callable[[], Fraction]) -> tuple[Layer, ...]:
    """Layers of the same map: hidden units permuted uniformly, and rescaled by one ``factor()`` each."""
    result: list[Layer] = []
    places = list(range(layers[0].columns))  # where each unit of the layer before has gone
    before = [Fraction(1)] * layers[0].columns
    for number, layer in enumerate(layers):
        hidden = number < len(layers) - 1
        order = stream.shuffled(range(len(layer.rows))) if hidden else list(range(len(layer.rows)))
        free = hidden and OPERATIONS[layer.activation].homogeneous
        factors = [factor() if free else Fraction(1) for _ in layer.rows]
        rows = []
        for index in order:
            row, scale = layer.rows[index], factors[index]
            moved = row_terms(row)
            terms = ((places[argument], coefficient * scale / before[argument]) for argument, coefficient in moved)
            rows.append(ordered_row(terms, row_bias(row) * scale))
        result.append(layer._replace(rows=tuple(rows)))
        before = factors
        places = [0] * len(order)
        for place, index in enumerate(order):
            places[index] = place
    return tuple(result)
