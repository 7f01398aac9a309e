"""Decide one or two inputs by going once around (SPEC 1, "fixed p"): exact, one step a cell.

With one input there are two directions.  With two, F'(x0; .) is linear on finitely many sectors
(``derivative.sectors``).  Deep nets can have exponentially many even here (tent maps), so this is for a
limit.
"""

from __future__ import annotations

from operator import mul

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.sectors import PlaneDirection, sectors
from subgrad_hardness.engine.contract import once
from subgrad_hardness.question.answer import Answer, Refutation, Undecided, Witness
from subgrad_hardness.question.question import Question


def decide(question: Question, limits: Limits) -> Answer:
    """Look at all directions.  One forward pass of two columns a sector.  Raises LimitReached."""
    if question.net.inputs == 1:
        return _line(question)
    if question.net.inputs > 2:
        return Undecided(f"plane: {question.net.inputs} inputs, more than 2")
    count = 0
    for sector in sectors(question.net, limits):
        for row, (value, slope) in zip(question.reference, sector.outputs, strict=True):
            if value != _product(row, sector.start):
                return Witness(sector.start)
            if slope != _product(row, sector.ahead):
                return Witness(_inside(question, sector.start, sector.ahead))
        count += 1
    return Refutation(f"all {count} sectors have the same Jacobian")


start = once(decide)


def _line(question: Question) -> Answer:
    for direction in ((1,), (-1,)):
        if question.separates(direction):
            return Witness(direction)
    return Refutation("both directions of the line were evaluated")


def _product(row: tuple[int, ...], direction: PlaneDirection) -> int:
    return sum(map(mul, row, direction))


def _inside(question: Question, direction: PlaneDirection, ahead: PlaneDirection) -> PlaneDirection:
    """A direction in the sector just past ``direction`` on which its Jacobian and g differ."""
    factor = 1
    while True:
        inside = factor * direction[0] + ahead[0], factor * direction[1] + ahead[1]
        if question.separates(inside):
            return inside
        factor *= 2
