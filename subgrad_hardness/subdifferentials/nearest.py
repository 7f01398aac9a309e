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

from subgrad_hardness.common.limits import Limits

Point = tuple[int, ...]


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
    from subgrad_hardness.subdifferentials.nearest_floats import nearest_floats  # late: numpy

    corral = list(nearest_floats(points)[1])
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
