"""Decide by the exhaustive enumeration of cells (``derivative.cells``): exact, for few kinks.

On a cell each goal is linear.  The set where it is positive is open, and the constraints leave an open cone, so the
goal is positive at an allowed direction of the closed cell iff it is so at one strictly inside the cell and all
constraints: an exact cone question.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import mul

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.cell import Cell, walls
from subgrad_hardness.derivative.cells import cells
from subgrad_hardness.engine.contract import once
from subgrad_hardness.linear.cone import Feasible, interior_point
from subgrad_hardness.question.answer import Answer, Refutation, Witness
from subgrad_hardness.question.question import Question


def decide(question: Question, limits: Limits) -> Answer:
    """Walk the cells until a goal is positive in one.  Raises LimitReached."""
    count = 0
    for cell in cells(question.net, limits):
        count += 1
        for form in _rows(question, cell):
            point = _positive(question, cell, form, limits)
            if point is not None:
                return Witness(point, {"cells": count})
    return Refutation(f"no goal is positive in any of {count} full-dimensional cells", effort={"cells": count})


start = once(decide)


def _rows(question: Question, cell: Cell) -> Iterator[tuple[int, ...]]:
    """Each goal as a linear form on the cell, without the zero ones."""
    for goal in question.goals:
        form = [-goal.sign * entry for entry in goal.linear]
        for output, coefficient in goal.outputs:
            for index, entry in enumerate(cell.rows[output]):
                form[index] += goal.sign * coefficient * entry
        if any(form):
            yield tuple(form)


def _positive(question: Question, cell: Cell, form: tuple[int, ...], limits: Limits) -> tuple[int, ...] | None:
    """A direction inside the cell and all constraints where ``form`` is positive, or None."""
    if sum(map(mul, form, cell.interior)) > 0 and question.allows(cell.interior):
        return cell.interior
    answer = interior_point([*walls(question.net, cell), *question.constraints, form], question.net.inputs, limits)
    return answer.point if isinstance(answer, Feasible) else None
