"""Bounds of a fixed point, proved by Banach's theorem; for F with smooth operations, whose fixed points are irrational.

On the ball |x - c| <= R of a norm let T be L-Lipschitz, L < 1.  If |T(c) - c| + L R <= R, then T maps the ball into
itself, and has one fixed point in it, within |T(c) - c| / (1 - L) of c.  T is F itself, in a norm in which its Jacobian
at c contracts, and then iterates from the ball converge at the rate L; or else, in the greatest entry, Newton's
operator x - Y (x - F(x)), Y about (I - A)^-1: its fixed points are those of F, since Y (I - A) is invertible where
L < 1.  Floating point and rounded rationals propose c, the norm, R and Y; L is bounded by slopes over the ball.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from math import floor
from operator import mul
from typing import Any, NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.contraction import contracting
from subgrad_hardness.iterative.intervals import Interval, Slopes, slopes_over
from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.iterative.resolvent import resolved
from subgrad_hardness.iterative.spectral_radius.measures import dual_size_of, size_of
from subgrad_hardness.iterative.verifying.spectral_format import Weighted
from subgrad_hardness.local.local_net import Matrix

# Radii are tried from 2^this, relative to the size of c, down to the least one, each a quarter of the last.
_WIDEST = 10
# The last radius, where c is the fixed point itself.
_LEAST = Fraction(1, 2**100)
# Bits of the entries of Y, and of the bounds that are given back.
_BITS = 96

_NONE = Interval(0, 0)


class Enclosure(NamedTuple):
    """One fixed point of F(., theta).

    Attributes
    ----------
    low, high : it lies between these, entry by entry.
    alone : F has no other one with all entries within this of ``centre``.
    centre : c.
    rate : iterates that begin with all entries within ``alone`` of ``centre`` converge to it at this rate, in a norm;
        None: not proved.
    undecided : positions of relus, among the rewritten nodes, that may stand at 0 there.
    jacobian : where there are none: the ends of intervals that hold the derivative of the fixed point in theta.
    """

    low: Vector
    high: Vector
    centre: Vector
    alone: Fraction
    rate: Fraction | None
    undecided: tuple[int, ...]
    jacobian: tuple[Matrix, Matrix] | None


class _Way(NamedTuple):
    """T, in a norm.

    Attributes
    ----------
    defect : |T(c) - c|.
    box : |x| is at most this times the greatest entry of x.
    duals : no entry of x is greater than this times |x|.
    rate : L, from the slopes over a ball.
    plain : whether T is F.
    """

    defect: Fraction
    box: Fraction
    duals: Vector
    rate: Callable[[Slopes], Fraction]
    plain: bool


def enclosure(iteration: Iteration, centre: Vector, limits: Limits = NO_LIMITS) -> Enclosure | None:
    """Of a fixed point near ``centre``; None: nothing is proved.  Raises LimitReached, and NetError for a pole."""
    moved = tuple([y - x for x, y in zip(centre, iteration.step(centre), strict=True)])
    here = slopes_over(iteration, centre, (0,) * len(centre), limits)
    if here is None:
        return None
    middle = tuple([tuple([_short(entry.middle) for entry in row]) for row in here.a])
    inverse = _inverse(middle)
    ways = [_plain(middle, moved, limits), None if inverse is None else _newton(inverse, moved)]
    for way in [way for way in ways if way is not None]:
        found = _within(way, iteration, centre, limits)
        if found is not None:
            jacobian = None
            if inverse is not None and not found.undecided:
                radii = [high - x for high, x in zip(found.high, centre, strict=True)]
                jacobian = _jacobian(inverse, slopes_over(iteration, centre, radii, limits))
            return found._replace(jacobian=jacobian)
    return None


def _within(way: _Way, iteration: Iteration, centre: Vector, limits: Limits) -> Enclosure | None:
    def over(radius: Fraction) -> tuple[Slopes, Fraction] | None:
        """The slopes over a ball, and L, where T maps the ball into itself."""
        slopes = slopes_over(iteration, centre, [radius * dual for dual in way.duals], limits)
        if slopes is None:
            return None
        rate = way.rate(slopes)
        return (slopes, rate) if rate < 1 and way.defect + rate * radius <= radius else None

    here = slopes_over(iteration, centre, (0,) * len(centre), limits)
    if here is None or (first := way.rate(here)) >= 1:
        return None
    least = max(2 * way.defect / (1 - first), _LEAST)
    near = over(least)
    if near is None:
        return None
    slopes, tight = near
    reach = way.defect / (1 - tight)
    low = tuple([_down(x - reach * dual) for x, dual in zip(centre, way.duals, strict=True)])
    high = tuple([-_down(-x - reach * dual) for x, dual in zip(centre, way.duals, strict=True)])
    if not way.defect:
        low, high, slopes = centre, centre, here
    radius, rate = max(Fraction(1), *map(abs, centre)) * 2**_WIDEST, tight
    while radius > least:
        wide = over(radius)
        if wide is not None and wide[1] <= (1 + tight) / 2:
            rate = wide[1]
            break
        radius = max(radius / 4, least)
    alone = _down(radius / way.box)
    return Enclosure(low, high, centre, alone, rate if way.plain else None, slopes.undecided, None)


def _plain(middle: Matrix, moved: Vector, limits: Limits) -> _Way | None:
    """F, in a norm in which ``middle`` contracts."""
    found = contracting((middle,), limits)
    if found is None or found.upper is None:
        return None
    norm, size = found.upper.norm, len(middle)
    units = [tuple([Fraction(int(i == j)) for j in range(size)]) for i in range(size)]
    sizes, duals = [size_of(norm, unit) for unit in units], tuple([dual_size_of(norm, unit) for unit in units])
    rho = found.upper.bound

    def rate(slopes: Slopes) -> Fraction:
        # Slopes differ from the middle by E, and |E x| is at most the sum of |E_ij| |x_j| |e_i|.
        total = rho
        for row, own, unit in zip(slopes.a, middle, sizes, strict=True):
            for entry, at, dual in zip(row, own, duals, strict=True):
                total += (entry + Interval.of(-at)).size * unit * dual
        return total

    box = size_of(norm, (Fraction(1),) * size) if isinstance(norm, Weighted) else sum(sizes, Fraction(0))
    return _Way(size_of(norm, moved) if any(moved) else Fraction(0), box, duals, rate, True)


def _newton(inverse: Matrix, moved: Vector) -> _Way:
    """x - Y (x - F(x)), in the greatest entry."""
    defect = max([abs(entry) for (entry,) in _times(inverse, [[entry] for entry in moved])])
    return _Way(defect, Fraction(1), (Fraction(1),) * len(moved), partial(_contracted, inverse), False)


def _contracted(inverse: Matrix, slopes: Slopes) -> Fraction:
    """A bound of I - Y (I - A): the greatest sum of a row."""
    unit = Interval.of(1)
    remaining = [[-entry if i != j else unit + -entry for j, entry in enumerate(row)] for i, row in enumerate(slopes.a)]
    greatest = Fraction(0)
    for i, row in enumerate(_product(inverse, remaining)):
        entries = [(unit + -entry if i == j else entry).size for j, entry in enumerate(row)]
        greatest = max(greatest, sum(entries, Fraction(0)))
    return greatest


def _jacobian(inverse: Matrix, slopes: Slopes | None) -> tuple[Matrix, Matrix] | None:
    """J = (I - A)^-1 B is J0 = Y B for some B, and (I - A)^-1 R with R = B + A J0 - J0; of which, column by column,
    the greatest entry of Y R over 1 - |I - Y (I - A)| is a bound."""
    if slopes is None or (factor := _contracted(inverse, slopes)) >= 1:
        return None
    middle = _times(inverse, [[_short(entry.middle) for entry in row] for row in slopes.b])
    moved = [
        [b + ax + Interval.of(-x) for b, ax, x in zip(*rows, strict=True)]
        for rows in zip(slopes.b, _product(slopes.a, middle), middle, strict=True)
    ]
    columns = zip(*_product(inverse, moved), strict=True)
    radii = [max([entry.size for entry in column]) / (1 - factor) for column in columns]
    low = tuple([tuple([_down(x - r) for x, r in zip(row, radii, strict=True)]) for row in middle])
    high = tuple([tuple([-_down(-x - r) for x, r in zip(row, radii, strict=True)]) for row in middle])
    return low, high


def _inverse(middle: Matrix) -> Matrix | None:
    """About (I - A)^-1."""
    size = len(middle)
    units = tuple([tuple([Fraction(int(i == j)) for j in range(size)]) for i in range(size)])
    found = resolved(middle, units)
    return None if found is None else tuple([tuple(map(_short, row)) for row in found])


def _product(left: Sequence[Sequence[Any]], right: Sequence[Sequence[Any]]) -> list[list[Interval]]:
    """Of rationals and intervals."""
    columns = list(zip(*right, strict=True))
    return [[sum([x * y for x, y in zip(row, column, strict=True)], _NONE) for column in columns] for row in left]


def _times(left: Matrix, right: Sequence[Sequence[Fraction]]) -> Matrix:
    columns = list(zip(*right, strict=True))
    return tuple([tuple([sum(map(mul, row, column), Fraction(0)) for column in columns]) for row in left])


def _short(value: Fraction) -> Fraction:
    return Fraction(round(value * 2**_BITS), 2**_BITS)


def _down(value: Fraction) -> Fraction:
    """Rounded, to no larger one."""
    return Fraction(floor(value * 2**_BITS), 2**_BITS)
