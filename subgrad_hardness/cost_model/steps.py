"""Programs as straight lines: inputs, and steps that each apply one operation, or one program, to earlier values.

A program whose steps are operations of the dictionary has level 1 (level 0 if it is one operation); one whose steps
may be programs of level k has level k + 1, and is the same as the program that comes of writing those out: what it
costs and what is derived from it is said of the *flattened* program, never of its elements as such.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple, Self

from subgrad_hardness.common.errors import ParameterError, PointError
from subgrad_hardness.common.words import count
from subgrad_hardness.cost_model.primitives import CONSTANT, PRIMITIVES, Value, problem_of


class Step(NamedTuple):
    """One operation.

    Attributes
    ----------
    operation : a name of the dictionary, ``const``, or ``call``.
    arguments : slots: 0..p-1 the inputs, p + k the step k.
    parameter : the value of a constant, the slope of an operation that has one.
    element : the program that is called, of one output.
    name : the user's name of the value, for messages.
    entry : the entry of a dictionary of the user's (``rules.Entry``), where it is not the one that is built in.
    """

    operation: str
    arguments: tuple[int, ...] = ()
    parameter: Value | None = None
    element: Line | None = None
    name: str = ""
    entry: Any = None


@dataclass(frozen=True)
class Line:
    """A straight-line program, as a list of steps; ``straight_line.StraightLine`` can be run.

    Attributes
    ----------
    inputs : names, p of them.
    steps : in an order in which arguments come first.
    outputs : slots.
    point : p numbers where the program is asked about, if its author gave some.
    name : for people.
    guards : comparisons (slots of ``sign`` steps) whose outcome the program relies on: it was derived for these
        branches and says nothing of others.
    sweep : the number of the first step of the reverse sweep, in programs that have one.
    """

    inputs: tuple[str, ...]
    steps: tuple[Step, ...]
    outputs: tuple[int, ...]
    point: tuple[Value, ...] | None = None
    name: str | None = None
    guards: Mapping[int, int] = field(default_factory=dict)
    sweep: int | None = None

    def __repr__(self) -> str:
        name = f" {self.name}" if self.name else ""
        return f"<{type(self).__name__}{name}: {count(len(self.inputs), 'input')}, {count(len(self.steps), 'step')}>"

    @cached_property
    def level(self) -> int:
        """0 for a single operation, else one more than the highest level of an element."""
        steps = [step for step in self.steps if step.operation != CONSTANT]
        levels = [0 if step.element is None else step.element.level for step in steps]
        return levels[0] if len(levels) == 1 else 1 + max(levels, default=-1)

    @cached_property
    def flat(self) -> Self:
        """The same program with its elements written out; linear in the size of the result."""
        if all(step.element is None for step in self.steps):
            return self
        steps: list[Step] = []
        slots = list(range(len(self.inputs)))
        guards: dict[int, int] = {}
        for position, step in enumerate(self.steps):
            arguments = tuple([slots[argument] for argument in step.arguments])
            if step.element is None:
                slots.append(len(self.inputs) + len(steps))
                steps.append(step._replace(arguments=arguments))
                if len(self.inputs) + position in self.guards:
                    guards[slots[-1]] = self.guards[len(self.inputs) + position]
                continue
            inner = step.element.flat
            within = list(arguments)
            for number, each in enumerate(inner.steps):
                name = f"{step.name}.{each.name}" if step.name and each.name else each.name or step.name
                slot = len(self.inputs) + len(steps)
                steps.append(each._replace(arguments=tuple([within[a] for a in each.arguments]), name=name))
                within.append(slot)
                if len(inner.inputs) + number in inner.guards:
                    guards[slot] = inner.guards[len(inner.inputs) + number]
            slots.append(within[inner.outputs[0]])
        return type(self)(
            self.inputs, tuple(steps), tuple([slots[o] for o in self.outputs]), self.point, self.name, guards
        )

    def place(self, slot: int) -> str:
        """What a message calls a value."""
        if slot < len(self.inputs):
            return self.inputs[slot]
        step = self.steps[slot - len(self.inputs)]
        return step.name or f"step {slot - len(self.inputs) + 1} ({step.operation})"

    def given(self, values: Sequence[Value | int | str] | None) -> list[Value]:
        """The values of the inputs as numbers.  Raises PointError."""
        if values is None:
            if self.point is None:
                raise PointError("the program has no point; give one", place="point")
            return list(self.point)
        if len(values) != len(self.inputs):
            raise PointError(f"{count(len(values), 'entry', 'entries')}, expected {len(self.inputs)}", place="point")
        return [number(value, f"point[{index}]") for index, value in enumerate(values)]

    def values(self, inputs: Sequence[Value]) -> list[Value]:
        """The values of all slots of a program of counted operations.  Raises PointError."""
        slots = list(inputs)
        for position, step in enumerate(self.steps):
            if step.operation == CONSTANT:
                assert step.parameter is not None
                slots.append(step.parameter)
                continue
            try:
                slots.append(PRIMITIVES[step.operation].evaluate(*[slots[a] for a in step.arguments]))
            except (ArithmeticError, ValueError) as error:
                where = self.place(len(self.inputs) + position)
                raise PointError(problem_of(error, step.operation), place=where) from None
        return slots

    def only_output(self) -> int:
        """The slot of the one output.  Raises ParameterError where there are several."""
        if len(self.outputs) != 1:
            raise ParameterError(f"{count(len(self.outputs), 'output')}, expected one", place=self.name or "program")
        return self.outputs[0]


def number(value: Value | int | str, place: str) -> Value:
    """A number as programs compute with it.  Raises PointError."""
    if isinstance(value, float) and math.isfinite(value):
        return value
    try:
        return Fraction(value)
    except (ValueError, ArithmeticError, TypeError):
        raise PointError(f"{value!r} is no number", place=place) from None
