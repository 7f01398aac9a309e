"""Independent blocks of F'(x0; .): kinks that share neither forms nor values; cells are products over the blocks.

Let V be the span of the linear parts of all kinks' arguments.  If V is a direct sum V_1 + .. + V_b such that each
kink's linear part lies in one V_i and the kinks that it depends on belong to the same one, then F' = L + F_1 + .. +
F_b, where F_i depends on V_i alone.  All combinations of directions for the V_i occur, so the cells of F' are the
products of cells of the F_i, and since the V_i are independent, the Jacobians J = L + J_1 + .. + J_b (the rows of J_i
lie in V_i) are as many as there are combinations.

The finest such sum is found as the connected components of a matroid are: over any basis of V that is chosen among the
linear parts, two basis forms belong together if a form has coordinates at both.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from operator import mul
from typing import NamedTuple

from subgrad_hardness.derivative.cell import LinearPiece
from subgrad_hardness.linear.elimination import dual_basis, independent, over_a_basis
from subgrad_hardness.local.local_net import ZERO, Kink, LocalNet, Rows, Sum
from subgrad_hardness.normal_form.flatten import FlatNet
from subgrad_hardness.normal_form.linear_form import Form

Row = tuple[int, ...]


class Block(NamedTuple):
    """One F_i.

    Attributes
    ----------
    kinks : their numbers in the whole net. flat : F_i on the inputs ``columns`` alone, which determine V_i. columns :
    so many as V_i has dimensions. basis : of V_i, in p integers each. inverse, factor : row j of ``inverse``, on
    ``columns``, has product ``factor`` with basis form j, 0 with the others. duals : vector j, of p integers, is
    positive on basis form j, always as much, and 0 on the others and on other blocks.
    """

    kinks: tuple[int, ...]
    flat: FlatNet
    columns: tuple[int, ...]
    basis: tuple[Row, ...]
    inverse: tuple[Row, ...]
    factor: int
    duals: tuple[Row, ...]

    def whole_rows(self, rows: Rows) -> Rows:
        """The Jacobian of F_i, m rows of p integers, from that on ``columns``."""
        result = []
        for row in rows:
            weights = [sum(map(mul, row, vector)) for vector in self.inverse]
            whole = [sum(map(mul, weights, column)) // self.factor for column in zip(*self.basis, strict=True)]
            result.append(tuple(whole))
        return tuple(result)

    def direction(self, point: Row) -> Row:
        """A direction, of p integers, on which V_i is a positive multiple of what it is on ``point``, others are 0."""
        at = list(zip(self.columns, point, strict=True))
        levels = [sum([form[column] * entry for column, entry in at]) for form in self.basis]
        return tuple([sum(map(mul, levels, entries)) for entries in zip(*self.duals, strict=True)])

    def widened(self, piece: LinearPiece) -> LinearPiece:
        """A Jacobian of F_i and a direction, in the whole net's inputs."""
        return LinearPiece(self.whole_rows(piece.rows), self.direction(piece.interior))


def blocks(flat: FlatNet) -> list[Block]:
    """The finest blocks; kinks of zero forms are in none, nor are kinks that read only such: all of these are zero.

    Notes
    -----
    An elimination of the kinks' linear parts, and passes over the nonzeros.
    """
    size = flat.inputs
    linear = [{index: entry for index, entry in form.items() if index < size} for form in flat.kinks]
    numbers = [kink for kink, form in enumerate(linear) if form]
    if not numbers:
        return []
    coordinates = over_a_basis([_dense(linear[kink], size) for kink in numbers])
    groups = _Groups(len(flat.kinks))
    for kink, over in zip(numbers, coordinates.coordinates, strict=True):
        for position in over:
            groups.join(kink, numbers[coordinates.basis[position]])
    for kink, form in enumerate(flat.kinks):
        for place in form:
            if place >= size:
                groups.join(kink, place - size)
    basis = [numbers[position] for position in coordinates.basis]
    rows = [_dense(linear[kink], size) for kink in basis]
    places = independent(list(zip(*rows, strict=True)))
    duals = [
        _dense({places[index]: entry for index, entry in vector.items()}, size)
        for vector in dual_basis([[row[place] for place in places] for row in rows])
    ]
    found = []
    for members in groups.classes([kink for kink, form in enumerate(flat.kinks) if form]):
        own = [position for position, kink in enumerate(basis) if groups.root(kink) == groups.root(members[0])]
        if own:
            found.append(
                _block(flat, members, [rows[position] for position in own], [duals[position] for position in own])
            )
    return found


def _block(flat: FlatNet, members: list[int], basis: list[Row], duals: list[Row]) -> Block:
    columns = independent(list(zip(*basis, strict=True)))
    square = [tuple([form[column] for column in columns]) for form in basis]
    inverse = [_dense(vector, len(columns)) for vector in dual_basis(square)]
    renamed = {column: index for index, column in enumerate(columns)}
    renamed |= {flat.inputs + kink: len(columns) + number for number, kink in enumerate(members)}

    def kept(form: Form, first: int) -> Form:
        return {renamed[place]: entry for place, entry in form.items() if place >= first and place in renamed}

    kinks = tuple([kept(flat.kinks[kink], 0) for kink in members])
    outputs = tuple([kept(form, flat.inputs) for form in flat.outputs])
    factor = sum(map(mul, square[0], inverse[0]))
    block = FlatNet(len(columns), kinks, outputs)
    return Block(tuple(members), block, columns, tuple(basis), tuple(inverse), factor, tuple(duals))


class _Groups:
    """Numbers that are joined to classes."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def root(self, number: int) -> int:
        while self._above[number] != number:
            self._above[number] = self._above[self._above[number]]
            number = self._above[number]
        return number

    def join(self, one: int, other: int) -> None:
        self._above[self.root(one)] = self.root(other)

    def classes(self, numbers: Iterable[int]) -> list[list[int]]:
        """The classes of these numbers, in the order of their first members."""
        found: dict[int, list[int]] = {}
        for number in numbers:
            found.setdefault(self.root(number), []).append(number)
        return list(found.values())


def local_net(flat: FlatNet) -> LocalNet:
    """The net with a sum before each kink and each output; no form of a kink is zero."""
    nodes: list[Sum | Kink] = []
    slots = list(range(flat.inputs))

    def sum_of(form: Form) -> int:
        nodes.append(Sum(tuple([slots[place] for place in form]), tuple(form.values())))
        return flat.inputs + len(nodes) - 1

    for form in flat.kinks:
        nodes.append(Kink(sum_of(form)))
        slots.append(flat.inputs + len(nodes) - 1)
    kinks = tuple(slots[flat.inputs :])
    outputs = tuple([sum_of(form) if form else ZERO for form in flat.outputs])
    scales = (Fraction(1),) * len(outputs)
    return LocalNet(flat.inputs, tuple(nodes), outputs, scales, kinks, tuple(range(len(kinks))))


def _dense(form: Form, size: int) -> Row:
    return tuple([form.get(index, 0) for index in range(size)])
