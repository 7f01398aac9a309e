"""Bounded combinations of vectors, decided exactly: multipliers, or a point that excludes them.

For vectors u_c in Q^p, bounds low_c <= y_c <= high_c and a target t exactly one holds (Farkas): some y
within the bounds has sum_c y_c u_c = t, or some x has t x > max over such y of sum_c y_c u_c x.  The second
says that a concave function with hinges is positive at x: for t x - sum_k c_k max(0, w_k x) on a cone
l_i x >= 0 take hinges u = w_k with bounds 0 and c_k, and rows u = l_i with bounds -infinity and 0.
A dual simplex without an objective (Dutertre and de Moura, CAV 2006), with bound flips, on an exact p x p
inverse: hinges are columns, not dimensions, however many there are.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits

# After so many pivots, and as many for each dimension, Bland's rule makes sure of the end.
_GREEDY_PIVOTS, _GREEDY_EACH = 100, 8

# Bits of a lane.
_LANE = 64
_HALF = 1 << (_LANE - 1)

Bounds = tuple[int | None, int | None]


class Combination(NamedTuple):
    """``numerators[c] / denominator`` (nonzero entries only) times the vectors sum to the target."""

    numerators: dict[int, int]
    denominator: int


class SeparatingPoint(NamedTuple):
    """``point`` x (p integers): the target times x exceeds what bounded combinations reach."""

    point: tuple[int, ...]


class BoxSystem:
    """Vectors in Z^p, of which bounded combinations are asked for, again and again.

    The basis stays between questions, so that a question near the last one costs few pivots.
    """

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        #: The first p vectors are the units; their bounds are 0 and 0 unless a question says otherwise.
        self.vectors = [tuple([int(i == j) for i in range(dimension)]) for j in range(dimension)]
        self._basis = list(range(dimension))
        self._rows = [list(vector) for vector in self.vectors]  # of the inverse, each over its denominator
        self._denominators = [1] * dimension
        self._packed = Packed(self.vectors)
        self._rested: dict[int, int] = {}  # where nonbasic vectors stood last, if not at 0

    def add(self, vector: Sequence[int]) -> int:
        """Register a vector (p integers); returns its number."""
        self.vectors.append(tuple(vector))
        self._packed.add(tuple(vector))
        return len(self.vectors) - 1

    def solve(
        self, bounds: Mapping[int, Bounds], target: Sequence[int], limits: Limits | None = None
    ) -> Combination | SeparatingPoint:
        """Is ``target`` a combination within ``bounds`` (None: unbounded; vectors not named are left out)?

        Each named vector has at least one finite bound.  Raises LimitReached.
        """
        resting: dict[int, int] = {}  # nonbasic -> its bound, where that is not 0
        basic = set(self._basis)
        rest = list(target)
        for number, (low, high) in bounds.items():
            last = self._rested.get(number, 0)
            start = last if last in (low, high) else low if low is not None else high
            if start and number not in basic:
                resting[number] = start
                rest = [x - start * u for x, u in zip(rest, self.vectors[number], strict=True)]
        self._rested = resting
        pivots, greedy = 0, _GREEDY_PIVOTS + _GREEDY_EACH * self.dimension
        while True:
            if limits is not None:
                limits.check()
            bland = pivots >= greedy
            leaving = self._violated(bounds, rest, bland)
            if leaving is None:
                return self._combination(rest, resting)
            place, bound, numerator = leaving
            row, denominator = self._rows[place], self._denominators[place]
            gap = numerator - bound * denominator  # over the denominator: what the basic variable is off by
            entering = self._entering(bounds, basic, resting, rest, row, gap=gap, bland=bland)
            if entering is None:
                return SeparatingPoint(tuple(row if gap > 0 else [-entry for entry in row]))
            old = self._basis[place]
            if bound:
                resting[old] = bound
                rest = [x - bound * u for x, u in zip(rest, self.vectors[old], strict=True)]
            moved = resting.pop(entering, 0)
            if moved:
                rest = [x + moved * u for x, u in zip(rest, self.vectors[entering], strict=True)]
            basic.discard(old)
            basic.add(entering)
            self._pivot(place, entering)
            pivots += 1

    def _violated(self, bounds: Mapping[int, Bounds], rest: list[int], bland: bool) -> tuple[int, int, int] | None:
        """(place, bound, numerator) of a basic variable outside its bounds: the one off the most, or the first."""
        best: tuple[int, int, int] | None = None
        most = 0.0
        for place, number in enumerate(self._basis):
            low, high = bounds.get(number, (0, 0))
            denominator = self._denominators[place]
            value = sum(map(mul, self._rows[place], rest))
            if low is not None and value < low * denominator:
                bound = low
            elif high is not None and value > high * denominator:
                bound = high
            else:
                continue
            if bland:
                if best is None or number < self._basis[best[0]]:
                    best = place, bound, value
                continue
            off = _ratio(abs(value - bound * denominator), denominator)
            if best is None or off > most:
                best, most = (place, bound, value), off
        return best

    def _entering(
        self,
        bounds: Mapping[int, Bounds],
        basic: set[int],
        resting: dict[int, int],
        rest: list[int],
        row: list[int],
        *,
        gap: int,
        bland: bool,
    ) -> int | None:
        """A nonbasic vector that closes the gap: those that do not reach by going to their other bound go there.

        ``rest`` and ``resting`` follow the flips.
        """
        able: list[tuple[int, int, int]] = []  # (-size, number, slope)
        slopes = self._packed.products(row)
        for number, (low, high) in bounds.items():
            slope = slopes[number]
            if not slope or number in basic or low == high:
                continue
            at = resting.get(number, 0)
            # A larger y lowers the basic variable where the slope is positive.
            if (slope > 0) == (gap > 0):
                if high is None or at < high:
                    able.append((-abs(slope), number, slope))
            elif low is None or at > low:
                able.append((-abs(slope), number, slope))
        if not able:
            return None
        if bland:
            return min(number for _, number, _ in able)
        able.sort()
        left = abs(gap)
        for size, number, slope in able[:-1]:
            low, high = bounds[number]
            at = resting.get(number, 0)
            up = (slope > 0) == (gap > 0)
            other = high if up else low
            if other is None or -size * abs(other - at) >= left:
                return number
            left += size * abs(other - at)
            resting[number] = other
            step = other - at
            rest[:] = [x - step * u for x, u in zip(rest, self.vectors[number], strict=True)]
            if not other:
                del resting[number]
        return able[-1][1]

    def _combination(self, rest: list[int], resting: dict[int, int]) -> Combination:
        common = math.lcm(*self._denominators)
        entries = {number: value * common for number, value in resting.items()}
        for number, row, denominator in zip(self._basis, self._rows, self._denominators, strict=True):
            value = sum(map(mul, row, rest)) * (common // denominator)
            if value:
                entries[number] = value
        content = math.gcd(common, *entries.values())
        return Combination({number: value // content for number, value in entries.items()}, common // content)

    def _pivot(self, place: int, entering: int) -> None:
        """The vector ``entering`` takes the basis place; all divisions are exact."""
        vector, moved = self.vectors[entering], self._rows[place]
        pivot = sum(map(mul, moved, vector))
        for other, row in enumerate(self._rows):
            if other == place:
                continue
            slope = sum(map(mul, row, vector))
            if slope:
                changed = [pivot * x - slope * y for x, y in zip(row, moved, strict=True)]
                self._set(other, changed, self._denominators[other] * pivot)
        self._set(place, moved, pivot)
        self._basis[place] = entering

    def _set(self, place: int, row: list[int], denominator: int) -> None:
        content = math.gcd(denominator, *row)
        if denominator < 0:
            content = -content
        self._rows[place] = row if content == 1 else [entry // content for entry in row]
        self._denominators[place] = denominator // content


class Packed:
    """Many integer vectors, of which the products with one row are wanted all at once.

    Coordinate i of all vectors is one long integer, a lane for each vector; a product with the row is then
    p multiplications.  Exact: where a lane could overflow the products are taken one by one.
    """

    def __init__(self, vectors: Iterable[Sequence[int]]) -> None:
        self.vectors: list[tuple[int, ...]] = []
        self._columns: list[int] = []
        self._largest = 1
        for vector in vectors:
            self.add(tuple(vector))

    def add(self, vector: tuple[int, ...]) -> None:
        """One more vector."""
        self._columns = self._columns or [0] * len(vector)
        shift = _LANE * len(self.vectors)
        self.vectors.append(vector)
        self._largest = max(self._largest, *map(abs, vector))
        self._columns = [column + (entry << shift) for column, entry in zip(self._columns, vector, strict=True)]

    def products(self, row: Sequence[int]) -> Sequence[int]:
        """row . vector for all vectors, in order."""
        if self._largest * sum(map(abs, row)) >= 1 << (_LANE - 1):
            return [sum(map(mul, row, vector)) for vector in self.vectors]
        count = len(self.vectors)
        # Half a lane's range is added to each lane, so that none borrows from the next.
        total = sum(map(mul, row, self._columns)) + _middle(count)
        lanes = struct.unpack(f"<{count}Q", total.to_bytes(8 * count, "little"))
        return [lane - _HALF for lane in lanes]


@lru_cache(maxsize=4)
def _middle(count: int) -> int:
    return sum(_HALF << (_LANE * lane) for lane in range(count))


def _ratio(numerator: int, denominator: int) -> float:
    """A size to compare by: it only ranks candidates."""
    shift = max(numerator.bit_length(), denominator.bit_length()) - 900
    return (numerator >> shift) / max(denominator >> shift, 1) if shift > 0 else numerator / denominator
