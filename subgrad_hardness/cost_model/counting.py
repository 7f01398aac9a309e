"""Counting: what evaluating a program costs, operation by operation."""

from __future__ import annotations

from subgrad_hardness.cost_model.primitives import CONSTANT, PRIMITIVES
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.weights import Counts


def counts(program: StraightLine) -> Counts:
    """How many operations of each kind one evaluation takes, of the flattened program; linear in its size."""
    return Counts.of(PRIMITIVES[step.operation].kind for step in program.plain.steps if step.operation != CONSTANT)


def stored(program: StraightLine) -> int | None:
    """How many computed numbers the reverse sweep reads: the tape.  None for a program without such a sweep.

    Inputs, constants and outcomes of comparisons are not counted.
    """
    if program.sweep is None:
        return None
    first, inputs = program.sweep, len(program.inputs)
    read = {argument for step in program.steps[first:] for argument in step.arguments}
    read |= set(program.outputs)
    numbers = (slot for slot in read if inputs <= slot < inputs + first)
    return sum(program.steps[slot - inputs].operation not in (CONSTANT, "sign") for slot in numbers)
