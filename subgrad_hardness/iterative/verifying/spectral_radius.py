"""What a file about a joint spectral radius proves, checked in plain rational arithmetic.

JSR = lim max over words w of length n of |A_w|^(1/n), the same in every norm.  Two facts are used.

*Below.*  For every word w of length n, JSR >= rho(A_w)^(1/n), because the products A_w A_w ... A_w are among those that
count.  Whether rho(A_w) >= r is decided exactly: it fails iff all zeros of det(r z - A_w) lie in |z| < 1, which the
recursion of Schur and Cohn decides in rational numbers.

*Above.*  In every norm, JSR <= max |A_v|.  That |A_v| <= r holds in a weighted maximum or sum norm by sums over rows or
columns; in the norm of P > 0 iff r^2 P - A_v' P A_v >= 0; in the norm of a polytope conv(+-V) that spans the space if
A_v x, for each x in V, is a combination of V whose factors have absolute values that sum to r at most.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from operator import mul

from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.iterative.verifying.spectral_format import (
    Lower,
    Polytope,
    Quadratic,
    Rows,
    SpectralCertificate,
    Upper,
    Weighted,
)


def proved_verdict(claim: SpectralCertificate) -> str:
    """``bounded`` (all products lie in one bounded set), ``unbounded`` (they do not), or ``unknown``, as proved.

    Raises Rejected where a bound that is stated is not proved.  Polynomial in the file's size.
    """
    if claim.lower is None and claim.upper is None:
        raise Rejected("neither a lower nor an upper bound")
    if claim.lower is not None:
        require_lower(claim.matrices, claim.lower)
    if claim.upper is not None:
        require_upper(claim.matrices, claim.upper)
    if claim.lower is not None and claim.lower.bound > 1:
        return "unbounded"
    return "bounded" if claim.upper is not None and claim.upper.bound <= 1 else "unknown"


def require_lower(matrices: Sequence[Rows], lower: Lower) -> None:
    """Raises Rejected unless JSR >= lower.bound."""
    if not lower.word or any(number >= len(matrices) for number in lower.word):
        raise Rejected("lower: the word is empty or names a matrix that is not there")
    if lower.bound < 0:
        raise Rejected("lower: the bound is negative")
    whole = [_whole(matrix) for matrix in matrices]
    product, below = whole[lower.word[0]]
    for number in lower.word[1:]:
        factor, unit = whole[number]
        product, below = _times(product, factor), below * unit
    radius = lower.bound ** len(lower.word) * below
    if radius and _zeros_inside(characteristic_polynomial(product), radius):
        raise Rejected("lower: the product's spectral radius is smaller")


def require_upper(matrices: Sequence[Rows], upper: Upper) -> None:
    """Raises Rejected unless every matrix has norm upper.bound at most, in what is a norm."""
    if upper.bound < 0:
        raise Rejected("upper: the bound is negative")
    if isinstance(upper.norm, Weighted):
        _require_weighted(matrices, upper.norm, upper.bound)
    elif isinstance(upper.norm, Quadratic):
        _require_quadratic(matrices, upper.norm, upper.bound)
    else:
        _require_polytope(matrices, upper.norm, upper.bound)


def characteristic_polynomial(matrix: Sequence[Sequence[int]]) -> list[int]:
    """Coefficients of det(z - A), the constant one first, of an integer matrix (Faddeev and LeVerrier)."""
    size = len(matrix)
    coefficients, power = [1], [[0] * size for _ in range(size)]
    for step in range(1, size + 1):
        for index in range(size):
            power[index][index] += coefficients[-1]
        power = _times(matrix, power)
        coefficients.append(-sum([power[index][index] for index in range(size)]) // step)
    return coefficients[::-1]


def _zeros_inside(polynomial: Sequence[int], radius: Fraction) -> bool:
    """Whether all zeros have absolute values below a positive radius (Schur and Cohn)."""
    over, under, degree = radius.numerator, radius.denominator, len(polynomial) - 1
    p = [entry * over**power * under ** (degree - power) for power, entry in enumerate(polynomial)]
    while len(p) > 1:
        if abs(p[0]) >= abs(p[-1]):
            return False
        first, last = p[0], p[-1]
        p = [last * x - first * y for x, y in zip(p[1:], p[-2::-1], strict=True)]
        content = math.gcd(*p)
        p = [entry // content for entry in p]
    return True


def _whole(matrix: Sequence[Sequence[Fraction]]) -> tuple[list[list[int]], int]:
    """A matrix as one of integers, over a positive integer."""
    below = math.lcm(*[entry.denominator for row in matrix for entry in row])
    return [[int(entry * below) for entry in row] for row in matrix], below


def _times(left: Sequence[Sequence[int]], right: Sequence[Sequence[int]]) -> list[list[int]]:
    columns = list(zip(*right, strict=True))
    return [[sum(map(mul, row, column)) for column in columns] for row in left]


def _dot(left: Sequence[Fraction], right: Sequence[Fraction]) -> Fraction:
    return sum([x * y for x, y in zip(left, right, strict=True) if x and y], Fraction(0))


def _require_weighted(matrices: Sequence[Rows], norm: Weighted, bound: Fraction) -> None:
    weights = norm.weights
    if len(weights) != len(matrices[0]) or any(weight <= 0 for weight in weights):
        raise Rejected("upper: not one positive weight for each state")
    for number, matrix in enumerate(matrices):
        rows = matrix if norm.name == "maximum" else tuple(zip(*matrix, strict=True))
        for row, weight in zip(rows, weights, strict=True):
            if _dot([abs(entry) for entry in row], weights) > bound * weight:
                raise Rejected(f"upper: matrix {number} is larger in this norm")


def _require_quadratic(matrices: Sequence[Rows], norm: Quadratic, bound: Fraction) -> None:
    p, size = norm.matrix, len(matrices[0])
    if [len(row) for row in p] != [size] * size or tuple(zip(*p, strict=True)) != p:
        raise Rejected("upper: the norm is no symmetric matrix of the state's size")
    form, _ = _whole(p)
    if not _definite(form, strictly=True):
        raise Rejected("upper: the norm is not positive definite")
    square = bound * bound
    for number, matrix in enumerate(matrices):
        whole, below = _whole(matrix)
        image = _times(list(zip(*whole, strict=True)), _times(form, whole))
        factor = square.numerator * below * below
        rest = [
            [factor * x - square.denominator * y for x, y in zip(*rows, strict=True)]
            for rows in zip(form, image, strict=True)
        ]
        if not _definite(rest, strictly=False):
            raise Rejected(f"upper: matrix {number} is larger in this norm")


def _definite(matrix: Sequence[Sequence[int]], *, strictly: bool) -> bool:
    """Whether a symmetric matrix is positive definite or, not strictly, semidefinite.

    The pivots of an elimination without exchanges say so: those of L D L', times positive numbers (Bareiss).  A pivot 0
    of a semidefinite matrix has zeros in its row.
    """
    rows, last = [list(row) for row in matrix], 1
    for step, pivots in enumerate(rows):
        pivot = pivots[step]
        if pivot < 0 or (not pivot and (strictly or any(pivots[step:]))):
            return False
        if not pivot:
            continue
        for row in rows[step + 1 :]:
            factor = row[step]
            row[step:] = [(pivot * x - factor * y) // last for x, y in zip(row[step:], pivots[step:], strict=True)]
        last = pivot
    return True


def _require_polytope(matrices: Sequence[Rows], norm: Polytope, bound: Fraction) -> None:
    vertices, size = norm.vertices, len(matrices[0])
    if any(len(vertex) != size for vertex in vertices) or _rank(vertices) < size:
        raise Rejected("upper: the vertices do not span the space")
    if len(norm.combinations) != len(matrices) or any(len(each) != len(vertices) for each in norm.combinations):
        raise Rejected("upper: not one combination for each matrix and vertex")
    for number, (matrix, of_matrix) in enumerate(zip(matrices, norm.combinations, strict=True)):
        for place, (vertex, terms) in enumerate(zip(vertices, of_matrix, strict=True)):
            if any(index >= len(vertices) for index, _ in terms):
                raise Rejected(f"upper: matrix {number}, vertex {place}: a vertex that is not there")
            if sum([abs(factor) for _, factor in terms], Fraction(0)) > bound:
                raise Rejected(f"upper: matrix {number}, vertex {place}: the factors are too large")
            for row, column in zip(matrix, zip(*vertices, strict=True), strict=True):
                if sum([factor * column[index] for index, factor in terms], Fraction(0)) != _dot(row, vertex):
                    raise Rejected(f"upper: matrix {number}, vertex {place}: the combination is another vector")


def _rank(vectors: Rows) -> int:
    rows, rank = [list(vector) for vector in vectors], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((index for index in range(rank, len(rows)) if rows[index][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for row in rows[rank + 1 :]:
            factor = row[column] / rows[rank][column]
            row[column:] = [x - factor * y for x, y in zip(row[column:], rows[rank][column:], strict=True)]
        rank += 1
    return rank
