"""Intervals with integer ends, in units of 2^-192, rounded outwards; and F with its slopes over a box of states.

For all x, y of the box and every node v, v(x) - v(y) = g (x - y) for some row g of the slopes that are computed here:
by the mean value theorem for smooth operations, whose partial derivatives are taken over the ranges of their arguments,
and since a relu's differences are s times those of its argument, s in [0, 1] where its sign is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.net.forms import Row
from subgrad_hardness.net.lowering import Relu
from subgrad_hardness.net.operations import Smooth
from subgrad_hardness.net.smooth_operations import SMOOTH

_BITS = 192


@dataclass(frozen=True, slots=True)
class Interval:
    """[low, high], both times 2^-192.  Its operations are those with which ``Smooth`` is written."""

    low: int
    high: int

    @classmethod
    def of(cls, value: Fraction | int, radius: Fraction | int = 0) -> Interval:
        """The numbers within ``radius`` of a rational."""
        low, high = (value - radius) * 2**_BITS, (value + radius) * 2**_BITS
        return cls(low.numerator // low.denominator, -(-high.numerator // high.denominator))

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """Both ends as rationals."""
        return Fraction(self.low, 2**_BITS), Fraction(self.high, 2**_BITS)

    @property
    def middle(self) -> Fraction:
        """Half way between its ends."""
        return Fraction(self.low + self.high, 2 ** (_BITS + 1))

    @property
    def size(self) -> Fraction:
        """The greatest absolute value."""
        return Fraction(max(-self.low, self.high), 2**_BITS)

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __mul__(self, other: Interval | Fraction | int) -> Interval:
        if not isinstance(other, Interval):
            other = Interval.of(other)
        ends = [x * y for x in (self.low, self.high) for y in (other.low, other.high)]
        return Interval(min(ends) >> _BITS, -(-max(ends) >> _BITS))

    __rmul__ = __mul__

    def __rtruediv__(self, other: Interval | Fraction | int) -> Interval:
        """``other`` over this.  Raises ZeroDivisionError where this holds 0."""
        if self.low <= 0 <= self.high:
            raise ZeroDivisionError
        one = 1 << (2 * _BITS)
        return Interval(one // self.high, -(-one // self.low)) * other

    def __truediv__(self, other: Interval) -> Interval:
        return other.__rtruediv__(self)

    def __pow__(self, exponent: int) -> Interval:
        if exponent < 0:
            return 1 / self**-exponent
        if not exponent:
            return Interval.of(1)
        ends = self.low**exponent, self.high**exponent
        low, high = min(ends), max(ends)
        if exponent % 2 == 0 and self.low < 0 < self.high:
            low = 0
        down = _BITS * (exponent - 1)
        return Interval(low >> down, -(-high >> down))

    def with_zero(self) -> Interval:
        """Times all of [0, 1]."""
        return Interval(min(self.low, 0), max(self.high, 0))


class Slopes(NamedTuple):
    """Over a box of states, theta fixed.

    Attributes
    ----------
    a, b : intervals, p x p and p x m.  F(x) - F(y) = A (x - y) for some A of ``a``; where no relu is undecided, ``a``
        and ``b`` hold the Jacobians of F in the state and in theta.
    undecided : positions, among the nodes, of relus that may stand at 0, and whose arguments are no constants.
    """

    a: tuple[tuple[Interval, ...], ...]
    b: tuple[tuple[Interval, ...], ...]
    undecided: tuple[int, ...]


def slopes_over(
    iteration: Iteration, centre: Sequence[Fraction], radii: Sequence[Fraction | int], limits: Limits = NO_LIMITS
) -> Slopes | None:
    """Those of F over {|x_i - centre_i| <= radii_i}; None where an operation may have a pole there.

    As many interval operations as nonzeros, times inputs.  Raises LimitReached.
    """
    rewritten = iteration.program.rewritten
    states, parameters = iteration.columns()
    values = [Interval(0, 0)] * rewritten.inputs
    for column, middle, radius in zip(states, centre, radii, strict=True):
        values[column] = Interval.of(middle, radius)
    for column, number in zip(parameters, iteration.theta, strict=True):
        values[column] = Interval.of(number)
    slopes = [{column: Interval.of(1)} for column in range(rewritten.inputs)]
    undecided = []
    for index, node in enumerate(rewritten.nodes):
        limits.check()
        if isinstance(node, Relu):
            z, slope = values[node.argument], slopes[node.argument]
            if z.low <= 0 <= z.high and slope:
                undecided.append(index)
            if z.high <= 0:
                slope = {}
            elif z.low < 0:
                slope = {column: entry.with_zero() for column, entry in slope.items()}
            values.append(Interval(max(z.low, 0), max(z.high, 0)))
            slopes.append(slope)
            continue
        if isinstance(node, Row):
            below, bias = node.denominator, node.bias << _BITS
            values.append(_sum([(entry, values[i]) for i, entry in _entries(node)], below, bias))
            terms: dict[int, list[tuple[int, Interval]]] = {}
            for argument, entry in _entries(node):
                for column, slope_of in slopes[argument].items():
                    terms.setdefault(column, []).append((entry, slope_of))
            slopes.append({column: _sum(own, below) for column, own in terms.items()})
            continue
        meaning: Any = SMOOTH[node.operation].meaning
        assert isinstance(meaning, Smooth)
        arguments: Any = [values[argument] for argument in node.arguments]
        try:
            found: Any = meaning.value(arguments, node.exponent)
            partials = meaning.partials(arguments, node.exponent)
        except ZeroDivisionError:
            return None
        total: dict[int, Interval] = {}
        for argument, partial in zip(node.arguments, partials, strict=True):
            for column, own_slope in slopes[argument].items():
                total[column] = total.get(column, Interval(0, 0)) + own_slope * partial
        values.append(found)
        slopes.append(total)
    rows = [slopes[output] for output in rewritten.outputs]
    none = Interval(0, 0)
    a, b = (
        tuple([tuple([row.get(column, none) for column in columns]) for row in rows])
        for columns in (states, parameters)
    )
    return Slopes(a, b, tuple(undecided))


def _entries(row: Row) -> zip[tuple[int, int]]:
    return zip(row.arguments, row.coefficients, strict=True)


def _sum(terms: Sequence[tuple[int, Interval]], below: int, bias: int = 0) -> Interval:
    """(bias + sum of integers times intervals) / below."""
    low = high = bias
    for entry, interval in terms:
        if entry > 0:
            low, high = low + entry * interval.low, high + entry * interval.high
        else:
            low, high = low + entry * interval.high, high + entry * interval.low
    return Interval(low // below, -(-high // below))
