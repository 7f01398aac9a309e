"""Decide one or two inputs by going once around (SPEC 1, "fixed p"): exact, one step a cell.

With one input there are two directions.  With two, F'(x0; .) is linear on finitely many sectors.  From a
direction d, with t a quarter turn ahead, one vector forward pass on (d, t) gives on the sector just past
d each kink's row as its values (a, b) at d and t; along d + s t it changes sign at s = -a / b.  The
first such s, over all kinks and the axes, is the next direction.  Deep nets can have exponentially many
sectors even here (tent maps), so this is for a limit.
"""

from __future__ import annotations

from operator import mul

from subgrad_hardness.engine.contract import Answer, Question, Refutation, Undecided, Witness, once
from subgrad_hardness.limits import Limits
from subgrad_hardness.local.local_net import Kink, LocalNet
from subgrad_hardness.net.rational import primitive

Direction = tuple[int, int]


def decide(question: Question, limits: Limits) -> Answer:
    """Look at all directions.  One forward pass of two columns a sector.  Raises LimitReached."""
    if question.net.inputs == 1:
        return _line(question)
    if question.net.inputs > 2:
        return Undecided(f"plane: {question.net.inputs} inputs, more than 2")
    start: Direction = (1, 0)
    direction, sectors = start, 0
    while True:
        limits.check()
        ahead = (-direction[1], direction[0])
        kinks, outputs = _pushed(question.net, (direction, ahead))
        for row, (value, slope) in zip(question.reference, outputs, strict=True):
            if value != _product(row, direction):
                return Witness(direction)
            if slope != _product(row, ahead):
                return Witness(_inside(question, direction, ahead))
        sectors += 1
        direction = _next(direction, ahead, kinks)
        if direction == start:
            return Refutation(f"all {sectors} sectors have the same Jacobian")


start = once(decide)


def _line(question: Question) -> Answer:
    for direction in ((1,), (-1,)):
        if question.separates(direction):
            return Witness(direction)
    return Refutation("both directions of the line were evaluated")


def _product(row: tuple[int, ...], direction: Direction) -> int:
    return sum(map(mul, row, direction))


def _pushed(net: LocalNet, columns: tuple[Direction, Direction]) -> tuple[list[Direction], list[Direction]]:
    """The rows (values at both columns) of all kinks and outputs, by the lexicographic rule."""
    values: list[Direction] = list(zip(*columns, strict=True))
    kinks: list[Direction] = []
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


def _next(direction: Direction, ahead: Direction, kinks: list[Direction]) -> Direction:
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


def _inside(question: Question, direction: Direction, ahead: Direction) -> Direction:
    """A direction in the sector just past ``direction`` on which its Jacobian and g differ."""
    factor = 1
    while True:
        inside = factor * direction[0] + ahead[0], factor * direction[1] + ahead[1]
        if question.separates(inside):
            return inside
        factor *= 2
