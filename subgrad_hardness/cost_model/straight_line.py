"""Straight-line programs that can be run, counted and differentiated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from subgrad_hardness.common.errors import PointError
from subgrad_hardness.cost_model.applying import expanded
from subgrad_hardness.cost_model.primitives import CONSTANT, PRIMITIVES, Value
from subgrad_hardness.cost_model.steps import Line
from subgrad_hardness.cost_model.weights import Counts


@dataclass(frozen=True, repr=False)
class StraightLine(Line):
    """A program; derived programs are programs, too.

    Examples
    --------
    >>> from subgrad_hardness.cost_model.building import Builder
    >>> build = Builder(["a", "b", "c"])
    >>> product = build.apply("mul", 0, build.apply("add", 1, 2))
    >>> program = build.program(product)
    >>> program.run([2, 3, 5]), program.level
    ((Fraction(16, 1),), 1)
    """

    @classmethod
    def of(cls, line: Line) -> StraightLine:
        """The same steps as a program."""
        return cls(line.inputs, line.steps, line.outputs, line.point, line.name, line.guards, line.sweep)

    @cached_property
    def plain(self) -> StraightLine:
        """The same program as counted operations alone, which is what it costs."""
        if all(step.operation in (CONSTANT, *PRIMITIVES) and step.entry is None for step in self.steps):
            return self
        return StraightLine.of(expanded(self.flat))

    @cached_property
    def counts(self) -> Counts:
        """How many operations of each kind one evaluation takes, of the flattened program; linear in its size."""
        return Counts.of(PRIMITIVES[step.operation].kind for step in self.plain.steps if step.operation != CONSTANT)

    @property
    def stored(self) -> int | None:
        """How many computed numbers the reverse sweep reads: the tape.  None for a program without such a sweep.

        Inputs, constants and outcomes of comparisons are not counted.
        """
        if self.sweep is None:
            return None
        inputs = len(self.inputs)
        read = {argument for step in self.steps[self.sweep :] for argument in step.arguments} | set(self.outputs)
        numbers = (self.steps[slot - inputs] for slot in read if inputs <= slot < inputs + self.sweep)
        return sum(step.operation not in (CONSTANT, "sign") for step in numbers)

    def run(self, values: Sequence[Value | int | str] | None = None) -> tuple[Value, ...]:
        """The outputs.

        Parameters
        ----------
        values : p numbers, by default the program's point; integers and strings are taken as rationals, floats stay
            floats.

        Raises
        ------
        PointError
            For a wrong number of values, where an operation has no value there (the step is named), and where a
            comparison comes out otherwise than in the branch that the program was derived for.
        """
        program = self.plain
        slots = list(program.values(self.given(values)))
        for slot, outcome in program.guards.items():
            if slots[slot] != outcome:
                raise PointError("the program was derived for another branch", place=program.place(slot))
        return tuple(slots[output] for output in program.outputs)
