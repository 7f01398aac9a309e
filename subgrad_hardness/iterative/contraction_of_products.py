"""A weighted maximum norm in which all products of L matrices contract: then their joint spectral radius is below 1.

With positive weights w, |x| = max |x_i| / w_i has the operator norm max_i (|A| w)_i / w_i.  Weights are proposed in
floating point; the norms of the products are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.resolvent import rational_matrix, rows_of
from subgrad_hardness.local.local_net import Matrix

# So many products are looked at, at most, and so often are weights improved.
_MOST_PRODUCTS, _ROUNDS = 4000, 60


class Contraction(NamedTuple):
    """``rho`` < 1 bounds all products of ``length`` matrices, ``single`` each matrix, in the norm of ``weights``."""

    weights: tuple[Fraction, ...]
    length: int
    rho: Fraction
    single: Fraction

    def size(self, vector: Sequence[Fraction]) -> Fraction:
        """The norm of a vector."""
        return max([abs(entry) / weight for entry, weight in zip(vector, self.weights, strict=True)])

    def gap(self, excess: Fraction) -> Fraction:
        """How far the attractor's hull can reach beyond P where T(P) reaches ``excess`` beyond it.

        T^L(P) reaches at most excess (1 + c + ... + c^(L-1)) beyond P, c = ``single``, and T^L contracts by rho.
        """
        total = sum([self.single**power for power in range(self.length)], Fraction(0))
        return excess * total / (1 - self.rho)


def contraction(matrices: Sequence[Matrix], limits: Limits = NO_LIMITS) -> Contraction | None:
    """The first L for which weights were found, or None.  Raises LimitReached."""
    distinct = list(dict.fromkeys(matrices))
    size = len(distinct[0])
    exact = [rational_matrix(matrix, size) for matrix in distinct]
    products, length = exact, 1
    while len(products) <= _MOST_PRODUCTS:
        limits.check()
        absolute = [tuple([tuple(map(abs, row)) for row in rows_of(product)]) for product in products]
        weights = _weights(absolute)
        rho = _norm(absolute, weights)
        if rho < 1:
            singles = [tuple([tuple(map(abs, row)) for row in matrix]) for matrix in distinct]
            return Contraction(weights, length, rho, _norm(singles, weights))
        products = [left * right for left in exact for right in products]
        length += 1
        if len(distinct) == 1 and length > 64:
            return None
    return None


def _norm(absolute: Sequence[Matrix], weights: Sequence[Fraction]) -> Fraction:
    """The greatest operator norm of matrices that are given by their absolute values."""
    return max(
        [
            sum([entry * weight for entry, weight in zip(row, weights, strict=True)], Fraction(0)) / own
            for matrix in absolute
            for row, own in zip(matrix, weights, strict=True)
        ]
    )


def _weights(absolute: Sequence[Matrix]) -> tuple[Fraction, ...]:
    """Weights w with |A| w small against w for all A: the eigenvector of w -> max |A| w, roughly."""
    import numpy as np

    stack = np.array([[[float(entry) for entry in row] for row in matrix] for matrix in absolute])
    weights = np.ones(stack.shape[1])
    for _ in range(_ROUNDS):
        raised = (stack @ weights).max(axis=0)
        weights = (raised + weights) / max(float(raised.max() + weights.max()), 1e-300) + 1e-9
    return tuple([Fraction(max(round(float(entry) * 4096), 1), 4096) for entry in weights / weights.max()])
