"""A face of the Lasso's path: where support S and signs s hold, the solution is affine in lam.

X_S^T (X_S x - y) + lam s = 0, so x = u - lam v with X_S^T X_S u = X_S^T y and X_S^T X_S v = s, and the correlations
X^T (y - X_S x) = a + lam b are affine too.  All are integers over one denominator.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.iterative.lasso.problem import Problem


class Face(NamedTuple):
    """x_S = (``level`` - lam ``slope``) / ``below``, X^T (y - X x) = (``at_zero`` + lam ``change``) / ``scale``.

    Attributes
    ----------
    support, signs : S, increasing, and s.
    level, slope, below : integers.
    at_zero, change, scale : integers.
    """

    support: tuple[int, ...]
    signs: tuple[int, ...]
    level: tuple[int, ...]
    slope: tuple[int, ...]
    below: int
    at_zero: tuple[int, ...]
    change: tuple[int, ...]
    scale: int

    def solution(self, lam: Fraction) -> list[Fraction]:
        """x on the support at lam."""
        return [Fraction(u) / self.below - lam * Fraction(v, self.below) for u, v in self._pairs()]

    def derivative(self) -> list[Fraction]:
        """dx/dlam on the support."""
        return [Fraction(-v, self.below) for v in self.slope]

    def _pairs(self) -> Sequence[tuple[int, int]]:
        return list(zip(self.level, self.slope, strict=True))

    def excess(self, lam: Fraction) -> list[tuple[int, int]]:
        """Of each column the sign of |X_j^T r| - lam at lam, and the sign of X_j^T r."""
        over, under = lam.numerator, lam.denominator
        edge = over * self.scale
        result = []
        for constant, change in zip(self.at_zero, self.change, strict=True):
            value = constant * under + change * over
            far = abs(value) - edge
            result.append(((far > 0) - (far < 0), (value > 0) - (value < 0)))
        return result

    def signs_at(self, lam: Fraction) -> list[int]:
        """The signs of x on the support at lam."""
        values = [u * lam.denominator - v * lam.numerator for u, v in self._pairs()]
        return [(value > 0) - (value < 0) for value in values]


def face(problem: Problem, signs: dict[int, int]) -> Face | None:
    """That of these signs by column; None where the columns are dependent.

    One exact solution of a system as large as the support, and products of X^T with two vectors.
    """
    from flint import fmpz_mat

    support = tuple(sorted(signs))
    size, own = len(support), tuple([signs[column] for column in sorted(signs)])
    data = fmpz_mat(problem.rows, 1, problem.data)
    q, s = problem.over, problem.under
    if not size:
        correlations = [int(entry) for entry in (problem.transposed * data).entries()]
        return Face((), (), (), (), 1, tuple(correlations), (0,) * problem.columns, q * s)
    columns = problem.transposed_columns(support)
    right = [value for pair in zip((columns * data).entries(), own, strict=True) for value in pair]
    try:
        solved = (columns * columns.transpose()).solve(fmpz_mat(size, 2, right))
    except ZeroDivisionError:
        return None
    found, below = solved.numer_denom()
    # in the user's units u is q / s times the first column, v q^2 times the second
    entries = [int(entry) for entry in found.entries()]
    level = tuple([q * entry for entry in entries[0::2]])
    slope = tuple([q * q * s * entry for entry in entries[1::2]])
    fitted = columns.transpose() * found  # n x 2: X_S times both, times below
    residual = [
        value
        for y, (first, second) in zip(problem.data, _rows(fitted), strict=True)
        for value in (y * int(below) - first, second)
    ]
    products = [int(entry) for entry in (problem.transposed * fmpz_mat(problem.rows, 2, residual)).entries()]
    # X^T (y - X u) = (1 / (q s)) ..., and X^T X v = ... (q^2 / q^2): both over below
    at_zero = tuple(products[0::2])
    change = tuple([q * s * entry for entry in products[1::2]])
    return Face(support, own, level, slope, s * int(below), at_zero, change, q * s * int(below))


def _rows(matrix: object) -> list[tuple[int, int]]:
    entries = [int(entry) for entry in matrix.entries()]  # type: ignore[attr-defined]
    return list(zip(entries[0::2], entries[1::2], strict=True))
