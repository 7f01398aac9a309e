"""A random unimodular change of the inputs: G(y) = F(U y), asked about at U^-1 x0.

U is an integer matrix with an integer inverse.  By the chain rule for a linear inner map G'(U^-1 x0; d) = F'(x0; U d),
so G' is linear iff F' is; a witness d of F is the witness U^-1 d of G, and g U is a subgradient of G for every
subgradient g of F.  Every kink keeps its value, so there are as many, and D_a becomes D_a U; but the first rows, sparse
or with small weights before, become mixed (a row of U has some seven nonzeros).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from subgrad_hardness.net.forms import LayeredForm, Row
from subgrad_hardness.net.program import Program
from subgrad_hardness.obfuscation.contract import Carrying
from subgrad_hardness.obfuscation.drafts import Draft
from subgrad_hardness.obfuscation.matrices import add_row, random_unimodular
from subgrad_hardness.obfuscation.rows import ordered_row, row_bias


def changed_inputs(inputs: int, outputs: int, seed: int) -> Carrying:
    """U, and A = 0."""
    return Carrying(random_unimodular(inputs, seed))


def most_units(program: Program) -> int:
    """A graph gets one node for each input."""
    if program.form.chain is not None:
        return program.form.unit_count
    return program.form.graph_size().nodes + program.input_count


def unimodular(program: Program, seed: int) -> Program:
    """G(y) = F(U y) at U^-1 x0 with U = ``random_unimodular(p, seed)``; the inputs are called y1..yp.

    Layers keep their form; a graph gets an affine node for each old input.
    """
    change = random_unimodular(program.input_count, seed)
    point = tuple(map(Fraction, change.solve(program.point)))
    names = tuple(f"y{number}" for number in range(1, program.input_count + 1))
    rows = change.rows()
    layers = program.form.chain
    if layers is not None:
        first, *others = layers
        changed = first._replace(rows=tuple(_changed(row, rows) for row in first.rows))
        return program._replace(inputs=names, form=LayeredForm((changed, *others)), point=point)
    draft = Draft(program._replace(inputs=names, point=point))
    for index, row in enumerate(rows):
        draft.place[index] = draft.affine(sorted(row.items()))
    for reference, node in draft.in_order():
        draft.place[reference] = draft.copied(node, draft.places(node.arguments))
    return draft.finished()


def _changed(row: Row, change: Sequence[dict[int, int]]) -> Row:
    total: dict[int, int] = {}
    for argument, coefficient in zip(row.arguments, row.coefficients, strict=True):
        add_row(total, change[argument], coefficient)
    terms = ((column, Fraction(entry, row.denominator)) for column, entry in total.items())
    return ordered_row(terms, row_bias(row))
