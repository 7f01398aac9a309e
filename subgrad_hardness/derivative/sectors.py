"""Once around a point of the plane: the sectors on which F'(x0; .) is linear, for two inputs.

From a direction d, with t a quarter turn ahead, one vector forward pass on (d, t) gives on the sector just past
d each kink's row as its values (a, b) at d and t; along d + s t it changes sign at s = -a / b.  The first
such s, over all kinks and the axes, is the next direction.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.local_net import Kink, LocalNet
from subgrad_hardness.net.rational import primitive

PlaneDirection = tuple[int, int]


class Sector(NamedTuple):
    """The sector from ``start`` counterclockwise to the next one's start.

    Attributes
    ----------
    start, ahead : primitive integer directions, ``ahead`` a quarter turn past ``start``.
    outputs : of each output of the local net its derivative at ``start`` and, by this sector's Jacobian, at ``ahead``.
    kink : whether some kink's row vanishes at ``start`` and not just past it; no kink: an axis, where nothing happens.
    """

    start: PlaneDirection
    ahead: PlaneDirection
    outputs: tuple[PlaneDirection, ...]
    kink: bool

    def rows(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """This sector's Jacobian before the scales: the g with g start and g ahead as in ``outputs``."""
        (x, y), square = self.start, self.start[0] ** 2 + self.start[1] ** 2
        return tuple(
            (Fraction(value * x - slope * y, square), Fraction(value * y + slope * x, square))
            for value, slope in self.outputs
        )


def sectors(net: LocalNet, limits: Limits | None = None) -> Iterator[Sector]:
    """All sectors of a net with two inputs, counterclockwise from (1, 0).

    One forward pass of two columns a sector; deep nets can have exponentially many.  Raises LimitReached.
    """
    start: PlaneDirection = (1, 0)
    direction = start
    while True:
        if limits is not None:
            limits.check()
        ahead = (-direction[1], direction[0])
        kinks, outputs = _pushed(net, (direction, ahead))
        yield Sector(direction, ahead, tuple(outputs), any(not value and slope for value, slope in kinks))
        direction = _next(direction, ahead, kinks)
        if direction == start:
            return


def _pushed(
    net: LocalNet, columns: tuple[PlaneDirection, PlaneDirection]
) -> tuple[list[PlaneDirection], list[PlaneDirection]]:
    """The rows (values at both columns) of all kinks and outputs, by the lexicographic rule."""
    values: list[PlaneDirection] = list(zip(*columns, strict=True))
    kinks: list[PlaneDirection] = []
    for node in net.nodes:
        if isinstance(node, Kink):
            row = values[node.argument]
            kinks.append(row)
            values.append(row if row > (0, 0) else (0, 0))
        else:
            first = second = 0
            for argument, coefficient in zip(node.arguments, node.coefficients, strict=True):
                value = values[argument]
                first += coefficient * value[0]
                second += coefficient * value[1]
            values.append((first, second))
    return kinks, [values[output] if output >= 0 else (0, 0) for output in net.outputs]


def _next(direction: PlaneDirection, ahead: PlaneDirection, kinks: list[PlaneDirection]) -> PlaneDirection:
    """The first direction past ``direction`` where a kink's row or a coordinate changes its sign."""
    best: tuple[int, int] | None = None  # s as numerator and denominator
    for value, slope in (*kinks, *zip(direction, ahead, strict=True)):
        if value and slope and (value > 0) != (slope > 0):
            top, bottom = abs(value), abs(slope)
            if best is None or top * best[1] < best[0] * bottom:
                best = top, bottom
    if best is None:  # an axis, and nothing before the next one
        return ahead
    top, bottom = best
    x, y = primitive([bottom * d + top * t for d, t in zip(direction, ahead, strict=True)])
    return x, y
