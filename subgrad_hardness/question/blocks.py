"""Independent blocks: objectives that are sums over independent subspaces of the inputs are taken apart.

Choose input parts v_1, ..., v_r of the forms at hand as coordinates y_i = v_i d.  Atoms and coordinates fall
into groups that no form joins.  An objective v is then a sum of v_b, one a group, each of which sees
the coordinates of its group alone: v > 0 somewhere iff some v_b > 0 somewhere, with d free to be zero in
all other groups.  ("If v > 0 then some v_b > 0" is a lemma, and all that a proof needs.)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.normal_form.linear_form import Form, Key, add, key_of
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Lemma, Literal
from subgrad_hardness.question.coordinates import input_part

#: Coordinates other than the inputs themselves are looked for in matrices up to this size.
_MOST_ENTRIES = 60_000


class Coordinates(NamedTuple):
    """``vectors[i]`` is v_i, a form over the inputs; ``parts`` gives each input part over the y_i."""

    vectors: tuple[Key, ...]
    parts: dict[Key, dict[int, Fraction]]


class Block(NamedTuple):
    """A form to decide, and the vectors v_i of its block (None: it is alone, and sees all)."""

    form: Form
    own: frozenset[Key] | None


class Split(NamedTuple):
    """The blocks of all objectives, the lemmas that join them, and the coordinates."""

    blocks: tuple[Block, ...]
    lemmas: tuple[Lemma, ...]
    coordinates: Coordinates

    def isolated(self, own: frozenset[Key], direction: Sequence[int]) -> tuple[int, ...]:
        """A direction with the y_i of ``direction`` for the vectors in ``own``, and 0 for all others."""
        from flint import fmpz_mat

        vectors, size = self.coordinates.vectors, len(direction)
        rows = [dict(vector) for vector in vectors]
        matrix = fmpz_mat(len(rows), size, [row.get(index, 0) for row in rows for index in range(size)])
        reduced, _, rank = matrix.rref()
        pivots = [next(c for c in range(size) if reduced[r, c]) for r in range(rank)]
        square = fmpz_mat(rank, rank, [row.get(pivot, 0) for row in rows for pivot in pivots])
        wanted = [sum(c * direction[i] for i, c in vector) if vector in own else 0 for vector in vectors]
        solution = square.solve(fmpz_mat(rank, 1, wanted))
        values = [Fraction(int(solution[i, 0].p), int(solution[i, 0].q)) for i in range(rank)]
        common = math.lcm(*(value.denominator for value in values))
        result = [0] * size
        for pivot, value in zip(pivots, values, strict=True):
            result[pivot] = int(value * common)
        return tuple(result)


def split(normal: NormalForm, forms: Sequence[Form], parts: Sequence[Key]) -> Split:
    """Take ``forms`` apart, ``parts`` being the different input parts of these forms and all atoms.

    About linear, and for small matrices an exact elimination of the input parts.
    """
    if not _hangs_together(normal, forms):
        return _split(normal, forms, _inputs_themselves(parts))
    if 1 < len(parts) <= _MOST_ENTRIES // normal.inputs:
        return _split(normal, forms, _chosen(parts, normal.inputs))
    return unsplit(forms)


def unsplit(forms: Sequence[Form]) -> Split:
    """Each form by itself, not taken apart."""
    return Split(tuple([Block(form, None) for form in forms]), (), Coordinates((), {}))


def _hangs_together(normal: NormalForm, forms: Sequence[Form]) -> bool:
    """Whether each form's variables are joined through atoms, the inputs being the coordinates."""
    group = list(range(normal.inputs + len(normal.atoms)))
    for number, atom in enumerate(normal.atoms, start=normal.inputs):
        for variable in atom:
            group[_find(group, number)] = _find(group, variable)
    return all(len({_find(group, variable) for variable in form}) == 1 for form in forms)


def _find(group: list[int], member: int) -> int:
    """The representative of a member's group (union and find)."""
    while group[member] != member:
        group[member] = group[group[member]]
        member = group[member]
    return member


