"""Which derivatives at the kinks, each its own s in [0, 1], make backpropagation return a given vector?

Of the rewritten program (specification, section 1).  Results are affine in each s.  Where no way leads from one kink to
another, they are affine in all of them together, and bounded combinations of vectors answer exactly, both ways.  Else
the kinks that read others are set to 0 and 1 in all ways, while they are few, and the first ones are solved for: what
is found is exact, and nothing found is no answer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.derivative.autodiff import backpropagate
from subgrad_hardness.linear.box import BoxSystem, Combination
from subgrad_hardness.local.local_net import LocalNet, Matrix
from subgrad_hardness.net.rational import common_denominator
from subgrad_hardness.normal_form.flatten import flatten

#: So many kinks that read other kinks are set in all ways.
MOST_SET = 10


class Solved(NamedTuple):
    """``slopes``, one a local kink, and what they give; None: none were found, or, if ``excluded``, there are none."""

    slopes: tuple[Fraction, ...] | None
    jacobian: Matrix | None
    excluded: bool


def solve_choices(net: LocalNet, given: Matrix, bound: Matrix, limits: Limits = NO_LIMITS) -> Solved:
    """Derivatives at the kinks whose result differs from ``given`` by no more than ``bound``.  Raises LimitReached."""
    count = len(net.kinks)
    flat = flatten(net, limits)
    reading = [number for number, form in enumerate(flat.kinks) if any(variable >= flat.inputs for variable in form)]
    if len(reading) > MOST_SET:
        return Solved(None, None, False)
    free = [number for number in range(count) if number not in set(reading)]
    exactly: Matrix = tuple([(Fraction(0),) * len(row) for row in bound])
    shorter: Matrix = tuple([tuple(map(_power_of_two, row)) for row in bound])
    for width, chosen in product(dict.fromkeys((exactly, shorter, bound)), product((0, 1), repeat=len(reading))):
        limits.check()
        slopes = [Fraction(0)] * count
        for number, slope in zip(reading, chosen, strict=True):
            slopes[number] = Fraction(slope)
        if _solve(net, given, width, slopes, free=free, limits=limits):
            return Solved(tuple(slopes), backpropagate(net, slopes), False)
    return Solved(None, None, not reading)


def _solve(
    net: LocalNet, given: Matrix, bound: Matrix, slopes: list[Fraction], *, free: Sequence[int], limits: Limits
) -> bool:
    """Set ``slopes`` of the kinks ``free`` so that the result is near enough, if that can be."""
    base = _flat(backpropagate(net, slopes))
    columns: list[list[Fraction]] = []
    for number in free:
        limits.check()
        slopes[number] = Fraction(1)
        columns.append([entry - start for entry, start in zip(_flat(backpropagate(net, slopes)), base, strict=True)])
        slopes[number] = Fraction(0)
    target = [entry - start for entry, start in zip(_flat(given), base, strict=True)]
    widths = _flat(bound)
    system = BoxSystem(len(target))
    # Every entry over a denominator of its own, in units of which its width is a whole number.
    scales = [
        common_denominator([*[column[place] for column in columns], target[place], width])[1]
        for place, width in enumerate(widths)
    ]
    bounds: dict[int, tuple[int | None, int | None]] = {}
    for place, (width, scale) in enumerate(zip(widths, scales, strict=True)):
        most = math.floor(width * scale)
        if most:
            bounds[place] = (-most, most)
    numbers = [system.add(_times(column, scales)) for column in columns]
    bounds.update(dict.fromkeys(numbers, (0, 1)))
    found = system.solve(bounds, _times(target, scales), limits)
    if not isinstance(found, Combination):
        return False
    for kink, number in zip(free, numbers, strict=True):
        slopes[kink] = Fraction(found.numerators.get(number, 0), found.denominator)
    return True


def _times(entries: Sequence[Fraction], scales: Sequence[int]) -> list[int]:
    return [int(entry * scale) for entry, scale in zip(entries, scales, strict=True)]


def _power_of_two(width: Fraction) -> Fraction:
    """The greatest power of two that is no more, which makes for shorter numbers; 0 stays 0."""
    if not width:
        return width
    exponent = width.numerator.bit_length() - width.denominator.bit_length()
    power = Fraction(2) ** exponent
    return power if power <= width else power / 2


def _flat(matrix: Matrix) -> list[Fraction]:
    return [entry for row in matrix for entry in row]
