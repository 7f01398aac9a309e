"""The affine piece of a program that directions enter at a point: its map, its Jacobian, the walls of its relus.

At the point y the leading directions d_1, d_2, ... and then the unit vectors are tried one after another: a relu passes
iff the first number that is not zero among l(y), l'(d_1), l'(d_2), ..., l'(e_1), ..., l'(e_p) is positive, l being its
argument on the piece.  This is the lexicographic derivative in these directions (SPEC 1), and a direction that depends
on earlier ones decides nothing, so that the first p independent ones make a direction matrix.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from operator import mul
from typing import NamedTuple

from subgrad_hardness.certificate.matrices import DirectionMatrix
from subgrad_hardness.common.errors import PointError
from subgrad_hardness.derivative.lexicographic import complete_basis
from subgrad_hardness.local.local_net import Matrix, integer_direction
from subgrad_hardness.net.lowering import Relu
from subgrad_hardness.net.program import Program

Vector = tuple[Fraction, ...]
#: An affine function up to positive scaling: p coefficients and the constant.
AffineForm = tuple[int, ...]


class Piece(NamedTuple):
    """F(x) = matrix x + offset wherever no wall is negative, which is a closed set with interior that holds the point.

    Attributes
    ----------
    matrix, offset : m x p and m rationals; the matrix is an element of d_L F at the point.
    walls : the arguments of the relus, turned round where they block; without those that are constant.
    directions : a direction matrix that enters the piece from the point.
    """

    matrix: Matrix
    offset: Vector
    walls: tuple[AffineForm, ...]
    directions: DirectionMatrix

    def agrees(self, other: Piece) -> bool:
        """Whether both have the same affine map."""
        return self.matrix == other.matrix and self.offset == other.offset

    def at(self, point: Vector) -> Vector:
        """The value of the affine map."""
        return tuple(
            [sum(map(mul, row, point), constant) for row, constant in zip(self.matrix, self.offset, strict=True)]
        )


def piece(program: Program, point: Vector, leading: Sequence[Vector] = ()) -> Piece:
    """The piece that the ``leading`` directions, and then the unit vectors, enter from ``point``.

    Leading directions that are zero or depend on earlier ones say nothing.  One forward pass with p + 1 columns of
    integers.
    """
    size = program.input_count
    here, _ = integer_direction((*point, Fraction(1)))
    ahead = [integer_direction(direction)[0] for direction in leading]
    values: list[tuple[tuple[int, ...], int]] = [
        (tuple([int(row == column) for column in range(size + 1)]), 1) for row in range(size)
    ]
    walls: dict[AffineForm, None] = {}
    zero = (0,) * (size + 1)
    read: tuple[int, ...] | None = None
    columns: list[tuple[int, ...]] = []
    scale = 1
    for node in program.lowered.nodes:
        if isinstance(node, Relu):
            form, denominator = values[node.argument]
            passes = _passes(form, here, ahead)
            if any(form[:size]):
                walls[form if passes else tuple([-entry for entry in form])] = None
            values.append((form, denominator) if passes else (zero, 1))
            continue
        if node.arguments is not read:  # the rows of a dense layer read one and the same tuple
            read = node.arguments
            scale = math.lcm(*(values[argument][1] for argument in read))
            forms = [
                values[argument][0]
                if values[argument][1] == scale
                else tuple([entry * (scale // values[argument][1]) for entry in values[argument][0]])
                for argument in read
            ]
            columns = list(zip(*forms, strict=True)) if forms else [()] * (size + 1)
        total = [sum(map(mul, node.coefficients, column)) for column in columns]
        total[size] += node.bias * scale
        denominator = scale * node.denominator
        content = math.gcd(denominator, *total)
        values.append((tuple([entry // content for entry in total]), denominator // content))
    outputs = [values[output] for output in program.lowered.outputs]
    return Piece(
        tuple([tuple([Fraction(entry, under) for entry in form[:size]]) for form, under in outputs]),
        tuple([Fraction(form[size], under) for form, under in outputs]),
        tuple(walls),
        _entering(ahead, size),
    )


def value_on(form: AffineForm, point: Vector) -> Fraction:
    """The affine function at a point."""
    return sum(map(mul, form, point), Fraction(form[-1]))


def _passes(form: AffineForm, here: Sequence[int], ahead: Sequence[Sequence[int]]) -> bool:
    """Whether the form is positive just ahead of the point."""
    first: int = sum(map(mul, form, here))
    if first:
        return first > 0
    for direction in ahead:
        along: int = sum(map(mul, form, direction))
        if along:
            return along > 0
    return next((entry for entry in form[:-1] if entry), 0) > 0


def _entering(ahead: Sequence[tuple[int, ...]], size: int) -> DirectionMatrix:
    """The first p independent vectors among ``ahead`` and the unit vectors."""
    units = [tuple([int(row == column) for column in range(size)]) for row in range(size)]
    kept: list[tuple[int, ...]] = []
    for column in (*ahead, *units):
        if any(column) and len(kept) < size and _independent(kept, column, size):
            kept.append(column)
    return DirectionMatrix(tuple([tuple(map(Fraction, column)) for column in kept]), ())


def _independent(kept: Sequence[tuple[int, ...]], column: tuple[int, ...], size: int) -> bool:
    """Whether the column is no combination of the ones that are kept."""
    try:
        complete_basis([*kept, column], size)
    except PointError:
        return False
    return True
