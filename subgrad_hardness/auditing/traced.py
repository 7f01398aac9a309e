"""A program at its point, operation by operation as it was written: values, active pieces, backpropagation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.auditing.conventions import Convention
from subgrad_hardness.auditing.pieces import Active, active, is_kinked, partials
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.forms import GraphForm
from subgrad_hardness.net.node_values import node_values
from subgrad_hardness.net.operations import Smooth
from subgrad_hardness.net.order import topological_order
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.smooth_operations import SMOOTH

#: Of kinked nodes, by number: the partial derivatives that backpropagation uses, one an argument.
Choices = Mapping[int, tuple[Fraction, ...]]


class Trace(NamedTuple):
    """``form`` with the exact values of inputs and nodes, and of each kinked node its active pieces."""

    inputs: int
    form: GraphForm
    order: tuple[int, ...]
    values: tuple[Fraction, ...]
    pieces: Mapping[int, Active]

    @property
    def kinks(self) -> list[int]:
        """The nodes that are at a kink."""
        return [number for number, found in self.pieces.items() if len(found) > 1]

    def choices(
        self, convention: Convention, pieces: Mapping[int, Active] | None = None
    ) -> dict[int, tuple[Fraction, ...]]:
        """What a convention makes of the active pieces, or of those that are given."""
        nodes = self.form.nodes
        return {number: convention.partials(nodes[number], found) for number, found in (pieces or self.pieces).items()}


def traced(program: Program, limits: Limits = NO_LIMITS) -> Trace:
    """Run a program at its point, exactly.  Raises NetError, as ``Program.tangent``; LimitReached."""
    inputs, form = program.input_count, program.form.to_graph(program.inputs)
    limits.check()
    # All nodes as outputs: the rewriting says at which handle each of them is found.
    every = program._replace(form=form._replace(outputs=tuple(range(inputs + len(form.nodes))))).tangent
    limits.check()
    over, under = node_values(every, program.point)
    values = tuple([Fraction(over[handle], under[handle]) for handle in every.outputs])
    pieces = {
        number: active(node, [values[argument] for argument in node.arguments])
        for number, node in enumerate(form.nodes)
        if is_kinked(node)
    }
    order = topological_order([node.arguments for node in form.nodes], inputs)
    return Trace(inputs, form, tuple(order), values, pieces)


def gains(trace: Trace, number: int, choices: Choices) -> list[tuple[int, Fraction]]:
    """The arguments of a node with the derivatives that are passed on to them, without zeros."""
    node = trace.form.nodes[number]
    if node.row is not None:
        return [(argument, gain) for argument, gain in zip(node.arguments, node.row.rationals(), strict=True) if gain]
    passed: Sequence[Fraction]
    if node.operation in SMOOTH:
        meaning = SMOOTH[node.operation].meaning
        assert isinstance(meaning, Smooth)  # others have no exact values, and are refused where these are computed
        passed = meaning.partials([trace.values[argument] for argument in node.arguments], node.slope)
    else:
        passed = choices.get(number) or partials(node, 1 if node.operation == "leaky_relu" else 0)
    return [(argument, gain) for argument, gain in zip(node.arguments, passed, strict=True) if gain]


def backpropagated(trace: Trace, choices: Choices, limits: Limits = NO_LIMITS) -> Matrix:
    """The exact Jacobian, m x p, that backpropagation returns with these choices; one pass an output."""
    rows = []
    for output in trace.form.outputs:
        rows.append(_row(trace, output, choices, limits))
    return tuple(rows)


def _row(trace: Trace, output: int, choices: Choices, limits: Limits) -> tuple[Fraction, ...]:
    adjoint: dict[int, Fraction] = {output: Fraction(1)}
    inputs = trace.inputs
    for number in reversed(trace.order):
        weight = adjoint.pop(inputs + number, None)
        if weight:
            limits.check()
            for argument, gain in gains(trace, number, choices):
                adjoint[argument] = adjoint.get(argument, Fraction(0)) + weight * gain
    return tuple([adjoint.get(index, Fraction(0)) for index in range(inputs)])


def matches(found: Sequence[Sequence[Fraction]], given: Matrix, bound: Matrix) -> bool:
    """Whether two matrices differ by no more than ``bound``, entry by entry."""
    return all(
        abs(left - right) <= most
        for row, wanted, widths in zip(found, given, bound, strict=True)
        for left, right, most in zip(row, wanted, widths, strict=True)
    )
