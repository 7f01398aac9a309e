"""A linear function added to every output: G(x) = F(x) + A x.

G'(x0; d) = F'(x0; d) + A d, so G' is linear iff F' is; g + A is a subgradient of G for every subgradient g of F,
and the directions of the witnesses are the same.  The kinks are the same, and D_a becomes D_a + A.

The result is a graph: in layers the inputs would have to be carried past every layer by relus of their own, which is
another obfuscation (``deepen``).
"""

from __future__ import annotations

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.net.program import Program
from subgrad_hardness.obfuscation.contract import Carrying
from subgrad_hardness.obfuscation.drafts import Draft

_SIZE = 9


def added_matrix(inputs: int, outputs: int, seed: int) -> Carrying:
    """U the identity, and A: m rows of p integers, uniform in -9..9."""
    return Carrying(added=_matrix(inputs, outputs, seed))


def most_units(program: Program) -> int:
    """One more for each output."""
    return program.form.graph_size().nodes + program.output_count


def with_linear(program: Program, seed: int) -> Program:
    """F + A x; as a graph."""
    draft = Draft(program)
    for reference, node in draft.in_order():
        draft.place[reference] = draft.copied(node, draft.places(node.arguments))
    outputs = []
    matrix = _matrix(program.input_count, program.output_count, seed)
    for output, row in zip(draft.form.outputs, matrix, strict=True):
        place = draft.place[output]
        terms = {place: 1}
        for index, entry in enumerate(row):
            terms[index] = terms.get(index, 0) + entry
        outputs.append(draft.affine([(reference, entry) for reference, entry in terms.items() if entry]))
    return draft.finished(outputs)


def _matrix(inputs: int, outputs: int, seed: int) -> list[list[int]]:
    stream = Stream(seed, "linear")
    return [[stream.integer(-_SIZE, _SIZE) for _ in range(inputs)] for _ in range(outputs)]
