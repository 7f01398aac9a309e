"""The point of a convex hull nearest to a target, in exact rationals, by Wolfe's algorithm.

P. Wolfe, Finding the nearest point in a polytope, Mathematical Programming 11 (1976).  A *corral* is a set of affinely
independent points whose affine hull has its point of least norm in their open convex hull.  A point on the near side of
the hyperplane through that point x, orthogonal to it, joins the corral; points whose weights would turn negative leave
it.  The norm falls from corral to corral, so that none comes twice.  All numbers are exact, and the end, where no point
lies on the near side, is the proof: <x, p> >= <x, x> for all p.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits

Vector = tuple[Fraction, ...]


class Nearest(NamedTuple):
    """The point of the hull nearest to the target: ``point`` = target + ``offset``.

    It is the sum of ``weights`` times points; these are positive and add up to 1, and there is at most one more of them
    than there are dimensions.
    """

    point: Vector
    offset: Vector
    weights: Mapping[int, Fraction]

    @property
    def squared_distance(self) -> Fraction:
        """The squared Euclidean distance from the target."""
        return sum((entry * entry for entry in self.offset), Fraction(0))


class Hull:
    """The convex hull of points that come one after the other, seen from a target; the corral stays between them."""

    def __init__(self, target: Sequence[Fraction], points: Sequence[Sequence[Fraction]] = ()) -> None:
        self.target = tuple(target)
        moved = [[entry - start for entry, start in zip(point, self.target, strict=True)] for point in points]
        self._scale = math.lcm(*[entry.denominator for point in moved for entry in point])
        #: Less the target, times ``_scale``.
        self.points = [tuple([int(entry * self._scale) for entry in point]) for point in moved]
        self._corral: dict[int, Fraction] = {0: Fraction(1)} if points else {}

    def add(self, point: Sequence[Fraction]) -> int:
        """One more point; returns its number."""
        difference = [entry - start for entry, start in zip(point, self.target, strict=True)]
        common = math.lcm(self._scale, *(entry.denominator for entry in difference))
        if common != self._scale:
            factor = common // self._scale
            self.points = [tuple([factor * entry for entry in point]) for point in self.points]
            self._scale = common
        self.points.append(tuple([int(entry * common) for entry in difference]))
        if not self._corral:
            self._corral = {0: Fraction(1)}
        return len(self.points) - 1

    def nearest(self, limits: Limits = NO_LIMITS) -> Nearest:
        """The nearest point, over one point at least.  Raises LimitReached.

        For each change of the corral one product with every point, and a linear system in as many unknowns as the
        corral has points.
        """
        while True:
            limits.check()
            x, common = self._combined()  # times common
            least = sum(map(mul, x, x))
            products = [sum(map(mul, x, point)) for point in self.points]
            best = min(range(len(products)), key=products.__getitem__)
            if common * products[best] >= least:
                offset = tuple([Fraction(entry, common * self._scale) for entry in x])
                point = tuple([start + entry for start, entry in zip(self.target, offset, strict=True)])
                return Nearest(point, offset, dict(self._corral))
            self._corral[best] = Fraction(0)
            self._settle(limits)

    def _combined(self) -> tuple[list[int], int]:
        """The corral's point times a positive integer, and that integer."""
        common = math.lcm(*(weight.denominator for weight in self._corral.values()))
        total = [0] * len(self.target)
        for number, weight in self._corral.items():
            factor = int(weight * common)
            if factor:
                total = [entry + factor * other for entry, other in zip(total, self.points[number], strict=True)]
        return total, common

    def _settle(self, limits: Limits) -> None:
        """Points leave until the affine hull's point of least norm has positive weights only."""
        while True:
            limits.check()
            numbers = list(self._corral)
            wanted = self._affine(numbers)
            if all(weight > 0 for weight in wanted):
                self._corral = dict(zip(numbers, wanted, strict=True))
                return
            steps = [
                (self._corral[number] / (self._corral[number] - weight), number)
                for number, weight in zip(numbers, wanted, strict=True)
                if weight <= 0
            ]
            step, _ = min(steps)
            for number, weight in zip(numbers, wanted, strict=True):
                self._corral[number] += step * (weight - self._corral[number])
            self._corral = {number: weight for number, weight in self._corral.items() if weight > 0}

    def _affine(self, numbers: Sequence[int]) -> list[Fraction]:
        """The weights, with the sum 1, of the point of least norm in the affine hull of some points.

        They solve G w = 1 up to a factor, G the Gram matrix plus 1 in all entries: with a fixed sum of the weights,
        |sum w p|^2 + (sum w)^2 is least where |sum w p| is.
        """
        from flint import fmpz_mat

        points = [self.points[number] for number in numbers]
        size = len(points)
        unit = self._scale * self._scale
        gram = fmpz_mat(size, size, [sum(map(mul, left, right)) + unit for left in points for right in points])
        solution = gram.solve(fmpz_mat(size, 1, [1] * size))
        weights = [Fraction(int(solution[row, 0].p), int(solution[row, 0].q)) for row in range(size)]
        total = sum(weights)
        return [weight / total for weight in weights]


def nearest_point(
    target: Sequence[Fraction], points: Sequence[Sequence[Fraction]], limits: Limits = NO_LIMITS
) -> Nearest:
    """The point nearest to ``target`` in the hull of one or more points.  Raises LimitReached."""
    limits.check()
    return Hull(target, points).nearest(limits)
