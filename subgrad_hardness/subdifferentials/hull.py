"""The hull of the members known, seen from a matrix: the nearest point, and functionals that separate the two."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import chain
from operator import mul, sub
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.lexicographic import Element
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.subdifferentials.nearest import Nearest, nearest
from subgrad_hardness.subdifferentials.oracle import Oracle

#: A separating functional is rounded to integers of these sizes in turn, and used where it still separates.
_GRIDS = (2**6, 2**12, 2**24, 2**48)
#: A squared distance below this, where the largest entry of all differences is 1, is zero as far as floats can tell.
_NEAR = 1e-14


class Combined(NamedTuple):
    """A convex combination of members of d_L, with these positive weights."""

    weights: tuple[Fraction, ...]
    elements: tuple[Element, ...]


class Hull:
    """The members that an oracle knows, minus an m x p matrix, in integers over one denominator."""

    def __init__(self, oracle: Oracle, matrix: Matrix) -> None:
        self.matrix = matrix
        self._oracle = oracle
        scales = oracle.net.scales
        entries = list(chain.from_iterable(matrix))
        self._common = math.lcm(*(entry.denominator for entry in entries), *(scale.denominator for scale in scales))
        self._factors = [int(scale * self._common) for scale in scales]
        self._matrix = [int(entry * self._common) for entry in entries]
        self._elements: list[Element] = []
        self._points: list[tuple[int, ...]] = []

    def refresh(self) -> None:
        """Take in the members that the oracle has learned."""
        for element in list(self._oracle.members.values())[len(self._elements) :]:
            flat = [factor * entry for factor, row in zip(self._factors, element.rows, strict=True) for entry in row]
            self._elements.append(element)
            self._points.append(tuple(map(sub, flat, self._matrix)))

    def nearest(self, limits: Limits) -> Nearest:
        """The nearest point of the hull, minus the matrix.  Raises LimitReached."""
        return nearest(self._points, limits)

    def separating(self) -> Matrix | None:
        """A functional U of small integers with <U, J - matrix> < 0 for all members, if floats find one."""
        from subgrad_hardness.subdifferentials.nearest_floats import nearest_floats  # late: numpy

        about, _ = nearest_floats(self._points)
        if float(about @ about) <= _NEAR:
            return None
        top = float(abs(about).max())
        for grid in _GRIDS:
            direction = [-round(float(entry) / top * grid) for entry in about]
            if all(sum(map(mul, direction, point)) < 0 for point in self._points):
                content = math.gcd(*direction)
                return self._rows([Fraction(entry // content) for entry in direction])
        return None

    def combined(self, found: Nearest) -> Combined:
        """The combination that a nearest point is."""
        return Combined(found.weights, tuple([self._elements[place] for place in found.places]))

    def difference(self, found: Nearest) -> Matrix:
        """The nearest point minus the matrix."""
        return self._rows([Fraction(entry, found.denominator * self._common) for entry in found.point])

    def _rows(self, flat: Sequence[Fraction]) -> Matrix:
        size = self._oracle.net.inputs
        return tuple([tuple(flat[start : start + size]) for start in range(0, len(flat), size)])
