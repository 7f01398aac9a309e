"""Bounded combinations of vectors, decided exactly: multipliers, or a point that excludes them.

Given are vectors u_c in Q^p, bounds low_c <= y_c <= high_c and a target t.  By Farkas' lemma exactly one of these
holds:

* some y within the bounds has sum_c y_c u_c = t;
* some x in Q^p has t x > sum_c y_c u_c x for all y within the bounds.

The second case says that a concave function with hinges is positive at x.  For the function
t x - sum_k c_k max(0, w_k x) on a cone l_i x >= 0, take each hinge as a vector u = w_k with the bounds 0 and c_k, and
each row as a vector u = l_i with the bounds -infinity and 0.

The method is the general simplex of Dutertre and de Moura (CAV 2006), a dual simplex without an objective, with bound
flips (the long-step rule of the dual simplex).  It runs on an exact p x p inverse: hinges are columns and not
dimensions, however many there are.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits

# After 100 pivots and 8 more for each dimension, far more than most questions take, Bland's rule makes sure that the
# simplex does not cycle.
_GREEDY_PIVOTS, _GREEDY_EACH = 100, 8

# The width of a lane in bits, and half of the range of a lane.
_LANE = 64
_HALF = 1 << (_LANE - 1)

Bounds = tuple[int | None, int | None]


class Combination(NamedTuple):
    """The vectors, each times ``numerators[c] / denominator`` (zero if c is not there), sum to the target."""

    numerators: dict[int, int]
    denominator: int


class SeparatingPoint(NamedTuple):
    """A ``point`` x of p integers: the target times x is more than every bounded combination times x."""

    point: tuple[int, ...]


class BoxSystem:
    """Vectors in Z^p, of which bounded combinations are asked for, again and again.

    The basis stays between questions, so that a question near the last one costs few pivots.  Which of several answers
    is given may therefore depend on earlier questions.
    """

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        #: The first p vectors are the units; their bounds are 0 and 0 unless a question says otherwise.
        self.vectors = [tuple([int(i == j) for i in range(dimension)]) for j in range(dimension)]
        self.basis = list(range(dimension))
        self._rows = [list(vector) for vector in self.vectors]  # of the inverse, each over its denominator
        self._denominators = [1] * dimension
        self._packed = Packed(self.vectors)
        self._last: dict[int, int] = {}  # where nonbasic vectors stood in the last question, if not at 0

    def add(self, vector: Sequence[int]) -> int:
        """Register a vector (p integers); returns its number."""
        self.vectors.append(tuple(vector))
        self._packed.add(tuple(vector))
        return len(self.vectors) - 1

    def solve(
        self, bounds: Mapping[int, Bounds], target: Sequence[int], limits: Limits | None = None
    ) -> Combination | SeparatingPoint:
        """Is ``target`` a combination within ``bounds``?

        Parameters
        ----------
        bounds : (low, high) for each vector that takes part, by its number.  None is no bound; one of the two is a
            number.
        target : p integers.

        Raises
        ------
        LimitReached
        """
        state = Standing(self.vectors, bounds, set(self.basis), target)
        for number, (low, high) in bounds.items():
            last = self._last.get(number, 0)
            start = last if last in (low, high) else low if low is not None else high
            if start and number not in state.basic:
                state.move(number, start)
        self._last = state.values
        pivots, greedy = 0, _GREEDY_PIVOTS + _GREEDY_EACH * self.dimension
        while True:
            if limits is not None:
                limits.check()
            bland = pivots >= greedy
            leaving = self.violated(state, bland)
            if leaving is None:
                return self._combination(state)
            position, bound, numerator = leaving
            row, denominator = self._rows[position], self._denominators[position]
            gap = numerator - bound * denominator  # over the denominator: what the basic variable is off by
            entering = self._entering(state, row, gap, bland)
            if entering is None:
                return SeparatingPoint(tuple(row if gap > 0 else [-entry for entry in row]))
            old = self.basis[position]
            state.move(old, bound)
            state.move(entering, 0)
            state.basic.discard(old)
            state.basic.add(entering)
            self.pivot(position, entering)
            pivots += 1

    def violated(self, state: Standing, bland: bool) -> tuple[int, int, int] | None:
        """(position, bound, numerator of the value) of a basic variable outside its bounds.

        The one that is off the most is taken, under Bland's rule the one of the first vector; None if there is none.
        """
        bounds, rest = state.bounds, state.rest
        best: tuple[int, int, int] | None = None
        most = 0.0
        for position, number in enumerate(self.basis):
            low, high = bounds.get(number, (0, 0))
            denominator = self._denominators[position]
            value = sum(map(mul, self._rows[position], rest))
            if low is not None and value < low * denominator:
                bound = low
            elif high is not None and value > high * denominator:
                bound = high
            else:
                continue
            if bland:
                if best is None or number < self.basis[best[0]]:
                    best = position, bound, value
                continue
            off = _ratio(abs(value - bound * denominator), denominator)
            if best is None or off > most:
                best, most = (position, bound, value), off
        return best

    def _entering(self, state: Standing, row: list[int], gap: int, bland: bool) -> int | None:
        """A nonbasic vector that closes the gap of a basic variable, or None if all together cannot.

        The vectors that change the variable most are looked at first.  One that does not close the gap even by going
        from one of its bounds to the other goes there (a *flip*), and the next one is looked at for what remains.
        """
        candidates = self._candidates(state, row, gap > 0)
        if not candidates:
            return None
        if bland:
            return min(number for _, number, _ in candidates)
        candidates.sort()
        left = abs(gap)
        for size, number, slope in candidates[:-1]:
            low, high = state.bounds[number]
            other = high if (slope > 0) == (gap > 0) else low
            if other is None:
                return number
            reach = -size * abs(other - state.values.get(number, 0))
            if reach >= left:
                return number
            left -= reach
            state.move(number, other)
        return candidates[-1][1]

    def _candidates(self, state: Standing, row: list[int], too_large: bool) -> list[tuple[int, int, int]]:
        """(-size, number, slope) of each nonbasic vector whose change lowers a basic variable that is ``too_large``, or
        raises one that is too small; ``size`` is that of the slope."""
        found: list[tuple[int, int, int]] = []
        slopes = self._packed.products(row)
        basic, values = state.basic, state.values
        for number, (low, high) in state.bounds.items():
            slope = slopes[number]
            if not slope or number in basic or low == high:
                continue
            at = values.get(number, 0)
            # A larger y lowers the basic variable where the slope is positive.
            if (slope > 0) == too_large:
                if high is None or at < high:
                    found.append((-abs(slope), number, slope))
            elif low is None or at > low:
                found.append((-abs(slope), number, slope))
        return found

    def _combination(self, state: Standing) -> Combination:
        """The values of all vectors, over their common denominator."""
        common = math.lcm(*self._denominators)
        entries = {number: value * common for number, value in state.values.items()}
        for number, row, denominator in zip(self.basis, self._rows, self._denominators, strict=True):
            value = sum(map(mul, row, state.rest)) * (common // denominator)
            if value:
                entries[number] = value
        content = math.gcd(common, *entries.values())
        return Combination({number: value // content for number, value in entries.items()}, common // content)

    def pivot(self, position: int, entering: int) -> None:
        """The vector ``entering`` takes a position of the basis; all divisions are exact."""
        vector, moved = self.vectors[entering], self._rows[position]
        pivot = sum(map(mul, moved, vector))
        for other, row in enumerate(self._rows):
            if other == position:
                continue
            slope = sum(map(mul, row, vector))
            if slope:
                changed = [pivot * x - slope * y for x, y in zip(row, moved, strict=True)]
                self._set(other, changed, self._denominators[other] * pivot)
        self._set(position, moved, pivot)
        self.basis[position] = entering

    def _set(self, position: int, row: list[int], denominator: int) -> None:
        """A row of the inverse in lowest terms, its denominator positive."""
        content = math.gcd(denominator, *row)
        if denominator < 0:
            content = -content
        self._rows[position] = row if content == 1 else [entry // content for entry in row]
        self._denominators[position] = denominator // content


class Standing:
    """Where the vectors stand in one question, and what they leave of the target for the basis.

    Attributes
    ----------
    bounds : of the vectors that take part.
    basic : the numbers of the basis.
    values : the bound at which a nonbasic vector stands, where that is not 0.
    rest : the target minus the nonbasic vectors, each times its value.
    """

    def __init__(
        self,
        vectors: Sequence[tuple[int, ...]],
        bounds: Mapping[int, Bounds],
        basic: set[int],
        target: Sequence[int],
    ) -> None:
        self._vectors = vectors
        self.bounds = bounds
        self.basic = basic
        self.values: dict[int, int] = {}
        self.rest = list(target)

    def move(self, number: int, value: int) -> None:
        """Move a vector, which is or becomes nonbasic, to a value."""
        step = value - self.values.get(number, 0)
        if not step:
            return
        self.rest = [x - step * u for x, u in zip(self.rest, self._vectors[number], strict=True)]
        if value:
            self.values[number] = value
        else:
            del self.values[number]


class Packed:
    """Many integer vectors, of which the products with one row are wanted all at once.

    Coordinate i of all vectors is packed into one long integer, with a lane of 64 bits for each vector, so that all
    products with a row take p multiplications.  They are exact: where a lane could overflow, the products are taken one
    by one.
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
    """Half of a lane's range in each of ``count`` lanes."""
    return sum(_HALF << (_LANE * lane) for lane in range(count))


def _ratio(numerator: int, denominator: int) -> float:
    """About the quotient, to compare sizes by: a float that only ranks candidates, and that no answer rests on."""
    shift = max(numerator.bit_length(), denominator.bit_length()) - 900
    return (numerator >> shift) / max(denominator >> shift, 1) if shift > 0 else numerator / denominator
