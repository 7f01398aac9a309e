"""Gaussian elimination over the rationals: bases among vectors, coordinates over them, solutions, inverses.

Every function takes a list of integer vectors of one length.  The work is the fraction-free reduced row echelon form
of the matrix that has these vectors as columns; its pivot columns are the vectors that no combination of earlier
vectors gives.  python-flint computes it, except for small matrices: those take less time than python-flint to load.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from subgrad_hardness.linear.fraction_free import Reduced, reduced_row_echelon

if TYPE_CHECKING:
    from flint import fmpz_mat

#: Up to about so many products, half a millisecond, Python's own integers do.
_FEW_PRODUCTS = 1200

#: Vectors of one length with integer entries.
Vectors = Sequence[Sequence[int]]


class OverBasis(NamedTuple):
    """Vectors written over a basis of their span that is chosen among themselves.

    Attributes
    ----------
    basis : the numbers of the basis vectors, in increasing order: each vector that is independent of those before it.
    denominator : a positive integer q, common to all coordinates.
    coordinates : for each vector v the nonzero integers c_r with q v = sum_r c_r (basis vector number r), by r.
    """

    basis: tuple[int, ...]
    denominator: int
    coordinates: tuple[dict[int, int], ...]


def independent(vectors: Vectors) -> tuple[int, ...]:
    """The numbers of the vectors that are independent of those before them: a basis of the span.

    Notes
    -----
    One elimination: cubic in the smaller side of the matrix, in numbers as long as its minors.
    """
    return _reduced(vectors).pivots


def over_a_basis(vectors: Vectors) -> OverBasis:
    """All vectors over the basis that ``independent`` names; one elimination."""
    rows, denominator, pivots = _reduced(vectors)
    coordinates = [{r: row[column] for r, row in enumerate(rows) if row[column]} for column in range(len(vectors))]
    return OverBasis(pivots, denominator, tuple(coordinates))


def solve(equations: Vectors, values: Sequence[int]) -> tuple[Fraction, ...]:
    """A point x with equation . x = value for each of the equations, which are independent.

    The coordinates of x off the first ones on which the equations are independent are 0.  Two eliminations.
    """
    from flint import fmpz_mat

    size = len(equations[0])
    chosen = independent(list(zip(*equations, strict=True)))
    rank = len(chosen)
    square = fmpz_mat(rank, rank, [row[index] for row in equations for index in chosen])
    solution = square.solve(fmpz_mat(rank, 1, list(values)))
    result = [Fraction(0)] * size
    for position, index in enumerate(chosen):
        entry = solution[position, 0]
        result[index] = Fraction(int(entry.p), int(entry.q))
    return tuple(result)


def dual_basis(vectors: Vectors) -> list[dict[int, int]]:
    """For n independent vectors v_i of length n the dual basis, times one positive factor, as sparse vectors.

    Vector number j of the result has product 0 with each v_i, i != j, and the factor with v_j: these are the columns
    of the inverse of the matrix with the rows v_i, over their common denominator.  One inversion.
    """
    from flint import fmpz_mat

    size = len(vectors)
    inverse, _ = fmpz_mat(size, size, [entry for vector in vectors for entry in vector]).inv().numer_denom()
    return [{i: int(inverse[i, j]) for i in range(size) if inverse[i, j]} for j in range(size)]


def null_space(rows: Vectors, size: int) -> tuple[tuple[int, ...], ...]:
    """A basis, in integers, of the vectors of length ``size`` whose products with all rows are 0.  One elimination."""
    from flint import fmpz_mat

    basis, rank = fmpz_mat(len(rows), size, [entry for row in rows for entry in row]).nullspace()
    return tuple([tuple([int(basis[i, k]) for i in range(size)]) for k in range(rank)])


def _reduced(vectors: Vectors) -> Reduced:
    """The reduced row echelon form of the matrix whose columns are the vectors."""
    rows = list(zip(*vectors, strict=True))
    height, width = len(rows), len(vectors)
    if height * width * min(height, width) <= _FEW_PRODUCTS:
        return reduced_row_echelon(rows)
    from flint import fmpz_mat

    reduced, denominator, rank = fmpz_mat(height, width, [entry for row in rows for entry in row]).rref()
    sign = 1 if denominator > 0 else -1
    entries = tuple([tuple([sign * int(reduced[row, column]) for column in range(width)]) for row in range(rank)])
    return Reduced(entries, abs(int(denominator)), _pivots(reduced, rank, width))


def _pivots(reduced: fmpz_mat, rank: int, width: int) -> tuple[int, ...]:
    """The column of the first nonzero entry of each row; these columns increase."""
    found: list[int] = []
    start = 0
    for row in range(rank):
        pivot = next(column for column in range(start, width) if reduced[row, column])
        found.append(pivot)
        start = pivot + 1
    return tuple(found)
