"""The path of the limit along a segment of parameters, exactly: homotopy through the pieces of F.

From a fixed point xbar at theta(t) the solution y of y = F'((xbar, theta); (y, d)) is the direction in which the limit
moves.  Along (y, d) the preactivations of all relus are affine in t until one that is not 0 becomes 0: so long
F(x + s y, theta + s d) = x + s y.  There the next direction is solved for.  The limit bends where directions change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.common.progress import Reached
from subgrad_hardness.iterative.derivative_of_limit import DirectionalDerivatives
from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.net.lowering import Lowered, Relu
from subgrad_hardness.net.node_values import node_values


class Stretch(NamedTuple):
    """x(t) = ``state`` + (t - ``start``) ``slope`` for ``start`` <= t <= ``end``: no relu changes its side within."""

    start: Fraction
    end: Fraction
    state: Vector
    slope: Vector


class Unsolved(Exception):
    """No direction was found in which the limit goes on; ``at`` says where on the path."""

    def __init__(self, at: Fraction) -> None:
        super().__init__(at)
        self.at = at


def stretches(iteration: Iteration, state: Vector, to: Vector, limits: Limits = NO_LIMITS) -> Iterator[Stretch]:
    """From theta (t = 0) to ``to`` (t = 1), from the fixed point at theta.

    Raises
    ------
    LimitReached
    Unsolved
        Where the equation of the direction was not solved: F is no contraction there.

    Notes
    -----
    One directional derivative of the limit a stretch, and one walk through F.
    """
    theta = iteration.theta
    direction = tuple([b - a for a, b in zip(theta, to, strict=True)])
    start = Fraction(0)
    way, found = Reached("stretch", "stretches"), 0
    while start < 1:
        limits.check()
        way.at(float(start), found)
        at = iteration.at([a + start * d for a, d in zip(theta, direction, strict=True)])
        slope = DirectionalDerivatives(at, state).along(direction, limits)
        if slope is None:
            raise Unsolved(start)
        end = min(start + _until_a_relu_turns(at, state, slope, direction, 1 - start), Fraction(1))
        yield Stretch(start, end, state, slope)
        found += 1
        state = tuple([x + (end - start) * y for x, y in zip(state, slope, strict=True)])
        start = end


def _until_a_relu_turns(
    iteration: Iteration, state: Vector, slope: Vector, direction: Vector, most: Fraction
) -> Fraction:
    """How far one can go along (slope, direction) until a relu that is not at 0 gets there; at most ``most``."""
    program = iteration.program_at(state)
    lowered = program.lowered
    numerators, denominators = node_values(lowered, program.point)
    moves = dict(zip(iteration.state, slope, strict=True)) | dict(zip(iteration.parameters, direction, strict=True))
    speeds = _speeds(lowered, numerators, [moves[name] for name in program.inputs])
    least = most
    for node in lowered.nodes:
        if isinstance(node, Relu):
            value, speed = numerators[node.argument], speeds[node.argument]
            if value * speed < 0:
                least = min(least, -Fraction(value, denominators[node.argument]) / speed)
    return least


def _speeds(lowered: Lowered, numerators: Sequence[int], direction: Sequence[Fraction]) -> list[Fraction]:
    """The directional derivatives of all nodes; ``numerators`` have the signs of their values."""
    speeds = list(direction)
    for node in lowered.nodes:
        if isinstance(node, Relu):
            side, speed = numerators[node.argument], speeds[node.argument]
            speeds.append(speed if side > 0 or (side == 0 and speed > 0) else Fraction(0))
        else:
            total = sum(
                [weight * speeds[argument] for weight, argument in zip(node.coefficients, node.arguments, strict=True)],
                Fraction(0),
            )
            speeds.append(total / node.denominator)
    return speeds
