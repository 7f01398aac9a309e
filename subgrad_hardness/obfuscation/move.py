"""The point moved away from the origin, among neurons that are active or inactive there.

G(y) = F(y - t) + sum_k c_k (relu(v_k(y)) - [v_k active] v_k(y)), asked about at x0 + t. The forms v_k are not 0 at
the new point, so near it every term of the sum is 0, and G'(x0 + t; d) = F'(x0; d): kinks, D_a, subgradients and
witnesses stay. Away from the point G is another map: what was homogeneous is so no more, and the nearest kink of
``check`` is one of the new neurons.

The result is a graph: an active neuron is compensated by its own form at the output, past all layers.
"""

from __future__ import annotations

from fractions import Fraction

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.net.program import Program
from subgrad_hardness.obfuscation.drafts import Draft

_SHIFT, _WEIGHT, _GAP = 9, 3, 5


def most_units(program: Program) -> int:
    """A shift for each input, two for each neuron, a sum for each output."""
    return program.form.graph_size().nodes + program.input_count + program.output_count * (2 * _neurons(program) + 1)


def moved(program: Program, seed: int) -> Program:
    """G at x0 + t: t uniform in -9..9, each entry over 1..4; for each output as many neurons as there are inputs,
    at least two, about half of them active; as a graph."""
    stream = Stream(seed, "move")
    shift = [Fraction(stream.integer(-_SHIFT, _SHIFT), stream.integer(1, 4)) for _ in program.inputs]
    point = tuple(entry + by for entry, by in zip(program.point, shift, strict=True))
    draft = Draft(program._replace(point=point))
    for index, by in enumerate(shift):
        draft.place[index] = draft.affine([(index, 1)], -by)
    for reference, node in draft.in_order():
        draft.place[reference] = draft.copied(node, draft.places(node.arguments))
    outputs = []
    for output in draft.form.outputs:
        terms: list[tuple[int, Fraction | int]] = [(draft.place[output], 1)]
        for _ in range(_neurons(program)):
            terms += _flat_neuron(draft, point, stream)
        outputs.append(draft.affine(terms))
    return draft.finished(outputs)


def _neurons(program: Program) -> int:
    """Of each output."""
    return max(2, program.input_count)


def _flat_neuron(draft: Draft, point: tuple[Fraction, ...], stream: Stream) -> list[tuple[int, Fraction | int]]:
    """Terms that add up to 0 near the point."""
    weights = [(index, stream.integer(-_WEIGHT, _WEIGHT)) for index in range(draft.inputs)]
    here = sum((weight * point[index] for index, weight in weights), Fraction(0))
    active = stream.below(2) == 1
    gap = Fraction(stream.integer(1, _GAP), stream.integer(1, _GAP))
    form = draft.affine([(index, weight) for index, weight in weights if weight], (gap if active else -gap) - here)
    coefficient = stream.integer(1, 9) * (1 - 2 * stream.below(2))
    neuron = draft.add("relu", [form])
    return [(neuron, coefficient), *([(form, -coefficient)] if active else [])]
