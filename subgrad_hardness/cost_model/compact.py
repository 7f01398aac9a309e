"""Programs for counting: a row of a net is one node, whatever its length; every other operation is one, too.

``cost_model.counting`` counts from these what the derived programs of the same program would cost, without writing
them: a net with a million weights has some thousands of nodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.errors import PointError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.cost_model.applying import entry_of
from subgrad_hardness.cost_model.entries import ENTRIES
from subgrad_hardness.cost_model.local_counts import Local, Outcomes
from subgrad_hardness.cost_model.nets import NetLayout
from subgrad_hardness.cost_model.primitives import CONSTANT, Value, finite, problem_of
from subgrad_hardness.cost_model.steps import Line
from subgrad_hardness.net.order import topological_order
from subgrad_hardness.net.rational import common_denominator

#: What a term of a row is: a constant times a value, a value, minus a value, a weight that is an input times a value.
SCALED, PLUS, MINUS, PRODUCT = 0, 1, -1, 2


class RowNode(NamedTuple):
    """A sum of terms, added from the left, and a constant at last.

    Attributes
    ----------
    slots : the values.
    codes : what is done with each.
    numbers : the constants of scaled terms, 1 and -1; of products nothing that is used.
    weights : the inputs that products are with; empty where there are none.
    constant : None: none is added.
    """

    slots: tuple[int, ...]
    codes: tuple[int, ...]
    numbers: tuple[Fraction, ...]
    weights: tuple[int, ...]
    constant: Fraction | None


class CompactNode(NamedTuple):
    """One node: a row, a constant, or an operation of the dictionary."""

    operation: str
    arguments: tuple[int, ...]
    row: RowNode | None = None
    local: Local | None = None
    constant: Value | None = None
    name: str = ""


class Compact(NamedTuple):
    """A program.  Slots are 0..p-1 for the inputs, p + k for the node k, as in a ``Line``."""

    inputs: int
    nodes: tuple[CompactNode, ...]
    outputs: tuple[int, ...]
    point: tuple[Value, ...]
    guards: dict[int, int]


def compact_line(program: Line, point: Sequence[Value]) -> Compact:
    """A flat program, a node for each step."""
    nodes = []
    for position, step in enumerate(program.steps):
        name = program.place(len(program.inputs) + position)
        if step.operation == CONSTANT:
            nodes.append(CompactNode(CONSTANT, (), constant=step.parameter, name=name))
            continue
        entry = entry_of(step)
        parameter = entry.parameter if step.parameter is None else step.parameter
        local = Local.of(step.operation, step.arguments, parameter, step.entry)
        nodes.append(CompactNode(step.operation, step.arguments, local=local, name=name))
    return Compact(len(program.inputs), tuple(nodes), program.outputs, tuple(point), dict(program.guards))


def compact_net(layout: NetLayout, limits: Limits = NO_LIMITS) -> Compact:
    """The program that ``nets.net_program`` gives, a node for each row."""
    nodes: list[CompactNode] = []
    form, first = layout.form, len(layout.names)
    outputs = []
    for sample in range(layout.batch):
        start = sample * layout.inputs
        slots = [*range(start, start + layout.inputs), *([-1] * len(form.nodes))]
        for number in topological_order([node.arguments for node in form.nodes], layout.inputs):
            limits.check()
            node = form.nodes[number]
            arguments = tuple([slots[argument] for argument in node.arguments])
            if node.row is not None:
                made = _row(layout, number, arguments)
                if isinstance(made, int):
                    slots[layout.inputs + number] = made
                    continue
                nodes.append(made._replace(name=node.id))
            else:
                parameter = ENTRIES[node.operation].parameter if node.slope is None else node.slope
                local = Local.of(node.operation, arguments, parameter)
                nodes.append(CompactNode(node.operation, arguments, local=local, name=node.id))
            slots[layout.inputs + number] = first + len(nodes) - 1
        outputs.append([slots[output] for output in form.outputs])
    found = outputs[0]
    for other in outputs[1:]:
        arguments = (found[0], other[0])
        nodes.append(CompactNode("add", arguments, local=Local.of("add", arguments, None)))
        found = [first + len(nodes) - 1]
    return Compact(first, tuple(nodes), tuple(found), layout.point, {})


def _row(layout: NetLayout, number: int, arguments: Sequence[int]) -> CompactNode | int:
    """A row as a node; a slot where it is nothing but a copy."""
    numbers = layout.numbers(number)
    *coefficients, bias = numbers
    if layout.weights is None:
        kept = [(slot, c) for slot, c in zip(arguments, coefficients, strict=True) if c]
        codes = tuple([c.numerator if abs(c) == 1 else SCALED for _, c in kept])
        if not kept:
            return CompactNode(CONSTANT, (), constant=bias)
        slots = tuple([slot for slot, _ in kept])
        row = RowNode(slots, codes, tuple([c for _, c in kept]), (), bias or None)
        if codes == (PLUS,) and not bias:
            return slots[0]
        return CompactNode("row", slots, row)
    places = [place for place, c in enumerate(coefficients) if c]
    slots = tuple([arguments[place] for place in places])
    weights = tuple([layout.weights[number, place] for place in places])
    codes = (PRODUCT,) * len(places)
    if bias:
        slots, codes = (*slots, layout.weights[number, len(coefficients)]), (*codes, PLUS)
    if not slots:
        return CompactNode(CONSTANT, (), constant=Fraction(0))
    if codes == (PLUS,):
        return slots[0]
    return CompactNode("row", slots, RowNode(slots, codes, (Fraction(1),) * len(slots), weights, None))


class Values:
    """The values of all slots at the point, and the outcomes of all comparisons.

    Attributes
    ----------
    numbers : by slot.
    outcomes : by node, those of its own comparisons, in the order in which its rules write them.
    rounded : how many comparisons are of floats, so that rounding may have decided them.
    """

    def __init__(self, program: Compact, limits: Limits = NO_LIMITS) -> None:
        self.numbers: list[Value] = list(program.point)
        self.outcomes: list[Outcomes] = []
        self.rounded = 0
        rows = Rows(self.numbers)
        for node in program.nodes:
            limits.check()
            outcomes: Outcomes = ()
            try:
                if node.row is not None:
                    value = rows.value(node.row)
                elif node.local is None:
                    assert node.constant is not None
                    value = node.constant
                else:
                    arguments = [self.numbers[slot] for slot in node.arguments]
                    value, outcomes = node.local.value(arguments)
                    if outcomes and (node.local.rounds or any(isinstance(each, float) for each in arguments)):
                        self.rounded += len(outcomes)
            except (ArithmeticError, ValueError) as error:
                raise PointError(problem_of(error, node.operation), place=node.name) from None
            self.numbers.append(value)
            self.outcomes.append(outcomes)
        for slot, outcome in program.guards.items():
            if self.numbers[slot] != outcome:
                name = program.nodes[slot - program.inputs].name
                raise PointError("the program was derived for another branch", place=name)


class Rows:
    """Rows evaluated: over one common denominator where all values are rational; rows of one layer share it."""

    def __init__(self, numbers: list[Value]) -> None:
        self._numbers = numbers
        self._slots: tuple[int, ...] = ()
        self._integers: tuple[list[int], int] | None = None

    def value(self, row: RowNode) -> Value:
        """The value of a row."""
        factors: Sequence[Value] = row.numbers
        if row.weights:
            plain = len(row.slots) - len(row.weights)
            factors = [self._numbers[weight] for weight in row.weights] + [Fraction(1)] * plain
        if row.slots != self._slots:
            values = [self._numbers[slot] for slot in row.slots]
            rational = all(isinstance(value, Fraction) for value in values)
            self._slots = row.slots
            self._integers = common_denominator(values) if rational else None
        if self._integers is None or not all(isinstance(factor, Fraction) for factor in factors):
            return self._by_steps(row, factors)
        integers, under = self._integers
        numerators, denominator = common_denominator([*factors, row.constant or 0])
        total = sum(map(int.__mul__, integers, numerators)) + under * numerators[-1]
        return Fraction(total, under * denominator)

    def _by_steps(self, row: RowNode, factors: Sequence[Value]) -> Value:
        """As the program does it, for floats round where it rounds."""
        total: Value | None = None
        for slot, code, factor in zip(row.slots, row.codes, factors, strict=True):
            value = self._numbers[slot]
            term = -value if code == MINUS and total is None else value if code in (PLUS, MINUS) else factor * value
            total = term if total is None else total - term if code == MINUS else total + term
        assert total is not None
        return finite(total if row.constant is None else total + row.constant)
