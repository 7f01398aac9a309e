"""Straight-line programs, derived ones too, as nets, which can be written to files and read again."""

from __future__ import annotations

from fractions import Fraction

from subgrad_hardness.cost_model.entries import ENTRIES
from subgrad_hardness.cost_model.primitives import CONSTANT
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.operations import OPERATIONS
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import exact
from subgrad_hardness.net.smooth_operations import known_operation

#: Operations that a net says as an affine row: the coefficients.
_ROWS = {"add": (1, 1), "sub": (1, -1), "neg": (-1,)}


def as_net(program: StraightLine, *, decidable: bool = False) -> Program:
    """The net that computes the same; ``nets.net_program`` gives a program of the same cost back.

    Elements and sorts are written out; floats are taken as the rationals that they are.  A program that was derived at
    a point holds for the branches that are taken there; the net does not say so but in its name.  With ``decidable``
    products by constants are affine rows, so that a piecewise-linear program is a net that can be decided; of these,
    products by 0, 1 and -1 cost nothing in the net.  Linear in the size.

    Raises NetError for names that no net can have.
    """
    flat = program.flat
    if any(step.entry is not None or not _is_nets(step.operation) for step in flat.steps):
        flat = program.plain  # no operation of nets: what it consists of is
    build = GraphBuilder(flat.inputs)
    constants: dict[int, Fraction] = {}
    for slot, step in enumerate(flat.steps, len(flat.inputs)):
        arguments = list(step.arguments)
        if step.operation == CONSTANT:
            constants[slot] = _exact(step.parameter)
            build.affine([], constants[slot])
        elif step.operation in _ROWS:
            build.affine(list(zip(arguments, _ROWS[step.operation], strict=True)))
        elif step.operation == "sum":
            build.affine([(argument, 1) for argument in arguments])
        elif step.operation == "mul" and decidable and not constants.keys().isdisjoint(arguments):
            first, second = arguments if arguments[0] in constants else reversed(arguments)
            build.affine([(second, constants[first])])
        else:
            operation = known_operation(step.operation)
            assert operation is not None
            given = ENTRIES[step.operation].parameter if step.parameter is None else step.parameter
            build.apply(step.operation, arguments, _exact(given) if operation.parameter else None)
    point = None if flat.point is None else [exact(value) for value in flat.point]
    name = flat.name if not flat.guards else f"{flat.name or 'a program'}, derived at a point, for the branches there"
    return build.program(list(flat.outputs), point, name=name)


def _is_nets(operation: str) -> bool:
    return operation in {CONSTANT, "sum", *_ROWS} or known_operation(operation) is not None


def _exact(value: Fraction | float | None) -> Fraction:
    assert value is not None
    return exact(value)


def is_decidable(program: StraightLine) -> bool:
    """Whether its net is piecewise linear: sums, products by constants and the operations of ``net.operations``."""
    flat = program.flat
    constants = {len(flat.inputs) + at for at, step in enumerate(flat.steps) if step.operation == CONSTANT}
    return all(
        step.operation in {CONSTANT, "sum", *_ROWS, *OPERATIONS}
        or (step.operation == "mul" and bool(constants.intersection(step.arguments)))
        for step in flat.steps
    )
