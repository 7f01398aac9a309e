"""A linear function added to every output: G(x) = F(x) + A x.

G'(x0; d) = F'(x0; d) + A d, so G' is linear iff F' is; g + A is a subgradient of G for every subgradient g of F,
and the witnesses are the same.
"""

from __future__ import annotations

from subgrad_hardness.net.program import Program
from subgrad_hardness.obfuscation.drafts import Draft
from subgrad_hardness.randomness import Stream

_SIZE = 9


def added_matrix(program: Program, seed: int) -> list[list[int]]:
    """A: m rows of p integers, uniform in -9..9."""
    stream = Stream(seed, "linear")
    return [[stream.integer(-_SIZE, _SIZE) for _ in program.inputs] for _ in range(program.output_count)]


def with_linear(program: Program, seed: int) -> Program:
    """F + A x; as a graph."""
    draft = Draft(program)
    for reference, node in draft.in_order():
        draft.place[reference] = draft.copied(node, draft.places(node.arguments))
    outputs = []
    for output, row in zip(draft.form.outputs, added_matrix(program, seed), strict=True):
        place = draft.place[output]
        terms = {place: 1}
        for index, entry in enumerate(row):
            terms[index] = terms.get(index, 0) + entry
        outputs.append(draft.affine([(reference, entry) for reference, entry in terms.items() if entry]))
    return draft.finished(outputs)
