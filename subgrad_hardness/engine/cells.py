"""Decide by the exhaustive enumeration of cells (``derivative.cells``): exact, for few kinks."""

from __future__ import annotations

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.cells import Cell, cells
from subgrad_hardness.engine.contract import once
from subgrad_hardness.question.answer import Answer, Refutation, Witness
from subgrad_hardness.question.question import Question


def decide(question: Question, limits: Limits) -> Answer:
    """Walk the cells until one has a Jacobian other than g.  Raises LimitReached."""
    count = 0
    for cell in cells(question.net, limits):
        count += 1
        if cell.rows != question.reference:
            return Witness(_separating(question, cell))
    return Refutation(f"all {count} full-dimensional cells have the same Jacobian")


start = once(decide)


def _separating(question: Question, cell: Cell) -> tuple[int, ...]:
    """A direction inside the cell on which its Jacobian and g differ.

    The interior point may lie on the hyperplane where they agree; a small enough step off it, along
    the difference, stays inside the open cell.
    """
    if question.separates(cell.interior):
        return cell.interior
    difference = next(
        [x - y for x, y in zip(row, other, strict=True)]
        for row, other in zip(cell.rows, question.reference, strict=True)
        if row != other
    )
    factor = 1
    while True:
        point = tuple(factor * x + y for x, y in zip(cell.interior, difference, strict=True))
        if question.separates(point):
            return point
        factor *= 2
