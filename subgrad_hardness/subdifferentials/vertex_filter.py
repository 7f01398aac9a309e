"""Most vertices of a large set of points, and most points that are none, proposed in floating point and proved exactly.

A *vertex*: an integer functional is greatest there.  Its values are computed in binary64 with an error bound, and
compared exactly where the bound does not decide.  Of several greatest points, which are the vertices and other points
of a face, the lexicographically smallest one is a vertex.

*No vertex*: some others, which are affinely independent, have the point as a combination with positive weights, by an
exact elimination.

Directions are random at first; then each point that is left is compared with the vertices known, by the nearest point
of their hull: it lies in the hull, with the vertices around it, or the way to it from the nearest point is a direction
in which it is beyond all of them (P. Wolfe, Finding the nearest point in a polytope, 1976; ``subdifferentials.nearest``
does the same exactly).  What floating point does not settle is left to exact cone questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import mul
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.elimination import over_a_basis

Point = tuple[int, ...]
Floats = NDArray[np.float64]

# So many products of points with random directions are made at a time, at most so many times, as long as this share
# of the directions finds something new.
_AT_ONCE, _MOST_DRAWS, _WORTH = 2**22, 16, 0.02
# Entries of functionals have so many bits.
_BITS = 40
# What is smaller, in coordinates of variance 1, counts as 0 in proposals.
_NOTHING = 1e-9
# So many directions are tried for a point; so many steps are taken to a nearest point.
_MOST_TRIED, _MOST_STEPS = 40, 400


class Settled(NamedTuple):
    """Numbers of points that are vertices, and of points that are none; proved."""

    vertices: set[int]
    others: set[int]


def settled(points: Sequence[Point], limits: Limits) -> Settled:
    """What can be settled with floating point.

    Parameters
    ----------
    points : different integer vectors that span their space affinely.

    Raises
    ------
    LimitReached

    Notes
    -----
    A few products of a matrix of all points with vectors for each point.
    """
    found = Settled(set(), set())
    cloud = Cloud(points)
    source, count = np.random.default_rng(0), max(1, _AT_ONCE // len(points))
    for _ in range(_MOST_DRAWS):
        limits.check()
        before = len(found.vertices)
        drawn = source.normal(size=(len(points[0]), count))
        best = (cloud.white @ drawn).argmax(axis=0)
        for number, column in zip(*np.unique(best, return_index=True), strict=True):
            if int(number) not in found.vertices:
                found.vertices.add(cloud.top(cloud.functional(drawn[:, column])))
        if len(found.vertices) - before < _WORTH * count:
            break
    for number in range(len(points)):
        limits.check()
        if number not in found.vertices:
            _settle(cloud, number, found)
    return found


def _settle(cloud: Cloud, number: int, found: Settled) -> None:
    """Find vertices until the point is one or is surrounded by some; or give it up."""
    for _ in range(_MOST_TRIED):
        known = np.fromiter(found.vertices, dtype=np.intp)
        away, around, _ = nearest_rows(cloud.white[known], cloud.white[number])
        if away is None:
            if cloud.surrounded(number, known[around].tolist()) is not None:
                found.others.add(number)
            return
        top = cloud.top(cloud.functional(away))
        if top in found.vertices:
            return  # the direction was none
        found.vertices.add(top)
        if top == number:
            return


class Cloud:
    """Points, as they are and as floats: from an integer point in their middle on, and in coordinates of variance 1."""

    def __init__(self, points: Sequence[Point]) -> None:
        self._points = points
        base = [sum(column) // len(points) for column in zip(*points, strict=True)]
        self._moved = [tuple([entry - middle for entry, middle in zip(point, base, strict=True)]) for point in points]
        largest = max(max(map(abs, point)) for point in self._moved)
        self._shift = max(0, largest.bit_length() - 900)  # so that nothing overflows binary64
        self._floats: Floats = np.array([[float(entry >> self._shift) for entry in point] for point in self._moved])
        self._error = (len(base) + 4) * 2.0**-52
        scale = np.abs(self._floats).max()
        _, stretch, axes = np.linalg.svd(self._floats / scale, full_matrices=False)
        stretch = np.maximum(stretch, stretch.max() * 1e-12) / np.sqrt(len(points))
        self._unwhite: Floats = axes.T / stretch
        self.white: Floats = (self._floats / scale) @ self._unwhite

    def functional(self, direction: Floats) -> Point:
        """The direction in white coordinates as a functional on points, in integers."""
        along = self._unwhite @ direction
        size = np.abs(along).max()
        return tuple([int(entry) for entry in np.rint(np.ldexp(along / (size or 1.0), _BITS))])

    def top(self, functional: Point) -> int:
        """The number of a vertex at which the functional is greatest."""
        along = np.array(functional, dtype=np.float64)
        values = self._floats @ along
        slack = (np.abs(self._floats) + 1.0) @ np.abs(along) * self._error + np.abs(along).sum()
        near = np.nonzero(values + slack >= (values - slack).max())[0].tolist()
        if len(near) == 1:
            return int(near[0])
        exact = [sum(map(mul, functional, self._moved[k])) for k in near]
        greatest = max(exact)
        return min([k for k, value in zip(near, exact, strict=True) if value == greatest], key=self._points.__getitem__)

    def surrounded(self, number: int, around: Sequence[int]) -> dict[int, Fraction] | None:
        """The positive weights of sum 1 with which the point is a combination of these others; None where it is not."""
        columns = [(1, *self._moved[k]) for k in (*around, number)]
        found = over_a_basis(columns)
        if len(around) in found.basis:  # independent of the others
            return None
        weights = found.coordinates[-1]
        if not all(weight > 0 for weight in weights.values()):
            return None
        return {around[found.basis[place]]: Fraction(weight, found.denominator) for place, weight in weights.items()}

    def combined(self, number: int, around: Sequence[int], weights: Sequence[int]) -> Point:
        """The sum of integer weights times what leads from the point to these others; exactly."""
        start, moved = self._moved[number], [self._moved[k] for k in around]
        total = sum(weights)
        return tuple([sum(map(mul, weights, column)) - total * x for x, *column in zip(start, *moved, strict=True)])


def nearest_rows(known: Floats, point: Floats) -> tuple[Floats | None, list[int], Floats]:
    """The way to the point from the nearest point of the hull of the rows ``known``; None for no way, and the rows
    around the point, with their weights.  A proposal."""
    rows = known - point
    chosen = [int((rows * rows).sum(axis=1).argmin())]
    weights = np.ones(1)
    for _ in range(_MOST_STEPS):
        place = weights @ rows[chosen]
        squared = float(place @ place)
        if squared < _NOTHING**2:
            return None, chosen, weights
        levels = rows @ place
        lowest = int(levels.argmin())
        if levels[lowest] >= squared - _NOTHING * max(1.0, squared) or lowest in chosen:
            break
        chosen.append(lowest)
        weights = np.append(weights, 0.0)
        while True:
            wanted = _closest(rows[chosen])
            if (wanted > _NOTHING).all():
                weights = wanted
                break
            falling = wanted <= _NOTHING
            ratios = np.where(falling, weights / np.maximum(weights - wanted, 1e-300), np.inf)
            share = min(1.0, float(ratios.min()))
            weights = (1 - share) * weights + share * wanted
            kept = weights > _NOTHING
            kept[int(ratios.argmin())] = False
            if not kept.any():
                return -place, chosen, weights
            chosen = [k for k, keep in zip(chosen, kept.tolist(), strict=True) if keep]
            weights = weights[kept] / weights[kept].sum()
    return -place, chosen, weights


def _closest(rows: Floats) -> Floats:
    """The weights, of sum 1, of the point nearest to 0 in the affine hull of the rows."""
    size = len(rows)
    system = np.ones((size + 1, size + 1))
    system[0, 0] = 0.0
    system[1:, 1:] = rows @ rows.T
    right = np.zeros(size + 1)
    right[0] = 1.0
    try:
        found: Floats = np.linalg.solve(system, right).astype(np.float64)
    except np.linalg.LinAlgError:
        found = np.linalg.lstsq(system, right, rcond=None)[0].astype(np.float64)
    return found[1:]
