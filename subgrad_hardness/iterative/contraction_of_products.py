"""A norm in which all products of L matrices contract: then their joint spectral radius is below 1.

For L = 1 that is an upper bound of the radius (``spectral_radius``): a weighted norm, a quadratic one, or that of a
polytope.  Where none of these was found, weighted norms are tried for longer products.  What is proposed in floating
point has exact bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

from subgrad_hardness.common.doubles import as_double
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.resolvent import rational_matrix, rows_of
from subgrad_hardness.iterative.spectral_radius.bracket import bracket
from subgrad_hardness.iterative.spectral_radius.measures import dual_size_of, size_of
from subgrad_hardness.iterative.spectral_radius.norms import operator_bound, weighted_bounds
from subgrad_hardness.iterative.verifying.spectral_format import Norm, Upper, Weighted
from subgrad_hardness.local.local_net import Matrix

# So many products are looked at, at most; words up to this length by the search for other norms.
_MOST_PRODUCTS, _LENGTH = 4000, 8


class Contraction(NamedTuple):
    """``rho`` < 1 bounds all products of ``length`` matrices, ``single`` each matrix, in ``norm``."""

    norm: Norm
    length: int
    rho: Fraction
    single: Fraction

    def size(self, vector: Sequence[Fraction]) -> Fraction:
        """The norm of a vector, or a little more."""
        return size_of(self.norm, vector)

    def reach(self, row: Sequence[Fraction]) -> Fraction:
        """How great a linear form can be on the unit ball, or a little more."""
        return dual_size_of(self.norm, row)

    def gap(self, excess: Fraction) -> Fraction:
        """How far the attractor's hull can reach beyond P where T(P) reaches ``excess`` beyond it.

        T^L(P) reaches at most excess (1 + c + ... + c^(L-1)) beyond P, c = ``single``, and T^L contracts by rho.
        """
        total = sum([self.single**power for power in range(self.length)], Fraction(0))
        return excess * total / (1 - self.rho)


def contraction(matrices: Sequence[Matrix], limits: Limits = NO_LIMITS) -> Contraction | None:
    """One for L = 1, else the first L for which weights were found, or None.  Raises LimitReached."""
    distinct = tuple(dict.fromkeys(matrices))
    upper = _weighted(distinct)
    if upper is None or upper.bound >= 1:
        limits.check()
        upper = bracket(distinct, length=_LENGTH, limits=limits).upper
    if upper is not None and upper.bound < 1:
        return Contraction(upper.norm, 1, upper.bound, upper.bound)
    return _of_products(distinct, limits)


def _of_products(distinct: Sequence[Matrix], limits: Limits) -> Contraction | None:
    size = len(distinct[0])
    exact = [rational_matrix(matrix, size) for matrix in distinct]
    products, length = exact, 1
    while len(products) * len(exact) <= _MOST_PRODUCTS and length < 64:
        products = [left * right for left in exact for right in products]
        length += 1
        limits.check()
        upper = _weighted([rows_of(product) for product in products])
        if upper is not None and upper.bound < 1:
            assert isinstance(upper.norm, Weighted)
            return Contraction(upper.norm, length, upper.bound, operator_bound(distinct, upper.norm))
    return None


def _weighted(matrices: Sequence[Matrix]) -> Upper | None:
    import numpy as np

    floats = np.array([[[as_double(entry) for entry in row] for row in matrix] for matrix in matrices])
    return min(weighted_bounds(matrices, floats), key=attrgetter("bound"), default=None)
