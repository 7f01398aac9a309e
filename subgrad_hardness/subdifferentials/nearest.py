"""The point of a polytope nearest to the origin, exactly: Wolfe's algorithm in rationals, begun where floats end.

The points are integers over one common denominator, which changes neither weights nor what is nearest.
Source: P. Wolfe, Finding the nearest point in a polytope, Mathematical Programming 11 (1976).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from operator import mul
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.common.limits import Limits

Point = tuple[int, ...]

# Relative to the largest squared norm: floats stop where the best point gains less than this.
_ENOUGH = 1e-13


class Nearest(NamedTuple):
    """The nearest point is the combination of points ``places`` (affinely independent) with positive ``weights``.

    ``point`` is it times ``denominator``, in integers.
    """

    places: tuple[int, ...]
    weights: tuple[Fraction, ...]
    point: Point
    denominator: int


def nearest(points: Sequence[Point], limits: Limits | None = None) -> Nearest:
    """The point of the hull of ``points`` (one at least) with the smallest Euclidean norm.  Raises LimitReached.

    Notes
    -----
    An exact solve of at most p + 2 unknowns a step; few steps, as the first corral is the one that floats find.
    """
    corral = _started(points)
    weights = [Fraction(1)] if len(corral) == 1 else _affine(points, corral) or []
    if not weights or min(weights) <= 0:
        smallest = min(range(len(points)), key=lambda place: sum(map(mul, points[place], points[place])))
        corral, weights = [smallest], [Fraction(1)]
    while True:
        if limits is not None:
            limits.check()
        point, denominator = _combined(points, corral, weights)
        squared = sum(map(mul, point, point))
        products = [sum(map(mul, point, other)) * denominator for other in points]
        entering = min(range(len(points)), key=products.__getitem__)
        if products[entering] >= squared:
            return Nearest(tuple(corral), tuple(weights), point, denominator)
        corral.append(entering)
        weights.append(Fraction(0))
        while True:
            wanted = _affine(points, corral)
            assert wanted is not None  # the entering point is affinely independent of a corral's
            if min(wanted) > 0:
                weights = wanted
                break
            step = min(
                have / (have - want) for have, want in zip(weights, wanted, strict=True) if want <= 0 and have > want
            )
            moved = [have + step * (want - have) for have, want in zip(weights, wanted, strict=True)]
            kept = [number for number, weight in enumerate(moved) if weight > 0]
            corral, weights = [corral[number] for number in kept], [moved[number] for number in kept]


def nearest_floats(points: Sequence[Point]) -> tuple[NDArray[np.float64], list[int]]:
    """About the nearest point of the hull, where the largest entry of the points is 1, and the points it is made of."""
    top = max((abs(entry) for point in points for entry in point), default=0)
    shift = max(0, top.bit_length() - 900)
    scaled = np.array([[float(entry >> shift) for entry in point] for point in points])
    scaled /= max(float(top >> shift), 1.0)
    norms = np.einsum("ij,ij->i", scaled, scaled)
    enough = _ENOUGH * max(float(norms.max()), 1e-300)
    corral = [int(norms.argmin())]
    weights = np.ones(1)
    point = scaled[corral[0]]
    for _ in range(20 * len(points) + 20):
        products = scaled @ point
        entering = int(products.argmin())
        if entering in corral or products[entering] >= point @ point - enough:
            break
        corral.append(entering)
        weights = np.append(weights, 0.0)
        while True:
            chosen = scaled[corral]
            base = chosen[-1]
            rest = chosen[:-1] - base
            solved = np.linalg.lstsq(rest.T, -base, rcond=None)[0]
            wanted = np.append(solved, 1 - solved.sum())
            if wanted.min() > 1e-12:
                weights = wanted
                break
            falling = (wanted <= 1e-12) & (weights > wanted)
            if not falling.any():
                weights = np.maximum(wanted, 0)
                break
            step = min(1.0, float((weights[falling] / (weights[falling] - wanted[falling])).min()))
            weights = weights + step * (wanted - weights)
            kept = weights > 1e-12
            if kept.all():
                kept[int(weights.argmin())] = False
            corral = [place for place, keep in zip(corral, kept, strict=True) if keep]
            weights = weights[kept] / weights[kept].sum()
            if len(corral) == 1:
                break
        point = weights @ scaled[corral]
    return point, corral


def _started(points: Sequence[Point]) -> list[int]:
    return list(nearest_floats(points)[1])


def _affine(points: Sequence[Point], corral: Sequence[int]) -> list[Fraction] | None:
    """The weights, which add up to 1, of the point nearest to the origin in the affine hull of the corral; None where
    its points depend on one another."""
    from flint import fmpz_mat

    base = points[corral[-1]]
    edges = [[x - y for x, y in zip(points[place], base, strict=True)] for place in corral[:-1]]
    if not edges:
        return [Fraction(1)]
    matrix = fmpz_mat(edges)
    right = fmpz_mat([[-sum(map(mul, edge, base))] for edge in edges])
    try:
        solution = (matrix * matrix.transpose()).solve(right)
    except ZeroDivisionError:
        return None
    found = [Fraction(int(solution[row, 0].p), int(solution[row, 0].q)) for row in range(len(edges))]
    return [*found, 1 - sum(found, Fraction(0))]


def _combined(points: Sequence[Point], corral: Sequence[int], weights: Sequence[Fraction]) -> tuple[Point, int]:
    """The combination of the points, times a denominator."""
    common = math.lcm(*(weight.denominator for weight in weights))
    factors = [int(weight * common) for weight in weights]
    columns = zip(*(points[place] for place in corral), strict=True)
    return tuple([sum(map(mul, factors, column)) for column in columns]), common