def _inputs_themselves(parts: Sequence[Key]) -> Coordinates:
    used = sorted({variable for part in parts for variable, _ in part})
    place = {variable: index for index, variable in enumerate(used)}
    over = {part: {place[variable]: Fraction(entry) for variable, entry in part} for part in parts}
    return Coordinates(tuple(((variable, 1),) for variable in used), over)


def _chosen(parts: Sequence[Key], inputs: int) -> Coordinates:
    """A basis among the parts, and all parts over it."""
    from flint import fmpz_mat

    columns = [dict(part) for part in parts]
    entries = [column.get(index, 0) for index in range(inputs) for column in columns]
    reduced, denominator, rank = fmpz_mat(inputs, len(parts), entries).rref()
    pivots = [next(c for c in range(len(parts)) if reduced[r, c]) for r in range(rank)]
    over = {
        part: {r: Fraction(int(reduced[r, c]), int(denominator)) for r in range(rank) if reduced[r, c]}
        for c, part in enumerate(parts)
    }
    return Coordinates(tuple(parts[pivot] for pivot in pivots), over)


def _split(normal: NormalForm, forms: Sequence[Form], coordinates: Coordinates) -> Split:
    inputs, count = normal.inputs, len(coordinates.vectors)
    group = list(range(count + len(normal.atoms)))  # coordinates, then atoms

    def find(member: int) -> int:
        return _find(group, member)

    for number, atom in enumerate(normal.atoms):
        part = input_part(atom, inputs)
        for other in (
            *coordinates.parts.get(part, ()),
            *(count + variable - inputs for variable in atom if variable >= inputs),
        ):
            group[find(count + number)] = find(other)
    blocks: list[Block] = []
    lemmas: list[Lemma] = []
    for form in forms:
        pieces: dict[int, dict[int, Fraction]] = {}
        for variable, coefficient in form.items():
            if variable >= inputs:
                pieces.setdefault(find(count + variable - inputs), {})[variable] = Fraction(coefficient)
        for number, factor in coordinates.parts.get(input_part(form, inputs), {}).items():
            piece = pieces.setdefault(find(number), {})
            for variable, entry in coordinates.vectors[number]:
                piece[variable] = piece.get(variable, Fraction(0)) + factor * entry
        if len(pieces) == 1:
            blocks.append(Block(form, None))
            continue
        scaled = {root: _integral(piece) for root, piece in pieces.items()}
        for root, (block, _) in scaled.items():
            own = frozenset(vector for number, vector in enumerate(coordinates.vectors) if find(number) == root)
            blocks.append(Block(block, own))
        lemmas.append(_lemma(form, list(scaled.values()), inputs))
    return Split(tuple(blocks), tuple(lemmas), coordinates)


def _integral(piece: dict[int, Fraction]) -> tuple[Form, Fraction]:
    """A primitive form and the positive factor that it has to be multiplied with."""
    common = math.lcm(*(value.denominator for value in piece.values()))
    form: Form = {}
    add(form, {variable: int(value * common) for variable, value in piece.items() if value}, 1)
    content = math.gcd(*form.values())
    return {variable: entry // content for variable, entry in form.items()}, Fraction(content, common)


def _lemma(form: Form, pieces: Sequence[tuple[Form, Fraction]], inputs: int) -> Lemma:
    """Not ``form`` > 0, or one of the pieces > 0: form is the sum of factor * piece."""
    content = math.gcd(*form.values())
    common = math.lcm(*(factor.denominator for _, factor in pieces))
    literals, multipliers = [Literal(key_of(form), False)], [content * common]
    for piece, factor in pieces:
        key = key_of(piece)
        if key[-1][0] < inputs and key[0][1] < 0:
            literals.append(Literal(tuple([(variable, -entry) for variable, entry in key]), False))
        else:
            literals.append(Literal(key, True))
        multipliers.append(int(factor * common))
    return Lemma(tuple(literals), tuple(multipliers))
