"""Applying entries: a program is written out step by step, and each step remembers what its rules need."""

from __future__ import annotations

from collections.abc import Collection

from subgrad_hardness.common.errors import PointError
from subgrad_hardness.cost_model.entries import ENTRIES
from subgrad_hardness.cost_model.primitives import CONSTANT
from subgrad_hardness.cost_model.rules import Applied, Entry, Group, GroupRule, Value_
from subgrad_hardness.cost_model.steps import Line, Step
from subgrad_hardness.cost_model.writing import Plain, Term, Writer


def entry_of(step: Step) -> Entry:
    """The entry of a step."""
    found: Entry = ENTRIES[step.operation] if step.entry is None else step.entry
    return found


class Evaluated:
    """The evaluation of a flat program, as it is written.

    Attributes
    ----------
    terms : where the value of each slot of the program is.
    nodes : each step as it was applied, and its entry; None for a constant.
    group_plain : what writes the groups.
    """

    def __init__(self, program: Line, writer: Writer, prepared: bool = False) -> None:
        self.program, self.writer = program, writer
        self.terms = [Term(slot) for slot in range(len(program.inputs))]
        self.nodes: list[tuple[Entry, Applied] | None] = []
        self._plain = self.group_plain = Plain(writer)
        self._prepared = prepared
        #: Steps that share a group, by which of its values they are, at the first one of them; None at the others.
        self.members: dict[int, dict[int, int] | None] = {}
        self._groups: dict[tuple[str, tuple[int, ...]], tuple[Group, dict[int, int]]] = {}

    def apply(self, position: int) -> None:
        """Write the step number ``position``, the next one."""
        step: Step = self.program.steps[position]
        if step.operation == CONSTANT:
            assert step.parameter is not None
            # A slot, and no constant that is folded: a program's own constants stand for any numbers.
            self.terms.append(Term(self.writer.constant(step.parameter)))
            self.nodes.append(None)
            return
        entry = entry_of(step)
        arguments = tuple([self.terms[argument] for argument in step.arguments])
        parameter = entry.parameter if step.parameter is None else step.parameter
        self.writer.name = step.name
        if entry.group is None:
            value, kept = entry.value(self._plain, arguments, parameter)
        else:
            value, kept = self._shared(entry.group, step, arguments, position)
        if value.known:  # as t^0: no constant that is folded, either
            value = Term(self.writer.slot(value))
        node = Applied(arguments, parameter, value, kept)
        if self._prepared and entry.prepare is not None:
            node = node._replace(prepared=entry.prepare(self._plain, node))
        slot = len(self.program.inputs) + position
        if slot in self.program.guards:
            self._rely(value.slot, self.program.guards[slot])
        self.terms.append(value)
        self.nodes.append((entry, node))

    def _shared(self, rule: GroupRule, step: Step, arguments: tuple[Term, ...], position: int) -> Value_:
        """One value of a group, which is written with its first one; a value that is asked for again is paid again."""
        key, which = (step.operation, step.arguments), int(step.parameter or 0)
        group, given = self._groups.get(key, (None, {}))
        self.members[position] = None
        if group is None or which in given:
            group, given = self._groups[key] = rule(self.group_plain, arguments), {}
            self.members[position] = given
        given[which] = position
        return group.results[which], group.kept

    def _rely(self, slot: int, outcome: int) -> None:
        """The program was derived for this outcome, and so is whatever is derived of it."""
        values = self.writer.values
        if values is not None and values[slot] != outcome:
            raise PointError("the program was derived for another branch", place=self.writer.name or "point")
        self.writer.outcomes[slot] = self.writer.guards[slot] = outcome

    def all(self) -> Evaluated:
        """Write every step."""
        for position in range(len(self.program.steps)):
            self.apply(position)
        return self

    @property
    def outputs(self) -> list[Term]:
        """The program's outputs."""
        return [self.terms[output] for output in self.program.outputs]


def expanded(program: Line) -> Line:
    """A flat program as counted operations; what it costs to evaluate is what this has."""
    writer = Writer(program.inputs)
    evaluated = Evaluated(program, writer).all()
    written = writer.program(evaluated.outputs, name=program.name)
    return Line(written.inputs, written.steps, written.outputs, program.point, program.name, written.guards)


def active(program: Line, inputs: Collection[int]) -> bytearray:
    """Which slots of a flat program depend on the inputs that are differentiated, other than by a comparison."""
    live = bytearray(len(program.inputs) + len(program.steps))
    for slot in inputs:
        live[slot] = 1
    for position, step in enumerate(program.steps):
        if step.operation != CONSTANT and not entry_of(step).steps:
            live[len(program.inputs) + position] = any(live[argument] for argument in step.arguments)
    return live
