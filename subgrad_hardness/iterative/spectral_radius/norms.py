"""Weighted norms and quadratic norms in which all matrices are small: proposed in doubles, bounds made exact."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.verifying.spectral_format import Quadratic, Rows, Upper, Weighted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
else:
    Floats = Any

# Rounds of improving weights, and the unit to which they are rounded.
_ROUNDS, _UNIT = 200, 4096
# Steps of the descent towards a good quadratic norm, and the unit to which its matrix is rounded.
_STEPS, _FINE = 300, 2**24


def weighted_bounds(matrices: Sequence[Rows], floats: Floats) -> list[Upper]:
    """The greatest norm of a matrix in a weighted maximum norm, and in a weighted sum norm: exact bounds.

    No bounds where a number is beyond the range of doubles.
    """
    import numpy as np

    absolute = np.abs(floats)
    if not np.isfinite(absolute.sum()):
        return []
    found = []
    for name in ("maximum", "sum"):
        norm = Weighted(name, _weights(absolute if name == "maximum" else absolute.transpose(0, 2, 1)))
        found.append(Upper(operator_bound(matrices, norm), norm))
    return found


def operator_bound(matrices: Sequence[Rows], norm: Weighted) -> Fraction:
    """The greatest operator norm of a matrix, exactly."""
    bound, weights = Fraction(0), norm.weights
    for matrix in matrices:
        for row, own in zip(matrix if norm.name == "maximum" else zip(*matrix, strict=True), weights, strict=True):
            total = sum([abs(entry) * weight for entry, weight in zip(row, weights, strict=True)], Fraction(0))
            bound = max(bound, total / own)
    return bound


def _weights(absolute: Floats) -> tuple[Fraction, ...]:
    """w with |A| w small against w for all A: roughly the eigenvector of w -> max_v |A_v| w."""
    import numpy as np

    weights = np.ones(absolute.shape[1])
    for _ in range(_ROUNDS):
        raised = (absolute @ weights).max(axis=0)
        weights = (raised + weights) / max(float((raised + weights).max()), 1e-300) + 1e-9
    return tuple([Fraction(max(round(float(entry) * _UNIT), 1), _UNIT) for entry in weights / weights.max()])


def quadratic_proposal(floats: Floats, limits: Limits = NO_LIMITS) -> tuple[float, Upper] | None:
    """A bound in the norm of a P > 0, a little more than what P shows in doubles; it is not verified.

    P goes down the gradient of a smooth maximum of log |A_v|_P, in the geometry of positive matrices.  The first number
    is the bound in doubles.
    """
    import numpy as np

    size = floats.shape[1]
    root = np.eye(size)  # the norm is |root x|
    best, chosen = math.inf, root
    for step in range(_STEPS):
        if limits.remaining <= 0:
            break
        inverse = np.linalg.inv(root)
        images = root @ floats @ inverse
        left, sizes, right = np.linalg.svd(images)
        value = float(sizes.max())
        if value < best:
            best, chosen = value, root
        if not 0 < value < math.inf:
            break
        # d log sigma along root -> exp(E) root is u' E u - v' E v for the singular vectors u, v.
        sharp = 20.0 * (1 + step / 10)
        weight = np.exp(sharp * (sizes / value - 1))
        weight /= weight.sum()
        slope = np.einsum("kij,kj,klj->il", left, weight, left) - np.einsum("kji,kj,kjl->il", right, weight, right)
        length = float(np.linalg.norm(slope))
        if length < 1e-9:
            break
        values, vectors = np.linalg.eigh(slope)
        move = vectors @ np.diag(np.exp(-values / length / (4 + step / 4))) @ vectors.T
        root = move @ root
        root /= np.abs(root).max()
    matrix = chosen.T @ chosen
    matrix /= np.abs(matrix).max()
    if not (math.isfinite(best) and np.isfinite(matrix).all()):
        return None
    rows = [[Fraction(round(float(entry) * _FINE), _FINE) for entry in row] for row in matrix]
    exact = tuple([tuple([rows[max(i, j)][min(i, j)] for j in range(size)]) for i in range(size)])
    return best, Upper(Fraction(math.ceil(best * (1 + 1e-5) * 10**6), 10**6), Quadratic(exact))
