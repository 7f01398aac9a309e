"""Sizes of vectors, and of linear forms, in the norms of certificates: rational numbers that are never too small."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.resolvent import rational_matrix, rows_of
from subgrad_hardness.iterative.spectral_radius.polytope import combination
from subgrad_hardness.iterative.verifying.spectral_format import Norm, Quadratic, Vector, Weighted

# Square roots are rounded up to this unit, relative to what they are taken of.
_BITS = 60


def size_of(norm: Norm, vector: Sequence[Fraction], limits: Limits = NO_LIMITS) -> Fraction:
    """The norm of a vector; where that is irrational, or a polytope's, it may be given a little too large."""
    if isinstance(norm, Weighted):
        pairs = zip(vector, norm.weights, strict=True)
        if norm.name == "maximum":
            return max([abs(entry) / weight for entry, weight in pairs])
        return sum([abs(entry) * weight for entry, weight in pairs], Fraction(0))
    if isinstance(norm, Quadratic):
        return root_above(_form(norm.matrix, vector))
    terms = combination(norm.vertices, tuple(vector), limits)
    return sum([abs(factor) for _, factor in terms], Fraction(0))


def dual_size_of(norm: Norm, row: Sequence[Fraction]) -> Fraction:
    """The greatest value of a linear form on the unit ball, exactly or a little too large."""
    if isinstance(norm, Weighted):
        pairs = zip(row, norm.weights, strict=True)
        if norm.name == "maximum":
            return sum([abs(entry) * weight for entry, weight in pairs], Fraction(0))
        return max([abs(entry) / weight for entry, weight in pairs])
    if isinstance(norm, Quadratic):
        size = len(row)
        inverse = rows_of(rational_matrix(norm.matrix, size).inv())
        return root_above(_form(inverse, row))
    return max([abs(sum(map(_times, row, vertex), Fraction(0))) for vertex in norm.vertices])


def root_above(value: Fraction) -> Fraction:
    """The square root, or a rational number that is larger by a part of 2^-60."""
    if not value:
        return Fraction(0)
    under = value.denominator << _BITS
    return Fraction(math.isqrt(value.numerator * value.denominator << (2 * _BITS)) + 1, under)


def _form(matrix: Sequence[Vector], vector: Sequence[Fraction]) -> Fraction:
    return sum(
        [x * sum(map(_times, row, vector), Fraction(0)) for row, x in zip(matrix, vector, strict=True)], Fraction(0)
    )


def _times(left: Fraction, right: Fraction) -> Fraction:
    return left * right
