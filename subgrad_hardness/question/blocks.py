"""Independent blocks: a goal that is a sum over independent subspaces of the inputs is taken apart.

The input parts v_1, ..., v_r of some forms at hand serve as coordinates y_i = v_i d.  An atom is put into one group
with all coordinates and all atoms that its form depends on.  A goal v is then a sum of forms v_b, one for each
group, and v_b depends on the coordinates of its group alone.  So v > 0 somewhere iff some v_b > 0 somewhere: for the
one direction, a sum that is positive has a positive term; for the other, the direction may be changed such that all
coordinates of the other groups are zero, and then v equals v_b.  A proof needs the first direction only: "if v > 0
then some v_b > 0" is a lemma.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.union_find import find
from subgrad_hardness.linear.elimination import over_a_basis, solve
from subgrad_hardness.local.local_net import integer_direction
from subgrad_hardness.normal_form.linear_form import Form, Key, add, key_of, opposite
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Lemma, Literal
from subgrad_hardness.question.coordinates import input_part

#: A matrix of input parts with more entries than this is not eliminated: only the inputs themselves are then tried
#: as coordinates, because a larger elimination costs more time than it is likely to save.
_MOST_ENTRIES = 60_000


class Basis(NamedTuple):
    """Coordinates y_i = v_i d: ``vectors[i]`` is v_i, a form over the inputs; ``parts`` gives each input part over the
    y_i."""

    vectors: tuple[Key, ...]
    parts: dict[Key, dict[int, Fraction]]


class Block(NamedTuple):
    """A form to decide, and the vectors v_i of its group.

    ``own`` is None where the goal was not taken apart: the form is then the whole goal, and depends on all inputs.
    """

    form: Form
    own: frozenset[Key] | None


class Split(NamedTuple):
    """The blocks of all goals, the lemmas that say that a positive goal has a positive block, and the coordinates."""

    blocks: tuple[Block, ...]
    lemmas: tuple[Lemma, ...]
    basis: Basis

    def isolated(self, own: frozenset[Key], direction: Sequence[int]) -> tuple[int, ...]:
        """A direction at which each y_i with v_i in ``own`` has a positive multiple of its value at ``direction``, the
        same multiple for all, and every other y_i is 0.  One exact solution of linear equations."""
        size = len(direction)
        rows = [dict(vector) for vector in self.basis.vectors]
        equations = [[row.get(index, 0) for index in range(size)] for row in rows]
        values = [
            sum(entry * direction[index] for index, entry in vector) if vector in own else 0
            for vector in self.basis.vectors
        ]
        return integer_direction(solve(equations, values))[0]


def split(normal: NormalForm, forms: Sequence[Form], parts: Sequence[Key]) -> Split:
    """Take the goals ``forms`` apart; ``parts`` are the different input parts of these forms and of all atoms.

    The inputs themselves are tried as coordinates first, at a cost linear in the normal form.  Where no goal comes
    apart over them, an exact elimination chooses coordinates among the input parts, if the matrix of these is small.
    """
    if not _hangs_together(normal, forms):
        return _split(normal, forms, _inputs_themselves(parts))
    if 1 < len(parts) <= _MOST_ENTRIES // normal.inputs:
        return _split(normal, forms, _chosen(parts, normal.inputs))
    return unsplit(forms)


def unsplit(forms: Sequence[Form]) -> Split:
    """Each form by itself, not taken apart."""
    return Split(tuple([Block(form, None) for form in forms]), (), Basis((), {}))


def _hangs_together(normal: NormalForm, forms: Sequence[Form]) -> bool:
    """Whether each form's variables belong to one group when the inputs themselves are the coordinates."""
    group = list(range(normal.inputs + len(normal.atoms)))
    for number, atom in enumerate(normal.atoms, start=normal.inputs):
        for variable in atom:
            group[find(group, number)] = find(group, variable)
    return all(len({find(group, variable) for variable in form}) == 1 for form in forms)


def _inputs_themselves(parts: Sequence[Key]) -> Basis:
    """The inputs that occur, as coordinates."""
    used = sorted({variable for part in parts for variable, _ in part})
    position = {variable: index for index, variable in enumerate(used)}
    over = {part: {position[variable]: Fraction(entry) for variable, entry in part} for part in parts}
    return Basis(tuple(((variable, 1),) for variable in used), over)


def _chosen(parts: Sequence[Key], inputs: int) -> Basis:
    """A basis chosen among the parts, and all parts over it."""
    rows = [dict(part) for part in parts]
    found = over_a_basis([[row.get(index, 0) for index in range(inputs)] for row in rows])
    over = {
        part: {index: Fraction(entry, found.denominator) for index, entry in coordinates.items()}
        for part, coordinates in zip(parts, found.coordinates, strict=True)
    }
    return Basis(tuple(parts[number] for number in found.basis), over)


def _split(normal: NormalForm, forms: Sequence[Form], basis: Basis) -> Split:
    """Every goal as the sum of its blocks over the coordinates of ``basis``."""
    inputs, count = normal.inputs, len(basis.vectors)
    group = list(range(count + len(normal.atoms)))  # coordinates, then atoms

    for number, atom in enumerate(normal.atoms):
        part = input_part(atom, inputs)
        for other in (
            *basis.parts.get(part, ()),
            *(count + variable - inputs for variable in atom if variable >= inputs),
        ):
            group[find(group, count + number)] = find(group, other)
    blocks: list[Block] = []
    lemmas: list[Lemma] = []
    for form in forms:
        pieces: dict[int, dict[int, Fraction]] = {}
        for variable, coefficient in form.items():
            if variable >= inputs:
                pieces.setdefault(find(group, count + variable - inputs), {})[variable] = Fraction(coefficient)
        for number, factor in basis.parts.get(input_part(form, inputs), {}).items():
            piece = pieces.setdefault(find(group, number), {})
            for variable, entry in basis.vectors[number]:
                piece[variable] = piece.get(variable, Fraction(0)) + factor * entry
        if len(pieces) == 1:
            blocks.append(Block(form, None))
            continue
        scaled = {root: _integral(piece) for root, piece in pieces.items()}
        for root, (block, _) in scaled.items():
            own = frozenset(vector for number, vector in enumerate(basis.vectors) if find(group, number) == root)
            blocks.append(Block(block, own))
        lemmas.append(_lemma(form, list(scaled.values()), inputs))
    return Split(tuple(blocks), tuple(lemmas), basis)


def _integral(piece: dict[int, Fraction]) -> tuple[Form, Fraction]:
    """A primitive form, and the positive factor by which it has to be multiplied to give the piece."""
    common = math.lcm(*(value.denominator for value in piece.values()))
    form: Form = {}
    add(form, {variable: int(value * common) for variable, value in piece.items() if value}, 1)
    content = math.gcd(*form.values())
    return {variable: entry // content for variable, entry in form.items()}, Fraction(content, common)


def _lemma(form: Form, pieces: Sequence[tuple[Form, Fraction]], inputs: int) -> Lemma:
    """The clause "not ``form`` > 0, or one of the pieces > 0", as the form is the sum of factor * piece."""
    content = math.gcd(*form.values())
    common = math.lcm(*(factor.denominator for _, factor in pieces))
    literals, multipliers = [Literal(key_of(form), False)], [content * common]
    for piece, factor in pieces:
        key = key_of(piece)
        if key[-1][0] < inputs and key[0][1] < 0:
            literals.append(Literal(opposite(key), False))
        else:
            literals.append(Literal(key, True))
        multipliers.append(int(factor * common))
    return Lemma(tuple(literals), tuple(multipliers))
