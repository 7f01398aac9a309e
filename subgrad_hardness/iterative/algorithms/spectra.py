"""Bounds on the eigenvalues of a symmetric matrix, and what they mean for a step.

Doubles propose, integers prove: Q is rounded to R with entries over 2^40, which moves no eigenvalue by more than
p / 2^41; that R - low I and high I - R are positive definite is one elimination each (Sylvester's criterion).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor
from typing import NamedTuple

from subgrad_hardness.iterative.algorithms.arithmetic import EXACT, FLOAT, Arithmetic, Array, finite

_BITS = 40
#: Larger matrices get bounds in doubles only, which are no proof.
MOST_PROVED = 64


class Spectrum(NamedTuple):
    """All eigenvalues lie in [low, high]; ``proved`` says whether by exact arithmetic."""

    low: Fraction
    high: Fraction
    proved: bool


class Rate(NamedTuple):
    """Errors shrink by this factor in each step, in the Euclidean norm.

    Attributes
    ----------
    bound : the factor; a contraction where it is less than 1.
    proved : whether exact arithmetic proved the bound on the eigenvalues that it is computed from.
    scope : ``global``: from everywhere; ``local``: near the fixed point.
    how : in words.
    """

    bound: Fraction
    proved: bool
    scope: str
    how: str

    def __float__(self) -> float:
        return float(self.bound)


class StepRange(NamedTuple):
    """Steps in the open interval (low, high) are admissible: the iterates converge, if the problem is convex and has a
    solution, which is not checked; ``proved`` as in ``Spectrum``."""

    low: Fraction
    high: Fraction | None
    proved: bool
    how: str

    def admits(self, step: Fraction) -> bool:
        """Whether it lies within."""
        return self.low < step and (self.high is None or step < self.high)


def spectrum(values: object) -> Spectrum:
    """Bounds for a symmetric matrix, attained but for a few units in 2^-40; one elimination for each bound.

    Raises ParameterError for entries beyond the range of doubles.
    """
    import numpy as np

    doubles = finite(FLOAT.array(values), "rate")
    size = len(doubles)
    eigenvalues = np.linalg.eigvalsh(doubles)
    scale = max(1.0, float(np.abs(doubles).max()))
    unit = Fraction(1, 2**_BITS) * Fraction(2) ** max(0, int(np.ceil(np.log2(scale))))
    moved = unit * size
    low, high = (_rounded(float(value), unit) for value in (eigenvalues[0], eigenvalues[-1]))
    if size <= MOST_PROVED:
        rounded = _in_units(EXACT.array(values).tolist(), unit)
        for factor in (4, 64, 1024):
            lower, upper = (low - factor * moved) / unit, (high + factor * moved) / unit
            if _above(rounded, floor(lower), 1) and _above(rounded, floor(upper), -1):
                # integers between the bounds of R; Q is within moved / 2 of R
                return Spectrum(floor(lower) * unit - moved, floor(upper) * unit + moved, True)
    return Spectrum(low - 64 * moved, high + 64 * moved, False)


def computed_spectrum(made: Callable[[Arithmetic], Array], size: int) -> Spectrum:
    """Bounds for a matrix that is computed first: of ``size`` up to ``MOST_PROVED`` exactly, beyond that in doubles,
    which round it, so that nothing is proved."""
    if size <= MOST_PROVED:
        return spectrum(made(EXACT))
    return spectrum(made(FLOAT))._replace(proved=False)


def _in_units(rows: list[list[Fraction]], unit: Fraction) -> list[list[int]]:
    return [[round(Fraction(entry) / unit) for entry in row] for row in rows]


def _rounded(value: float, unit: Fraction) -> Fraction:
    return round(Fraction(value) / unit) * unit


def _above(rows: Sequence[Sequence[int]], bound: int, sign: int) -> bool:
    """Whether sign (R - bound I) is positive definite."""
    from subgrad_hardness.iterative.solvability import positive_definite

    return positive_definite(
        [[sign * (entry - bound * (i == j)) for j, entry in enumerate(row)] for i, row in enumerate(rows)]
    )


def gradient_rate(eigenvalues: Spectrum, step: Fraction, scope: str, shrink: Fraction = Fraction(1)) -> Rate:
    """max |1 - g e| over the eigenvalues e, times ``shrink``: the factor of a gradient step and a prox after it."""
    bound = max(abs(1 - step * eigenvalues.low), abs(1 - step * eigenvalues.high)) * shrink
    return Rate(bound, eigenvalues.proved, scope, "max |1 - step eigenvalue|" + (" / (1 + step lam2)" * (shrink != 1)))


def averaged_rate(eigenvalues: Spectrum) -> Rate:
    """(1 + max |2 h - 1|) / 2 over the eigenvalues h of H: the factor of (I + (2H - I)(2S - I)) / 2."""
    far = max(abs(2 * eigenvalues.low - 1), abs(2 * eigenvalues.high - 1))
    return Rate((1 + far) / 2, eigenvalues.proved, "global", "(1 + max |2 eigenvalue of H - 1|) / 2")


def gradient_steps(eigenvalues: Spectrum, times: int = 2) -> StepRange:
    """(0, 2 / L)."""
    high = times / eigenvalues.high if eigenvalues.high > 0 else None
    how = "0 < step < 2 / the greatest eigenvalue, if none is negative"
    return StepRange(Fraction(0), high, eigenvalues.proved, how)


def spectral_radius(product: Callable[[Array], Array], size: int) -> float:
    """That of A, in doubles: no proof.  Raises ParameterError."""
    import numpy as np

    return float(np.abs(np.linalg.eigvals(finite(product(np.eye(size)), "rate"))).max())
