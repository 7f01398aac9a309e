"""Intervals with integer ends, in units of 2^-192, rounded outwards; and F with its slopes over a box of states.

An end may be infinite, so that the box may be the whole space.

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
_INFINITE = float("inf")
#: An end: an integer, or one of the two infinite floats.
End = int | float


def _plus(x: End, y: End) -> End:
    """Of two lower ends, or of two upper ones: never of two infinite ones with different signs."""
    if type(x) is float:
        return x
    return y if type(y) is float else x + y


def _times(x: End, y: End) -> End:
    """0 times anything is 0: it is the end of products with numbers that are finite."""
    if type(x) is float or type(y) is float:
        return 0 if not x or not y else _INFINITE if (x > 0) is (y > 0) else -_INFINITE
    return x * y


def _down(x: End, bits: int = _BITS) -> End:
    """Over 2^bits, rounded down."""
    return x if isinstance(x, float) else x >> bits


def _over(x: End, below: int) -> End:
    """Over a positive integer, rounded down."""
    return x if isinstance(x, float) else x // below


@dataclass(frozen=True, slots=True)
class Interval:
    """[low, high], both times 2^-192.  Its operations are those with which ``Smooth`` is written."""

    low: End
    high: End

    @classmethod
    def everything(cls) -> Interval:
        """All real numbers."""
        return cls(-_INFINITE, _INFINITE)

    @property
    def bounded(self) -> bool:
        """Whether both ends are finite; the properties below want it."""
        return not isinstance(self.low, float) and not isinstance(self.high, float)

    @classmethod
    def of(cls, value: Fraction | int, radius: Fraction | int = 0) -> Interval:
        """The numbers within ``radius`` of a rational."""
        low, high = (value - radius) * 2**_BITS, (value + radius) * 2**_BITS
        return cls(low.numerator // low.denominator, -(-high.numerator // high.denominator))

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """Both ends as rationals."""
        return Fraction(self.low) / 2**_BITS, Fraction(self.high) / 2**_BITS

    @property
    def middle(self) -> Fraction:
        """Half way between its ends."""
        low, high = self.ends
        return (low + high) / 2

    @property
    def size(self) -> Fraction:
        """The greatest absolute value."""
        result: Fraction = Fraction(max(-self.low, self.high)) / 2**_BITS
        return result

    def __add__(self, other: Interval) -> Interval:
        return Interval(_plus(self.low, other.low), _plus(self.high, other.high))

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __mul__(self, other: Interval | Fraction | int) -> Interval:
        if not isinstance(other, Interval):
            other = Interval.of(other)
        ends = [_times(x, y) for x in (self.low, self.high) for y in (other.low, other.high)]
        return Interval(_down(min(ends)), -_down(-max(ends)))

    __rmul__ = __mul__

    def __rtruediv__(self, other: Interval | Fraction | int) -> Interval:
        """``other`` over this.  Raises ZeroDivisionError where this holds 0."""
        if self.low <= 0 <= self.high:
            raise ZeroDivisionError
        one = 1 << (2 * _BITS)
        low = 0 if isinstance(self.high, float) else one // self.high
        high = 0 if isinstance(self.low, float) else -(-one // self.low)
        return Interval(low, high) * other

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
        return Interval(_down(low, down), -_down(-high, down))

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
    values : intervals that hold F(x).
    """

    a: tuple[tuple[Interval, ...], ...]
    b: tuple[tuple[Interval, ...], ...]
    undecided: tuple[int, ...]
    values: tuple[Interval, ...]


def slopes_over(
    iteration: Iteration, centre: Sequence[Fraction], radii: Sequence[Fraction | int], limits: Limits = NO_LIMITS
) -> Slopes | None:
    """``slopes_in`` {|x_i - centre_i| <= radii_i}.  Raises LimitReached."""
    return slopes_in(iteration, list(map(Interval.of, centre, radii)), limits)


def slopes_in(iteration: Iteration, box: Sequence[Interval], limits: Limits = NO_LIMITS) -> Slopes | None:
    """Those of F over a box of states; None where an operation may have a pole there.

    As many interval operations as nonzeros, times inputs.  Raises LimitReached.
    """
    rewritten = iteration.program.rewritten
    states, parameters = iteration.columns()
    values = [Interval(0, 0)] * rewritten.inputs
    for column, interval in zip(states, box, strict=True):
        values[column] = interval
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
    return Slopes(a, b, tuple(undecided), tuple([values[output] for output in rewritten.outputs]))


def _entries(row: Row) -> zip[tuple[int, int]]:
    return zip(row.arguments, row.coefficients, strict=True)


def _sum(terms: Sequence[tuple[int, Interval]], below: int, bias: int = 0) -> Interval:
    """(bias + sum of integers times intervals) / below."""
    low: End = bias
    high: End = bias
    for entry, interval in terms:
        first, last = (interval.low, interval.high) if entry > 0 else (interval.high, interval.low)
        low, high = _plus(low, _times(entry, first)), _plus(high, _times(entry, last))
    return Interval(_over(low, below), -_over(-high, below))
