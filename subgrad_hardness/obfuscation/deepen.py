"""Deeper nets of the same map: layers that pass values through.

In layers: a layer of relus behind each hidden layer that is never negative, relu(h) = h, and a first layer that
takes the inputs apart, x = relu(x) - relu(-x). In a graph every input and every output passes through two such
pairs. The map stays the same, and with it F', its subgradients and its witnesses. Kinks join where a value is 0 at the
point (at the origin two for each input); relu'(0) = 1 at relu(h) and at relu(x), and 0 at relu(-x), passes everything
through, so D_a stays inside the new one, which may be larger.
"""

from __future__ import annotations

from fractions import Fraction

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.net.forms import Layer, LayeredForm, Row
from subgrad_hardness.net.operations import OPERATIONS
from subgrad_hardness.net.program import Program
from subgrad_hardness.obfuscation.drafts import Draft
from subgrad_hardness.obfuscation.rows import ordered_row, row_bias, row_terms

_PAIRS = 2


def most_units(program: Program) -> int:
    """In layers two for each input and one for each hidden unit; in a graph ten for each input and output."""
    if program.form.chain is not None:
        return 2 * (program.input_count + program.form.unit_count)
    return program.form.graph_size().nodes + 5 * _PAIRS * (program.input_count + program.output_count)


def deepened(program: Program, seed: int) -> Program:
    """The same map; in layers the units of a new layer are in a random order."""
    layers = program.form.chain
    if layers is not None:
        return program._replace(form=LayeredForm(_deepened_layers(layers, Stream(seed, "deepen"))))
    draft = Draft(program)
    for index in range(draft.inputs):
        draft.place[index] = _through(draft, index)
    for reference, node in draft.in_order():
        draft.place[reference] = draft.copied(node, draft.places(node.arguments))
    return draft.finished([_through(draft, draft.place[output]) for output in draft.form.outputs])


def _through(draft: Draft, place: int) -> int:
    for _ in range(_PAIRS):
        parts = [draft.add("relu", [draft.affine([(place, sign)])]) for sign in (1, -1)]
        place = draft.affine([(parts[0], 1), (parts[1], -1)])
    return place


def _deepened_layers(layers: tuple[Layer, ...], stream: Stream) -> tuple[Layer, ...]:
    inputs = layers[0].columns
    apart = [Row.of([index], [sign]) for index in range(inputs) for sign in (1, -1)]
    first = layers[0]
    joined = tuple(
        ordered_row(
            [(2 * index + part, (1 - 2 * part) * weight) for index, weight in row_terms(row) for part in (0, 1)],
            row_bias(row),
        )
        for row in first.rows
    )
    result = [Layer(inputs, tuple(apart), "relu"), first._replace(columns=2 * inputs, rows=joined)]
    for layer in layers[1:]:
        before = result[-1]
        if not OPERATIONS[before.activation].nonnegative:
            result.append(layer)
            continue
        order = stream.shuffled(range(layer.columns))
        place = {unit: position for position, unit in enumerate(order)}
        result.append(Layer(layer.columns, tuple(Row.of([unit], [Fraction(1)]) for unit in order), "relu"))
        rows = tuple(
            ordered_row([(place[unit], weight) for unit, weight in row_terms(row)], row_bias(row)) for row in layer.rows
        )
        result.append(layer._replace(rows=rows))
    return tuple(result)
