"""Building a straight-line program step by step, and the programs that the statements are about."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.words import count
from subgrad_hardness.cost_model.entries import ENTRIES
from subgrad_hardness.cost_model.primitives import CONSTANT, Value
from subgrad_hardness.cost_model.rules import Entry
from subgrad_hardness.cost_model.steps import Step, number
from subgrad_hardness.cost_model.straight_line import StraightLine


class Builder:
    """A straight-line program under construction; every call gives the slot that later calls read.

    Raises ParameterError for an unknown operation and a wrong number of arguments.
    """

    def __init__(self, inputs: Sequence[str] | int) -> None:
        names = [f"x{index}" for index in range(inputs)] if isinstance(inputs, int) else inputs
        self.inputs = tuple(names)
        self.steps: list[Step] = []

    def apply(
        self,
        operation: str,
        *arguments: int,
        parameter: Value | None = None,
        name: str = "",
        own: Entry | None = None,
    ) -> int:
        """One operation of the dictionary, or of one of the user's, whose entry is ``own``."""
        entry = ENTRIES.get(operation) if own is None else own
        if entry is None:
            raise ParameterError(f"unknown operation {operation!r}; known: {', '.join(ENTRIES)}", place=name)
        if not arguments or entry.arity not in (None, len(arguments)):
            raise ParameterError(f"{operation} cannot have {count(len(arguments), 'argument')}", place=name)
        if entry.group is not None and not (parameter is None or parameter in range(len(arguments))):
            raise ParameterError(f"{operation} of {len(arguments)} has no value number {parameter}", place=name)
        return self._add(Step(operation, arguments, parameter, name=name, entry=own))

    def sort(self, *arguments: int, name: str = "") -> list[int]:
        """The sorted values, the smallest first: one step each, which share their comparisons."""
        return [self.apply("sort", *arguments, parameter=Fraction(k), name=name) for k in range(len(arguments))]

    def constant(self, value: Value | int | str) -> int:
        """A constant."""
        return self._add(Step(CONSTANT, (), number(value, "constant")))

    def call(self, program: StraightLine, *arguments: int) -> int:
        """A program of one output as an element."""
        program.only_output()
        if len(arguments) != len(program.inputs):
            wanted = count(len(program.inputs), "argument")
            raise ParameterError(
                f"{count(len(arguments), 'argument')}, it takes {wanted}", place=program.name or "call"
            )
        return self._add(Step("call", arguments, None, program))

    def total(self, slots: Sequence[int]) -> int:
        """The sum by single additions, from the left; 0 of nothing."""
        if not slots:
            return self.constant(0)
        result = slots[0]
        for slot in slots[1:]:
            result = self.apply("add", result, slot)
        return result

    def program(
        self, *outputs: int, point: Sequence[Value | int] | None = None, name: str | None = None
    ) -> StraightLine:
        """What was built.  Raises PointError where the point does not fit."""
        program = StraightLine(self.inputs, tuple(self.steps), outputs, None, name)
        if point is None:
            return program
        return StraightLine(self.inputs, program.steps, outputs, tuple(program.given(point)), name)

    def _add(self, step: Step) -> int:
        self.steps.append(step)
        return len(self.inputs) + len(self.steps) - 1
