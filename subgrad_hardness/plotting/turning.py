"""Angles between exact directions of the plane: integers decide how far a sector reaches, floats only place the ink.

Two directions can be so close that the doubles of their angles are equal, or in the wrong order.  Whether a sector is
nearly nothing or nearly everything is therefore read off the sign of a cross product, and never off two angles.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

FULL_TURN = 360.0


def unit(direction: Sequence[int]) -> tuple[float, float]:
    """The direction at length 1, for integers of any size."""
    largest = max(map(abs, direction))
    x, y = (float(Fraction(entry, largest)) for entry in direction)
    length = math.hypot(x, y)
    return x / length, y / length


def angle(direction: Sequence[int]) -> float:
    """Where the direction is drawn, in degrees."""
    x, y = unit(direction)
    return math.degrees(math.atan2(y, x))


def sweep(start: Sequence[int], end: Sequence[int]) -> float:
    """How far it is from ``start`` counterclockwise to ``end``, in degrees; a full turn where they are the same.

    The cross product says exactly on which side of ``start`` the end lies; the angle is rounded after that.
    """
    cross, dot = _products(start, end)
    if cross == 0:
        return FULL_TURN if dot > 0 else FULL_TURN / 2
    largest = max(abs(cross), abs(dot))
    turned = math.degrees(math.atan2(float(Fraction(cross, largest)), float(Fraction(dot, largest))))
    if cross > 0:
        return max(turned, 0.0)
    return turned + FULL_TURN if turned < 0 else FULL_TURN


def thin_width(start: Sequence[int], end: Sequence[int]) -> str:
    """The width of a thin sector in degrees, as ``0.25`` or ``5.0e-17``, however thin it is.

    The sine stands for the angle, which is right to two digits below one degree.
    """
    cross, _ = _products(start, end)
    squares = [sum(entry * entry for entry in direction) for direction in (start, end)]
    logarithm = math.log10(cross) - sum(map(math.log10, squares)) / 2 + math.log10(180 / math.pi)
    exponent = math.floor(logarithm)
    return f"{10**logarithm:.2g}" if exponent >= -3 else f"{10 ** (logarithm - exponent):.1f}e{exponent}"


def _products(start: Sequence[int], end: Sequence[int]) -> tuple[int, int]:
    return start[0] * end[1] - start[1] * end[0], start[0] * end[0] + start[1] * end[1]


def spread(centres: Sequence[float], width: float) -> list[float]:
    """Places for marks of one width, in the given order, none upon another, as near their centres as that allows.

    Least squares under "each at least ``width`` after the one before": pooling adjacent violators (Ayer and others
    1955) on the centres less ``width`` for each mark before.
    """
    pools: list[tuple[float, int]] = []
    for index, centre in enumerate(centres):
        total, count = centre - index * width, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / count:
            before, size = pools.pop()
            total, count = total + before, count + size
        pools.append((total, count))
    means = [total / count for total, count in pools for _ in range(count)]
    return [mean + index * width for index, mean in enumerate(means)]
