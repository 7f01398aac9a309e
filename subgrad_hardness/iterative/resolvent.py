"""(I - A)^-1 B, which the map J -> A J + B leaves as it is, and other products of rational matrices (python-flint)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from subgrad_hardness.iterative.jacobians import Pair
from subgrad_hardness.local.local_net import Matrix

if TYPE_CHECKING:
    from flint import fmpq_mat


def rational_matrix(rows: Sequence[Sequence[Fraction | int]], width: int) -> fmpq_mat:
    """Rows of ``width`` rationals as a matrix of python-flint."""
    from flint import fmpq, fmpq_mat

    entries = [fmpq(entry.numerator, entry.denominator) for row in rows for entry in row]
    return fmpq_mat(len(rows), width, entries)


def rows_of(matrix: fmpq_mat) -> Matrix:
    """The way back."""
    height, width = matrix.nrows(), matrix.ncols()
    return tuple(
        [
            tuple([Fraction(int(entry.p), int(entry.q)) for entry in (matrix[i, j] for j in range(width))])
            for i in range(height)
        ]
    )


def less_identity(a: Matrix) -> Matrix:
    """I - A."""
    return tuple([tuple([int(i == j) - entry for j, entry in enumerate(row)]) for i, row in enumerate(a)])


def resolved(a: Matrix, right: Matrix) -> Matrix | None:
    """(I - A)^-1 ``right``, or None where I - A is singular.  One exact solution of a p x p system."""
    width = len(right[0]) if right else 0
    if not width:
        return right
    if len(a) == 1:  # a state of one entry is common, and needs no library
        below = 1 - a[0][0]
        return (tuple([entry / below for entry in right[0]]),) if below else None
    try:
        solution = rational_matrix(less_identity(a), len(a)).solve(rational_matrix(right, width))
    except ZeroDivisionError:
        return None
    return rows_of(solution)


def implicit(pair: Pair) -> Matrix | None:
    """The J with J = A J + B, p x m; None where it is not one."""
    return resolved(pair.a, pair.b)


def act(pair: Pair, jacobian: Matrix) -> Matrix:
    """A J + B."""
    return tuple(
        [
            tuple([sum(map(_times, row, column), entry) for column, entry in zip(columns_of(jacobian), b, strict=True)])
            for row, b in zip(pair.a, pair.b, strict=True)
        ]
    )


def columns_of(matrix: Matrix) -> tuple[tuple[Fraction, ...], ...]:
    """The columns of a matrix with one row at least."""
    return tuple(zip(*matrix, strict=True))


def flat(matrix: Matrix) -> tuple[Fraction, ...]:
    """The entries, row after row."""
    return tuple([entry for row in matrix for entry in row])


def shaped(entries: Iterable[Fraction], width: int) -> Matrix:
    """The way back from ``flat``."""
    whole = tuple(entries)
    return tuple([whole[start : start + width] for start in range(0, len(whole), width)])


def _times(left: Fraction, right: Fraction) -> Fraction:
    return left * right
