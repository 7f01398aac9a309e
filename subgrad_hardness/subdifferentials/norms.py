"""The greatest norms of Clarke subgradients of a net of one output: its local Lipschitz constants.

The greatest maximum norm is the greatest of the 2 p support functions along the axes.  These bound the other norms,
too, which are convex and so attained at members of d_L: of these all are listed where the bounds leave a gap, after a
search for long ones, which are what is known where the list does not end.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.pieces import pieces
from subgrad_hardness.subdifferentials.clarke_set import ClarkeSet
from subgrad_hardness.subdifferentials.maximum import maximum
from subgrad_hardness.subdifferentials.sets import Vector


class Largest(NamedTuple):
    """The greatest norm of an element of d_C is at least ``attained`` (that of ``gradient``), at most ``proved``."""

    attained: Fraction
    proved: Fraction
    gradient: Vector


class LargestNorms(NamedTuple):
    """The greatest l1 norm, *squared* l2 norm and maximum norm on d_C; ``why`` says what is not decided, and why.

    ``by_axes`` are the names of the norms that the supports along the axes bound tightly.
    """

    l1: Largest
    l2_squared: Largest
    linf: Largest
    by_axes: tuple[str, ...] = ()
    why: str | None = None


def largest_norms(convex: ClarkeSet, limits: Limits) -> LargestNorms:
    """The greatest norms, for one output.  NP-hard; a limit ends in brackets."""
    size = convex.program.input_count
    tops = [_greatest_entry(convex, axis, size, limits) for axis in range(size)]
    bounds = [sum(tops, Fraction(0)), sum([top * top for top in tops], Fraction(0)), max(tops)]
    found = _norms(convex, bounds)
    tight = tuple([name for name, each in zip(NORMS, found, strict=True) if each.attained == each.proved])
    why = None
    if len(tight) < len(NORMS):
        with suppress(LimitReached):
            for measure, slope in _SLOPES:
                _climb(convex, measure, slope, limits)
        try:
            if not convex.complete:
                for piece in pieces(convex.net, limits):
                    convex.members.keep_piece(piece)
                convex.complete = True
            found = [each._replace(proved=each.attained) for each in _norms(convex, bounds)]
        except LimitReached as reached:
            why, found = str(reached), _norms(convex, bounds)
    return LargestNorms(found[0], found[1], found[2], tight, why)


#: The names of the norms.
NORMS = ("l1", "l2_squared", "linf")


def _greatest_entry(convex: ClarkeSet, axis: int, size: int, limits: Limits) -> Fraction:
    """No absolute value of one entry is greater than this."""
    values = []
    for sign in (1, -1):
        row = tuple([Fraction(sign * (index == axis)) for index in range(size)])
        found = maximum(convex, (row,), limits, argued=False)
        assert found.proved is not None
        values.append(found.proved)
    return max(values)


def _norms(convex: ClarkeSet, bounds: list[Fraction]) -> list[Largest]:
    gradients = [point.jacobian[0] for point in convex.known]
    found = []
    for measure, bound in zip((_sum, _square, _top), bounds, strict=True):
        best = max(gradients, key=measure)
        found.append(Largest(measure(best), bound, best))
    return found


def _climb(
    convex: ClarkeSet, measure: Callable[[Vector], Fraction], slope: Callable[[Vector], Vector], limits: Limits
) -> None:
    """Members of greater and greater norm: of a convex function, a member beyond the tangent at the best one has more.

    Raises LimitReached.
    """
    while True:
        best = max([point.jacobian[0] for point in convex.known], key=measure)
        tangent = (slope(best),)
        if not convex.improves(tangent, limits):
            return


def _sum(row: Vector) -> Fraction:
    return sum(map(abs, row), Fraction(0))


def _square(row: Vector) -> Fraction:
    return sum([entry * entry for entry in row], Fraction(0))


def _top(row: Vector) -> Fraction:
    return max(map(abs, row), default=Fraction(0))


def _signs(row: Vector) -> Vector:
    return tuple([Fraction(1 if entry >= 0 else -1) for entry in row])


def _itself(row: Vector) -> Vector:
    return row


#: Norms that no few supports decide, each with the direction in which it grows from a vector.
_SLOPES = ((_sum, _signs), (_square, _itself))
