"""What the alternating direction methods share: a quadratic on one side, what is separable in A x on the other.

The map of the state w is (I + (2H - I)(2S - I)) / 2 to first order, with K the inverse of P + sigma I + r A^T A,
H = r A K A^T and S the slopes of the separable part's proximal map.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from subgrad_hardness.iterative.algorithms.arithmetic import Arithmetic, Array
from subgrad_hardness.iterative.algorithms.spectra import Rate, averaged_rate, computed_spectrum


@dataclass(frozen=True)
class Splitting:
    """P, A and the penalties; ``called``: P + sigma I + r A^T A for people."""

    p: Any
    a: Any
    r: Fraction
    sigma: Fraction
    called: ClassVar[str]

    def solver(self, arithmetic: Arithmetic) -> tuple[Array, Array, Array]:
        """A, K, and H.  Raises ParameterError."""
        p, a, r = arithmetic.array(self.p), arithmetic.array(self.a), arithmetic.number(self.r)
        shifted = p + r * (a.T @ a)
        if self.sigma:
            shifted = shifted + arithmetic.number(self.sigma) * arithmetic.eye(len(p))
        inverse = arithmetic.inverse(shifted, self.called)
        return a, inverse, r * (a @ inverse @ a.T)

    def rate(self, theta: Any) -> Rate:
        """That of w, for sigma = 0."""
        return averaged_rate(computed_spectrum(self._product, len(self.p)))

    def _product(self, arithmetic: Arithmetic) -> Array:
        return self.solver(arithmetic)[2]
