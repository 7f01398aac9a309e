"""Decide one or two inputs by going once around (SPEC 1, "fixed p"): exact, one step a cell.

With one input there are two directions.  With two, F'(x0; .) is linear on finitely many sectors
(``derivative.sectors``), none wider than a quarter turn.  Constraints cut them into smaller ones, each of which is
allowed altogether, or on one of its two rays at most.  A goal is linear on each, so if it is positive at an allowed
direction it is positive on an allowed ray: the starts of the sectors and the rays of the constraints are all there is
to look at.  Deep nets can have exponentially many sectors even here (tent maps), so this is for a limit.
"""

from __future__ import annotations

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.sectors import sectors
from subgrad_hardness.engine.contract import once
from subgrad_hardness.question.answer import Answer, Refutation, Witness
from subgrad_hardness.question.question import Question


def decide(question: Question, limits: Limits) -> Answer:
    """Look at all rays.  One forward pass of two columns a sector.  Raises LimitReached."""
    if question.net.inputs == 1:
        return _line(question)
    for across in question.constraints:
        for ray in ((-across[1], across[0]), (across[1], -across[0])):
            if any(ray) and question.holds(ray):
                return Witness(ray)
    count = 0
    for sector in sectors(question.net, limits):
        count += 1
        values = [value for value, _ in sector.outputs]
        if any(goal.value(values, sector.start) > 0 for goal in question.goals) and question.allows(sector.start):
            return Witness(sector.start, {"sectors": count})
    return Refutation(f"no goal is positive on the rays of {count} sectors", effort={"sectors": count})


start = once(decide)


def _line(question: Question) -> Answer:
    for direction in ((1,), (-1,)):
        if question.holds(direction):
            return Witness(direction)
    return Refutation("both directions of the line were evaluated")
