"""Lexicographic derivatives, two ways that agree exactly (SPEC 1; Nesterov 2005, Khan and Barton 2015).

``forward`` pushes k directions at once through the local net (vector forward mode).
``lock_branches`` probes directions one after another until every kink's branch is fixed or its row
is shown to be zero (Khan's branch locking), after which an ordinary backward pass gives J_L.  One random direction
fixes all branches that can be fixed, almost surely; unit vectors may need as many probes as there are inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.errors import PointError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.common.words import count
from subgrad_hardness.derivative.tied_kinks import first_moving_tie
from subgrad_hardness.local.local_net import Kink, LocalNet, Matrix, integer_direction
from subgrad_hardness.net.rational import NumberLike, primitive
from subgrad_hardness.net.vectors import exact_vector

Direction = tuple[int, ...]

#: In nets of at most so many nodes ties are broken by unit vectors, for people to read: all passes are short there.
_FEW_NODES = 64


class Directions(NamedTuple):
    """The p columns of a nonsingular M: ``leading``, then the unit vectors numbered in ``complete``."""

    leading: tuple[Direction, ...]
    complete: tuple[int, ...]

    def columns(self, dimension: int, most: int | None = None) -> list[Direction]:
        """All columns of M, p vectors of p integers; or the first ``most`` of them."""
        units = self.complete if most is None else self.complete[: max(0, most - len(self.leading))]
        made = [(0,) * index + (1,) + (0,) * (dimension - index - 1) for index in units]
        return [*self.leading, *made][:most]


class Element(NamedTuple):
    """One element J_L(x0; M) of the lexicographic subdifferential, with an M that gives it.

    ``rows`` is the Jacobian before the output scales (integers), ``passing`` the kinks' branches.
    """

    rows: tuple[tuple[int, ...], ...]
    directions: Directions
    passing: tuple[bool, ...]


def forward(net: LocalNet, columns: Sequence[Direction], limits: Limits | None = None) -> tuple[tuple[int, ...], ...]:
    """F'(x0; M) for the k integer columns of M, before the output scales: m rows of k integers.

    A kink passes its row if the row's first nonzero entry is positive, else it gives zeros.
    Costs k times the nonzeros.  Raises LimitReached.
    """
    zero = [0] * len(columns)
    values: list[list[int]] = [list(entries) for entries in zip(*columns, strict=True)]
    if not columns:
        values = [[] for _ in range(net.inputs)]
    for node in net.nodes:
        if isinstance(node, Kink):
            row = values[node.argument]
            values.append(row if next((entry for entry in row if entry), 0) > 0 else zero)
            continue
        if limits is not None:
            limits.check()
        gathered = [values[argument] for argument in node.arguments]
        values.append([sum(map(mul, node.coefficients, entries)) for entries in zip(*gathered, strict=True)])
    return tuple(tuple(values[output]) if output >= 0 else tuple(zero) for output in net.outputs)


def lexicographic_derivative(net: LocalNet, matrix: Sequence[Sequence[NumberLike]]) -> Matrix:
    """J_L(x0; M) = F'(x0; M) M^-1 by vector forward mode.

    Parameters
    ----------
    matrix : M as p rows of p rationals; its columns are the directions m_1..m_p.

    Raises PointError if M is not p x p or is singular.  Costs p times the nonzeros and an exact
    p x p solve (python-flint).
    """
    from flint import fmpq, fmpq_mat, fmpz_mat

    size = net.inputs
    if len(matrix) != size:
        raise PointError(f"{count(len(matrix), 'row')}, expected {size}", place="matrix")
    rows = [exact_vector(row, size, f"matrix[{index}]") for index, row in enumerate(matrix)]
    columns = [integer_direction(column) for column in zip(*rows, strict=True)]
    # A positive multiple of a column changes neither branches nor the quotient.
    pushed = forward(net, [column for column, _ in columns])
    transposed = fmpz_mat(size, size, [entry for column, _ in columns for entry in column])
    right = fmpz_mat(size, len(pushed), [row[index] for index in range(size) for row in pushed])
    try:
        solution = transposed.solve(right)
    except ZeroDivisionError:
        raise PointError("singular", place="matrix") from None
    assert isinstance(solution, fmpq_mat)

    def entry(output: int, coordinate: int) -> Fraction:
        value: fmpq = solution[coordinate, output]
        return net.scales[output] * Fraction(int(value.p), int(value.q))

    return tuple(tuple(entry(output, index) for index in range(size)) for output in range(len(pushed)))


def complete_basis(leading: Sequence[Direction], dimension: int) -> tuple[int, ...]:
    """The unit vectors that make the independent ``leading`` directions a basis of Q^p.

    Raises PointError if they are dependent.  Fraction-free elimination, O(k^2 p).
    """
    reduced: list[tuple[int, Direction]] = []
    for number, direction in enumerate(leading):
        row = primitive(direction)
        for pivot, other in reduced:
            if row[pivot]:
                factor, head = row[pivot], other[pivot]
                row = primitive(head * x - factor * y for x, y in zip(row, other, strict=True))
        pivot_index = next((index for index, entry in enumerate(row) if entry), None)
        if pivot_index is None:
            raise PointError("depends on the directions before it", place=f"directions[{number}]")
        reduced.append((pivot_index, row))
    pivots = {pivot for pivot, _ in reduced}
    return tuple(index for index in range(dimension) if index not in pivots)


def random_directions(net: LocalNet, seed: int = 0) -> Callable[[], Direction]:
    """Directions for branch locking, one a call: integers other than zero drawn by seed, as small as the kinks allow.

    They are at most 2^b in size, b two more than the bits of the number of kinks.  A row that is not zero vanishes on
    such a direction with probability at most 2^-(b+1): in 7 of 8 draws at least, one direction leaves no tie but kinks
    that are zero everywhere.  The stream's label, ``branch locking``, is part of what a seed means.
    """
    stream = Stream(seed, "branch locking")
    bits = min(len(net.kinks).bit_length() + 2, 63)
    return lambda: stream.signed(net.inputs, bits)


def lock_branches(
    net: LocalNet, leading: Sequence[Direction], supply: Callable[[], Direction] | None = None, *, seed: int = 0
) -> Element:
    """The element of d_L that ``leading``, and more directions where they leave a tie, enter.

    Parameters
    ----------
    leading : independent integer directions, probed in order.
    supply : gives further directions to try where a tie is left (one that does not break the tie is replaced by a
        unit vector that does).  By default these are unit vectors at once in nets of at most 64 nodes, for people to
        read, and ``random_directions`` in larger ones, where unit vectors could be many; and where there is no
        leading direction, either, one of the random ones is the first.
    seed : of the random directions.

    One forward pass a direction, one backward pass an output, and where ties are left, before each further direction
    and in the end, what ``first_moving_tie`` takes.  Raises PointError if ``leading`` is dependent.
    """
    complete_basis(leading, net.inputs)
    branches: list[bool | None] = [None] * len(net.kinks)
    used = [tuple(direction) for direction in leading]
    if supply is None:
        draw = random_directions(net, seed)
        if branches and not used:
            used.append(draw())
        supply = draw if len(net.nodes) > _FEW_NODES else None
    for direction in used:
        probe(net, direction, branches)
    if None in branches:
        _settle_ties(net, branches, used, supply)
    passing = tuple(bool(branch) for branch in branches)
    complete = complete_basis(used, net.inputs)
    return Element(net.gradient_rows(passing), Directions(tuple(used), complete), passing)


def probe(net: LocalNet, direction: Direction, branches: list[bool | None]) -> None:
    """Push one direction; kinks that see a first nonzero preactivation lock their branch."""
    values = list(direction)
    kink = 0
    for node in net.nodes:
        if isinstance(node, Kink):
            preactivation, branch = values[node.argument], branches[kink]
            if branch is None and preactivation:
                branch = branches[kink] = preactivation > 0
            values.append(preactivation if branch else 0)
            kink += 1
        else:
            values.append(sum(map(mul, node.coefficients, map(values.__getitem__, node.arguments))))


def _settle_ties(
    net: LocalNet, branches: list[bool | None], used: list[Direction], supply: Callable[[], Direction] | None
) -> None:
    """Lock the kinks that no direction has moved, or show their rows to be zero.

    The row r of the first tie that is not identically zero vanishes on all used directions; a direction v with
    r v != 0 is therefore independent of them, and M stays nonsingular.
    """
    while None in branches and (found := first_moving_tie(net, branches)) is not None:
        kink, row = found
        branches[:kink] = map(bool, branches[:kink])
        direction = None if supply is None else supply()
        if direction is None or not sum(map(mul, row, direction)):
            index = next(index for index, entry in enumerate(row) if entry)
            direction = tuple(int(position == index) for position in range(net.inputs))
        used.append(direction)
        probe(net, direction, branches)
    branches[:] = map(bool, branches)
