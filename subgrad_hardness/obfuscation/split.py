"""Neurons split: one unit becomes several whose sum is the old one.

In layers a hidden unit h is doubled, and a reader's coefficient a becomes c and a - c: a h = c h + (a - c) h. In a
graph an operation v is doubled, v = c v + (1 - c) v, or it is written in the other words that its entry in
``net.operations`` has: relu(z) = (z + |z|) / 2, |z| = relu(z) + relu(-z), max(a, b) = b + relu(a - b), and so on.

The map stays the same, and with it F', its subgradients and its witnesses. A kink becomes one or two, and both forms
have a choice of relu'(0) for each old one (the same in both copies), so D_a stays inside the new one, which may be
larger: c s + (1 - c) t, with s and t in [0, 1], is more than [0, 1] for c outside of it.
"""

from __future__ import annotations

from fractions import Fraction

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.net.forms import Layer, LayeredForm, Row
from subgrad_hardness.net.operations import OPERATIONS
from subgrad_hardness.net.program import Program
from subgrad_hardness.obfuscation.drafts import Draft
from subgrad_hardness.obfuscation.rows import ordered_row, row_bias, row_terms


def most_units(program: Program) -> int:
    """Twice as many in layers, five for one in a graph (an absolute value)."""
    return 2 * program.form.unit_count if program.form.chain is not None else 5 * program.form.graph_size().nodes


def split(program: Program, seed: int) -> Program:
    """The same map with half of the units, drawn uniformly, split; layers stay layers."""
    stream = Stream(seed, "split")
    layers = program.form.chain
    if layers is not None:
        return program._replace(form=LayeredForm(_split_layers(layers, stream)))
    draft = Draft(program)
    for reference, node in draft.in_order():
        arguments = draft.places(node.arguments)
        if node.row is not None or not stream.below(2):
            draft.place[reference] = draft.copied(node, arguments)
        elif len(node.arguments) <= 2 and stream.below(2):
            draft.place[reference] = OPERATIONS[node.operation].reword(draft.build, arguments, node.slope)
        else:
            copies = draft.copied(node, arguments), draft.copied(node, arguments)
            part = _part(stream)
            draft.place[reference] = draft.affine([(copies[0], 1 - part), (copies[1], part)])
    return draft.finished()


def _part(stream: Stream) -> Fraction:
    return Fraction(stream.integer(-9, 9), stream.integer(1, 4))


def _split_layers(layers: tuple[Layer, ...], stream: Stream) -> tuple[Layer, ...]:
    result = []
    copies: list[list[int]] = [[index] for index in range(layers[0].columns)]  # of each unit of the layer before
    for number, layer in enumerate(layers):
        rows = []
        for row in layer.rows:
            terms: list[tuple[int, Fraction]] = []
            for argument, coefficient in row_terms(row):
                first, *second = copies[argument]
                part = _part(stream) if second else Fraction(0)
                terms += [(first, coefficient - part), *((other, part) for other in second)]
            rows.append(ordered_row(terms, row_bias(row)))
        hidden = number < len(layers) - 1
        columns = sum(map(len, copies))
        copies = []
        doubled: list[Row] = []
        for row in rows:
            again = hidden and stream.below(2)
            copies.append([len(doubled), len(doubled) + 1] if again else [len(doubled)])
            doubled += [row] * (2 if again else 1)
        result.append(layer._replace(columns=columns, rows=tuple(doubled)))
    return tuple(result)
