"""Sets of Jacobians by brute force: all cells, all choices; members of hulls by cone questions."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from subgrad_hardness.derivative.cells import cells
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program


def lexicographic(program: Program) -> list[Matrix]:
    """d_L F(x0), from all cells."""
    net = localise(program).net
    return list({net.scaled(cell.rows): None for cell in cells(net)})


def backpropagated(program: Program) -> list[Matrix]:
    """All results with relu'(0) in {0, 1} at each kink."""
    net = localise(program).net
    return list({net.scaled(net.gradient_rows(slopes)): None for slopes in product((0, 1), repeat=len(net.kinks))})


def paired(functional: Matrix, matrix: Matrix) -> Fraction:
    """The sum of all products of entries."""
    rows = zip(functional, matrix, strict=True)
    return sum((left * right for one, other in rows for left, right in zip(one, other, strict=True)), Fraction(0))


def greatest(functional: Matrix, members: list[Matrix]) -> Fraction:
    return max(paired(functional, member) for member in members)
