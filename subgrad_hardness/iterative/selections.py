"""F(., theta) as a choice of slopes: with the slope 0 or 1 fixed for every relu it is one affine map x -> A x + c.

F at theta, made homogeneous by one more coordinate h = 1 that carries theta and the biases, is the local net of a
program at its origin: all preactivations are 0 there, so every relu is a kink of it, and one exact backward pass gives
[A, c] of any choice of slopes, whether or not a point has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import mul
from typing import NamedTuple

from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.iterative.resolvent import rational_matrix, rows_of
from subgrad_hardness.local.local_net import Kink, LocalNet, Rows, integer_direction
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.forms import GraphForm, Node, Row
from subgrad_hardness.net.lowering import Relu
from subgrad_hardness.net.program import Program

#: One slope, 0 or 1, for every relu that matters.
Slopes = tuple[int, ...]


class AffineMap(NamedTuple):
    """x -> A x + c: entry i is ``scales[i]`` times the product of the integers ``rows[i]`` with (x, 1)."""

    rows: Rows
    scales: Vector

    def equation(self, index: int) -> list[int]:
        """The integers q, r with q . x = r where entry ``index`` of x is that of A x + c; r comes last."""
        over, under = self.scales[index].as_integer_ratio()
        whole = [-over * entry for entry in self.rows[index]]
        whole[index] += under
        whole[-1] = -whole[-1]
        return whole


class Selections:
    """The affine maps of which F(., theta) is made.

    Parameters
    ----------
    iteration : F and theta.
    """

    def __init__(self, iteration: Iteration) -> None:
        self.size = len(iteration.state)
        self.net: LocalNet = localise(homogeneous(iteration)).net

    def look(self, state: Sequence[Fraction]) -> tuple[Vector, tuple[int, ...]]:
        """F(state, theta), and the sign, -1, 0 or 1, of every relu's preactivation.  One exact forward pass."""
        direction = self._direction(state)
        values = self.net.values(direction)
        following = [
            scale * Fraction(values[output], direction[-1]) if output >= 0 else Fraction(0)
            for scale, output in zip(self.net.scales, self.net.outputs, strict=True)
        ]
        return tuple(following), self._signs(values)

    def signs_along(self, state: Sequence[Fraction], slopes: Sequence[int]) -> tuple[int, ...]:
        """The signs of the preactivations where every relu is replaced by its slope times its preactivation."""
        values = list(self._direction(state))
        slope_at = dict(zip(self.net.kinks, slopes, strict=True))
        for slot, node in enumerate(self.net.nodes, start=self.net.inputs):
            if isinstance(node, Kink):
                values.append(slope_at[slot] * values[node.argument])
            else:
                values.append(sum(map(mul, node.coefficients, map(values.__getitem__, node.arguments))))
        return self._signs(values)

    def affine(self, slopes: Sequence[int]) -> AffineMap:
        """The map of one choice of slopes.  Exact backward passes, 32 rows in each."""
        return AffineMap(self.net.gradient_rows(slopes), self.net.scales)

    def _direction(self, state: Sequence[Fraction]) -> tuple[int, ...]:
        return integer_direction([*state, Fraction(1)])[0]

    def _signs(self, values: Sequence[int]) -> tuple[int, ...]:
        arguments = [node.argument for node in self.net.nodes if isinstance(node, Kink)]
        return tuple([(values[slot] > 0) - (values[slot] < 0) for slot in arguments])


def fixed_of(affine: AffineMap) -> Vector | None:
    """The x with x = A x + c; None where I - A is singular.

    States whose next value does not depend on the state (thresholded coordinates, say) are put in first, so that the
    one elimination is of the size of the others.
    """
    size = len(affine.rows)
    constant = [not any(row[:-1]) for row in affine.rows]
    state = [affine.scales[index] * affine.rows[index][-1] if constant[index] else Fraction(0) for index in range(size)]
    rest = [index for index in range(size) if not constant[index]]
    given = [index for index in range(size) if state[index]]
    if rest:
        equations = [affine.equation(index) for index in rest]
        right = [[row[-1] - sum([row[index] * state[index] for index in given], Fraction(0))] for row in equations]
        try:
            inner = rational_matrix([[row[column] for column in rest] for row in equations], len(rest))
            solution = rows_of(inner.solve(rational_matrix(right, 1)))
        except ZeroDivisionError:
            return None
        for index, (entry,) in zip(rest, solution, strict=True):
            state[index] = entry
    return tuple(state)


def one_of_a_family(affine: AffineMap, near: Sequence[Fraction]) -> Vector | None:
    """Where I - A is singular, an x with x = A x + c whose free coordinates are those of ``near``; None without one.

    Coordinates are free that an elimination which prefers the first ones leaves over.  Two eliminations.
    """
    from flint import fmpz_mat

    size = len(near)
    equations = [affine.equation(index) for index in range(size)]
    reduced, below, rank = fmpz_mat(size, size + 1, [entry for row in equations for entry in row]).rref()
    pivots = [next(column for column in range(size + 1) if reduced[row, column]) for row in range(rank)]
    if size in pivots:
        return None
    solution = list(near)
    for row, pivot in enumerate(pivots):
        total = Fraction(int(reduced[row, size]), int(below))
        for column in range(size):
            if column not in pivots and reduced[row, column]:
                total -= Fraction(int(reduced[row, column]), int(below)) * near[column]
        solution[pivot] = total
    return tuple(solution)


def homogeneous(iteration: Iteration, *, even: bool = False) -> Program:
    """F(x, h theta) with biases times h, over the states and h; ``even``: with |h| instead of h.

    The even one has, around its origin, the Jacobians in the state that F(., theta) has anywhere, and no others.
    """
    lowered = iteration.program.lowered
    states, parameters = iteration.columns()
    size = len(states)
    place = {column: index for index, column in enumerate(states)}
    nodes: list[Node] = []

    def add(operation: str, arguments: tuple[int, ...], row: Row | None) -> int:
        nodes.append(Node(f"n{len(nodes)}", operation, arguments, row))
        return size + len(nodes)

    one = add("abs", (size,), None) if even else size
    for column, value in zip(parameters, iteration.theta, strict=True):
        place[column] = add("affine", (one,), Row.of((one,), (value,)))
    moved: dict[tuple[tuple[int, ...], bool], tuple[int, ...]] = {}  # the rows of a dense layer have one list
    for index, node in enumerate(lowered.nodes, start=lowered.inputs):
        if isinstance(node, Relu):
            place[index] = add("relu", (place[node.argument],), None)
            continue
        key = node.arguments, bool(node.bias)
        if key not in moved:
            moved[key] = (*[place[argument] for argument in node.arguments], *([one] if node.bias else []))
        coefficients = (*node.coefficients, node.bias) if node.bias else node.coefficients
        place[index] = add("affine", moved[key], Row(moved[key], coefficients, 0, node.denominator))
    names = tuple([f"x{index}" for index in range(size)])
    form = GraphForm(tuple(nodes), tuple([place[output] for output in lowered.outputs]))
    return Program((*names, "h"), form, (Fraction(0),) * (size + 1))
